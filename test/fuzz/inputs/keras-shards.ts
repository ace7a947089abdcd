/** Weights of Keras in several files: an index of JSON, and HDF5 files whose fields may lie. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { decodeUtf8, parseJsonObject } from '../../../src/formats/json.ts';
import { readShards } from '../../../src/formats/keras-shards.ts';
import type { Tensor } from '../../../src/index.ts';
import { modelFromJSON } from '../../../src/index.ts';
import { edited, utf8 } from '../arbitraries.ts';
import { lying } from './hdf5.ts';

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../fixtures/keras-variants/${name}`, import.meta.url)));
const shards = [0, 1, 2].map((i) => fixture(`sharded_0000${i}.weights.h5`));
const model = modelFromJSON(Buffer.from(fixture('folder/config.json')).toString());

export const kerasShards: fc.Arbitrary<Uint8Array[]> = fc.tuple(
  edited(Buffer.from(fixture('sharded.weights.json')).toString(), 2).map(utf8),
  ...shards.map(lying),
);

/** Any other name leads to the first file. */
export function readKerasShards(index: Uint8Array, ...files: Uint8Array[]): Promise<Map<string, Tensor>> {
  const beside = async (name: string) => ({
    name,
    bytes: files[Number(name.match(/\d{5}/)?.[0] ?? 0)] ?? files[0],
  });
  const json = parseJsonObject(decodeUtf8(index, 'index'), 'index');
  return readShards({ name: 'index', bytes: index, beside }, json, model);
}
