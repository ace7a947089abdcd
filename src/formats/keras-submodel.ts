/** A layer of Keras' that stands for several here: a functional model of these, in its place and under its name. */
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
