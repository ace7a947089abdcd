/** What `build` gives a layer: its shapes and its parameters. */
import { calledName } from '../checks/describe.ts';
import { noMoreArguments } from '../checks/options.ts';
import { integerAtLeastZero, sampleSizes } from '../checks/values.ts';
import { expectShape, type Shape, sizeOf, type Tensor, tensor } from '../tensor/tensor.ts';
import { NamedLayer } from './named-layer.ts';
import { expectParameterSpecs, expectWeights, type Parameter, type ParameterSpec } from './parameter.ts';
import { expectBetweenSteps } from './turns.ts';

/**
 * A layer's shapes and weights. (The type parameters are for models, which are layers too: their `countParams` and `parameters` give
 * more than those of a layer.)
 */
export abstract class BuildableLayer<Counts = number, Parameters = Parameter[]> extends NamedLayer {
  #inputShapes: readonly Shape[] | null = null;
  #outputShape: Shape | null = null;
  #parameters: Parameter[] = [];
  #weightsVersion = 0;

  /** Whether its shapes are known. */
  get built(): boolean {
    return this.outputShape !== null;
  }

  /** Shape of one sample of each input, without the batch; null until it is built. */
  get inputShapes(): readonly Shape[] | null {
    return this.#inputShapes;
  }

  /** Shape of one sample of the first input; null until it is built. */
  get inputShape(): Shape | null {
    return this.inputShapes?.[0] ?? null;
  }

  /** Shape of one sample of the output; null until it is built. */
  get outputShape(): Shape | null {
    return this.#outputShape;
  }

  /** Its parameters; empty until it is built. */
  get parameters(): Parameters {
    return this.#parameters as Parameters; // of a layer; models have their own
  }

  /** Whether its forward pass changes parameters in training, as the moving averages of batch normalisation. */
  movesParameters(): boolean {
    return this.#parameters.some(({ role }) => role === 'moved');
  }

  /** How often its weights were set from outside. What was computed from them before, such as cached features, is then out of date. */
  get weightsVersion(): number {
    return this.#weightsVersion;
  }

  /** @throws TypeError or RangeError where it isn't an integer ≥ 0. */
  set weightsVersion(version: number) {
    this.#weightsVersion = integerAtLeastZero(calledName(this), 'weightsVersion', version);
  }

  /** Builds the layer, or checks that it is built for these shapes. @throws RangeError naming the layer. */
  protected buildFor(shapes: readonly Shape[]): void {
    const where = `layer ${calledName(this)}`;
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

  /** Undoes `build`: the layer has no shapes and no weights again. */
  unbuild(): void {
    this.#outputShape = null;
    this.#inputShapes = null;
    this.#parameters = [];
  }

  /** Shape of one output sample; the input's unless overridden. @throws RangeError as `build` does. */
  computeOutputShape(inputShape: Shape, ..._others: readonly Shape[]): Shape {
    return inputShape;
  }

  protected describeParameters(_inputShape: Shape): ParameterSpec[] {
    return [];
  }

  /**
   * Copies of its weights, in the order in which they are saved: for a dense layer the kernel, then the bias.
   * @throws Error before the layer is built, or outside callbacks while it is trained.
   */
  getWeights(): Tensor[] {
    noMoreArguments('getWeights', arguments, 0);
    this.#expectWeights('getWeights');
    return this.#parameters.map(({ value }) => {
      const { data, shape } = value as Tensor; // built, by a model
      return tensor(data, shape);
    });
  }

  /**
   * Sets its weights, in the order of getWeights; the numbers are copied. They count in all models that have the layer.
   * @throws Error as getWeights does, RangeError where the number of tensors or a shape differs; nothing is set then.
   */
  setWeights(weights: readonly Tensor[]): void {
    noMoreArguments('setWeights', arguments, 1, 'put the tensors into an array');
    this.#expectWeights('setWeights');
    const own = this.#parameters.map(({ name, shape }) => ({ name: `${this.name}/${name}`, shape }));
    const tensors = expectWeights(`${this.name} takes one tensor per parameter`, weights, own);
    for (const [i, { value }] of this.#parameters.entries()) value?.data.set(tensors[i].data);
    this.weightsVersion++;
  }

  /** Number of parameters. @throws Error before the layer is built. */
  countParams(): Counts {
    this.#expectBuilt('countParams');
    return this.#parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0) as Counts; // likewise
  }

  #expectWeights(operation: string): void {
    this.#expectBuilt(operation);
    expectBetweenSteps(operation, { allLayers: () => [this as BuildableLayer] });
  }

  #expectBuilt(operation: string): void {
    if (this.outputShape) return;
    throw new Error(`${operation}: layer ${calledName(this)} isn't built yet`);
  }
}

/** A message without the class's name before it, `repeatVector: …`, since the layer's name is put before it. */
function withoutName(message: string, className: string): string {
  const [name] = message.split(': ', 1);
  return name.toLowerCase() === className.toLowerCase() ? message.slice(name.length + 2) : message;
}
