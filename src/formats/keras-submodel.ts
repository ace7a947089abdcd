/** A layer of Keras' that stands for several here: a functional model of these, in its place and under its name. */
import type { Network } from '../model/network.ts';
import { isObject, type JsonObject } from './json.ts';

/** The name of such a model's input. */
export const inputOf = (name: string): string => `${name}_input`;

/**
 * @param layer as the file has it
 * @param shape of a sample that comes in
 * @param layers those after the input, which is called `inputOf(name)`
 * @param output the name of the one whose output the model gives
 */
export function asSubmodel(
  layer: JsonObject,
  name: string,
  shape: readonly number[],
  layers: readonly JsonObject[],
  output: string,
): JsonObject {
  const config = isObject(layer.config) ? layer.config : {};
  const input = inputOf(name);
  const start = {
    ...{ class_name: 'InputLayer', name: input },
    config: { name: input, batch_shape: [null, ...shape] },
  };
  return {
    ...layer,
    class_name: 'Functional',
    config: {
      name,
      trainable: config.trainable ?? true,
      layers: [start, ...layers],
      input_layers: [[input, 0, 0]],
      output_layers: [[output, 0, 0]],
    },
  };
}

/** The class of the layer of Keras' that a model here stands for, as far as it has weights: Conv1D, of a Conv2D with the model's name. null: it stands for itself. */
export function standsFor({ name, layers, className }: Network): string | null {
  const own = className === 'Functional' && layers[0]?.name === inputOf(name);
  const last = own ? layers.find((layer) => layer.name === name) : undefined;
  return last ? last.className.replace('2D', '1D') : null;
}
