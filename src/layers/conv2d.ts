/**
 * Two-dimensional convolution, with its activation.
 *
 *   y[n, oh, ow, oc] = act( b[oc] + Σ_(kh, kw, c) x[n, oh·SH + kh·DH − padTop, ow·SW + kw·DW − padLeft, c]·w[kh, kw, c, oc] )
 *
 * Images are NHWC, kernels HWIO, as in Keras. Like every framework it computes a cross-correlation: the
 * kernel isn't flipped. With `groups` the channels are cut into that many parts of neighbours, and so are the filters; each
 * part of the filters reads its own part of the channels only. Source of the layer's rules: Keras' Conv2D.
 */
import {
  type Conv2dGeometry,
  conv2dGeometry,
  imageShape,
  inputGradientGeometry,
  isWithinImage,
  type PoolGeometry,
} from '../kernels/geometry.ts';
import { groupedConv2dBackward, groupedConv2dForward, groupedConv2dScratch } from '../kernels/grouped.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { checkInitializer, type Initializer } from '../tensor/initializers.ts';
import type { FloatArray, Shape } from '../tensor/tensor.ts';
import { positiveInteger, unary } from './checks.ts';
import { type ConvolutionChoice, convolutionAlgorithm, predictsInLargeTiles } from './convolution.ts';
import { Convolution, type ConvolutionOptions, noBias } from './convolution-layer.ts';
import type { Fold, LayerConfig, ParameterSpec, Run, Stage, WeightUse } from './layer.ts';
import { rectifyGradient } from './rectifier.ts';
import { ownLayer } from './registry.ts';
import { checkRegularizer, type Regularizer, type RegularizerConfig } from './regularizer.ts';

/** Filters of a convolution, and how they move. */
export interface Conv2dOptions extends ConvolutionOptions {
  /** Number of output channels. */
  filters: number;
  /** Parts into which channels and filters are cut, each by itself. Default: 1. Both must be multiples of it. */
  groups?: number | undefined;
  /** How the kernel begins. Default: `glorotUniform`. */
  kernelInitializer?: Initializer | undefined;
  /** What large weights of the kernel cost: `'l2'`, `l2({ l2: 1e-4 })`, `{ l1, l2 }`. Default: nothing. */
  kernelRegularizer?: Regularizer | undefined;
}

/** The layer that `conv2d` makes. */
export class Conv2D extends Convolution {
  readonly className: string = 'Conv2D';
  readonly filters: number;
  readonly groups: number;
  readonly kernelInitializer: Initializer;
  readonly kernelRegularizer: RegularizerConfig | null;
  #geometry: Conv2dGeometry | null = null;

  constructor(options: Conv2dOptions) {
    super('conv2d', options, arguments, ['filters', 'groups', 'kernelInitializer', 'kernelRegularizer']);
    this.filters = positiveInteger('conv2d', 'filters', options.filters);
    this.groups = positiveInteger('conv2d', 'groups', options.groups ?? 1);
    if (this.filters % this.groups !== 0) {
      throw new RangeError(
        `conv2d: filters must be a multiple of groups: expected one of ${this.groups}, got ${this.filters}`,
      );
    }
    const initializer = options.kernelInitializer ?? 'glorotUniform';
    this.kernelInitializer = checkInitializer('conv2d: kernelInitializer', initializer);
    this.kernelRegularizer = checkRegularizer('conv2d: kernelRegularizer', options.kernelRegularizer);
  }

  /** Every dimension of the convolution, of one group where there are several; known once the layer is built. */
  get geometry(): Conv2dGeometry {
    if (!this.#geometry) throw new Error(`conv2d: layer ${this.name} isn't built yet`);
    return this.#geometry;
  }

  override build(inputShape: Shape): void {
    super.build(inputShape);
    this.#geometry = this.#geometryOf(inputShape);
  }

  override computeOutputShape(inputShape: Shape): Shape {
    const { OH, OW } = this.#geometryOf(inputShape);
    return [OH, OW, this.filters];
  }

  protected override describeParameters([, , C]: Shape): ParameterSpec[] {
    const shape = [...this.kernelSize, C / this.groups, this.filters];
    return [
      {
        ...{ name: 'kernel', shape, initializer: this.kernelInitializer },
        regularizer: this.kernelRegularizer,
      },
      ...this.describeBias(this.filters),
    ];
  }

  forward(run: Run, N: number): void {
    const { kernels, stage, x, y, kept, prepared, scratch } = run;
    const { pool, relu } = stage;
    const g = this.geometry;
    const [w] = run.parameters;
    // What is folded into the weights may bring a bias of its own.
    const b = run.parameters[1] ?? noBias(scratch, this.#biasAt(stage, kernels, N), this.filters);
    if (this.groups > 1) {
      groupedConv2dForward(kernels, g, this.groups, N, x, w, b, relu, y, scratch);
    } else if (prepared.predict) {
      const u = prepared.predict;
      if (stage.largeTiles) kernels.winograd4Forward(g, pool, N, x, u, b, relu, y, scratch);
      else kernels.conv2dPanels?.forward(g, N, x, w, u, b, relu, y, scratch);
    } else if (prepared.forward) {
      const u = prepared.forward;
      if (pool) kernels.winogradPoolForward(g, pool, N, x, u, b, relu === true, y, kept, scratch);
      else kernels.winogradForward(g, N, x, u, b, relu, y, scratch);
    } else {
      if (pool) kernels.conv2dPoolForward(g, pool, N, x, w, b, relu === true, y, kept, scratch);
      else kernels.conv2dForward(g, N, x, w, b, relu, y, scratch);
    }
  }

  backward(run: Run, N: number): void {
    const { kernels, stage, x, y, dy, dx, kept, scratch } = run;
    const [w] = run.parameters;
    const [dw = null, db = null] = run.gradients ?? [];
    const g = this.geometry;
    if (stage.pool) {
      kernels.conv2dPoolBackward(
        g,
        stage.pool,
        N,
        x,
        w,
        stage.relu === true,
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
    rectifyGradient(run, N * g.P * this.filters);
    if (this.groups > 1) {
      groupedConv2dBackward(kernels, g, this.groups, N, x, w, dy, stage.walk, dw, db, dx, scratch);
    } else if (stage.algorithm === 'winograd' && stage.walk === 'dense') {
      kernels.winogradBackward(g, N, x, run.prepared.backward, dy, dw, db, dx, scratch);
    } else {
      kernels.conv2dBackward(g, N, x, w, dy, stage.walk, dw, db, dx, scratch);
    }
  }

  override decide(convolution: ConvolutionChoice): Partial<Stage> {
    if (this.groups > 1) return {};
    const { geometry } = this;
    return {
      algorithm: convolutionAlgorithm(geometry, convolution),
      largeTiles: predictsInLargeTiles(geometry, convolution),
    };
  }

  override takesOver(fold: Fold, stage: Stage): Partial<Stage> | null {
    if (stage.pool) return null;
    // Below a maximum at most one gradient a window is left; elsewhere most are not zero.
    if (fold.kind === 'maxPool') {
      const isServed = this.groups === 1 && typeof stage.relu === 'boolean' && isWithinImage(fold.pool);
      const largeTiles = stage.largeTiles && isTwoByTwo(fold.pool);
      return isServed ? { pool: fold.pool, walk: 'sparse', largeTiles } : null;
    }
    if (fold.kind === 'scale' && !stage.relu) return {};
    return super.takesOver(fold, stage);
  }

  /** With pooling folded in: which element of each window was the maximum. */
  override keptBytes({ pool }: Stage): number {
    return pool ? pool.OH * pool.OW * pool.C : 0;
  }

  /** Winograd's filters, transformed; for predictions those of others in panels. */
  override preparedSize(use: WeightUse, stage: Stage, kernels: Kernels): number {
    const { geometry } = this;
    if (stage.algorithm !== 'winograd') {
      if (use !== 'predict' || this.groups > 1 || stage.pool) return 0;
      return kernels.conv2dPanels?.size(geometry) ?? 0;
    }
    if (use === 'forward') return kernels.winogradFilterSize(geometry, 2);
    if (use === 'predict') return stage.largeTiles ? kernels.winogradFilterSize(geometry, 4) : 0;
    const isWanted = stage.inputGradient && stage.walk === 'dense';
    return isWanted ? kernels.winogradFilterSize(inputGradientGeometry(geometry), 4) : 0;
  }

  override prepareWeights(
    use: WeightUse,
    { stage, kernels, parameters: [w], scratch }: Run,
    prepared: FloatArray,
  ): void {
    if (stage.algorithm !== 'winograd') kernels.conv2dPanels?.pack(this.geometry, w, prepared);
    else if (use === 'backward') kernels.winogradTurnedFilters(this.geometry, w, prepared, scratch);
    else kernels.winogradFilters(this.geometry, use === 'predict' ? 4 : 2, w, prepared);
  }

  override scratchSize(stage: Stage, kernels: Kernels, N: number): number {
    return this.#biasAt(stage, kernels, N) + (this.useBias ? 0 : this.filters);
  }

  /** Where zeros stand for a bias: after all that the kernels need. */
  #biasAt(stage: Stage, kernels: Kernels, N: number): number {
    if (this.groups > 1) return groupedConv2dScratch(kernels, this.geometry, this.groups, N);
    return this.#workSize(stage, kernels);
  }

  /** What the kernels need, of one group. */
  #workSize(stage: Stage, kernels: Kernels): number {
    const g = this.geometry;
    if (stage.algorithm === 'direct') return kernels.conv2dScratch(g, stage.pool);
    const forward = Math.max(
      kernels.winogradScratch(g, stage.pool),
      stage.largeTiles ? kernels.winograd4Scratch(g, stage.pool) : 0,
    );
    if (!stage.weightGradient && !stage.inputGradient) return forward;
    const backward =
      stage.walk === 'dense' ? kernels.winogradBackwardScratch(g) : kernels.conv2dScratch(g, stage.pool);
    return Math.max(forward, backward);
  }

  #geometryOf(inputShape: Shape): Conv2dGeometry {
    const [H, W, C] = imageShape('conv2d', inputShape);
    const { groups, filters } = this;
    if (C % groups !== 0) {
      throw new RangeError(
        `conv2d: channels must be a multiple of groups: expected one of ${groups}, got ${C}`,
      );
    }
    return conv2dGeometry([H, W, C / groups], { ...this, filters: filters / groups });
  }

  override work({ algorithm }: Stage): string {
    return algorithm === 'winograd' ? 'Winograd convolution' : 'convolution';
  }

  override getConfig(): LayerConfig {
    const { name, trainable, ...config } = super.getConfig();
    return {
      ...{ name, trainable, filters: this.filters, ...config },
      ...(this.groups !== 1 && { groups: this.groups }),
      ...(this.kernelInitializer !== 'glorotUniform' && { kernelInitializer: this.kernelInitializer }),
      ...(this.kernelRegularizer && { kernelRegularizer: this.kernelRegularizer }),
    };
  }
}

/** Windows of 2×2, side by side: two by two of them are a tile of F(4×4, 3×3). */
function isTwoByTwo({ KH, KW, SH, SW }: PoolGeometry): boolean {
  return [KH, KW, SH, SW].every((size) => size === 2);
}

/**
 * A convolution of images: each filter gives one output channel.
 *
 *     conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }) // [28, 28, 1] → [26, 26, 32]
 *
 * @throws TypeError or RangeError where an option is missing, unknown or out of range.
 */
export const conv2d = unary('conv2d', (options: Conv2dOptions): Conv2D => new Conv2D(options));

ownLayer('Conv2D', Conv2D);
