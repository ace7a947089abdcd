/**
 * Models: layers one after the other, or a graph of them between two symbolic tensors; their shapes, names and weights. A
 * model is itself a layer, and may be within another.
 */
import { describe, listed } from '../checks/describe.ts';
import { expectItself } from '../checks/handed-in.ts';
import { isBag, knownOptions, noMoreArguments } from '../checks/options.ts';
import { fixFields } from '../checks/properties.ts';
import { shown } from '../checks/shown.ts';
import { flag, nameText, sampleSizes, seedFrom } from '../checks/values.ts';
import { expectLayer, expectRow, isInput } from '../layers/expect-layer.ts';
import { InputLayer, input } from '../layers/input-layer.ts';
import type { Layer, LayerConfig, SymbolicTensor } from '../layers/layer.ts';
import { expectShape, type Shape } from '../tensor/tensor.ts';
import { ConnectedLayers } from './connected-layers.ts';
import type { LayerDescription, NetworkConfig } from './description.ts';
import { drawWeights } from './draw-weights.ts';
import { inOrder, type Link, tensorsBetween } from './graph.ts';
import { layerList } from './layer-list.ts';
import { type Arrival, disown, Members, own } from './members.ts';
import { type LayerOrModel, type NetworkOptions, oneTensor, ROW_OPTIONS } from './network-options.ts';

export type { NamedParameter } from './connected-layers.ts';
export type { LayerDescription, NetworkConfig } from './description.ts';
export type { LayerOrModel, NetworkOptions, RowOptions } from './network-options.ts';

/** The layers with their weights, one after the other or as a graph; `Sequential` and `Model` are those that can be trained. */
export class Network extends ConnectedLayers {
  readonly seed: number;
  #layers: readonly Layer[] = layerList([]);
  #links: readonly Link[] = [];
  /** The output of each layer. */
  #tensors: readonly SymbolicTensor[] = [];
  #input: SymbolicTensor | null = null;
  /** The shape that `input` gave, for a first layer that may be added later. */
  #declared: Shape | null = null;
  /** The layers that this model has built; the others were built in another model. */
  #builtHere: readonly Layer[] = [];
  readonly #initialize: boolean;
  readonly #isGraph: boolean;
  /** Whether its user chose its name. */
  readonly hasOwnName: boolean;

  constructor(options?: NetworkOptions) {
    const isGraph = isBag(options) && options.outputs !== undefined;
    const where = isGraph ? 'model' : 'sequential';
    noMoreArguments(where, arguments, 1, 'put the layers into one array');
    const graph = isGraph ? ['inputs', 'outputs'] : [];
    const given = knownOptions(where, options, [...ROW_OPTIONS, ...graph]);
    const { layers = [], seed = 0, initialize = true, inputs, outputs } = given;
    const { name = isGraph ? 'functional' : 'sequential' } = given;
    const row = expectRow(where, layers);
    nameText(where, 'name', name);
    flag(where, 'initialize', initialize);
    const start = isGraph ? oneTensor('inputs', inputs) : null;
    super({ name, ...(start && { inputShape: start.shape }) }, where);
    this.seed = seedFrom(where, seed);
    this.#initialize = initialize;
    this.#isGraph = isGraph;
    this.hasOwnName = given.name !== undefined;
    fixFields(this);
    if (start) {
      this.#connect(start, oneTensor('outputs', outputs), row.layers);
      return;
    }
    this.#declared = row.inputShape;
    // A layer that has a name already keeps it; the others get names that are free.
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
    if (!(#layers in this)) expectItself('layers', this);
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
   * The output of its last layer, in this model's own graph, so that its layers can become part of another model. (If the whole model is
   * a layer of another model, that application's output is in the other model's graph.)
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
    expectItself('add', this);
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
    expectItself('pop', this);
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

  /** Builds it as part of another model, which draws the weights. */
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

  /** The same for an input of this shape. @throws Error before the network is built, RangeError where it is built for another shape. */
  override computeOutputShape(inputShape: Shape): Shape {
    const one = sampleSizes(`${this.name}.computeOutputShape`, 'inputShape', inputShape);
    expectShape(this.name, 'one input sample', one, this.inputShape);
    return this.outputShape;
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

  /** Its layers and parameters on a line. `summary` says more. */
  override toString(): string {
    const { className, layers } = this;
    const names = layers.length > 0 ? ` (${listed(layers.map(({ name }) => name))})` : '';
    const count = this.built ? `, ${this.countParams().total} parameters` : '';
    const many = layers.length === 1 ? '1 layer' : `${layers.length} layers`;
    return shown(`${className} ${describe(this.name)}: ${many}${names}${count}`);
  }

  /** What JSON has of it: its configuration, without weights. `save` and `encodeModel` keep these too. */
  toJSON(): NetworkConfig {
    return this.toConfig();
  }

  /** What it says of itself as a layer of another model. */
  override getConfig(): LayerConfig {
    return { trainable: this.trainable, ...this.toConfig() };
  }

  /** @throws TypeError always: the plan takes a model's layers one by one */
  forward(): never {
    throw new TypeError(`${this.name}: only layers have forward and backward: call predict or gradients`);
  }
  /** @throws TypeError always, as forward */
  backward(): never {
    this.forward();
  }

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

  /** Draws the weights of layers that have none yet. */
  #drawWeights(): void {
    if (this.#initialize) drawWeights(this.seed, this.nodes());
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
