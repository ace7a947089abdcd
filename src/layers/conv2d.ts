/**
 * Two-dimensional convolution, with its activation.
 *
 *   y[n, oh, ow, oc] = act( b[oc] + Σ_(kh, kw, c) x[n, oh·SH + kh − padTop, ow·SW + kw − padLeft, c]·w[kh, kw, c, oc] )
 *
 * Images are NHWC, kernels HWIO, as in Keras. Like every framework it computes a cross-correlation: the
 * kernel isn't flipped. Source of the layer's rules: Keras' Conv2D.
 */
import { type Conv2dGeometry, conv2dGeometry, type Padding } from '../kernels/geometry.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Shape } from '../tensor/tensor.ts';
import { ACTIVATIONS, type ActivationName, expandActivation } from './activation.ts';
import { knownOptions, oneOf, positiveInteger, sizePair, unary } from './checks.ts';
import { type ConvolutionChoice, convolutionAlgorithm } from './convolution.ts';
import {
  type Fold,
  LAYER_OPTIONS,
  Layer,
  type LayerConfig,
  type LayerOptions,
  type ParameterSpec,
  type Run,
  type Stage,
} from './layer.ts';

/** Filters of a convolution, and how they move. */
export interface Conv2dOptions extends LayerOptions {
  /** Number of output channels. */
  filters: number;
  /** Height and width of the window; one number for both. */
  kernelSize: number | readonly [number, number];
  /** Steps between windows, down and across; 1 unless told. */
  strides?: number | readonly [number, number];
  /** `valid` (the default): windows stay inside the image; `same`: zeros around it, output ⌈size / stride⌉. */
  padding?: Padding;
  activation?: ActivationName;
}

/** The layer that `conv2d` makes. */
export class Conv2D extends Layer {
  readonly className = 'Conv2D';
  readonly filters: number;
  readonly kernelSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;
  readonly activation: ActivationName;
  #geometry: Conv2dGeometry | null = null;

  constructor(options: Conv2dOptions) {
    const given = knownOptions('conv2d', options, [
      'filters',
      'kernelSize',
      'strides',
      'padding',
      'activation',
      ...LAYER_OPTIONS,
    ]);
    super(given, 'conv2d');
    this.filters = positiveInteger('conv2d', 'filters', given.filters);
    this.kernelSize = sizePair('conv2d', 'kernelSize', given.kernelSize);
    this.strides = sizePair('conv2d', 'strides', given.strides ?? 1);
    this.padding = oneOf('conv2d', 'padding', given.padding ?? 'valid', ['valid', 'same']);
    this.activation = oneOf('conv2d', 'activation', given.activation ?? 'linear', ACTIVATIONS);
  }

  /** Every dimension of the convolution; known once the layer is built. */
  get geometry(): Conv2dGeometry {
    if (!this.#geometry) throw new Error(`conv2d: layer ${this.name} isn't built yet`);
    return this.#geometry;
  }

  override build(inputShape: Shape): void {
    super.build(inputShape);
    this.#geometry = conv2dGeometry(inputShape, this);
  }

  override computeOutputShape(inputShape: Shape): Shape {
    const { OH, OW, OC } = conv2dGeometry(inputShape, this);
    return [OH, OW, OC];
  }

  protected override describeParameters(inputShape: Shape): ParameterSpec[] {
    const [KH, KW] = this.kernelSize;
    const C = inputShape[2];
    // Keras counts a kernel's positions times its channels.
    const fanIn = KH * KW * C;
    const fanOut = KH * KW * this.filters;
    return [
      { name: 'kernel', shape: [KH, KW, C, this.filters], initializer: 'glorotUniform', fanIn, fanOut },
      { name: 'bias', shape: [this.filters], initializer: 'zeros', fanIn, fanOut },
    ];
  }

  forward(run: Run, N: number): void {
    const { kernels, stage, x, y, kept, scratch } = run;
    const { pool, relu, algorithm } = stage;
    const [w, b] = run.parameters;
    const g = this.geometry;
    if (algorithm === 'winograd') {
      if (pool) kernels.winogradPoolForward(g, pool, N, x, w, b, relu, y, kept, scratch);
      else kernels.winogradForward(g, N, x, w, b, relu, y, scratch);
    } else {
      if (pool) kernels.conv2dPoolForward(g, pool, N, x, w, b, relu, y, kept, scratch);
      else kernels.conv2dForward(g, N, x, w, b, relu, y, scratch);
    }
  }

  backward(run: Run, N: number): void {
    const { kernels, stage, x, y, dy, dx, kept, scratch } = run;
    const [w] = run.parameters;
    const [dw, db] = run.gradients ?? [null, null];
    const g = this.geometry;
    if (stage.pool) {
      kernels.conv2dPoolBackward(
        g,
        stage.pool,
        N,
        x,
        w,
        stage.relu,
        y,
        kept,
        dy,
        stage.walk,
        dw,
        db,
        dx,
        scratch,
      );
      return;
    }
    if (stage.relu) kernels.reluBackward(N * g.P * g.OC, y, dy, dy);
    kernels.conv2dBackward(g, N, x, w, dy, stage.walk, dw, db, dx, scratch);
  }

  /** With pooling folded in: which element of each window was the maximum. */
  override keptBytes({ pool }: Stage): number {
    return pool ? pool.OH * pool.OW * pool.C : 0;
  }

  override scratchSize({ pool, algorithm }: Stage, kernels: Kernels): number {
    const direct = kernels.conv2dScratch(this.geometry, pool); // the backward pass always is
    return algorithm === 'direct' ? direct : Math.max(direct, kernels.winogradScratch(this.geometry, pool));
  }

  override expand(): Layer[] {
    return expandActivation(this, this.activation);
  }

  override decide(convolution: ConvolutionChoice): Partial<Stage> {
    return { algorithm: convolutionAlgorithm(this.geometry, convolution) };
  }

  override takesOver(fold: Fold, stage: Stage): Partial<Stage> | null {
    if (stage.pool) return null;
    if (fold.kind === 'relu' && !stage.relu) return { relu: true };
    // Below a maximum at most one gradient a window is left; elsewhere most are not zero.
    if (fold.kind === 'maxPool') return { pool: fold.pool, walk: 'sparse' };
    if (fold.kind === 'scale' && !stage.relu && !stage.scale) return {};
    return null;
  }

  override givesLogits(): boolean {
    return this.activation === 'linear';
  }

  override backwardReads({ weightGradient, relu }: Stage): { inputs: boolean; output: boolean } {
    return { inputs: weightGradient, output: relu };
  }

  override work({ algorithm }: Stage): string {
    return algorithm === 'winograd' ? 'Winograd convolution' : 'convolution';
  }

  override getConfig(): LayerConfig {
    const { filters, kernelSize, strides, padding, activation } = this;
    return { ...this.baseConfig(), filters, kernelSize, strides, padding, activation };
  }
}

/** A convolution layer. @throws TypeError or RangeError where an option is missing, unknown or out of range. */
export const conv2d = unary('conv2d', (options: Conv2dOptions): Conv2D => new Conv2D(options));
