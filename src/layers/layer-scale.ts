/**
 * A factor a channel that is learnt (Touvron et al. 2021, "Going deeper with image transformers", arXiv:2103.17239), which begins small so that a
 * block of a deep network begins as nearly nothing:
 *
 *   y = x·γ         dγ[c] = Σ dy·x, dx = dy·γ
 *
 * ConvNeXt has it. Source of the layer's rules: LayerScale in keras/src/applications/convnext.py.
 */
import { normalizationGroup } from '../kernels/groups/normalization.ts';
import { needKernels } from '../kernels/groups.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { type FloatArray, type Shape, sizeOf } from '../tensor/tensor.ts';
import { finite, positiveInteger, unary } from './checks.ts';
import { doublesIn, doublesSize } from './doubles.ts';
import {
  Layer,
  type LayerConfig,
  type LayerOptions,
  layerOptions,
  type ParameterSpec,
  type Run,
  type Stage,
} from './layer.ts';
import { ownLayer } from './registry.ts';

/** How the factors begin. */
export interface LayerScaleOptions extends LayerOptions {
  /** What each factor begins as. Default: 1e-6, as in ConvNeXt. */
  initValue?: number | undefined;
  /** The channels, where they are known. Default: those that come in. */
  projectionDim?: number | undefined;
}

/** The layer that `layerScale` makes. */
export class LayerScale extends Layer {
  readonly className: string = 'LayerScale';
  readonly initValue: number;
  readonly #channels: number | undefined;

  constructor(options?: LayerScaleOptions) {
    const given = layerOptions('layerScale', options, arguments, ['initValue', 'projectionDim']);
    super(given, 'layerScale');
    this.initValue = finite('layerScale', 'initValue', given.initValue ?? 1e-6);
    const { projectionDim } = given;
    if (projectionDim !== undefined) positiveInteger('layerScale', 'projectionDim', projectionDim);
    this.#channels = projectionDim;
  }

  /** Channels; undefined where they aren't known yet. */
  get projectionDim(): number | undefined {
    return this.inputShape?.at(-1) ?? this.#channels;
  }

  override computeOutputShape(inputShape: Shape): Shape {
    const [C] = inputShape.slice(-1);
    if (C !== undefined && C === (this.#channels ?? C)) return inputShape;
    const expected = this.#channels ?? 'some';
    throw new RangeError(`layerScale: a sample must have channels, ${expected} of them, got [${inputShape}]`);
  }

  protected override describeParameters(inputShape: Shape): ParameterSpec[] {
    const initializer = { name: 'constant', value: this.initValue } as const;
    return [{ name: 'gamma', shape: inputShape.slice(-1), initializer }];
  }

  forward({ kernels, stage, x, y, parameters: [gamma], scratch }: Run, N: number): void {
    const { rows, zeros } = this.#sizes(stage, N, gamma, scratch);
    // y = (x − 0)·γ + 0
    kernels.normalizeForward(rows, gamma.length, x, zeros, gamma, zeros, false, y);
  }

  backward(run: Run, N: number): void {
    const { kernels, stage, x, dy, dx, parameters, gradients, scratch } = run;
    const [gamma] = parameters;
    const C = gamma.length;
    const { rows, zeros } = this.#sizes(stage, N, gamma, scratch);
    if (gradients) {
      const sums = doublesIn(scratch, C, 2 * C);
      // Σ dy, and Σ dy·(x − 0)
      kernels.channelSums(rows, C, x, dy, zeros, sums);
      gradients[0].set(sums.subarray(C));
    }
    if (dx) kernels.normalizeForward(rows, C, dy, zeros, gamma, zeros, false, dx);
  }

  #sizes({ inputShape }: Stage, N: number, gamma: FloatArray, scratch: FloatArray) {
    const C = gamma.length;
    return { rows: (N * sizeOf(inputShape)) / C, zeros: scratch.subarray(0, C).fill(0) };
  }

  override backwardReads({ weightGradient }: Stage): { inputs: boolean; output: boolean } {
    return { inputs: weightGradient, output: false };
  }

  override scratchSize({ inputShape }: Stage, kernels: Kernels): number {
    const C = inputShape[inputShape.length - 1];
    return C + doublesSize(2 * C, kernels);
  }

  override work(): string {
    return 'scaling';
  }

  override getConfig(): LayerConfig {
    const { initValue, projectionDim } = this;
    return { ...this.baseConfig(), initValue, ...(projectionDim !== undefined && { projectionDim }) };
  }
}

/**
 * Multiplies each channel by a learnt factor, which begins near 0.
 *
 *     layerScale({ initValue: 1e-6 }) // [14, 14, 96] → [14, 14, 96]
 *
 * @throws TypeError or RangeError where an option is unknown or no finite number.
 */
export const layerScale = unary(
  'layerScale',
  (options?: LayerScaleOptions): LayerScale => new LayerScale(options),
);

needKernels(normalizationGroup);
ownLayer('LayerScale', LayerScale);
