/**
 * Depthwise convolution (Sifre 2014; Howard et al. 2017, "MobileNets", arXiv:1704.04861): each channel by itself.
 *
 *   y[n, oh, ow, c·M + m] = act( b[c·M + m] + Σ_(kh, kw) x[n, oh·SH + kh·DH − padTop, ow·SW + kw·DW − padLeft, c]·w[kh, kw, c, m] )
 *
 * M is `depthMultiplier`. Source of the layer's rules: Keras' DepthwiseConv2D.
 */

import { type DepthwiseGeometry, depthwiseGeometry } from '../kernels/geometry.ts';
import { depthwiseGroup } from '../kernels/groups/depthwise.ts';
import { needKernels } from '../kernels/groups.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { checkInitializer, type Initializer } from '../tensor/initializers.ts';
import type { Shape } from '../tensor/tensor.ts';
import { type Margins, positiveInteger, unary } from './checks.ts';
import { Convolution, type ConvolutionOptions, noBias } from './convolution-layer.ts';
import type { Fold, LayerConfig, ParameterSpec, Run, Stage } from './layer.ts';
import { rectifyGradient } from './rectifier.ts';
import { ownLayer } from './registry.ts';
import { checkRegularizer, type Regularizer, type RegularizerConfig } from './regularizer.ts';

/** Windows of a depthwise convolution. */
export interface DepthwiseConv2dOptions extends ConvolutionOptions {
  /** Filters a channel. Default: 1. */
  depthMultiplier?: number | undefined;
  /** How the kernel begins. Default: `glorotUniform`. */
  depthwiseInitializer?: Initializer | undefined;
  /** What large weights of the kernel cost: `'l2'`, `l2({ l2: 1e-4 })`, `{ l1, l2 }`. Default: nothing. */
  depthwiseRegularizer?: Regularizer | undefined;
}

/** The layer that `depthwiseConv2d` makes. */
export class DepthwiseConv2D extends Convolution {
  readonly className: string = 'DepthwiseConv2D';
  readonly depthMultiplier: number;
  readonly depthwiseInitializer: Initializer;
  readonly depthwiseRegularizer: RegularizerConfig | null;
  #geometry: DepthwiseGeometry | null = null;

  constructor(options: DepthwiseConv2dOptions) {
    super('depthwiseConv2d', options, arguments, [
      'depthMultiplier',
      'depthwiseInitializer',
      'depthwiseRegularizer',
    ]);
    const { depthMultiplier = 1, depthwiseInitializer = 'glorotUniform' } = options;
    this.depthMultiplier = positiveInteger('depthwiseConv2d', 'depthMultiplier', depthMultiplier);
    const what = 'depthwiseConv2d: depthwiseInitializer';
    this.depthwiseInitializer = checkInitializer(what, depthwiseInitializer);
    const { depthwiseRegularizer } = options;
    this.depthwiseRegularizer = checkRegularizer(
      'depthwiseConv2d: depthwiseRegularizer',
      depthwiseRegularizer,
    );
  }

  /** Every dimension of the convolution; known once the layer is built. */
  get geometry(): DepthwiseGeometry {
    if (!this.#geometry) throw new Error(`depthwiseConv2d: layer ${this.name} isn't built yet`);
    return this.#geometry;
  }

  override build(inputShape: Shape): void {
    super.build(inputShape);
    this.#geometry = depthwiseGeometry(inputShape, this);
  }

  override computeOutputShape(inputShape: Shape): Shape {
    const { OH, OW, C, M } = depthwiseGeometry(inputShape, this);
    return [OH, OW, C * M];
  }

  protected override describeParameters([, , C]: Shape): ParameterSpec[] {
    const shape = [...this.kernelSize, C, this.depthMultiplier];
    return [
      {
        ...{ name: 'depthwise_kernel', shape, initializer: this.depthwiseInitializer },
        regularizer: this.depthwiseRegularizer,
      },
      ...this.describeBias(C * this.depthMultiplier),
    ];
  }

  forward({ kernels, stage, x, y, parameters, scratch }: Run, N: number): void {
    const g = this.#geometryIn(stage);
    const [w] = parameters;
    const b = parameters[1] ?? noBias(scratch, kernels.depthwiseScratch(g), g.C * g.M);
    kernels.depthwiseForward(g, N, x, w, b, stage.relu, y, scratch);
  }

  backward(run: Run, N: number): void {
    const { kernels, stage, x, dy, dx, parameters, gradients, scratch } = run;
    const [w] = parameters;
    const g = this.#geometryIn(stage);
    const [dw = null, db = null] = gradients ?? [];
    rectifyGradient(run, N * g.OH * g.OW * g.C * g.M);
    kernels.depthwiseBackward(g, N, x, w, dy, dw, db, dx, scratch);
  }

  /** Its kernel too is rows of a number an output channel. */
  override takesOver(fold: Fold, stage: Stage): Partial<Stage> | null {
    if (fold.kind === 'scale' && !stage.relu) return {};
    return super.takesOver(fold, stage);
  }

  /** Where every window reaches the image. MobileNetV2 pads before each convolution with strides: to write that took 4 % of its time. */
  override takesPadding(margins: Margins): boolean {
    const isReached = (size: number, axis: number): boolean =>
      size <= (this.kernelSize[axis] - 1) * this.dilationRate[axis];
    return (
      this.padding === 'valid' && margins.every((sides, axis) => sides.every((size) => isReached(size, axis)))
    );
  }

  /** The geometry on the input as it comes, before zeros are put around it. */
  #geometryIn({ padding, inputShape: [H, W] }: Stage): DepthwiseGeometry {
    const margins = padding?.padsBy();
    if (!margins) return this.geometry;
    const [[padTop], [padLeft]] = margins;
    return { ...this.geometry, H, W, padTop, padLeft };
  }

  override scratchSize(stage: Stage, kernels: Kernels): number {
    const g = this.#geometryIn(stage);
    return kernels.depthwiseScratch(g) + (this.useBias ? 0 : g.C * g.M);
  }

  override work(): string {
    return 'depthwise convolution';
  }

  override getConfig(): LayerConfig {
    const { depthMultiplier, depthwiseInitializer, depthwiseRegularizer } = this;
    return {
      ...super.getConfig(),
      ...(depthMultiplier !== 1 && { depthMultiplier }),
      ...(depthwiseInitializer !== 'glorotUniform' && { depthwiseInitializer }),
      ...(depthwiseRegularizer && { depthwiseRegularizer }),
    };
  }
}

/**
 * A depthwise convolution: each channel has its own filters.
 *
 *     depthwiseConv2d({ kernelSize: 3, padding: 'same' }) // [28, 28, 16] → [28, 28, 16]
 *
 * @throws TypeError or RangeError where an option is missing, unknown or out of range.
 */
export const depthwiseConv2d = unary(
  'depthwiseConv2d',
  (options: DepthwiseConv2dOptions): DepthwiseConv2D => new DepthwiseConv2D(options),
);

needKernels(depthwiseGroup);
ownLayer('DepthwiseConv2D', DepthwiseConv2D);
