/** A list of layers that can be read like any array, and says what to do where somebody would change it. */
import { unchangeable } from '../checks/properties.ts';
import type { Layer } from '../layers/layer.ts';

/** The same layers, in a list that refuses to be changed. */
export function layerList(layers: readonly Layer[]): readonly Layer[] {
  return unchangeable([...layers], 'layers: the list', "use the model's add and pop");
}
