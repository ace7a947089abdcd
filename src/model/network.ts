/**
 * Models: layers one after the other, or a graph of them between two symbolic tensors; their shapes, names and weights. A
 * model is itself a layer, and may be within another.
 */
import { calledName, describe, listed } from '../checks/describe.ts';
import { expectMemory } from '../checks/detached.ts';
import { knownOptions, noMoreArguments } from '../checks/options.ts';
import { fixFields } from '../checks/properties.ts';
import { didYouMean } from '../checks/suggest.ts';
import { flag, nameText, sampleSizes, seedFrom } from '../checks/values.ts';
import { expectLayer, expectRow, isInput } from '../layers/expect-layer.ts';
import { InputLayer, input } from '../layers/input-layer.ts';
import { Layer, type LayerConfig, type Parameter, SymbolicTensor } from '../layers/layer.ts';
import { expectWeights } from '../layers/parameter.ts';
import { fansOf, initialize } from '../tensor/initializers.ts';
import { deriveKey, Purpose } from '../tensor/random.ts';
import { allocate, expectShape, type Shape, sizeOf, Tensor, tensor } from '../tensor/tensor.ts';
import type { LayerDescription, NetworkConfig } from './description.ts';
import { inOrder, type Link, type Node, parameterName, tensorsBetween } from './graph.ts';
import { layerList } from './layer-list.ts';
import { type Arrival, disown, Members, own } from './members.ts';
import { countParameters, type ParameterCounts } from './roles.ts';

export type { LayerDescription, NetworkConfig } from './description.ts';

/** Layers of a network, and where its weights come from. */
export interface NetworkOptions {
  /** One after the other; before the first one may be what `input({ shape })` gives. */
  layers?: readonly (LayerOrModel | SymbolicTensor)[];
  name?: string;
  /** Decides the initial weights, and all that is random in training. Default: 0. */
  seed?: number;
  /** false: draw no initial weights, because they come from elsewhere. */
  initialize?: boolean;
  /** Of a graph: where it begins, … */
  inputs?: SymbolicTensor | readonly SymbolicTensor[];
  /** … and where it ends. `layers` then only says their order, which is Keras' by default. */
  outputs?: SymbolicTensor | readonly SymbolicTensor[];
}

/** A parameter of a model. */
export interface NamedParameter {
  readonly layer: Layer;
  readonly parameter: Parameter;
  readonly value: Tensor;
  /** `dense/kernel`, `features/conv2d/kernel` */
  readonly name: string;
}

/** Options of layers one after the other: those of a graph aren't for them. */
export type RowOptions = Omit<NetworkOptions, 'inputs' | 'outputs'>;

const ROW_OPTIONS = ['layers', 'name', 'seed', 'initialize'] as const satisfies readonly (keyof RowOptions)[];

/** A layer, or a model in the place of one. */
export type LayerOrModel = Layer | Network;

/** The layers with their weights, one after the other or as a graph; `Sequential` and `Model` are those that can be trained. */
export class Network extends Layer<ParameterCounts, () => NamedParameter[]> {
  readonly seed: number;
  #layers: readonly Layer[] = layerList([]);
  #links: readonly Link[] = [];
  /** What each layer gives. */
  #tensors: readonly SymbolicTensor[] = [];
  #input: SymbolicTensor | null = null;
  /** What `input` said of the first layer, which may come later. */
  #declared: Shape | null = null;
  /** The layers that `build` has built: others were in a model before. */
  #builtHere: readonly Layer[] = [];
  readonly #initialize: boolean;
  readonly #isGraph: boolean;
  /** Whether its user chose its name. */
  readonly hasOwnName: boolean;

  constructor(options?: NetworkOptions) {
    const isGraph = options?.outputs !== undefined;
    const where = isGraph ? 'model' : 'sequential';
    const graph = isGraph ? ['inputs', 'outputs'] : [];
    const given = knownOptions(where, options, [...ROW_OPTIONS, ...graph]);
    const { layers = [], seed = 0, initialize = true, inputs, outputs } = given;
    const { name = isGraph ? 'functional' : 'sequential' } = given;
    const row = expectRow(where, layers);
    nameText(where, 'name', name);
    flag(where, 'initialize', initialize);
    const start = isGraph ? single('inputs', inputs) : null;
    super({ name, ...(start && { inputShape: start.shape }) }, where);
    this.seed = seedFrom(where, 'seed', seed);
    this.#initialize = initialize;
    this.#isGraph = isGraph;
    this.hasOwnName = given.name !== undefined;
    fixFields(this);
    if (start) {
      this.#connect(start, single('outputs', outputs), row.layers);
      return;
    }
    this.#declared = row.inputShape;
    // A layer that has its name, by its user or in another model, keeps it; the others take what is left.
    const taken = row.layers.map((layer) => layer.name).filter((given) => given !== '');
    const members = new Members(this, 'add', taken);
    for (const layer of row.layers) this.#append(layer, members);
  }

  /** Keras' name of its class. */
  get className(): string {
    return this.#isGraph ? 'Functional' : 'Sequential';
  }

  /** The layers, in order. The list can't be changed: `add` and `pop` make another. */
  get layers(): readonly Layer[] {
    return this.#layers;
  }

  /** How each of the layers is connected. */
  get links(): readonly Link[] {
    return this.#links;
  }

  /** The symbolic tensor of its input. @throws Error before the network is built. */
  get input(): SymbolicTensor {
    void this.inputShape; // throws where it isn't built
    return this.#input as SymbolicTensor;
  }

  /** The same as a list of one, as Keras' code has it: `model({ inputs: base.inputs, outputs: … })`. @throws as `input` does. */
  get inputs(): readonly SymbolicTensor[] {
    return [this.input];
  }

  /** `output` as a list of one. @throws as `output` does. */
  get outputs(): readonly SymbolicTensor[] {
    return [this.output];
  }

  /**
   * What its last layer gives: of the model itself, whose layers may so become part of others; where it is a layer of another
   * model, that application is in the other's graph.
   * @throws Error before the network is built.
   */
  override get output(): SymbolicTensor {
    return this.#tensors.at(-1) ?? this.input;
  }

  /**
   * Appends a layer. Where the input shape is known (the first layer's `inputShape`), it is built at once.
   *
   * A layer that is built may be in several models, which then share its weights, as in Keras:
   * `sequential([...base.layers.slice(0, -1), dense({ units: 2 })])`. A layer that isn't belongs to one model.
   * A model may be in the place of a layer, and before the first one what `input({ shape })` gives.
   * @throws RangeError where the layer can't follow, is not built and belongs to another model, or shares a name.
   */
  add(layer: LayerOrModel | SymbolicTensor): void {
    noMoreArguments('add', arguments, 1, 'add one layer at a time');
    this.#expectRow('add');
    if (this.#layers.length === 0 && isInput(layer)) {
      this.#declared = layer.shape;
      return;
    }
    const added = expectLayer('add', 'layer', layer);
    this.beforeChange('add');
    const members = new Members(this, 'add');
    for (const each of this.#layers) members.note(arrivalOf(each));
    this.#append(added, members);
  }

  /**
   * Takes the last layer off. It keeps its weights, and may be added to another model.
   * @returns the layer.
   * @throws RangeError where there is none.
   */
  pop(): Layer {
    noMoreArguments('pop', arguments, 0);
    this.#expectRow('pop');
    this.beforeChange('pop');
    const layer = this.#layers.at(-1);
    if (!layer) throw new RangeError(`pop: ${this.name} has no layers`);
    this.#layers = layerList(this.#layers.slice(0, -1));
    this.#links = this.#links.slice(0, -1);
    this.#tensors = this.#tensors.slice(0, this.#layers.length);
    if (this.#layers.length === 0) this.#input = null;
    if (!layer.built) disown(layer);
    return layer;
  }

  /**
   * A layer by its name or its place: `getLayer('dense')`, `getLayer(0)`.
   * @throws RangeError where there is none; it says which there are.
   */
  getLayer(nameOrIndex: string | number): Layer {
    noMoreArguments('getLayer', arguments, 1, 'by its name or by its place');
    const layer =
      typeof nameOrIndex === 'number'
        ? this.#layers[nameOrIndex]
        : this.#layers.find(({ name }) => name === nameOrIndex);
    if (layer) return layer;
    const names = this.#layers.map(({ name }) => name);
    const expected =
      typeof nameOrIndex === 'number' ? `0 to ${names.length - 1}` : `one of ${listed(names) || 'none'}`;
    throw new RangeError(
      `getLayer: ${this.name} has no such layer: expected ${expected}, got ${describe(nameOrIndex)}${didYouMean(nameOrIndex, names)}`,
    );
  }

  /** Counts the times that weights were set from outside, by this model or by another that shares a layer. */
  override get weightsVersion(): number {
    return this.allLayers().reduce((sum, layer) => sum + layer.weightsVersion, 0);
  }

  /** Called before layers are added or taken off. @throws where they mustn't be now. */
  protected beforeChange(_operation: string): void {}

  /**
   * Builds all layers for one sample of this shape and draws the initial weights. Nothing happens where that is done.
   * @throws RangeError where the network is built for another shape, is empty, or a layer can't follow; no layer is built then.
   */
  override build(inputShape: Shape): void {
    sampleSizes(`${this.name}.build`, 'inputShape', inputShape);
    this.buildFor([inputShape]);
    this.#drawWeights();
  }

  /** As part of another model: that one draws the weights. */
  protected override buildFor([inputShape]: readonly Shape[]): void {
    if (this.#input) {
      expectShape(this.name, 'one input sample', inputShape, this.#input.shape);
      return;
    }
    if (this.#layers.length === 0)
      throw new RangeError(`${this.name}: a model needs at least one layer, got none`);
    const unbuilt = this.#layers.filter(({ built }) => !built);
    const start = input({ shape: inputShape });
    const tensors: SymbolicTensor[] = [];
    try {
      for (const layer of this.#layers) tensors.push(layer.apply(tensors.at(-1) ?? start));
    } catch (error) {
      for (const layer of unbuilt) layer.unbuild();
      throw error;
    }
    this.#input = start;
    this.#tensors = tensors;
    this.#builtHere = unbuilt;
  }

  /** Takes `build` back, where the model is a row of layers. Layers that were built before keep their weights. */
  override unbuild(): void {
    if (this.#isGraph) return;
    for (const layer of this.#builtHere) layer.unbuild();
    this.#builtHere = [];
    this.#input = null;
    this.#tensors = [];
  }

  override get built(): boolean {
    return this.#input !== null;
  }

  /** Shape of one input sample. @throws Error before the network is built. */
  override get inputShape(): Shape {
    if (!this.#input) {
      throw new Error(
        `${this.name}: not built yet: give the first layer an inputShape, or call build or fit first`,
      );
    }
    return this.#input.shape;
  }

  override get inputShapes(): readonly Shape[] | null {
    return this.#input && [this.#input.shape];
  }

  /** Shape of one output sample. @throws Error before the network is built. */
  override get outputShape(): Shape {
    return this.output.shape;
  }

  /** Whether any layer is trainable; setting it sets every layer, also those of models within. */
  override get trainable(): boolean {
    return this.layers.some((layer) => layer.trainable);
  }

  override set trainable(trainable: boolean) {
    flag(this.name, 'trainable', trainable);
    for (const layer of this.layers) layer.trainable = trainable;
  }

  /** All layers, those of models within too, in an order in which each comes after those that it reads. */
  nodes(): Node[] {
    const nodes: Node[] = [];
    this.#collect(-1, true, [], nodes);
    return nodes;
  }

  /** Those layers alone. */
  allLayers(): Layer[] {
    return this.nodes().map(({ layer }) => layer);
  }

  /** @returns the node that gives the model's output */
  #collect(from: number, training: boolean, path: readonly string[], nodes: Node[]): number {
    const places: number[] = [];
    for (const [i, layer] of this.#layers.entries()) {
      const link = this.#links[i];
      const inputs = link.inputs.map((input) => (input < 0 ? from : places[input]));
      const own = { training: training && link.training, path: [...path, layer.name] };
      const model = asNetwork(layer);
      if (layer instanceof InputLayer) {
        places.push(from);
      } else if (model) {
        places.push(model.#collect(inputs[0], own.training, own.path, nodes));
      } else {
        nodes.push({ layer, inputs, ...own, trainable: layer.trainable });
        places.push(nodes.length - 1);
      }
    }
    return places.at(-1) ?? from;
  }

  /** `parameters()`: those with the layers that own them, in the order in which weights are listed and saved. */
  override get parameters(): () => NamedParameter[] {
    return () => this.#parameters();
  }

  #parameters(): NamedParameter[] {
    return this.nodes().flatMap((node) =>
      // A layer has parameters once it is built, and #drawWeights gives them values.
      node.layer.parameters.map((parameter) => {
        const name = parameterName(node, parameter.name);
        expectMemory(this.name, name, parameter.value);
        return { layer: node.layer, parameter, value: parameter.value as Tensor, name };
      }),
    );
  }

  /** Number of parameters: all, and those that training changes by their gradients. */
  override countParams(): ParameterCounts {
    return this.nodes()
      .map((node) => countParameters(node.layer, node))
      .reduce(addCounts, { total: 0, trainable: 0, nonTrainable: 0 });
  }

  /** Copies of all weights: for each layer its kernel, then its bias. */
  override getWeights(): Tensor[] {
    return this.parameters().map(({ value }) => tensor(value.data, value.shape));
  }

  /**
   * Sets all weights, in getWeights' order; the numbers are copied.
   * @throws RangeError where the number of tensors or a shape differs; nothing is set then.
   */
  override setWeights(weights: readonly Tensor[]): void {
    noMoreArguments('setWeights', arguments, 1, 'put the tensors into an array');
    const parameters = this.parameters();
    const shapes = parameters.map(({ name, parameter: { shape } }) => ({ name, shape }));
    const tensors = expectWeights('one tensor per parameter', weights, shapes);
    for (const [i, { parameter, value }] of parameters.entries()) {
      if (value) value.data.set(tensors[i].data);
      else parameter.value = tensor(tensors[i].data, parameter.shape);
    }
    for (const layer of this.allLayers()) layer.weightsVersion++;
  }

  toConfig(): NetworkConfig {
    return {
      name: this.name,
      seed: this.seed,
      inputShape: this.#input?.shape ?? null,
      ...(this.#isGraph && { graph: true }),
      layers: this.layers.map((layer, i): LayerDescription => {
        const { inputs, training } = this.#links[i];
        return {
          className: layer.className,
          config: layer.getConfig(),
          ...(this.#isGraph && { inputs: inputs.filter((at) => at >= 0).map((at) => this.#layers[at].name) }),
          ...(!training && { training }),
        };
      }),
    };
  }

  /** As a layer of another model. */
  override getConfig(): LayerConfig {
    return { trainable: this.trainable, ...this.toConfig() };
  }

  /** Never called: the plan takes a model's layers one by one. */
  forward(): void {}
  backward(): void {}

  /** Takes the layers between two tensors; `order`, where a file has them, else Keras' own. */
  #connect(start: SymbolicTensor, end: SymbolicTensor, order: readonly Layer[]): void {
    if (start === end) {
      throw new RangeError(
        'model: outputs must come from inputs: a model needs at least one layer, got none',
      );
    }
    const tensors = inOrder(tensorsBetween(start, end), order);
    const taken = tensors.map(({ layer }) => layer.name).filter((given) => given !== '');
    const members = new Members(this, 'model', taken);
    const layers: Layer[] = [];
    const links: Link[] = [];
    const at = new Map(tensors.map((tensor, t) => [tensor, t]));
    for (const tensor of tensors) {
      // Where the input is what a layer gives, that layer isn't the model's.
      const layer =
        tensor === start && !(tensor.layer instanceof InputLayer)
          ? new InputLayer({ shape: start.shape })
          : tensor.layer;
      members.admit(arrivalOf(layer));
      layers.push(layer);
      const inputs = tensor === start ? [-1] : tensor.inputs.map((input) => at.get(input) ?? -1);
      links.push({ inputs, training: tensor.training });
      own(layer, this);
    }
    this.#layers = layerList(layers);
    this.#links = links;
    this.#tensors = tensors;
    this.#input = start;
    this.#drawWeights();
  }

  #append(layer: Layer, members: Members): void {
    members.admit(arrivalOf(layer));
    const wanted = this.#declared ?? (layer.built ? layer.inputShape : layer.givenInputShape);
    const first = this.#layers.length === 0 ? wanted : null;
    if (this.#input || first) {
      const start = this.#input ?? input({ shape: first as Shape }); // one of both
      this.#tensors = [...this.#tensors, layer.apply(this.#tensors.at(-1) ?? start)];
      this.#input = start;
    }
    this.#layers = layerList([...this.#layers, layer]);
    this.#links = [...this.#links, { inputs: [this.#layers.length - 2], training: true }];
    own(layer, this);
    if (this.#input) this.#drawWeights();
  }

  /** Draws the weights of layers that have none yet: each by its place among all of the model's layers. */
  #drawWeights(): void {
    if (!this.#initialize) return;
    for (const [index, { layer }] of this.nodes().entries()) {
      for (const [i, parameter] of layer.parameters.entries()) {
        if (parameter.value) continue;
        const { name, shape } = parameter;
        const what = `layer ${calledName(layer)}: ${name} of shape [${shape}]`;
        parameter.value = new Tensor(allocate(sizeOf(shape), {}, what), shape);
        const { fanIn, fanOut } = fansOf(parameter.shape);
        const fans = { fanIn: parameter.fanIn ?? fanIn, fanOut: parameter.fanOut ?? fanOut };
        const key = deriveKey(this.seed, Purpose.weights, index, i);
        initialize(parameter.initializer, fans, key, parameter.value.data);
      }
    }
  }

  #expectRow(operation: string): void {
    if (!this.#isGraph) return;
    throw new RangeError(
      `${operation}: ${this.name} is a graph of layers, not a row: apply layers to its output, and make a model of that`,
    );
  }
}

/** The model that is in a layer's place; null: it is no model. */
export function asNetwork(layer: LayerOrModel): Network | null {
  const model: unknown = layer;
  return model instanceof Network ? model : null;
}

/** What the layer brings into a model that takes it. */
function arrivalOf(layer: Layer): Arrival {
  const model = asNetwork(layer);
  return {
    layer,
    leaves: model?.allLayers() ?? [layer],
    namesWithin: namesWithin(layer),
    hasDefaultName: layer.name === '' || model?.hasOwnName === false,
  };
}

/** Names of the layers within a model, at any depth. */
function namesWithin(layer: Layer): string[] {
  const layers = asNetwork(layer)?.layers ?? [];
  return layers.flatMap((each) => [each.name, ...namesWithin(each)]);
}

/** The one tensor of a model's inputs or outputs. */
function single(what: 'inputs' | 'outputs', given: unknown): SymbolicTensor {
  const tensors: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (tensors.length !== 1) {
    throw new RangeError(`model: ${what} must be one tensor for now, got ${tensors.length}`);
  }
  const [tensor] = tensors;
  if (tensor instanceof SymbolicTensor) return tensor;
  throw new TypeError(
    `model: ${what} must be a tensor as input({ shape }) and layer.apply give, got ${describe(tensor)}`,
  );
}

function addCounts(a: ParameterCounts, b: ParameterCounts): ParameterCounts {
  return {
    total: a.total + b.total,
    trainable: a.trainable + b.trainable,
    nonTrainable: a.nonTrainable + b.nonTrainable,
  };
}
