/** A list of layers that can be read like any array, and says what to do where somebody would change it. */
import type { Layer } from '../layers/layer.ts';

const CHANGES = ['push', 'pop', 'shift', 'unshift', 'splice', 'sort', 'reverse', 'fill', 'copyWithin'];

/** The same layers, in a list that refuses to be changed. */
export function layerList(layers: readonly Layer[]): readonly Layer[] {
  const list = [...layers];
  for (const change of CHANGES) {
    // Not enumerable: in comparisons and loops it is an array like any other.
    Object.defineProperty(list, change, {
      value: () => {
        throw new TypeError(`layers.${change}: the list can't be changed: use the model's add and pop`);
      },
    });
  }
  return Object.freeze(list);
}
