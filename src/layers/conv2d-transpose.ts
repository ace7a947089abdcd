/**
 * Transposed convolution, which makes images larger: the input gradient of a convolution as a layer of its own.
 *
 *   y = act( b + Cᵀx ),   C being the convolution that leads from images of y's size to images of x's
 *
 * So every pixel of x adds its patch x[n, h, w, c]·w[kh, kw, oc, c] to y. The kernel is [KH, KW, filters, channels], as Keras has it,
 * the kernel of C. Backward dx = C·dy, and dw is C's weight gradient with dy for the input and x for the gradient. Source of
 * the layer's rules: Keras' Conv2DTranspose.
 */
import { describe } from '../checks/describe.ts';
import { type Conv2dGeometry, transposeGeometry } from '../kernels/geometry.ts';
import { convolutionBackwardGroup } from '../kernels/groups/convolution-backward.ts';
import { needKernels } from '../kernels/groups.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { checkInitializer, type Initializer } from '../tensor/initializers.ts';
import type { Shape } from '../tensor/tensor.ts';
import { integerAtLeastZero, positiveInteger, unary } from './checks.ts';
import { Convolution, type ConvolutionOptions, noBias } from './convolution-layer.ts';
import type { LayerConfig, ParameterSpec, Run, Stage } from './layer.ts';
import { rectifyGradient } from './rectifier.ts';
import { ownLayer } from './registry.ts';
import { checkRegularizer, type Regularizer, type RegularizerConfig } from './regularizer.ts';

/** Filters of a transposed convolution, and how they move. */
export interface Conv2dTransposeOptions extends ConvolutionOptions {
  /** Number of output channels. */
  filters: number;
  /** Rows and columns that the output has beyond the smallest size, less than the stride; left out: Keras' usual size. */
  outputPadding?: number | readonly [number, number] | undefined;
  /** How the kernel begins. Default: `glorotUniform`. */
  kernelInitializer?: Initializer | undefined;
  /** What large weights of the kernel cost: `'l2'`, `l2({ l2: 1e-4 })`, `{ l1, l2 }`. Default: nothing. */
  kernelRegularizer?: Regularizer | undefined;
}

/** The layer that `conv2dTranspose` makes. */
export class Conv2DTranspose extends Convolution {
  readonly className: string = 'Conv2DTranspose';
  readonly filters: number;
  readonly outputPadding: readonly [number, number] | null;
  readonly kernelInitializer: Initializer;
  readonly kernelRegularizer: RegularizerConfig | null;
  #geometry: Conv2dGeometry | null = null;

  constructor(options: Conv2dTransposeOptions) {
    super('conv2dTranspose', options, arguments, [
      'filters',
      'outputPadding',
      'kernelInitializer',
      'kernelRegularizer',
    ]);
    const { outputPadding, kernelInitializer = 'glorotUniform' } = options;
    this.filters = positiveInteger('conv2dTranspose', 'filters', options.filters);
    this.outputPadding = outputPadding === undefined ? null : this.#readPadding(outputPadding);
    this.kernelInitializer = checkInitializer('conv2dTranspose: kernelInitializer', kernelInitializer);
    const { kernelRegularizer } = options;
    this.kernelRegularizer = checkRegularizer('conv2dTranspose: kernelRegularizer', kernelRegularizer);
  }

  #readPadding(given: number | readonly [number, number]): [number, number] {
    const pair = Array.isArray(given) ? given : [given, given];
    if (pair.length !== 2) {
      throw new RangeError(`conv2dTranspose: outputPadding must be one number or two, got ${describe(pair)}`);
    }
    const [rows, columns] = pair.map((size, axis) => {
      const more = integerAtLeastZero('conv2dTranspose', 'outputPadding', size);
      if (more < this.strides[axis]) return more;
      throw new RangeError(
        `conv2dTranspose: outputPadding must be less than the stride: expected below ${this.strides[axis]}, got ${more}`,
      );
    });
    return [rows, columns];
  }

  /** The convolution that leads back, from the output to the input; known once the layer is built. */
  get geometry(): Conv2dGeometry {
    if (!this.#geometry) throw new Error(`conv2dTranspose: layer ${this.name} isn't built yet`);
    return this.#geometry;
  }

  override build(inputShape: Shape): void {
    super.build(inputShape);
    this.#geometry = transposeGeometry(inputShape, this);
  }

  override computeOutputShape(inputShape: Shape): Shape {
    const { H, W, C } = transposeGeometry(inputShape, this);
    return [H, W, C];
  }

  protected override describeParameters([, , C]: Shape): ParameterSpec[] {
    const shape = [...this.kernelSize, this.filters, C];
    return [
      {
        ...{ name: 'kernel', shape, initializer: this.kernelInitializer },
        regularizer: this.kernelRegularizer,
      },
      ...this.describeBias(this.filters),
    ];
  }

  forward({ kernels, stage, x, y, parameters: [w, b], scratch }: Run, N: number): void {
    const g = this.geometry;
    const rows = N * g.H * g.W;
    kernels.conv2dBackward(g, N, y, w, x, 'dense', null, null, y, scratch);
    if (b) kernels.addBias(rows, g.C, b, stage.relu, y);
    else if (stage.relu === true) kernels.reluForward(rows * g.C, y, y);
    else if (stage.relu) kernels.clippedReluForward(rows * g.C, y, 0, 0, stage.relu, y);
  }

  backward(run: Run, N: number): void {
    const { kernels, x, dy, dx, parameters, gradients, scratch } = run;
    const [w] = parameters;
    const g = this.geometry;
    const [dw = null, db = null] = gradients ?? [];
    const rows = N * g.H * g.W;
    rectifyGradient(run, rows * g.C);
    if (dw) kernels.conv2dBackward(g, N, dy, w, x, 'dense', dw, null, null, scratch);
    if (db) kernels.denseBackwardBias(rows, g.C, dy, db);
    if (dx) {
      const b = noBias(scratch, kernels.conv2dScratch(g, null), g.OC);
      kernels.conv2dForward(g, N, dy, w, b, false, dx, scratch);
    }
  }

  override scratchSize(_stage: Stage, kernels: Kernels): number {
    return kernels.conv2dScratch(this.geometry, null) + this.geometry.OC;
  }

  override work(): string {
    return 'transposed convolution';
  }

  override getConfig(): LayerConfig {
    const { filters, outputPadding, kernelInitializer } = this;
    const { name, trainable, ...config } = super.getConfig();
    return {
      ...{ name, trainable, filters, ...config },
      ...(outputPadding && { outputPadding }),
      ...(kernelInitializer !== 'glorotUniform' && { kernelInitializer }),
      ...(this.kernelRegularizer && { kernelRegularizer: this.kernelRegularizer }),
    };
  }
}

/**
 * A transposed convolution: it makes images larger.
 *
 *     conv2dTranspose({ filters: 8, kernelSize: 3, strides: 2, padding: 'same' }) // [14, 14, 16] → [28, 28, 8]
 *
 * @throws TypeError or RangeError where an option is missing, unknown or out of range.
 */
export const conv2dTranspose = unary(
  'conv2dTranspose',
  (options: Conv2dTransposeOptions): Conv2DTranspose => new Conv2DTranspose(options),
);

ownLayer('Conv2DTranspose', Conv2DTranspose);

needKernels(convolutionBackwardGroup); // whose input gradient is this layer's forward pass
