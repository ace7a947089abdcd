/** Why a file of a network is of no use here, and what to do, for people at the page: what the library says of it is for programmers. */
import type { Messages, Words } from '../messages.ts';

/** What the library says, and what the page says instead, of `file`; `found` is what stands between the parentheses. */
const OTHERWISE: readonly (readonly [RegExp, (m: Messages, file: string, found: string) => string])[] = [
  [/: this model has a file beside it, (.*?): choose/, (m, file, found) => m.filesMissing(file, found)],
  [/: no model that is known: /, (m, file) => m.noNetwork(file)],
  [/weights and no layers/, (m, file) => m.onlyWeights(file)],
  [/GraphModel|SavedModel/, (m, file) => m.cantLearn(file)],
  [/truncated|damaged|expected to lie within/, (m, file) => m.damaged(file)],
  [/expected input \[height, width, 3\]/, (m, file) => m.noPhotos(file)],
  [/expected a model for drawings/, (m, file) => m.noPictures(file)],
  [/expected a model that gives probabilities/, (m, file) => m.noClasses(file)],
  [/what it wants of pixels/, (m, file) => m.noColours(file)],
  [/too large|allocation failed|out of memory|WebAssembly memory/i, (m, file) => m.tooLarge(file)],
  // Of browsers, where a file was moved or changed since it was chosen.
  [
    /could not be (read|found)|NotReadableError|NotFoundError|object can not be found/i,
    (m, file) => m.moved(file),
  ],
];

/** @param files those that were chosen @param reason why it is, where nothing is known of files like these */
export function fileReason(
  error: unknown,
  files: readonly { readonly name: string }[],
  reason: Words,
): Words {
  const { name: kind, message } = error instanceof Error ? error : new Error(String(error));
  // Of many, the one that says what the others are.
  const file = (
    files.find(({ name }) => message.startsWith(name)) ??
    files.find(({ name }) => name.endsWith('.json')) ??
    files[0]
  ).name;
  for (const [said, words] of OTHERWISE) {
    const found = said.exec(`${message} (${kind})`);
    if (found) return (m) => words(m, file, found[1] ?? '');
  }
  // What the page's own words say of the browser is no fault of the file.
  return kind === 'FormatError' || kind === 'RangeError' ? (m) => m.notForHere(file, reason(m)) : reason;
}
