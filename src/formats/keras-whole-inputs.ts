/**
 * Inputs of whole numbers, as networks have them that take pixels as bytes: Keras cuts what they are given, 2.7 to 2. Where only layers read them that
 * make float32 of them, the same is done here, by a layer after the input:
 *
 *   InputLayer of uint8, Rescaling   →   InputLayer, Elementwise trunc, Rescaling
 *
 * Others could compute with whole numbers, which is another arithmetic: there the input stays as it is, and is refused.
 */
import { isList } from './fields.ts';
import { isObject, type JsonObject, wordOf } from './json.ts';
import { nameOf, withNames } from './keras-names.ts';

const WHOLE = /^u?int(8|16|32|64)$/;
const TO_FLOAT = ['Rescaling', 'Normalization'];
/** Layers of whole numbers, which are refused by themselves: that says more. */
const REFUSED = ['Embedding', 'CategoryEncoding', 'IntegerLookup', 'Hashing', 'HashedCrossing'];

/** A model's layers, where such inputs are cut. @param isGraph whether layers name those that they read, or stand in a row */
export function withWholeInputs(layers: readonly JsonObject[], isGraph: boolean): JsonObject[] {
  let read = [...layers];
  for (const layer of layers) {
    if (
      layer.class_name !== 'InputLayer' ||
      !isObject(layer.config) ||
      !WHOLE.test(wordOf(layer.config.dtype))
    )
      continue;
    const name = nameOf(layer);
    const readers = isGraph
      ? read.filter((each) => reads(each, name))
      : read.slice(read.indexOf(layer) + 1).slice(0, 1);
    const are = (classes: readonly string[]): boolean =>
      readers.length > 0 && readers.every((each) => classes.includes(wordOf(each.class_name)));
    const isCut = are(TO_FLOAT);
    if (!isCut && !are(REFUSED)) continue;
    const own = { ...layer, config: { ...layer.config, dtype: 'float32' } };
    const cut = `${name}_whole`;
    read = read.flatMap((each) => {
      if (each === layer) return isCut ? [own, cutting(cut, isGraph ? name : null)] : [own];
      if (!isCut || !readers.includes(each)) return [each];
      const inbound_nodes = withNames(each.inbound_nodes, (source) => (source === name ? cut : source));
      return [{ ...each, ...(isGraph && { inbound_nodes }) }];
    });
  }
  return read;
}

/** @param source what it reads; null: what stands before it */
function cutting(name: string, source: string | null): JsonObject {
  const config = { name, trainable: true, operation: 'trunc' };
  const nodes = source === null ? {} : { inbound_nodes: [[[source, 0, 0, {}]]] };
  return { class_name: 'Elementwise', name, config, ...nodes };
}

function reads({ inbound_nodes: nodes }: JsonObject, name: string): boolean {
  let found = false;
  withNames(isList(nodes) ? nodes : [], (source) => {
    found ||= source === name;
    return source;
  });
  return found;
}
