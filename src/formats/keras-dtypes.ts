/**
 * The numbers that Keras' layers compute with: a name, or (Keras 3, and Keras 2 with a policy) an object that holds one:
 *
 *   "float32"      { "class_name": "DTypePolicy", "config": { "name": "mixed_float16" } }
 *
 * Here all is float32. Layers of half precision give the same but for the roundings that they make.
 */
import { isObject, type JsonObject } from './json.ts';
import { isList } from './model.ts';

/** Read as float32. `mixed_…` keeps its weights as float32 and computes in halves. */
const HALVES: readonly unknown[] = ['mixed_float16', 'mixed_bfloat16', 'float16', 'bfloat16'];

/** The name of a type or a policy; what it is made of where it has none. */
function nameOf(dtype: unknown): unknown {
  return isObject(dtype) && isObject(dtype.config) ? (dtype.config.name ?? dtype.config) : dtype;
}

/** Whether a layer of this type can be computed in float32. null: Keras' default, which is float32. */
export function isFloat(dtype: unknown): dtype is unknown {
  const name = nameOf(dtype);
  return name === 'float32' || name === null || HALVES.includes(name);
}

/** A line that says so where layers of a model computed in halves; nothing where none did. */
export function halvesRemark(model: JsonObject): string[] {
  const found = new Set<unknown>();
  const visit = (value: unknown): void => {
    if (isList(value)) for (const each of value) visit(each);
    if (!isObject(value)) return;
    if (HALVES.includes(nameOf(value.dtype))) found.add(nameOf(value.dtype));
    for (const each of Object.values(value)) visit(each);
  };
  visit(model.config);
  return found.size === 0
    ? []
    : [
        `layers that computed in ${[...found].join(', ')} compute in float32 here: more exactly, with other last digits`,
      ];
}
