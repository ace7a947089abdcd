/**
 * What every layer is: hyperparameters, shapes, parameters, and a forward and backward pass on a range of
 * samples. A layer holds no numbers of a step: the plan (model/plan.ts) says what is to be computed, and a
 * `Run` hands in the memory, so that any worker thread can do any samples.
 */
import { describe } from '../checks/describe.ts';
import { readOptions, refuseNearMiss } from '../checks/options.ts';
import { flag, sampleSizes } from '../checks/values.ts';
import type { PoolGeometry } from '../kernels/geometry.ts';
import type { ConvolutionAlgorithm, GradientWalk, Kernels } from '../kernels/kernels.ts';
import { expectShape, type FloatArray, type Shape, type Tensor, tensor } from '../tensor/tensor.ts';

/** One trainable array of a layer: its shape and how it starts. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: Shape;
  readonly initializer: 'glorotUniform' | 'zeros' | 'ones';
  /** Inputs that reach one output, and outputs that one input reaches; glorotUniform needs them. */
  readonly fanIn?: number;
  readonly fanOut?: number;
}

/** A parameter with its numbers; `value` is set when the model is built. */
export interface Parameter extends ParameterSpec {
  value: Tensor | null;
}

/**
 * What the plan decided for one step of work: the layer that does it, what is folded into it, and which
 * gradients anybody needs.
 */
export interface Stage {
  /** Index of `layer` in the model; keys its random numbers. */
  readonly index: number;
  readonly layer: Layer;
  /** The layers behind it that cost no pass of their own: folded into the kernel, or only a change of shape. */
  readonly folded: readonly Layer[];
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  /** ReLU is applied where the sum is still at hand. */
  readonly relu: boolean;
  /** Max-pooling folded into a convolution; null: none. */
  readonly pool: PoolGeometry | null;
  readonly weightGradient: boolean;
  readonly inputGradient: boolean;
  /** An input that is 0 can't have a gradient (it comes from ReLU, through pooling and dropout). */
  readonly zeroInputsAreDead: boolean;
  readonly walk: GradientWalk;
  /** Of a convolution's forward pass; `direct` elsewhere. */
  readonly algorithm: ConvolutionAlgorithm;
}

/** What a layer works on: views that begin with the first sample of the range. */
export interface Run {
  readonly stage: Stage;
  readonly kernels: Kernels;
  readonly x: FloatArray;
  readonly y: FloatArray;
  /** Gradient of y. Backward passes may overwrite it (ReLU does, in place). */
  readonly dy: FloatArray;
  /** Gradient of x; null where nobody needs it. */
  readonly dx: FloatArray | null;
  /** The values of the layer's parameters, in their order. */
  readonly parameters: readonly FloatArray[];
  /** Where their gradients go (of this shard, if `gradientSplit` is `samples`); null for a frozen layer. */
  readonly gradients: readonly FloatArray[] | null;
  /** Bytes remembered from forward to backward: the maximum's place, the dropout mask. */
  readonly kept: Uint8Array;
  readonly scratch: FloatArray;
  /** Position in the batch of the range's first sample. */
  readonly first: number;
}

/** The random key of one layer in one step; dropout draws its mask from it. */
export type StepKey = readonly [number, number];

/** What it takes to make a layer again: its options, as JSON. */
export type LayerConfig = {
  readonly name: string;
  readonly trainable: boolean;
  /** See Layer.unsupported. */
  readonly unsupported?: Readonly<Record<string, unknown>>;
} & Record<string, unknown>;

/** Whether Keras' option of this name changes the training alone: a regularizer or a constraint. */
export function isTrainingOnly(option: string): boolean {
  return /^(\w+_)?(regularizer|constraint)$/.test(option);
}

/** What every layer is, and what a layer of your own extends. */
export abstract class Layer {
  /** Keras' class name, which stands in saved models. */
  abstract readonly className: string;
  /** Name for people and for saved weights; a model completes it: `conv2d`, `conv2d_1`, … */
  name: string;
  /** Whether training changes the parameters. A change counts from the next `compile` on, as in Keras. */
  trainable: boolean;
  /**
   * What a loaded model's layer has beside its options that only training would need, and degelo lacks: Keras' regularizers and
   * constraints, by Keras' names. Predictions are right without them; `fit` refuses until the layer is frozen, or this
   * is set to null, which means: train without them.
   */
  unsupported: Readonly<Record<string, unknown>> | null = null;
  /** Shape of one input sample where the user gave it; the first layer of a model needs it. */
  readonly givenInputShape: Shape | null;
  /** Shape of one sample, without the batch; set by `build`. */
  inputShape: Shape | null = null;
  outputShape: Shape | null = null;
  parameters: Parameter[] = [];
  /** Counts the times that its weights were set from outside, by whatever model: what was kept of them before is old then. */
  weightsVersion = 0;

  /** What it keeps from forward to backward, beside an input that weights need, for the plan as people see it. */
  readonly keeps: string = '';

  /**
   * How threads share the weight gradient: `samples`: each adds up shards of samples (few weights, many
   * positions); `weights`: each computes its own rows over the whole batch (many weights).
   */
  readonly gradientSplit: 'samples' | 'weights' = 'samples';

  readonly #options: LayerOptions;

  /**
   * @param options those of every layer, and the layer's own, which `getConfig` gives back unless it's overridden. Only those
   *   of every layer are checked here: pass what `knownOptions` gives to have the others checked too
   * @param where what messages call the layer; its class's name unless told
   * @throws TypeError or RangeError where the options are no object, or one of every layer's makes no sense.
   */
  constructor(options?: LayerOptions, where = new.target.name) {
    const given = readOptions(where, options);
    refuseNearMiss(where, given, LAYER_OPTIONS);
    const { name = '', trainable = true, inputShape } = given;
    if (typeof name !== 'string')
      throw new TypeError(`${where}: name must be a string, got ${describe(name)}`);
    this.#options = given;
    this.name = name;
    this.trainable = flag(where, 'trainable', trainable);
    this.givenInputShape = inputShape === undefined ? null : sampleSizes(where, 'inputShape', inputShape);
  }

  /**
   * Computes the output shape from the input's and declares the parameters.
   * @throws RangeError where the layer can't follow an input of this shape.
   */
  build(inputShape: Shape): void {
    this.outputShape = this.computeOutputShape(inputShape);
    this.inputShape = inputShape;
    this.parameters = this.describeParameters(inputShape).map((spec) => ({ ...spec, value: null }));
  }

  /** Takes `build` back: the layer has no shapes and no weights again. */
  unbuild(): void {
    this.outputShape = null;
    this.inputShape = null;
    this.parameters = [];
  }

  /** Shape of one output sample; the input's unless overridden. @throws RangeError as `build` does. */
  computeOutputShape(inputShape: Shape): Shape {
    return inputShape;
  }

  /** What layerFromConfig (registry.ts) needs to make the layer again: as JSON, so no functions. */
  getConfig(): LayerConfig {
    return { ...this.#options, ...this.baseConfig() };
  }

  /** y from x, for N samples. `key` decides what is random; null: inference, nothing is. */
  abstract forward(run: Run, N: number, key: StepKey | null): void;

  /**
   * dx (unless null) and, for layers that split by samples, the parameters' gradients (unless null), from dy.
   */
  abstract backward(run: Run, N: number): void;

  /**
   * For layers that split by weights: the gradient of elements from ≤ i < to of one parameter over all N
   * samples of the batch, after every sample's backward pass. The bounds are multiples of the last dimension.
   */
  weightGradient(_run: Run, _N: number, _parameter: number, _from: number, _to: number): void {
    throw new Error(`${this.className} splits its gradient by samples`);
  }

  /** Training gives another output for the same input each time; such an output can't be kept. */
  isRandom(): boolean {
    return this.isIdentity(false) && !this.isIdentity(true);
  }

  /** Bytes a sample to remember from forward to backward. */
  keptBytes(_stage: Stage): number {
    return 0;
  }

  /** Elements of scratch memory for up to N samples at once. */
  scratchSize(_stage: Stage, _kernels: Kernels, _N: number): number {
    return 0;
  }

  /** In inference, or always, the output is the input: no pass, no copy. */
  isIdentity(_training: boolean): boolean {
    return false;
  }

  /**
   * The function has a kink where an output crosses 0, as ReLU has, so that differences across it say nothing of the
   * gradient on either side. (Kinks elsewhere show in the bytes that are kept: the place of a maximum.)
   */
  hasKinks(): boolean {
    return false;
  }

  /** Whether a zero output can't have a gradient, given whether that is so of the inputs. */
  zeroOutputsAreDead(zeroInputsAreDead: boolean): boolean {
    return zeroInputsAreDead && this.isIdentity(true);
  }

  /** What the forward pass does, in a word or two, for the plan as people see it. */
  work(_stage: Stage): string {
    return this.className;
  }

  protected describeParameters(_inputShape: Shape): ParameterSpec[] {
    return [];
  }

  protected baseConfig(): LayerConfig {
    return {
      name: this.name,
      trainable: this.trainable,
      ...(this.givenInputShape && { inputShape: this.givenInputShape }),
      ...(this.unsupported && { unsupported: this.unsupported }),
    };
  }

  /**
   * Copies of its weights, in the order in which they are saved: of a dense layer the kernel, then the bias.
   * @throws Error before the layer is built.
   */
  getWeights(): Tensor[] {
    this.#expectBuilt('getWeights');
    return this.parameters.map(({ value }) => {
      const { data, shape } = value as Tensor; // built, by a model
      return tensor(data, shape);
    });
  }

  /**
   * Sets its weights, in getWeights' order; the numbers are copied. All models that the layer stands in have them then.
   * @throws Error before the layer is built, RangeError where the number of tensors or a shape differs; nothing is set then.
   */
  setWeights(weights: readonly Tensor[]): void {
    this.#expectBuilt('setWeights');
    if (weights.length !== this.parameters.length) {
      throw new RangeError(
        `setWeights: ${this.name} takes one tensor a parameter: expected ${this.parameters.length}, got ${weights.length}`,
      );
    }
    for (const [i, { name, shape }] of this.parameters.entries()) {
      expectShape('setWeights', `${this.name}/${name}`, weights[i].shape, shape);
    }
    for (const [i, { value }] of this.parameters.entries()) value?.data.set(weights[i].data);
    this.weightsVersion++;
  }

  /** Number of parameters. @throws Error before the layer is built. */
  countParams(): number {
    this.#expectBuilt('countParams');
    return this.parameters.reduce((sum, { shape }) => sum + shape.reduce((product, d) => product * d, 1), 0);
  }

  #expectBuilt(operation: string): void {
    if (this.outputShape) return;
    throw new Error(`${operation}: layer ${this.name || this.className} isn't built yet`);
  }
}

/** Names of the options that every layer takes, for `knownOptions`. */
export const LAYER_OPTIONS = ['name', 'trainable', 'inputShape'] as const;

/** Options that every layer takes. */
export interface LayerOptions {
  name?: string;
  /** false freezes the layer; see Layer.trainable. */
  trainable?: boolean;
  /** Shape of one input sample, without the batch; needed on a model's first layer. */
  inputShape?: Shape;
}
