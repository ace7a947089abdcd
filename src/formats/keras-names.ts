/** Names of layers in Keras' descriptions, and references to them. */
import { isList, isString } from './fields.ts';
import { isObject, type JsonObject, wordOf } from './json.ts';

export function nameOf(layer: JsonObject): string {
  const inner = isObject(layer.config) ? layer.config.name : undefined;
  return wordOf(layer.name ?? inner);
}

/** Another name for a reference's; `use`, and which of the layer's tensors is meant, count from 0. */
export type Rename = (name: string, use: unknown, tensor: unknown) => string;

/** References such as `["conv", 0, 0]`, however deep, with other names. */
export function withNames(value: unknown, rename: Rename): unknown {
  if (isList(value)) {
    const [first, ...others] = value;
    if (isString(first)) {
      return [rename(first, others[0], others[1]), ...others.map((each) => withNames(each, rename))];
    }
    return value.map((each) => withNames(each, rename));
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withNames(each, rename)]));
}
