/**
 * The graph of layers, one behind the other: their shapes, names and weights.
 */
import { knownOptions, noMoreArguments } from '../checks/options.ts';
import { flag, numeric, text } from '../checks/values.ts';
import { expectLayer, expectLayers } from '../layers/expect-layer.ts';
import type { Layer, LayerConfig, Parameter } from '../layers/layer.ts';
import { layerFromConfig } from '../layers/registry.ts';
import { fansOf, initialize } from '../tensor/initializers.ts';
import { deriveKey, Purpose } from '../tensor/random.ts';
import { expectShape, expectTensors, type Shape, type Tensor, tensor, zeros } from '../tensor/tensor.ts';
import type { Node } from './graph.ts';
import { layerList } from './layer-list.ts';

/** Layers of a network, and where its weights come from. */
export interface NetworkOptions {
  layers?: readonly Layer[];
  name?: string;
  /** Decides the initial weights, and all that is random in training. Default: 0. */
  seed?: number;
  /** false: draw no initial weights, because they come from elsewhere. */
  initialize?: boolean;
}

const NETWORK_OPTIONS = [
  'layers',
  'name',
  'seed',
  'initialize',
] as const satisfies readonly (keyof NetworkOptions)[];

/** A network as JSON: what saved models and worker threads make it from. */
export interface NetworkConfig {
  readonly name: string;
  readonly seed: number;
  /** Shape of one input sample; null where the network isn't built. */
  readonly inputShape: Shape | null;
  readonly layers: readonly { readonly className: string; readonly config: LayerConfig }[];
}

/** The model that a layer was first added to; as long as the layer isn't built, it is that model's alone. */
const owners = new WeakMap<Layer, Network>();

/** The layers with their weights; `Sequential` is one that can be trained. */
export class Network {
  readonly name: string;
  readonly seed: number;
  #layers: readonly Layer[] = layerList([]);
  readonly #initialize: boolean;
  #inputShape: Shape | null = null;

  constructor(options?: NetworkOptions) {
    const given = knownOptions('sequential', options, NETWORK_OPTIONS);
    const { layers = [], name = 'sequential', seed = 0, initialize = true } = given;
    expectLayers('sequential', layers);
    text('sequential', 'name', name);
    flag('sequential', 'initialize', initialize);
    if (!Number.isSafeInteger(numeric('sequential', 'seed', seed)) || seed < 0) {
      throw new RangeError(`sequential: seed must be an integer from 0 to 2^53 − 1, got ${seed}`);
    }
    this.name = name;
    this.seed = seed;
    this.#initialize = initialize;
    // A layer that has its name, by its user or in another model, keeps it; the others take what is left.
    const taken = layers.map((layer) => layer.name).filter((given) => given !== '');
    for (const layer of layers) this.#append(layer, taken);
  }

  /** The layers, in order. The list can't be changed: `add` and `pop` make another. */
  get layers(): readonly Layer[] {
    return this.#layers;
  }

  /**
   * Appends a layer. Where the input shape is known (the first layer's `inputShape`), it is built at once.
   *
   * A layer that is built may stand in several models, which then share its weights, as in Keras:
   * `sequential([...base.layers.slice(0, -1), dense({ units: 2 })])`. A layer that isn't belongs to one model.
   * @throws RangeError where the layer can't follow, is not built and belongs to another model, or shares a name.
   */
  add(layer: Layer): void {
    noMoreArguments('add', arguments, 1, 'add one layer at a time');
    expectLayer('add', 'layer', layer);
    this.beforeChange('add');
    this.#append(layer, []);
  }

  /**
   * Takes the last layer off. It keeps its weights, and may be added to another model.
   * @returns the layer.
   * @throws RangeError where there is none.
   */
  pop(): Layer {
    this.beforeChange('pop');
    const layer = this.#layers.at(-1);
    if (!layer) throw new RangeError(`pop: ${this.name} has no layers`);
    this.#layers = layerList(this.#layers.slice(0, -1));
    if (this.#layers.length === 0) this.#inputShape = null;
    if (!layer.outputShape) owners.delete(layer);
    return layer;
  }

  /**
   * A layer by its name or its place: `getLayer('dense')`, `getLayer(0)`.
   * @throws RangeError where there is none; it says which there are.
   */
  getLayer(nameOrIndex: string | number): Layer {
    const layer =
      typeof nameOrIndex === 'number'
        ? this.#layers[nameOrIndex]
        : this.#layers.find(({ name }) => name === nameOrIndex);
    if (layer) return layer;
    const names = this.#layers.map(({ name }) => name).join(', ');
    const expected =
      typeof nameOrIndex === 'number' ? `0 to ${this.#layers.length - 1}` : `one of ${names || 'none'}`;
    throw new RangeError(
      `getLayer: ${this.name} has no such layer: expected ${expected}, got ${nameOrIndex}`,
    );
  }

  /** Counts the times that weights were set from outside, by this model or by another that shares a layer. */
  get weightsVersion(): number {
    return this.#layers.reduce((sum, layer) => sum + layer.weightsVersion, 0);
  }

  /** Called before layers are added or taken off. @throws where they mustn't be now. */
  protected beforeChange(_operation: string): void {}

  /**
   * Builds all layers for one sample of this shape and draws the initial weights. Nothing happens where that is done.
   * @throws RangeError where the network is built for another shape, is empty, or a layer can't follow; no layer is built then.
   */
  build(inputShape: Shape): void {
    if (this.#inputShape) {
      expectShape(this.name, 'one input sample', inputShape, this.#inputShape);
      return;
    }
    if (this.#layers.length === 0)
      throw new RangeError(`${this.name}: a model needs at least one layer, got none`);
    const unbuilt = this.#layers.filter(({ outputShape }) => !outputShape);
    let shape = inputShape;
    try {
      for (const [index, layer] of this.#layers.entries()) shape = this.#buildLayer(layer, shape, index);
    } catch (error) {
      for (const layer of unbuilt) layer.unbuild();
      throw error;
    }
    this.#inputShape = inputShape;
  }

  get built(): boolean {
    return this.#inputShape !== null;
  }

  /** Shape of one input sample. @throws Error before the network is built. */
  get inputShape(): Shape {
    if (!this.#inputShape) {
      throw new Error(
        `${this.name}: not built yet: give the first layer an inputShape, or call build or fit first`,
      );
    }
    return this.#inputShape;
  }

  /** Shape of one output sample. @throws Error before the network is built. */
  get outputShape(): Shape {
    return this.layers.length
      ? (this.layers[this.layers.length - 1].outputShape ?? this.inputShape)
      : this.inputShape;
  }

  /** Whether any layer is trainable; setting it sets every layer. */
  get trainable(): boolean {
    return this.layers.some((layer) => layer.trainable);
  }

  set trainable(trainable: boolean) {
    for (const layer of this.layers) layer.trainable = trainable;
  }

  /** All layers, in the order in which they are computed. */
  nodes(): Node[] {
    return this.layers.map((layer, i) => ({
      layer,
      inputs: [i - 1],
      path: [layer.name],
      trainable: layer.trainable,
      training: true,
    }));
  }

  /** The parameters with the layers that own them, in the order in which weights are listed and saved. */
  parameters(): { layer: Layer; parameter: Parameter; value: Tensor }[] {
    return this.layers.flatMap((layer) =>
      // A layer has parameters once it is built, and #buildLayer gives them values.
      layer.parameters.map((parameter) => ({ layer, parameter, value: parameter.value as Tensor })),
    );
  }

  /** Number of parameters: all, and by the layers' `trainable`. */
  countParams(): { total: number; trainable: number; nonTrainable: number } {
    const count = (layers: readonly Layer[]): number =>
      layers.reduce((sum, layer) => sum + layer.countParams(), 0);
    const total = count(this.layers);
    const trainable = count(this.layers.filter((layer) => layer.trainable));
    return { total, trainable, nonTrainable: total - trainable };
  }

  /** Copies of all weights: for each layer its kernel, then its bias. */
  getWeights(): Tensor[] {
    return this.parameters().map(({ value }) => tensor(value.data, value.shape));
  }

  /**
   * Sets all weights, in getWeights' order; the numbers are copied.
   * @throws RangeError where the number of tensors or a shape differs; nothing is set then.
   */
  setWeights(weights: readonly Tensor[]): void {
    const parameters = this.parameters();
    const tensors = expectTensors('setWeights', 'weights', weights);
    if (tensors.length !== parameters.length) {
      throw new RangeError(
        `setWeights: one tensor a parameter: expected ${parameters.length}, got ${tensors.length}`,
      );
    }
    for (const [i, { layer, parameter }] of parameters.entries()) {
      expectShape('setWeights', `${layer.name}/${parameter.name}`, tensors[i].shape, parameter.shape);
    }
    for (const [i, { value }] of parameters.entries()) value.data.set(tensors[i].data);
    for (const layer of this.#layers) layer.weightsVersion++;
  }

  toConfig(): NetworkConfig {
    return {
      name: this.name,
      seed: this.seed,
      inputShape: this.#inputShape,
      layers: this.layers.map((layer) => ({ className: layer.className, config: layer.getConfig() })),
    };
  }

  #append(layer: Layer, taken: readonly string[]): void {
    if (this.#layers.includes(layer)) {
      throw new RangeError(
        `add: layer ${layer.name} stands in ${this.name} already: a model takes a layer once`,
      );
    }
    const owner = owners.get(layer);
    if (owner && owner !== this && !layer.outputShape) {
      throw new RangeError(
        `add: layer ${layer.name} belongs to model ${owner.name} and isn't built yet: build that model first, or make another layer`,
      );
    }
    layer.name ||= this.#freeName(snakeCase(layer.className), taken);
    if (this.#layers.some(({ name }) => name === layer.name)) {
      throw new RangeError(`add: layer names must differ, got ${layer.name} twice`);
    }
    const first = this.#layers.length === 0 ? (layer.inputShape ?? layer.givenInputShape) : null;
    const inputShape = this.#inputShape ? this.outputShape : first;
    if (inputShape) {
      this.#buildLayer(layer, inputShape, this.#layers.length);
      this.#inputShape ??= inputShape;
    }
    this.#layers = layerList([...this.#layers, layer]);
    if (!owner) owners.set(layer, this);
  }

  #buildLayer(layer: Layer, inputShape: Shape, index: number): Shape {
    const { outputShape } = layer;
    if (outputShape) {
      // Another model built it: its weights are shared. What has an output shape has an input shape.
      expectShape(`layer ${layer.name}`, 'its input', inputShape, layer.inputShape ?? []);
      return outputShape;
    }
    try {
      layer.build(inputShape);
    } catch (error) {
      if (error instanceof RangeError) error.message = `layer ${layer.name}: ${error.message}`;
      throw error;
    }
    for (const [i, parameter] of layer.parameters.entries()) {
      parameter.value = zeros(parameter.shape);
      if (!this.#initialize) continue;
      const { fanIn, fanOut } = fansOf(parameter.shape);
      const fans = { fanIn: parameter.fanIn ?? fanIn, fanOut: parameter.fanOut ?? fanOut };
      const key = deriveKey(this.seed, Purpose.weights, index, i);
      initialize(parameter.initializer, fans, key, parameter.value.data);
    }
    // build() has just set it.
    return layer.outputShape as Shape;
  }

  /** conv2d, conv2d_1, conv2d_2, …, as Keras names layers. */
  #freeName(base: string, others: readonly string[]): string {
    const taken = new Set([...others, ...this.#layers.map(({ name }) => name)]);
    let name = base;
    for (let i = 1; taken.has(name); i++) name = `${base}_${i}`;
    return name;
  }
}

/**
 * The layers of a saved network, not yet built.
 * @throws RangeError or TypeError where a class or an option isn't known.
 */
export function layersFromConfig({ layers }: NetworkConfig): Layer[] {
  return layers.map(({ className, config }) => layerFromConfig(className, config));
}

/** MaxPooling2D → max_pooling2d, Conv2DTranspose → conv2d_transpose, ReLU → re_lu: Keras' rule. */
function snakeCase(className: string): string {
  const apart = className.replace(/(.)([A-Z][a-z]+)/g, '$1_$2').replace(/([a-z])([A-Z])/g, '$1_$2');
  return apart.toLowerCase();
}
