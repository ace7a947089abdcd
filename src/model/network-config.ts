/** Networks made again from their configuration, with models within models. */
import { InputLayer } from '../layers/input-layer.ts';
import type { Layer, SymbolicTensor } from '../layers/layer.ts';
import { layerFromConfig } from '../layers/registry.ts';
import {
  type LayerDescription,
  type LayerOrModel,
  Network,
  type NetworkConfig,
  type NetworkOptions,
} from './network.ts';

/** Makes a network: a row of layers, or a graph. */
export type NetworkMaker<T extends Network> = (options: NetworkOptions, graph: boolean) => T;

/** The deepest that models are within models: deeper ones could only exhaust the stack. */
const DEEPEST = 50;

/**
 * The network of a configuration, its layers built where it was.
 * @param make makes it, and the models within; default: plain networks
 * @throws RangeError or TypeError where a class or an option isn't known, where layers can't follow one another, and where a graph
 *   reads layers that aren't there, or in a circle.
 */
export function networkFromConfig(config: NetworkConfig): Network;
export function networkFromConfig<T extends Network>(
  config: NetworkConfig,
  make: NetworkMaker<T>,
  options?: Pick<NetworkOptions, 'initialize'>,
): T;
export function networkFromConfig(
  config: NetworkConfig,
  make: NetworkMaker<Network> = (options) => new Network(options),
  options: Pick<NetworkOptions, 'initialize'> = {},
): Network {
  return fromConfig(config, make, options, DEEPEST);
}

function fromConfig(
  config: NetworkConfig,
  make: NetworkMaker<Network>,
  options: Pick<NetworkOptions, 'initialize'>,
  depth: number,
): Network {
  if (depth === 0) throw new RangeError(`models within models: expected at most ${DEEPEST} deep, got more`);
  const { name, seed, graph = false, inputShape } = config;
  const layers = config.layers.map((each) => layerOf(each, make, options, depth));
  if (graph) {
    const { start, end } = connect(config.layers, layers as Layer[]); // a model is a layer, see Network
    return make({ ...options, name, seed, layers, inputs: start, outputs: end }, true);
  }
  const network = make({ ...options, name, seed, layers }, false);
  if (inputShape) network.build(inputShape);
  return network;
}

function layerOf(
  { className, config }: LayerDescription,
  make: NetworkMaker<Network>,
  options: Pick<NetworkOptions, 'initialize'>,
  depth: number,
): LayerOrModel {
  if (className !== 'Sequential' && className !== 'Functional') return layerFromConfig(className, config);
  // The fields were checked when a file was read (formats/read-model.ts), or come from a model's own getConfig.
  const network = config as unknown as NetworkConfig;
  // The weights of models within are drawn, or set, by the outermost one.
  return fromConfig(network, make, { ...options, initialize: false }, depth - 1);
}

/** Applies the layers to one another. */
function connect(
  descriptions: readonly LayerDescription[],
  layers: readonly Layer[],
): { start: SymbolicTensor; end: SymbolicTensor } {
  const names = new Set(layers.map(({ name }) => name));
  if (names.size < layers.length) {
    const twice = layers.find(({ name }, i) => layers.findIndex((other) => other.name === name) < i);
    throw new RangeError(`model: layer names must differ, got ${twice?.name} twice`);
  }
  for (const [i, { inputs = [] }] of descriptions.entries()) {
    const missing = inputs.find((name) => !names.has(name));
    if (missing !== undefined) {
      throw new RangeError(`model: layer ${layers[i].name} reads ${missing}, which doesn't exist`);
    }
  }
  const tensors = new Map<string, SymbolicTensor>();
  let start: SymbolicTensor | null = null;
  let left: readonly Described[] = layers.map((layer, i) => ({ ...descriptions[i], layer }));
  while (left.length > 0) {
    const waiting: Described[] = [];
    for (const each of left) {
      const { layer, inputs = [] } = each;
      const read = inputs.flatMap((name) => tensors.get(name) ?? []);
      if (read.length < inputs.length) {
        waiting.push(each);
        continue;
      }
      const isInput = layer instanceof InputLayer;
      if (isInput && start)
        throw new RangeError(`model: one input for now, got ${start.layer.name} and ${layer.name}`);
      const tensor = isInput ? layer.tensor : applied(each, read);
      tensors.set(layer.name, tensor);
      if (isInput) start = tensor;
    }
    if (waiting.length === left.length) {
      throw new RangeError(
        `model: layers read one another in a circle: ${waiting.map(({ layer }) => layer.name).join(', ')}`,
      );
    }
    left = waiting;
  }
  if (!start || tensors.size === 1) {
    throw new RangeError('model: a graph needs an input and at least one layer');
  }
  return { start, end: tensors.get(onlyEnd(descriptions, layers)) as SymbolicTensor }; // all layers are applied
}

/** A layer, and what its description says of it. */
type Described = Pick<LayerDescription, 'inputs' | 'training'> & { readonly layer: Layer };

/** What a layer gives for what it reads. */
function applied({ layer, training = true }: Described, read: readonly SymbolicTensor[]): SymbolicTensor {
  if (read.length === 0)
    throw new RangeError(`model: layer ${layer.name} reads nothing: expected the layers before it`);
  return layer.apply(read, { training });
}

/** The name of the layer that no other reads. @throws RangeError where there is none, or more than one. */
function onlyEnd(descriptions: readonly LayerDescription[], layers: readonly Layer[]): string {
  const read = new Set(descriptions.flatMap(({ inputs = [] }) => inputs));
  const ends = layers.filter(({ name }) => !read.has(name)).map(({ name }) => name);
  if (ends.length === 1) return ends[0];
  throw new RangeError(`model: one output for now, got ${ends.join(', ') || 'none'}`);
}
