/** Checks of layers that users hand in. */
import { describe, howToCall, isLayerLike, WRAPPED } from '../checks/describe.ts';
import type { Shape } from '../tensor/tensor.ts';
import { Layer, SymbolicTensor } from './layer.ts';

/**
 * @param what names the value in messages: `layers[1]`
 * @returns the layer.
 * @throws TypeError where it is none.
 */
export function expectLayer(where: string, what: string, value: unknown): Layer {
  if (value instanceof Layer) return expectOwnParts(where, what, value);
  throw new TypeError(`${where}: ${what} must be a layer, got ${describe(value)}${hint(value)}`);
}

/**
 * Layers one after the other, and the shape that an input before them says.
 * @throws TypeError where the value isn't an array of layers.
 */
export function expectRow(
  where: string,
  value: unknown,
): { readonly layers: readonly Layer[]; readonly inputShape: Shape | null } {
  if (!Array.isArray(value)) {
    const right = isLayerLike(value) ? ': put it into brackets: [layer]' : '';
    throw new TypeError(`${where}: layers must be an array of layers, got ${describe(value)}${right}`);
  }
  const first: unknown = value[0];
  const begin = isInput(first) ? 1 : 0;
  const layers: Layer[] = [];
  // Not forEach, which would skip a hole in the array.
  for (let i = begin; i < value.length; i++) layers.push(expectLayer(where, `layers[${i}]`, value[i]));
  return { layers, inputShape: isInput(first) ? first.shape : null };
}

/** Whether it is what `input({ shape })` gave. */
export function isInput(value: unknown): value is SymbolicTensor {
  return value instanceof SymbolicTensor && value.layer.className === 'InputLayer';
}

/** What a layer of a user's own must have before it can be in a model. @throws TypeError where it is missing. */
function expectOwnParts(where: string, what: string, layer: Layer): Layer {
  try {
    void layer.built;
  } catch {
    throw new TypeError(`${where}: ${what} must be the layer itself, got ${WRAPPED}`);
  }
  const own: object = layer; // JavaScript doesn't check what an abstract class asks for
  const name: unknown = Reflect.get(own, 'className');
  if (typeof name !== 'string') {
    const { name: made } = own.constructor;
    throw new TypeError(
      `${where}: ${what} must have a className: class ${made} extends Layer { className = '${made}'; … }`,
    );
  }
  for (const method of ['forward', 'backward']) {
    if (typeof Reflect.get(own, method) === 'function') continue;
    const isOurs = Reflect.get(own, 'call') === Reflect.get(Layer.prototype, 'call');
    const keras = isOurs ? '' : ", which Keras' call is here";
    throw new TypeError(`${where}: ${what} must have a method ${method}${keras}: ${name} has none`);
  }
  return layer;
}

function hint(value: unknown): string {
  if (Array.isArray(value)) return ': spread it: ...layers';
  if (isInput(value)) return ': an input comes before all layers';
  if (value instanceof SymbolicTensor) return ': model({ inputs, outputs }) takes tensors';
  return howToCall(value);
}
