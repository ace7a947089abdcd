/**
 * Places as users name them: a path, a file: URL as a string (TensorFlow.js' habit), or a URL object. Names of files in
 * formats that degelo can't write are caught here, before a folder of that name is made.
 */
import { fileUrlToPath } from '#files';
import { brief, describe } from '../checks/describe.ts';

/** A file or folder: its path, or a `file:` URL. */
export type Place = string | URL;

/** What a name's ending says of a file that isn't ours. */
const FOREIGN: Readonly<Record<string, string>> = {
  h5: "Keras' HDF5",
  hdf5: "Keras' HDF5",
  keras: "Keras' own format",
  pb: 'a TensorFlow graph',
  tflite: 'TensorFlow Lite',
  onnx: 'ONNX',
  pt: 'PyTorch',
  pth: 'PyTorch',
  mlmodel: 'Core ML',
  pkl: 'a Python pickle',
  zip: 'a zip archive',
  json: 'a single file of JSON',
  bin: 'bare numbers',
  npy: "one of NumPy's arrays",
  ckpt: "TensorFlow's checkpoints",
  ort: 'ONNX Runtime',
  gz: 'a packed file',
  tar: 'an archive',
};

/** What keeps models in a browser, in place of TensorFlow.js' schemes. All of these are exports of `degelo/browser`. */
const IN_BROWSERS: Readonly<Record<string, string>> = {
  'downloads:': 'in a page, downloadModel and loadModelFiles of degelo/browser are for files of its user',
  'localstorage:': 'in a page, storeModel and loadStoredModel of degelo/browser keep models',
  'indexeddb:': 'in a page, storeModel and loadStoredModel of degelo/browser keep models',
};

/**
 * The path of a place. `file://x`, which is no whole URL, is `x` as in tfjs-node.
 * @throws RangeError for a URL of another scheme, or an empty path; TypeError for what is neither.
 */
export function pathOf(operation: string, place: Place): string {
  if (place instanceof URL) {
    if (place.protocol === 'file:') return pathOfUrl(operation, place);
    throw otherScheme(operation, place.href);
  }
  if (typeof place !== 'string') {
    throw new TypeError(`${operation}: expected a path or a file: URL, got ${describe(place)}`);
  }
  if (place === '') throw new RangeError(`${operation}: expected a path or a file: URL, got an empty string`);
  if (/^file:\/(\/(localhost)?\/)?[^/]/i.test(place)) return pathOfUrl(operation, place);
  if (/^file:\/\//i.test(place)) return place.slice('file://'.length);
  if (/^file:/i.test(place)) throw noPathHere(operation, place, "file:/// begins a computer's own");
  // Of two letters at least: C:\ is a drive.
  if (/^(?:[a-z][a-z\d+.-]+:\/\/|blob:|data:)/i.test(place)) throw otherScheme(operation, place);
  return place;
}

/**
 * The path of a folder that a model is written to.
 * @throws as pathOf does; RangeError for the name of a file in a format that degelo can't write.
 */
export function modelFolder(operation: string, place: Place): string {
  const path = pathOf(operation, place);
  if (/[^/\\]\.(npz|safetensors)[/\\]*$/i.test(path)) {
    throw new RangeError(
      `${operation}: ${path} is a name for weights alone, which saveWeights(model, place) writes: expected a folder`,
    );
  }
  const foreign = foreignFormat(path);
  if (foreign === null) return path;
  const orKeras = operation === 'save' ? ' or a .keras file' : '';
  throw new RangeError(
    `${operation}: a model is written to a folder${orKeras}, and ${foreign} can't be: got ${path}`,
  );
}

/** Whether a path names a file of Keras 3, which can be written. */
export function isKerasPath(path: string): boolean {
  return /[^/\\]\.keras$/i.test(path);
}

/** The format that a path's ending names, with the ending, where it is none of ours: `.h5 (Keras' HDF5)`. */
export function foreignFormat(path: string): string | null {
  const ending = /[^/\\]\.(\w+)[/\\]*$/.exec(path)?.[1].toLowerCase() ?? '';
  return Object.hasOwn(FOREIGN, ending) ? `.${ending} (${FOREIGN[ending]})` : null;
}

/** @throws RangeError for a file: URL that names no path here: of another computer, or with %2F in a name. */
function pathOfUrl(operation: string, url: string | URL): string {
  try {
    return fileUrlToPath(new URL(url));
  } catch (cause) {
    throw noPathHere(operation, url, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function noPathHere(operation: string, url: string | URL, reason: string, cause?: unknown): RangeError {
  return new RangeError(
    `${operation}: expected a file: URL of a path here, got ${brief(String(url))} (${reason})`,
    { cause },
  );
}

function otherScheme(operation: string, url: string): RangeError {
  const scheme = url.slice(0, url.indexOf(':') + 1);
  const right =
    IN_BROWSERS[scheme.toLowerCase()] ?? 'for other places encode… and decode… functions have the bytes';
  return new RangeError(`${operation}: expected a path or a file: URL, got ${scheme} (${right})`);
}
