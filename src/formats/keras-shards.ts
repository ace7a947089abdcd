/**
 * Keras' weights in several files, which `save_weights('x.weights.json', max_shard_size=…)` makes: an index, and beside it HDF5 files
 * as of weights only, each with a part of the layers. Where a layer's arrays are in two files, its group is in both:
 *
 *   x.weights.json   { "metadata": …, "weight_map": { "/layers/dense/vars": ["x_00000.weights.h5", "x_00001.weights.h5"], … } }
 *
 * Source: Keras' saving/saving_lib.py (ShardedH5IOStore).
 */
import type { Network } from '../model/network.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { FormatError } from './errors.ts';
import { fieldReader, isFileName, isList } from './fields.ts';
import { type Hdf5Object, openHdf5 } from './hdf5/file.ts';
import { isObject, type JsonObject } from './json.ts';
import { type Arrays, readCounted, treeOfNetwork } from './keras-weights.ts';
import type { Look } from './look.ts';
import type { Source } from './sources.ts';

/** The most files of one index. */
const MAX_SHARDS = 1024;

/** Whether a file is the index of weights in several files. */
export function isShardIndex({ json }: Look): boolean {
  return isObject(json?.weight_map);
}

/**
 * The weights of an index, and of the files that it names beside it, for a built network of the same layers.
 * @throws FormatError where a file is missing, or named by a path; and naming the layer where they don't fit.
 */
export async function readShards(
  { name, beside }: Source,
  index: JsonObject,
  network: Network,
): Promise<Map<string, Tensor>> {
  const filesOf = readMap(index, name);
  const shards = new Map<string, Hdf5Object>();
  for (const file of new Set([...filesOf.values()].flat())) {
    if (shards.size === MAX_SHARDS) throw new FormatError(name, `files must be at most ${MAX_SHARDS}`);
    const part = await beside(file, Infinity);
    shards.set(file, openHdf5(part.bytes, part.name));
  }
  const arraysAt = (place: string): Arrays => {
    const groups = (filesOf.get(`/${place}`) ?? []).flatMap((file) => shards.get(file)?.get(place) ?? []);
    return {
      names: groups.flatMap(({ names }) => names),
      get: (array) => groups.find(({ names }) => names.includes(array))?.get(array) ?? null,
    };
  };
  return readCounted(arraysAt, 'layers', treeOfNetwork(network), network, name);
}

/** The files that hold each group of arrays, by the group's name. */
function readMap(index: JsonObject, file: string): ReadonlyMap<string, readonly string[]> {
  const field = fieldReader(file);
  const map = field('weight_map', index.weight_map, 'an object', isObject);
  return new Map(
    Object.entries(map).map(([group, files]) => [
      group,
      // A name, and never a path: the index's folder is all that is read.
      (isList(files) ? files : [files]).map((each) =>
        field(`weight_map[${JSON.stringify(group)}]`, each, 'plain file names', isFileName),
      ),
    ]),
  );
}
