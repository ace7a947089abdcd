/** Models as files that a browser downloads, and that its user chooses. */
import { describe } from '../../checks/describe.ts';
import { bytesOf, expectModel } from '../../checks/handed-in.ts';
import { noMoreArguments } from '../../checks/options.ts';
import { text } from '../../checks/values.ts';
import { FormatError } from '../../formats/errors.ts';
import { KERAS_CONFIG } from '../../formats/format-names.ts';
import { encodeKeras } from '../../formats/keras-write.ts';
import type { Source } from '../../formats/sources.ts';
import type { Model } from '../model.ts';
import { readModel } from './load-model.ts';

/** Of a page, what a download takes; its types are known only where TypeScript has the DOM's. */
interface Page {
  createElement(name: 'a'): { href: string; download: string; click(): void };
}

/** A file that somebody chose or dropped: a `File`, or a `Blob`, which has no name. */
export interface ChosenFile {
  readonly name?: string;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Milliseconds that a browser has to begin a download before its bytes are forgotten. */
const KEPT = 60_000;

/**
 * Lets the user keep a model as a file: `NAME.keras`, which Keras 3 reads too.
 *
 *     button.onclick = () => downloadModel('my-digits', model);
 *
 * @throws Error where there is no page, as in a Worker (encodeKeras gives the bytes); as encodeKeras does.
 */
export function downloadModel(name: string, model: Model): void {
  noMoreArguments('downloadModel', arguments, 2, 'downloadModel(name, model)');
  text('downloadModel', 'name', name);
  expectModel('downloadModel', model);
  const { document } = globalThis as { readonly document?: Page };
  if (!document) throw new Error('downloadModel: there is no page here: send it what encodeKeras gives');
  const file = /\.keras$/i.test(name) ? name : `${name}.keras`;
  const bytes = encodeKeras(model, file);
  // What encodeKeras gives is its own memory, not shared with anybody.
  const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]));
  const link = document.createElement('a');
  link.href = url;
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT);
}

/**
 * The model in files that the user chose or dropped, of any format that `loadModel` reads: one file, or a model.json with the files of
 * weights that it names, chosen together.
 *
 *     const model = await loadModelFiles(input.files); // <input type="file" multiple>
 *
 * @throws FormatError, in one line, where they are no whole model; TypeError where these are no files, as the `null` of an `<input>` of
 *   another type.
 */
export async function loadModelFiles(files: ChosenFile | ArrayLike<ChosenFile> | null): Promise<Model> {
  noMoreArguments('loadModelFiles', arguments, 1, 'put the files into one array');
  return readModel(await sourceOf(files));
}

/** Files that a user chose, as readers of models take them. @throws TypeError where these are no files. */
export async function sourceOf(files: ChosenFile | ArrayLike<ChosenFile> | null): Promise<Source> {
  const given = isFile(files) ? [files] : listOf(files);
  const all = given.filter(isFile);
  if (all.length === 0 || all.length < given.length) {
    const other = given.find((file) => !isFile(file)) ?? files;
    throw new TypeError(`loadModelFiles: expected files, got ${describe(other)}`);
  }
  const first =
    // Beside Keras' description of layers, and beside a model of Teachable Machine, there is a metadata.json.
    [KERAS_CONFIG, /^(?!metadata\.json$).*\.json$/i]
      .map((name) => all.find((file) => file.name?.match(name)))
      .find(Boolean) ?? all[0];
  const nameOf = ({ name }: ChosenFile): string => name || 'file';
  return {
    name: nameOf(first),
    bytes: await read(first),
    async beside(name, most) {
      const file = all.find((each) => nameOf(each) === name);
      if (!file) {
        const chosen = all.map(nameOf).join(', ');
        throw new FormatError(
          nameOf(first),
          `this model has a file beside it, ${name}: choose both together, got ${chosen}`,
        );
      }
      const bytes = await read(file);
      if (bytes.length > most)
        throw new FormatError(name, `too large: expected at most ${most} bytes, got ${bytes.length}`);
      return { name, bytes };
    },
  };
}

/** A file's bytes. @throws TypeError where it gives something else. */
async function read(file: ChosenFile): Promise<Uint8Array> {
  return bytesOf(`loadModelFiles: ${file.name ?? 'file'}`, await file.arrayBuffer());
}

function isFile(value: unknown): value is ChosenFile {
  try {
    const { arrayBuffer, name } = Object(value) as {
      readonly arrayBuffer?: unknown;
      readonly name?: unknown;
    };
    return typeof arrayBuffer === 'function' && (name === undefined || typeof name === 'string');
  } catch {
    return false; // a Proxy that was revoked
  }
}

/** The most files of a model: Keras writes and TensorFlow.js reads one for each few megabytes. */
const MOST_FILES = 10_000;

/** A `FileList`, or an array of files. Others that have a length are none, however long they say that they are. */
function listOf(files: unknown): unknown[] {
  try {
    const list = Object(files) as ArrayLike<unknown>;
    return list.length <= MOST_FILES ? Array.from({ length: list.length }, (_, i) => list[i]) : [];
  } catch {
    return []; // a Proxy that was revoked
  }
}
