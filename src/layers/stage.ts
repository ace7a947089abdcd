/** What the plan (model/plan.ts) decides for one piece of work, and what a layer gets to do it with. Nothing here knows layers. */
import type { PoolGeometry } from '../kernels/geometry.ts';
import type { ConvolutionAlgorithm, GradientWalk, Kernels, Rectifier } from '../kernels/kernels.ts';
import type { FloatArray, Shape } from '../tensor/tensor.ts';
import type { BatchSums } from './batch-sums.ts';
import type { ParameterRole } from './parameter.ts';

/** How a layer is done by the kernel of the layer before it, or by the loss after it. */
export type Fold =
  /** `max`: cut off there, a number that float32 has. */
  | { readonly kind: 'relu'; readonly max?: number }
  | { readonly kind: 'maxPool'; readonly pool: PoolGeometry }
  | { readonly kind: 'softmax' }
  | { readonly kind: 'sigmoid' }
  | { readonly kind: 'scale'; readonly into: FoldScale };

/**
 * Writes a convolution's or dense layer's weights with what a layer after it would do to each of its output channels.
 * @param own that layer's parameters
 * @param w the weights before, rows of a number an output channel; b: null where there are none
 */
export type FoldScale = (
  own: readonly FloatArray[],
  w: FloatArray,
  b: FloatArray | null,
  folded: { readonly w: FloatArray; readonly b: FloatArray },
) => void;

/** What the plan decided for one piece of work, as far as the layer that does it must know: what is folded into it, and which gradients anybody needs. */
export interface Stage {
  /** Shape of one sample of each input. */
  readonly inputShapes: readonly Shape[];
  /** The first of them, which for most layers is the only one. */
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  /** ReLU is applied where the sum is still at hand. */
  readonly relu: Rectifier;
  /** Max-pooling folded into a convolution; null: none. */
  readonly pool: PoolGeometry | null;
  /** While the model trains, this stage works as in training; false: as in inference (a frozen batch normalisation). */
  readonly training: boolean;
  /** What each parameter of the layer is to a step of training. */
  readonly roles: readonly ParameterRole[];
  /** Some parameter is trained. */
  readonly weightGradient: boolean;
  /** Whose gradient is wanted, of the inputs. */
  readonly inputGradients: readonly boolean[];
  /** That of any of them. */
  readonly inputGradient: boolean;
  /** An input that is 0 can't have a gradient (it comes from ReLU, through pooling and dropout). */
  readonly zeroInputsAreDead: boolean;
  readonly walk: GradientWalk;
  /** Of a convolution, backward too where its walk is dense; `direct` elsewhere. */
  readonly algorithm: ConvolutionAlgorithm;
  /** `predict` alone computes this convolution by Winograd's F(4×4, 3×3). */
  readonly largeTiles: boolean;
}

/** What a layer works on: views that begin with the first sample of the range. */
export interface Run {
  readonly stage: Stage;
  readonly kernels: Kernels;
  /** One for each input. */
  readonly xs: readonly FloatArray[];
  /** The first of them. */
  readonly x: FloatArray;
  readonly y: FloatArray;
  /** Gradient of y. Backward passes may overwrite it (ReLU does, in place). */
  readonly dy: FloatArray;
  /** Gradient of each input; null where nobody needs it. */
  readonly dxs: readonly (FloatArray | null)[];
  /** That of the first. */
  readonly dx: FloatArray | null;
  /** The values of the layer's parameters, in their order. */
  readonly parameters: readonly FloatArray[];
  /** What the layer's prepareWeights made of them; `predict` in predictions only. */
  readonly prepared: PreparedWeights;
  /** Where their gradients go (of this shard, if `gradientSplit` is `samples`), by parameter; null where none is trained. */
  readonly gradients: readonly FloatArray[] | null;
  /** Bytes remembered from forward to backward: the maximum's place, the dropout mask. */
  readonly kept: Uint8Array;
  readonly scratch: FloatArray;
  /** Position in the batch of the range's first sample. */
  readonly first: number;
  /** false: inference. */
  readonly training: boolean;
  /** null where the layer has none. */
  readonly sums: BatchSums | null;
}

/**
 * What weights are made ready for, once for many samples: forward passes, those of `predict` where they are computed in another
 * way, and the inputs' gradient.
 */
export type WeightUse = 'forward' | 'predict' | 'backward';

export const WEIGHT_USES: readonly WeightUse[] = ['forward', 'predict', 'backward'];

/** Weights as kernels take them, by use; null: as they are. */
export type PreparedWeights = Readonly<Record<WeightUse, FloatArray | null>>;

/** The random key of one layer in one step; dropout draws its mask from it. */
export type StepKey = readonly [number, number];
