/**
 * Functions of each element that are no activations, for graphs that divide, take roots and logarithms:
 *
 *   log         y = ln x      dx = dy/x             reciprocal  y = 1/x      dx = −dy·y²
 *   sqrt        y = √x        dx = dy/(2y)          rsqrt       y = 1/√x     dx = −dy·y³/2
 *   trunc       y = x without what is behind the point, dx = 0
 *
 * a/b is multiply().apply([a, elementwise('reciprocal').apply(b)]). In float64, rounded once. e^x is an activation, `exponential`.
 */
import { log } from '../tensor/exp.ts';
import { sizeOf } from '../tensor/tensor.ts';
import { oneOf, unary } from './checks.ts';
import { Layer, type LayerConfig, type LayerOptions, layerOptions, type Run } from './layer.ts';
import { ownLayer } from './registry.ts';

/** Functions by their names in keras.ops, with their slopes. */
const FUNCTIONS = {
  log: { value: log, slope: (x: number) => 1 / x },
  sqrt: { value: Math.sqrt, slope: (x: number) => 0.5 / Math.sqrt(x) },
  reciprocal: { value: (x: number) => 1 / x, slope: (x: number) => -1 / (x * x) },
  trunc: { value: Math.trunc, slope: () => 0 },
  rsqrt: { value: (x: number) => 1 / Math.sqrt(x), slope: (x: number) => -0.5 / (x * Math.sqrt(x)) },
} as const;

/** A function of each element. */
export type ElementwiseOperation = keyof typeof FUNCTIONS;

const OPERATIONS = Object.keys(FUNCTIONS) as ElementwiseOperation[]; // these are its keys

/** Which function. */
export interface ElementwiseOptions extends LayerOptions {
  /** What becomes of each number, by name: `'sqrt'`, `'log'` … */
  operation: ElementwiseOperation;
}

/** The layer that `elementwise` makes. */
export class Elementwise extends Layer {
  readonly className: string = 'Elementwise';
  readonly operation: ElementwiseOperation;

  constructor(options: ElementwiseOptions) {
    const given = layerOptions('elementwise', options, arguments, ['operation']);
    super(given, 'elementwise');
    this.operation = oneOf('elementwise', 'operation', given.operation, OPERATIONS);
  }

  forward({ stage, x, y }: Run, N: number): void {
    const { value } = FUNCTIONS[this.operation];
    const size = N * sizeOf(stage.inputShape);
    for (let i = 0; i < size; i++) y[i] = value(x[i]);
  }

  backward({ stage, x, dy, dx }: Run, N: number): void {
    if (!dx) return;
    const { slope } = FUNCTIONS[this.operation];
    const size = N * sizeOf(stage.inputShape);
    for (let i = 0; i < size; i++) dx[i] = dy[i] * slope(x[i]);
  }

  override backwardReads(): { inputs: boolean; output: boolean } {
    return { inputs: true, output: false };
  }

  override work(): string {
    return this.operation;
  }

  override getConfig(): LayerConfig {
    return { ...this.baseConfig(), operation: this.operation };
  }
}

/**
 * A function of each element; `elementwise('sqrt')` is short for `elementwise({ operation: 'sqrt' })`.
 *
 *     elementwise('sqrt') // [3] → [3]
 *
 * @throws TypeError or RangeError for an unknown option or operation.
 */
export const elementwise = unary(
  'elementwise',
  (options: ElementwiseOperation | ElementwiseOptions): Elementwise =>
    new Elementwise(typeof options === 'string' ? { operation: options } : options),
);

ownLayer('Elementwise', Elementwise);
