/**
 * Separable convolution (Chollet 2016, "Xception", arXiv:1610.02357): a depthwise convolution without bias, and after it a
 * convolution of 1×1 that mixes the channels.
 *
 *   z = depthwise(x; w),   y[n, oh, ow, oc] = act( b[oc] + Σ_c z[n, oh, ow, c]·v[c, oc] )
 *
 * z isn't kept: the backward pass computes it once more, which costs one part in OC of the forward pass. Source of the layer's
 * rules: Keras' SeparableConv2D.
 */

import {
  type Conv2dGeometry,
  conv2dGeometry,
  type DepthwiseGeometry,
  depthwiseGeometry,
} from '../kernels/geometry.ts';
import { depthwiseGroup } from '../kernels/groups/depthwise.ts';
import { needKernels } from '../kernels/groups.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { checkInitializer, type Initializer } from '../tensor/initializers.ts';
import type { FloatArray, Shape } from '../tensor/tensor.ts';
import { positiveInteger, unary } from './checks.ts';
import { Convolution, type ConvolutionOptions, noBias } from './convolution-layer.ts';
import type { LayerConfig, ParameterSpec, Run, Stage } from './layer.ts';
import { rectifyGradient } from './rectifier.ts';
import { ownLayer } from './registry.ts';
import { checkRegularizer, type Regularizer, type RegularizerConfig } from './regularizer.ts';

/** Filters and windows of a separable convolution. */
export interface SeparableConv2dOptions extends ConvolutionOptions {
  /** Number of output channels. */
  filters: number;
  /** Filters a channel of the depthwise part. Default: 1. */
  depthMultiplier?: number | undefined;
  /** How the kernel of the depthwise part begins. Default: `glorotUniform`. */
  depthwiseInitializer?: Initializer | undefined;
  /** How the kernel that mixes the channels begins. Default: `glorotUniform`. */
  pointwiseInitializer?: Initializer | undefined;
  /** What large weights of the depthwise kernel cost: `'l2'`, `l2({ l2: 1e-4 })`, `{ l1, l2 }`. Default: nothing. */
  depthwiseRegularizer?: Regularizer | undefined;
  /** The same of the kernel that mixes the channels. */
  pointwiseRegularizer?: Regularizer | undefined;
}

/** The layer that `separableConv2d` makes. */
export class SeparableConv2D extends Convolution {
  readonly className: string = 'SeparableConv2D';
  readonly filters: number;
  readonly depthMultiplier: number;
  readonly depthwiseInitializer: Initializer;
  readonly pointwiseInitializer: Initializer;
  readonly depthwiseRegularizer: RegularizerConfig | null;
  readonly pointwiseRegularizer: RegularizerConfig | null;
  #parts: { readonly g: DepthwiseGeometry; readonly p: Conv2dGeometry } | null = null;

  constructor(options: SeparableConv2dOptions) {
    const initializers = ['depthwiseInitializer', 'pointwiseInitializer'];
    const regularizers = ['depthwiseRegularizer', 'pointwiseRegularizer'];
    super('separableConv2d', options, arguments, [
      'filters',
      'depthMultiplier',
      ...initializers,
      ...regularizers,
    ]);
    const { depthMultiplier = 1 } = options;
    const { depthwiseInitializer = 'glorotUniform', pointwiseInitializer = 'glorotUniform' } = options;
    this.filters = positiveInteger('separableConv2d', 'filters', options.filters);
    this.depthMultiplier = positiveInteger('separableConv2d', 'depthMultiplier', depthMultiplier);
    const check = (name: string, given: Initializer) => checkInitializer(`separableConv2d: ${name}`, given);
    this.depthwiseInitializer = check('depthwiseInitializer', depthwiseInitializer);
    this.pointwiseInitializer = check('pointwiseInitializer', pointwiseInitializer);
    const { depthwiseRegularizer, pointwiseRegularizer } = options;
    this.depthwiseRegularizer = checkRegularizer(
      'separableConv2d: depthwiseRegularizer',
      depthwiseRegularizer,
    );
    this.pointwiseRegularizer = checkRegularizer(
      'separableConv2d: pointwiseRegularizer',
      pointwiseRegularizer,
    );
  }

  /** Both convolutions' dimensions; known once the layer is built. */
  get geometries(): { readonly g: DepthwiseGeometry; readonly p: Conv2dGeometry } {
    if (!this.#parts) throw new Error(`separableConv2d: layer ${this.name} isn't built yet`);
    return this.#parts;
  }

  override build(inputShape: Shape): void {
    super.build(inputShape);
    const g = this.#depthwise(inputShape);
    const pointwise = {
      kernelSize: [1, 1],
      strides: [1, 1],
      padding: 'valid',
      filters: this.filters,
    } as const;
    this.#parts = { g, p: conv2dGeometry([g.OH, g.OW, g.C * g.M], pointwise, 'separableConv2d') };
  }

  override computeOutputShape(inputShape: Shape): Shape {
    const { OH, OW } = this.#depthwise(inputShape);
    return [OH, OW, this.filters];
  }

  protected override describeParameters([, , C]: Shape): ParameterSpec[] {
    const { depthMultiplier: M, filters } = this;
    const depthwise = [...this.kernelSize, C, M];
    return [
      {
        ...{ name: 'depthwise_kernel', shape: depthwise, initializer: this.depthwiseInitializer },
        regularizer: this.depthwiseRegularizer,
      },
      {
        ...{
          name: 'pointwise_kernel',
          shape: [1, 1, C * M, filters],
          initializer: this.pointwiseInitializer,
        },
        regularizer: this.pointwiseRegularizer,
      },
      ...this.describeBias(filters),
    ];
  }

  forward({ kernels, stage, x, y, parameters, scratch }: Run, N: number): void {
    const { g, p } = this.geometries;
    const [w, v] = parameters;
    const { z, none } = this.#rooms(kernels, scratch, 1);
    const b = parameters[2] ?? none.subarray(0, p.OC).fill(0);
    const inputs = g.H * g.W * g.C;
    // Sample by sample: z stays in the cache.
    for (let n = 0; n < N; n++) {
      const sample = x.subarray(n * inputs, (n + 1) * inputs);
      this.#forwardDepthwise(kernels, 1, sample, w, z, none, scratch);
      const out = y.subarray(n * p.P * p.OC, (n + 1) * p.P * p.OC);
      if (!this.useBias) none.fill(0);
      kernels.conv2dForward(p, 1, z, v, b, stage.relu, out, scratch);
    }
  }

  backward(run: Run, N: number): void {
    const { kernels, x, dy, dx, parameters, gradients, scratch } = run;
    const [w, v] = parameters;
    const { g, p } = this.geometries;
    const [dw = null, dv = null, db = null] = gradients ?? [];
    const { z, dz, none } = this.#rooms(kernels, scratch, N);
    rectifyGradient(run, N * p.P * p.OC);
    if (dv) this.#forwardDepthwise(kernels, N, x, w, z, none, scratch);
    kernels.conv2dBackward(p, N, z, v, dy, 'dense', dv, db, dz, scratch);
    kernels.depthwiseBackward(g, N, x, w, dz, dw, null, dx, scratch);
  }

  #forwardDepthwise(
    kernels: Kernels,
    N: number,
    x: FloatArray,
    w: FloatArray,
    z: FloatArray,
    none: FloatArray,
    scratch: FloatArray,
  ): void {
    kernels.depthwiseForward(this.geometries.g, N, x, w, noBias(none, 0, none.length), false, z, scratch);
  }

  /** Scratch is [ the kernels' own | zeros, as many as channels of z or y | z | dz ], of N samples. */
  #rooms(
    kernels: Kernels,
    scratch: FloatArray,
    N: number,
  ): { z: FloatArray; dz: FloatArray; none: FloatArray } {
    const { p } = this.geometries;
    const at = this.#kernelScratch(kernels);
    const from = at + Math.max(p.C, p.OC);
    const size = N * p.P * p.C;
    return {
      none: scratch.subarray(at, from),
      z: scratch.subarray(from, from + size),
      dz: scratch.subarray(from + size, from + 2 * size),
    };
  }

  #kernelScratch(kernels: Kernels): number {
    const { g, p } = this.geometries;
    return Math.max(kernels.depthwiseScratch(g), kernels.conv2dScratch(p, null));
  }

  override scratchSize(_stage: Stage, kernels: Kernels, N: number): number {
    const { p } = this.geometries;
    return this.#kernelScratch(kernels) + Math.max(p.C, p.OC) + 2 * Math.min(N, MOST_SAMPLES) * p.P * p.C;
  }

  #depthwise(inputShape: Shape): DepthwiseGeometry {
    return depthwiseGeometry(inputShape, this, 'separableConv2d');
  }

  override work(): string {
    return 'separable convolution';
  }

  override getConfig(): LayerConfig {
    const { filters, depthMultiplier, depthwiseInitializer, pointwiseInitializer } = this;
    const { name, trainable, ...config } = super.getConfig();
    return {
      ...{ name, trainable, filters, ...config },
      ...(depthMultiplier !== 1 && { depthMultiplier }),
      ...(depthwiseInitializer !== 'glorotUniform' && { depthwiseInitializer }),
      ...(pointwiseInitializer !== 'glorotUniform' && { pointwiseInitializer }),
      ...(this.depthwiseRegularizer && { depthwiseRegularizer: this.depthwiseRegularizer }),
      ...(this.pointwiseRegularizer && { pointwiseRegularizer: this.pointwiseRegularizer }),
    };
  }
}

/** Backward passes of layers whose gradient is split by samples come a shard at a time, so with no more samples than that. */
const MOST_SAMPLES = 8;

/**
 * A separable convolution: a depthwise convolution, then a convolution of 1×1 that mixes the channels.
 *
 *     separableConv2d({ filters: 32, kernelSize: 3, activation: 'relu' }) // [28, 28, 8] → [26, 26, 32]
 *
 * @throws TypeError or RangeError where an option is missing, unknown or out of range.
 */
export const separableConv2d = unary(
  'separableConv2d',
  (options: SeparableConv2dOptions): SeparableConv2D => new SeparableConv2D(options),
);

needKernels(depthwiseGroup);
ownLayer('SeparableConv2D', SeparableConv2D);
