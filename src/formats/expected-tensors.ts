/** The weights that a file must have: a tensor for each parameter of the network that it describes. */
import { Network, type NetworkConfig } from '../model/network.ts';
import { networkFromConfig } from '../model/network-config.ts';
import { expectShape, type Shape, sameShape, type Tensor } from '../tensor/tensor.ts';
import { FormatError } from './errors.ts';
import { isList } from './fields.ts';
import { isObject, show } from './json.ts';
import { MAX_LAYERS } from './limits.ts';
import { MAX_BESIDE_NUMBERS } from './safetensors.ts';

/** A network whose input has a shape, so that its weights have theirs. */
export interface ShapedNetwork {
  readonly network: NetworkConfig & { readonly inputShape: Shape };
}

/**
 * The tensors of these names and shapes, in this order.
 * @throws FormatError where one is missing, of another type or shape, or belongs to no layer.
 */
export function expectTensors(
  tensors: ReadonlyMap<string, Tensor>,
  expected: ReadonlyMap<string, Shape>,
  file: string,
): Tensor[] {
  for (const name of tensors.keys()) {
    if (!expected.has(name)) {
      throw new FormatError(file, `tensor ${show(name)} belongs to no layer of the model`);
    }
  }
  return Array.from(expected, ([name, shape]) => expectTensor(tensors, name, shape, file));
}

/** The tensor of this name. @throws FormatError where it is missing, or of another type or shape. */
export function expectTensor(
  tensors: ReadonlyMap<string, Tensor>,
  name: string,
  shape: Shape,
  file: string,
): Tensor {
  const value = tensors.get(name);
  const wanted = `float32 of shape [${shape}]`;
  if (!value) throw new FormatError(file, `tensor ${show(name)} is missing: expected ${wanted}`);
  if (value.dtype !== 'float32' || !sameShape(value.shape, shape)) {
    const got = `${value.dtype} of shape [${value.shape}]`;
    throw new FormatError(file, `tensor ${show(name)} must be ${wanted}, got ${got}`);
  }
  return value;
}

/** @throws RangeError where a model, with the models in it, has too many layers. */
function expectFewLayers(network: NetworkConfig): void {
  const countOf = (layers: unknown): number =>
    isList(layers) ? layers.reduce<number>((sum, layer) => sum + 1 + nestedIn(layer), 0) : 0;
  const nestedIn = (layer: unknown): number =>
    isObject(layer) && isObject(layer.config) ? countOf(layer.config.layers) : 0;
  const count = countOf(network.layers);
  if (count > MAX_LAYERS) throw new RangeError(`layers must be at most ${MAX_LAYERS}, got ${count}`);
}

/** Names and shapes of all parameters, in layer order, from layers that are made for this and get no numbers. */
export function expectedTensors({ network }: ShapedNetwork): Map<string, Shape> {
  expectFewLayers(network);
  const { layers, inputShape, graph } = network;
  if (layers.length === 0) return new Map();
  const own = graph ? undefined : (layers[0].config.inputShape as Shape | undefined);
  if (own) expectShape(`layer ${layers[0].config.name}`, 'inputShape', own, inputShape);
  const made = networkFromConfig(network, (options) => new Network(options), { initialize: false });
  expectShape(`model ${network.name}`, 'inputShape', made.inputShape, inputShape);
  return new Map(made.parameters().map(({ name, parameter }) => [name, parameter.shape]));
}

/**
 * The most bytes that the weights' file of a described model can have, known before it is read: all its parameters as float32,
 * and the longest header.
 */
export function mostWeightBytes(config: ShapedNetwork): number {
  let numbers = 0;
  for (const shape of expectedTensors(config).values()) {
    // Where one size is 0, the product of the others may be infinite.
    if (!shape.includes(0)) numbers += shape.reduce((product, size) => product * size, 1);
  }
  return Float32Array.BYTES_PER_ELEMENT * numbers + MAX_BESIDE_NUMBERS;
}
