/** A stage: what the plan (model/plan.ts) decides for a layer. A run: the memory on which the layer does it. */
import type { Margins } from '../checks/values.ts';
import type { PoolGeometry } from '../kernels/geometry.ts';
import type { ConvolutionAlgorithm, GradientWalk, Kernels, Rectifier } from '../kernels/kernels.ts';
import type { FloatArray, Shape } from '../tensor/tensor.ts';
import type { BatchSums } from './batch-sums.ts';
import type { ParameterRole } from './parameter.ts';

/** How the kernel of the layer before, or the loss after it, can do this layer's work too. */
export type Fold =
  /** `max`: the largest output, a float32 number. */
  | { readonly kind: 'relu'; readonly max?: number }
  | { readonly kind: 'maxPool'; readonly pool: PoolGeometry }
  | { readonly kind: 'softmax' }
  | { readonly kind: 'sigmoid' }
  | { readonly kind: 'scale'; readonly into: FoldScale };

/**
 * Folds a layer into the weights of the convolution or dense layer before it: writes weights that give what both layers give.
 * @param own the folded layer's parameters
 * @param w the other layer's weights, in rows of one number per output channel; b: its bias, or null
 */
export type FoldScale = (
  own: readonly FloatArray[],
  w: FloatArray,
  b: FloatArray | null,
  folded: { readonly w: FloatArray; readonly b: FloatArray },
) => void;

/** What a layer must know of the plan: its shapes, what is folded into it, and which gradients are needed. */
export interface Stage {
  /** Shape of one sample of each input. */
  readonly inputShapes: readonly Shape[];
  /** The first of them, which for most layers is the only one. */
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  /** The layer before it whose zeros around the input nobody writes: the kernel leaves their products out; null: none. */
  readonly padding: { readonly name: string; padsBy(): Margins | null } | null;
  /** A ReLU that is folded in: it is applied to each sum before the sum is stored. */
  readonly relu: Rectifier;
  /** Max-pooling folded into a convolution; null: none. */
  readonly pool: PoolGeometry | null;
  /** Whether it works as in training while the model trains. A frozen batch normalisation works as in inference. */
  readonly training: boolean;
  /** Whether each parameter is trained, moved or fixed. */
  readonly roles: readonly ParameterRole[];
  /** Whether any parameter is trained. */
  readonly weightGradient: boolean;
  /** For each input, whether its gradient is needed. */
  readonly inputGradients: readonly boolean[];
  /** Whether the gradient of any input is needed. */
  readonly inputGradient: boolean;
  /** Whether the gradient of an input that is 0 needn't be computed: a ReLU before would make it 0 (also through pooling and dropout). */
  readonly zeroInputsAreDead: boolean;
  readonly walk: GradientWalk;
  /** How a convolution is computed: forward, and backward too where its walk is dense. Other layers: `direct`. */
  readonly algorithm: ConvolutionAlgorithm;
  /** Whether `predict` computes this convolution by Winograd's F(4×4, 3×3). */
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
  /** Gradient of each input; null where it isn't needed. */
  readonly dxs: readonly (FloatArray | null)[];
  /** The gradient of the first input. */
  readonly dx: FloatArray | null;
  /** The values of the layer's parameters, in their order. */
  readonly parameters: readonly FloatArray[];
  /** The weights that prepareWeights has written; `predict` only in predictions. */
  readonly prepared: PreparedWeights;
  /** The gradient of each parameter (of this shard, if `gradientSplit` is `samples`); null where none is trained. */
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
 * What weights are prepared for, once for many samples: forward passes, those of `predict` where it computes them in another way, and
 * the gradient of the inputs.
 */
export type WeightUse = 'forward' | 'predict' | 'backward';

export const WEIGHT_USES: readonly WeightUse[] = ['forward', 'predict', 'backward'];

/** Prepared weights by use; null: the kernels take the weights as they are. */
export type PreparedWeights = Readonly<Record<WeightUse, FloatArray | null>>;

/** The random key of one layer in one step; dropout draws its mask from it. */
export type StepKey = readonly [number, number];
