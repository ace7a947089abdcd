/** Files where there are none, as in browsers: a message that says what to use in their place. */

/** @throws Error always. */
export async function writeModelFiles(
  _folder: string,
  _files: readonly (readonly [name: string, bytes: Uint8Array | string])[],
): Promise<void> {
  throw new Error('save: there are no folders here: use encodeModel, and keep its json and weights');
}

/** @throws Error always. */
export async function readModelFile(
  _folder: string,
  _name: string,
  _maxBytes = Infinity,
): Promise<{ path: string; bytes: Uint8Array }> {
  throw new Error('loadModel: there are no folders here: fetch model.json and its weights, use decodeModel');
}

/** @throws Error always; so do all below. */
export async function writeFileAtomic(_path: string, _bytes: Uint8Array | string): Promise<void> {
  throw noFiles();
}

export async function listFolder(_path: string): Promise<string[]> {
  throw noFiles();
}

export async function removeFile(_path: string): Promise<void> {
  throw noFiles();
}

export async function isFolder(_path: string): Promise<boolean> {
  throw noFiles();
}

export async function readWholeFile(_path: string): Promise<Uint8Array> {
  throw noFiles();
}

function noFiles(): Error {
  return new Error(
    'checkpoint: there are no files here: use encodeCheckpoint and decodeCheckpoint, and keep the bytes',
  );
}
