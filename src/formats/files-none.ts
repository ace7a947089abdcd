/** What files-node.ts does where there is no Node, as in browsers: for files a message that says what to use instead. */

/** There are no files: whatever is done with the path says so. */
export function fileUrlToPath(url: URL): string {
  return url.pathname;
}

/** The page's address, or the worker's, to which the links in it are relative; null where there is none either. */
export function baseAddress(): string | null {
  return globalThis.location?.href ?? null;
}

/** @throws Error always. */
export async function writeModelFiles(
  _folder: string,
  _files: readonly (readonly [name: string, bytes: Uint8Array | string])[],
): Promise<void> {
  throw noFolders();
}

function noFolders(): Error {
  return new Error('save: there are no folders here: use encodeModel, or storeModel of degelo/browser');
}

/** @throws Error always. */
export async function readModelFile(
  _folder: string,
  _name: string,
  _maxBytes = Infinity,
): Promise<{ path: string; bytes: Uint8Array }> {
  throw new Error('there are no folders here: expected an http(s): URL of a file, or its bytes');
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

export async function exists(_path: string): Promise<boolean> {
  throw noFiles();
}

export async function readWholeFile(_path: string, _maxBytes = Infinity): Promise<Uint8Array> {
  throw noFiles();
}

function noFiles(): Error {
  return new Error(
    'there are no files here: in place of a path hand in bytes (loadModel(bytes), decodeNpz(bytes), …) or a whole address ' +
      '(https://…), and keep the bytes that encodeModel, encodeCheckpoint and the like give',
  );
}

/** SHA-256: the browser's where it gives it, which pages from plain http: don't have. */
export async function digest(bytes: Uint8Array): Promise<Uint8Array> {
  const { subtle } = globalThis.crypto ?? {};
  if (!subtle) {
    // The bytes may change while it is loaded.
    const copy = bytes.slice();
    const { sha256 } = await import('./noble.ts');
    return sha256(copy);
  }
  // Shared memory isn't hashed; of other memory digest itself makes a copy, at once.
  const own =
    bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
  return new Uint8Array(await subtle.digest('SHA-256', own));
}
