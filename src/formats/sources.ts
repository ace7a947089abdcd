/**
 * Where a model's first file comes from: a path, a file: URL, an address on the web, or bytes; and the files beside it,
 * which it names (TensorFlow.js' shards, our own weights).
 */
import { baseAddress, exists, isFolder, listFolder, readWholeFile } from '#files';
import { describe } from '../checks/describe.ts';
import { type Bytes, bytesOf } from '../checks/handed-in.ts';
import { fetchBytes, reasonOf } from '../data/fetch-bytes.ts';
import { FormatError } from './errors.ts';
import { KERAS_CONFIG } from './format-names.ts';
import { MAX_JSON } from './json.ts';
import { MAX_MODEL_JSON, MODEL_FILE } from './model.ts';
import { type Place, pathOf } from './places.ts';

/** A model to load: a path, a `file:`, `http:`, `https:` or `blob:` URL, or the bytes of its one file. */
export type ModelPlace = Place | Bytes;

/** A file, and what is beside it. */
export interface Source {
  /** What messages call it: its path, or its address. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /**
   * A file in the same folder.
   * @param most bytes that it may have
   * @throws FormatError where it isn't there.
   */
  beside(name: string, most: number): Promise<{ readonly name: string; readonly bytes: Uint8Array }>;
}

/** The most bytes of a file from the web, unless its user says more: 1 GiB. The largest of Keras' own networks has 0.55. */
export const MAX_DOWNLOAD = 2 ** 30;

/**
 * The first file of a model: the one that is named, or `model.json`, or Keras' `config.json`, in the folder that is.
 * @param most bytes that are downloaded for one file
 * @throws FormatError where there is none, TypeError or RangeError where this is no place.
 */
export async function openSource(operation: string, place: ModelPlace, most: number): Promise<Source> {
  if (typeof place === 'object' && place !== null && !(place instanceof URL)) {
    refuseParts(operation, place);
    return ofBytes(bytesOf(operation, place));
  }
  const address = addressOf(place);
  if (address) return ofAddress(address, most);
  const path = pathOf(operation, place);
  if (await isFolder(path)) return ofFolder(path);
  if (!(await exists(path))) throw new FormatError(path, 'no such file or folder');
  return ofFile(path);
}

/** @throws TypeError for what TensorFlow.js loads models of beside places: handlers, a model's parts, and files that were chosen in a page. */
function refuseParts(operation: string, place: object): void {
  const isChosen = typeof Blob !== 'undefined' && Reflect.get(place, 0) instanceof Blob; // a FileList, or an array
  const isParts = 'load' in place || 'modelTopology' in place;
  if (!isParts && !isChosen) return;
  const right = isParts
    ? "decodeLayersModel makes a model of TensorFlow.js' parts: docs/tensorflow-js.md"
    : 'loadModelFiles of degelo/browser takes the files of a model';
  throw new TypeError(`${operation}: expected a place or a file's bytes, got ${describe(place)}: ${right}`);
}

/** The address on the web that a place names; where there are no files, any name is one, as in links of a page. */
function addressOf(place: Place): URL | null {
  if (place instanceof URL) return isOfTheWeb(place) ? place : null;
  if (typeof place !== 'string' || place === '') return null;
  const base = baseAddress();
  if (!/^(https?:\/\/|blob:)/i.test(place) && base === null) return null;
  const url = URL.canParse(place, base ?? undefined) ? new URL(place, base ?? undefined) : null;
  return url && isOfTheWeb(url) ? url : null;
}

function isOfTheWeb({ protocol }: URL): boolean {
  return protocol === 'http:' || protocol === 'https:' || protocol === 'blob:';
}

function ofBytes(bytes: Uint8Array): Source {
  return {
    name: 'bytes',
    bytes,
    async beside(name) {
      throw new FormatError(
        'bytes',
        `this model needs a second file, ${name}: expected its path or address ` +
          '(or both contents, for decodeModel or decodeLayersModel)',
      );
    },
  };
}

/** What a folder without a model is, and what to do with it; empty: nothing that is known. */
async function insteadOf(path: string): Promise<string> {
  const names = await listFolder(path);
  if (names.includes('saved_model.pb')) {
    return (
      "a TensorFlow SavedModel: in the program that made it, model.save('model.keras'), or in Python " +
      'tf.lite.TFLiteConverter.from_saved_model(folder).convert(), whose bytes are a .tflite file'
    );
  }
  if (names.includes('checkpoint') && names.some((name) => name.endsWith('.index'))) {
    return "a TensorFlow checkpoint, which holds weights and no layers: give them to the model in Keras (model.load_weights), and model.save('model.keras')";
  }
  if (names.some((name) => /^checkpoint-\d+\.safetensors$/.test(name))) {
    return 'checkpoints: (await loadCheckpoint(folder)).model is their model';
  }
  const model = joinPath(path, 'model');
  return (await exists(joinPath(model, MODEL_FILE))) ? `a folder that has one in it: ${model}` : '';
}

async function ofFolder(path: string): Promise<Source> {
  const name = joinPath(path, MODEL_FILE);
  const config = joinPath(path, KERAS_CONFIG);
  if (!(await exists(name))) {
    if (await exists(config)) return ofFile(config, MAX_JSON);
    const instead = await insteadOf(path);
    throw new FormatError(
      name,
      instead === ''
        ? 'no such file: expected a folder with a model of degelo, TensorFlow.js or Keras'
        : `no such file: expected a folder with a model of degelo, TensorFlow.js or Keras, got ${instead}`,
    );
  }
  return ofFile(name, MAX_MODEL_JSON);
}

async function ofFile(path: string, most?: number): Promise<Source> {
  return { name: path, bytes: await readWholeFile(path, most), beside: besideFile(path) };
}

function joinPath(folder: string, name: string): string {
  return /[/\\]$/.test(folder) ? folder + name : `${folder}/${name}`;
}

function besideFile(path: string): Source['beside'] {
  const folder = path.replace(/[^/\\]*$/, ''); // with its last slash; '' for the working folder
  return async (other, most) => ({ name: folder + other, bytes: await readWholeFile(folder + other, most) });
}

async function ofAddress(url: URL, limit: number): Promise<Source> {
  const get = async ({ href }: URL, most: number): Promise<{ name: string; bytes: Uint8Array }> => {
    try {
      return { name: href, bytes: await fetchBytes(href, { limit: most }) };
    } catch (cause) {
      throw new FormatError(href, `can't be downloaded: ${reasonOf(cause)}`, { cause });
    }
  };
  return {
    ...(await get(url, limit)),
    beside: (other, most) => get(new URL(other, url), Math.min(most, limit)),
  };
}
