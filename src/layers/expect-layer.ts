/** Layers as people hand them in. */
import { describe, isLayerLike } from '../checks/describe.ts';
import { Layer } from './layer.ts';

/**
 * @param what names the value in messages: `layers[1]`
 * @returns the layer.
 * @throws TypeError where it is none.
 */
export function expectLayer(where: string, what: string, value: unknown): Layer {
  if (value instanceof Layer) return value;
  throw new TypeError(`${where}: ${what} must be a layer, got ${describe(value)}${hint(value)}`);
}

/** @throws TypeError where the value isn't an array of layers. */
export function expectLayers(where: string, value: unknown): readonly Layer[] {
  if (!Array.isArray(value)) {
    const right = isLayerLike(value) ? ': put it into brackets: [layer]' : '';
    throw new TypeError(`${where}: layers must be an array of layers, got ${describe(value)}${right}`);
  }
  // A hole is a layer that isn't there, which map would pass by.
  return Array.from(value, (layer, i) => expectLayer(where, `layers[${i}]`, layer));
}

function hint(value: unknown): string {
  if (isLayerLike(value)) return ', of another copy of degelo: let both import the same one';
  if (Array.isArray(value)) return ': spread it: ...layers';
  return typeof value === 'function' && value.name ? `: call it: ${value.name}()` : '';
}
