/**
 * The numbers that Keras' layers compute with: a name, or (Keras 3, and Keras 2 with a policy) an object that holds one:
 *
 *   "float32"      { "class_name": "DTypePolicy", "config": { "name": "mixed_float16" } }
 *
 * Here all is float32. Layers of half precision give the same except for the roundings that they make; those of double precision, to seven digits.
 */

import { isList } from './fields.ts';
import { isObject, type JsonObject, wordOf } from './json.ts';

/** Read as float32. `mixed_…` keeps its weights as float32 and computes in halves. */
const HALVES: readonly unknown[] = ['mixed_float16', 'mixed_bfloat16', 'float16', 'bfloat16'];
const DOUBLE = 'float64';

/** The name of a type or a policy. */
function nameOf(dtype: unknown): unknown {
  return isObject(dtype) && isObject(dtype.config) ? dtype.config.name : dtype;
}

/** Whether a layer of this type can be computed in float32. null: Keras' default, which is float32. */
export function isFloat(dtype: unknown): dtype is unknown {
  const name = nameOf(dtype);
  return name === 'float32' || name === null || name === DOUBLE || HALVES.includes(name);
}

/** What messages show of a type that isn't read: its name; of a policy without one, which is a quantised layer's, how that is stored. */
export function shownType(dtype: unknown): unknown {
  if (!isObject(dtype) || !isObject(dtype.config)) return dtype;
  const { name, mode } = dtype.config;
  return name ?? (mode === undefined ? dtype : `${wordOf(mode)}, quantised: save it before quantize()`);
}

/** Lines that say so where layers of a model computed with other numbers, or had low-rank matrices to train; none where none did. */
export function precisionRemarks(model: JsonObject): string[] {
  const found = new Set<unknown>();
  let hasLora = false;
  const visit = (value: unknown): void => {
    if (isList(value)) for (const each of value) visit(each);
    if (!isObject(value)) return;
    if (value.dtype !== undefined) found.add(nameOf(value.dtype));
    hasLora ||= (value.lora_rank ?? null) !== null;
    for (const each of Object.values(value)) visit(each);
  };
  visit(model.config);
  const halves = [...found].filter((name) => HALVES.includes(name)).join(', ');
  return [
    ...(halves
      ? [`layers that computed in ${halves} compute in float32 here: more exactly, with other last digits`]
      : []),
    ...(found.has(DOUBLE)
      ? [`layers that computed in ${DOUBLE} compute in float32 here: less exactly, to some seven digits`]
      : []),
    ...(hasLora
      ? ['LoRA: its matrices are part of the kernels that they belong to, which train whole here']
      : []),
  ];
}
