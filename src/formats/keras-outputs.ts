/** Networks of Keras with several outputs, of which one is wanted. What it doesn't need isn't read. */
import { isList, isString } from './fields.ts';
import { isObject, type JsonObject, wordOf } from './json.ts';
import { nameOf } from './keras-names.ts';
import { callOf, endsOf, type ModelParts } from './keras-topology.ts';
import { chosenOutput, type Output } from './outputs.ts';

/**
 * The model's description with this output only.
 * @param wanted null: as it is
 * @throws RangeError where it has no such output.
 */
export function withOutput(model: JsonObject, wanted: Output | null): JsonObject {
  const { config } = model;
  if (wanted === null || !isObject(config)) return model;
  const key = config.outputLayers === undefined ? 'output_layers' : 'outputLayers';
  const outputs = outputsOf(config[key]);
  const { layers } = config;
  const last = isList(layers) ? layers.at(-1) : undefined;
  // A row of layers says nothing of its end.
  const own =
    outputs.length > 0 ? outputs : [{ names: [isObject(last) ? nameOf(last) : ''], reference: null }];
  const { reference } =
    own[
      chosenOutput(
        own.map(({ names }) => names),
        wanted,
      )
    ];
  return reference === null ? model : { ...model, config: { ...config, [key]: [reference] } };
}

/** Each output by the names that it goes under: its key, where Keras knows it by one, and its layer's. */
function outputsOf(value: unknown): { readonly names: readonly string[]; readonly reference: unknown }[] {
  if (isObject(value)) {
    return Object.entries(value).map(([key, reference]) => ({
      names: [key, ...endsOf(reference)],
      reference,
    }));
  }
  if (!isList(value)) return [];
  if (isString(value[0])) return [{ names: [value[0]], reference: value }];
  return value.map((reference) => ({ names: isList(reference) ? [wordOf(reference[0])] : [], reference }));
}

/** A model's layers that its output needs, and the inputs among them. */
export function leadingToOutput(parts: ModelParts): ModelParts {
  const { layers, config } = parts;
  const byName = new Map(layers.map((layer) => [nameOf(layer), layer]));
  const needed = new Set<string>();
  const waiting = endsOf(config.output_layers);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (needed.has(name)) continue;
    needed.add(name);
    const nodes = byName.get(name)?.inbound_nodes;
    for (const node of isList(nodes) ? nodes : [])
      for (const source of callOf(node).sources) waiting.push(source);
  }
  const inputs = endsOf(config.input_layers).filter((name) => needed.has(name));
  return {
    ...parts,
    layers: layers.filter((layer) => needed.has(nameOf(layer))),
    config: { ...config, input_layers: inputs.map((name) => [name, 0, 0]) },
  };
}
