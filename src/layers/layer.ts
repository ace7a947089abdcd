/**
 * What every layer is: hyperparameters, shapes, parameters, and a forward and backward pass on a range of
 * samples. A layer holds no numbers of a step: the plan (model/plan.ts) says what is to be computed, and a
 * `Run` (stage.ts) hands in the memory, so that any worker thread can do any samples.
 */
import { describe } from '../checks/describe.ts';
import { isBag, knownOptions, noMoreArguments, readOptions, refuseNearMiss } from '../checks/options.ts';
import { closeClass } from '../checks/properties.ts';
import { flag, integerAtLeastZero, nameText, sampleSizes } from '../checks/values.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Initializer } from '../tensor/initializers.ts';
import {
  expectShape,
  expectTensors,
  type FloatArray,
  type Shape,
  type Tensor,
  tensor,
} from '../tensor/tensor.ts';
import type { ConvolutionChoice } from './convolution.ts';
import { expectParameterSpecs } from './parameter-specs.ts';
import type { RegularizerConfig } from './regularizer.ts';
import type { Fold, ParameterRole, Run, Stage, StepKey, WeightUse } from './stage.ts';
import { type ApplyOptions, SymbolicTensor } from './symbolic.ts';

export type {
  BatchSums,
  Fold,
  FoldScale,
  ParameterRole,
  PreparedWeights,
  Run,
  Stage,
  StepKey,
  WeightUse,
} from './stage.ts';

/** One array of numbers of a layer: its shape and how it starts. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: Shape;
  readonly initializer: Initializer;
  /**
   * Inputs that reach one output, and outputs that one input reaches, for initializers that scale by them. Left out, they
   * follow from the shape as in Keras: the last two dimensions, times the positions that are before them.
   */
  readonly fanIn?: number;
  readonly fanOut?: number;
  /**
   * What it is while its layer is trained. Default: `trained`. `moved`: changed by the layer's forward pass (see
   * `move`), counted as not trainable; `fixed`: never changed.
   */
  readonly role?: ParameterRole;
  /** What large weights cost while it is trained. Default: nothing. See regularizer.ts. */
  readonly regularizer?: RegularizerConfig | null;
}

/** A parameter with its numbers; `value` is set when the model is built. */
export interface Parameter extends ParameterSpec {
  value: Tensor | null;
}

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

/** Whether it is of a layer's weights, so that nothing is left of it where these are frozen. */
export function isOfWeights(option: string): boolean {
  return isTrainingOnly(option) && option !== 'activity_regularizer';
}

/**
 * What every layer is, and what a layer of your own extends. (The types are for models, which are layers too, and whose
 * counts and parameters tell more.)
 */
export abstract class Layer<Counts = number, Parameters = Parameter[]> {
  static {
    const [trainable, setWeights] = ['trainable', 'setWeights(tensors)'];
    closeClass(
      Layer.prototype,
      'layer',
      { weights: setWeights, kernel: setWeights, bias: setWeights, parameters: setWeights },
      { isTrainable: trainable, requires_grad: trainable, requiresGrad: trainable, frozen: trainable },
    );
  }

  /** Keras' class name, which is in saved models. */
  abstract readonly className: string;
  /** Shape of one input sample where the user gave it; the first layer of a model needs it. */
  readonly givenInputShape: Shape | null;
  #name: string;
  #unsupported: Readonly<Record<string, unknown>> | null = null;
  // As accessors, since a model, which is a layer too, asks its layers.
  #trainable: boolean;
  #inputShapes: readonly Shape[] | null = null;
  #outputShape: Shape | null = null;
  #parameters: Parameter[] = [];
  #weightsVersion = 0;
  #output: SymbolicTensor | null = null;

  /** What is in the bytes that it keeps (`keptBytes`), in a word or two, for the plan as people see it. */
  readonly keptWhat: string = '';

  /**
   * How threads share the weight gradient: `samples`: each adds up shards of samples (few weights, many
   * positions); `weights`: each computes its own rows over the whole batch (many weights).
   */
  readonly gradientSplit: 'samples' | 'weights' = 'samples';

  /**
   * Serves all of a worker's samples at once where nothing after it goes shard by shard: a layer that reads megabytes of
   * weights, whatever the number of samples.
   */
  readonly prefersManySamples: boolean = false;

  /** It takes several inputs: `run.xs`. */
  readonly takesSeveral: boolean = false;

  /** Frozen, it works as in inference, as batch normalisation does (and dropout doesn't). */
  readonly frozenIsInference: boolean = false;

  readonly #options: LayerOptions;

  /**
   * @param options those of every layer, and the layer's own, which `getConfig` gives back unless it's overridden. Only those
   *   of every layer are checked here: pass what `knownOptions` gives to have the others checked too
   * @param where what messages call the layer. Default: its class's name
   * @throws TypeError or RangeError where the options are no object, or one of every layer's makes no sense.
   */
  constructor(options?: LayerOptions, where = new.target.name) {
    const given = readOptions(where, options);
    refuseNearMiss(where, given, LAYER_OPTIONS);
    const { name = '', trainable = true, inputShape } = given;
    if (name !== '') nameText(where, 'name', name);
    this.#options = given;
    this.#name = name;
    this.#trainable = flag(where, 'trainable', trainable);
    this.givenInputShape = inputShape === undefined ? null : sampleSizes(where, 'inputShape', inputShape);
  }

  /** Name for people and for saved weights; a model completes it: `conv2d`, `conv2d_1`, … */
  get name(): string {
    return this.#name;
  }

  /** @throws TypeError where it is no string, or an empty one. */
  set name(name: string) {
    this.#name = nameText(this.#name || this.className, 'name', name);
  }

  /** Whether training changes the parameters. A change counts from the next `compile` on, as in Keras. */
  get trainable(): boolean {
    return this.#trainable;
  }

  /** @throws TypeError where it is neither true nor false. */
  set trainable(trainable: boolean) {
    this.#trainable = flag(this.name || this.className, 'trainable', trainable);
  }

  /**
   * What a loaded model's layer has beside its options that only training would need, and degelo lacks: Keras' regularizers and
   * constraints, by Keras' names, and layers that only training knows, by their class. Predictions are right without them; `fit` refuses until this
   * is set to null, which means: train without them. Where they are of weights only, it's enough that the layer is frozen.
   */
  get unsupported(): Readonly<Record<string, unknown>> | null {
    return this.#unsupported;
  }

  /** @throws TypeError where it is neither an object nor null. */
  set unsupported(what: Readonly<Record<string, unknown>> | null) {
    if (what !== null && !isBag(what)) {
      throw new TypeError(
        `${this.name || this.className}: unsupported must be null: train without it, got ${describe(what)}`,
      );
    }
    this.#unsupported = what;
  }

  /** Whether its shapes are known. */
  get built(): boolean {
    return this.outputShape !== null;
  }

  /** Shape of one sample of each input, without the batch; null until it is built. */
  get inputShapes(): readonly Shape[] | null {
    return this.#inputShapes;
  }

  /** That of the first input. */
  get inputShape(): Shape | null {
    return this.inputShapes?.[0] ?? null;
  }

  /** Shape of one sample of the output; null until it is built. */
  get outputShape(): Shape | null {
    return this.#outputShape;
  }

  /** Its arrays of numbers; empty until it is built. */
  get parameters(): Parameters {
    return this.#parameters as Parameters; // of a layer; models have their own
  }

  /** Counts the times that its weights were set from outside, by whatever model: what was kept of them before is old then. */
  get weightsVersion(): number {
    return this.#weightsVersion;
  }

  /** @throws TypeError or RangeError where it isn't an integer ≥ 0. */
  set weightsVersion(version: number) {
    this.#weightsVersion = integerAtLeastZero(this.name || this.className, 'weightsVersion', version);
  }

  /**
   * Applies the layer to what another gave, or to a model's input (Keras calls the layer):
   *
   *   const x = input({ shape: [28, 28, 1] });
   *   const y = dense({ units: 10 }).apply(flatten().apply(x));
   *
   * It is built for that shape, unless it is already; then it shares its weights between all its places.
   * @param inputs several for layers that take several: `add().apply([a, b])`
   * @throws TypeError for anything but symbolic tensors, RangeError where the layer can't follow.
   */
  apply(inputs: SymbolicTensor | readonly SymbolicTensor[], options?: ApplyOptions): SymbolicTensor {
    const who = this.name || this.className;
    if (options instanceof SymbolicTensor) {
      throw new TypeError(`${who}.apply: put several tensors into one array: apply([a, b])`);
    }
    noMoreArguments(`${who}.apply`, arguments, 2);
    const { training = true } = knownOptions(`${who}.apply`, options, ['training'], {
      call: `${who}.apply(x, …)`,
    });
    flag(`${who}.apply`, 'training', training);
    const tensors = inputs instanceof SymbolicTensor ? [inputs] : inputs;
    const isList = Array.isArray(tensors) && tensors.length > 0;
    const wrong = isList ? tensors.filter((each) => !(each instanceof SymbolicTensor)) : [tensors];
    if (wrong.length > 0) {
      throw new TypeError(
        `${who}.apply: expected what input({ shape }) or another layer's apply gives, got ${describe(wrong[0])}`,
      );
    }
    if (tensors.length > 1 && !this.takesSeveral) {
      throw new RangeError(`${who}.apply: the layer takes one input, got ${tensors.length}`);
    }
    this.buildFor(tensors.map(({ shape }) => shape));
    const output = new SymbolicTensor(this as unknown as Layer, this.outputShape as Shape, tensors, training); // a layer, built
    this.#output ??= output;
    return output;
  }

  /** What its first application gave. @throws Error before there is one. */
  get output(): SymbolicTensor {
    if (this.#output) return this.#output;
    throw new Error(`output: layer ${this.name || this.className} isn't applied to anything yet`);
  }

  /** Builds the layer, or checks that it is built for these shapes. @throws RangeError naming the layer. */
  protected buildFor(shapes: readonly Shape[]): void {
    const where = `layer ${this.name || this.className}`;
    if (this.built) {
      const own = this.inputShapes ?? [];
      if (own.length !== shapes.length) {
        throw new RangeError(`${where}: it is built for ${own.length} inputs, got ${shapes.length}`);
      }
      for (const [i, shape] of own.entries()) expectShape(where, 'its input', shapes[i], shape);
      return;
    }
    const [first, ...others] = shapes;
    try {
      this.build(first, ...others);
    } catch (error) {
      if (error instanceof RangeError || error instanceof TypeError)
        error.message = `${where}: ${withoutName(error.message, this.className)}`;
      throw error;
    }
    if (this.outputShape) return;
    throw new TypeError(
      `${where}: its build must call super.build: weights are declared by describeParameters`,
    );
  }

  /**
   * Computes the output shape from the input's and declares the parameters.
   * @param others shapes of further inputs, for layers that take several
   * @throws RangeError where the layer can't follow an input of this shape.
   */
  build(inputShape: Shape, ...others: readonly Shape[]): void {
    for (const shape of [inputShape, ...others]) sampleSizes('build', 'inputShape', shape);
    const outputShape = this.computeOutputShape(inputShape, ...others);
    sampleSizes('computeOutputShape', 'what it gives', outputShape);
    const specs = expectParameterSpecs(this.describeParameters(inputShape));
    this.#outputShape = outputShape;
    this.#inputShapes = [inputShape, ...others];
    this.#parameters = specs.map((spec) => ({ ...spec, value: null }));
  }

  /** Takes `build` back: the layer has no shapes and no weights again. */
  unbuild(): void {
    this.#outputShape = null;
    this.#inputShapes = null;
    this.#parameters = [];
    this.#output = null;
  }

  /** Shape of one output sample; the input's unless overridden. @throws RangeError as `build` does. */
  computeOutputShape(inputShape: Shape, ..._others: readonly Shape[]): Shape {
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

  // Three questions about the forward pass.

  /** Training does something else than inference. */
  differsInTraining(): boolean {
    return this.isRandom() || this.isIdentity(true) !== this.isIdentity(false) || this.movesParameters();
  }

  /** In training it draws random numbers (by its `key`). A layer of yours that does must say so. */
  isRandom(): boolean {
    return false;
  }

  /** What it gives for a sample in training is the same each time, as long as its weights are: it can be computed once and kept. */
  mayBeCached(): boolean {
    return !this.differsInTraining();
  }

  /** In training it changes parameters of its own. */
  movesParameters(): boolean {
    return this.#parameters.some(({ role }) => role === 'moved');
  }

  // Sums over the whole batch, for which all workers wait. Each has a part a shard (8 samples), in float64; the parts are merged,
  // shards ascending, before the pass itself runs, which finds the result in `run.sums`. Only in training.

  /** How many numbers a part and the result have, of each pass; null: the layer needs no such sums. */
  batchSums(_stage: Stage): BatchSumsSize | null {
    return null;
  }

  /** The part of N samples for the forward pass, from x. */
  sumForward(_run: Run, _N: number, _part: Float64Array): void {}

  /** The same for the backward pass, from dy (and x); the forward result is there. */
  sumBackward(_run: Run, _N: number, _part: Float64Array): void {}

  /** The parts' result; each is of so many samples. Their sum unless overridden. */
  mergeForward(
    _stage: Stage,
    parts: readonly Float64Array[],
    _samples: readonly number[],
    result: Float64Array,
  ): void {
    addParts(parts, result);
  }

  /** The same for the backward pass. */
  mergeBackward(
    _stage: Stage,
    parts: readonly Float64Array[],
    _samples: readonly number[],
    result: Float64Array,
  ): void {
    addParts(parts, result);
  }

  /** For parameters whose role is `moved`: elements from ≤ i < to, once per step, when every sample's passes are done. */
  move(_run: Run, _parameter: number, _from: number, _to: number): void {
    throw new Error(`${this.className} has no parameter that moves`);
  }

  // What the plan asks.

  /** The layers that it is planned as: itself, and its own activation after it. */
  expand(): Layer[] {
    return [this as unknown as Layer];
  }

  /** What the plan decides for it by its shape and what the user chose. */
  decide(_convolution: ConvolutionChoice): Partial<Stage> {
    return {};
  }

  /** How another layer's kernel, or a loss, can do it in one go with its own work; null: it needs a pass of its own. */
  foldsAs(): Fold | null {
    return null;
  }

  /** What changes in this layer's stage where its kernel takes that over; null: it can't. */
  takesOver(_fold: Fold, _stage: Stage): Partial<Stage> | null {
    return null;
  }

  /** Its outputs are sums of weights, so any numbers: logits, and never probabilities. */
  givesLogits(): boolean {
    return false;
  }

  /** What its backward pass reads of the forward pass; what nobody reads isn't kept. Default: both. */
  backwardReads(_stage: Stage): { readonly inputs: boolean; readonly output: boolean } {
    return { inputs: true, output: true };
  }

  /** Bytes a sample to remember from forward to backward: `run.kept`. */
  keptBytes(_stage: Stage): number {
    return 0;
  }

  /** Elements of scratch memory for up to N samples at once. */
  scratchSize(_stage: Stage, _kernels: Kernels, _N: number): number {
    return 0;
  }

  /** Elements of the weights as its kernels take them, made ready whenever weights have changed; 0: it takes them as they are. */
  preparedSize(_use: WeightUse, _stage: Stage, _kernels: Kernels): number {
    return 0;
  }

  /** Writes them, from `run.parameters`. */
  prepareWeights(_use: WeightUse, _run: Run, _prepared: FloatArray): void {}

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

  /** The outputs at which that is so: 0 where `hasKinks`, and others where a function is cut off above too. */
  kinks(): readonly number[] {
    return this.hasKinks() ? [0] : [];
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
    return this.#parameters.map(({ value }) => {
      const { data, shape } = value as Tensor; // built, by a model
      return tensor(data, shape);
    });
  }

  /**
   * Sets its weights, in getWeights' order; the numbers are copied. All models that the layer is in have them then.
   * @throws Error before the layer is built, RangeError where the number of tensors or a shape differs; nothing is set then.
   */
  setWeights(weights: readonly Tensor[]): void {
    noMoreArguments('setWeights', arguments, 1, 'put the tensors into an array');
    this.#expectBuilt('setWeights');
    const tensors = expectTensors('setWeights', 'weights', weights);
    if (tensors.length !== this.#parameters.length) {
      throw new RangeError(
        `setWeights: ${this.name} takes one tensor per parameter: expected ${this.#parameters.length}, got ${tensors.length}`,
      );
    }
    for (const [i, { name, shape }] of this.#parameters.entries()) {
      expectShape('setWeights', `${this.name}/${name}`, tensors[i].shape, shape);
    }
    for (const [i, { value }] of this.#parameters.entries()) value?.data.set(tensors[i].data);
    this.weightsVersion++;
  }

  /** Number of parameters. @throws Error before the layer is built. */
  countParams(): Counts {
    this.#expectBuilt('countParams');
    const count = this.#parameters.reduce(
      (sum, { shape }) => sum + shape.reduce((product, d) => product * d, 1),
      0,
    );
    return count as Counts; // likewise
  }

  #expectBuilt(operation: string): void {
    if (this.outputShape) return;
    throw new Error(`${operation}: layer ${this.name || this.className} isn't built yet`);
  }
}

/** Float64 numbers of a layer's sums over the batch: of one shard's part, and of the result. */
export interface BatchSumsSize {
  readonly forward: { readonly part: number; readonly result: number };
  readonly backward: { readonly part: number; readonly result: number };
}

/** result[i] = parts[0][i] + parts[1][i] + …, from +0 */
function addParts(parts: readonly Float64Array[], result: Float64Array): void {
  result.fill(0);
  for (const part of parts) for (let i = 0; i < result.length; i++) result[i] += part[i];
}

/** Names of the options that every layer takes, for `knownOptions`. */
export const LAYER_OPTIONS = Object.freeze(['name', 'trainable', 'inputShape'] as const);

/** Options that every layer takes. */
export interface LayerOptions {
  name?: string;
  /** false freezes the layer; see Layer.trainable. */
  trainable?: boolean;
  /** Shape of one input sample, without the batch; needed on a model's first layer. */
  inputShape?: Shape;
}

/** A message of a layer's own class without its name, `repeatVector: …`: the layer stands before it. */
function withoutName(message: string, className: string): string {
  const [name] = message.split(': ', 1);
  return name.toLowerCase() === className.toLowerCase() ? message.slice(name.length + 2) : message;
}
