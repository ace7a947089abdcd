/**
 * Features of photos in files, each written whole or not at all, so that what is stopped loses little:
 *
 *   features-000001.safetensors: features [n, width]; its metadata names the network that made them, and each photo by its SHA-256
 */
import { listFolder, readWholeFile, writeFileAtomic } from '#files';
import { FormatError } from '../../formats/errors.ts';
import { expectTensor } from '../../formats/expected-tensors.ts';
import { decodeSafetensors, encodeSafetensors } from '../../formats/safetensors.ts';
import { Tensor } from '../../tensor/tensor.ts';
import type { FeatureStore } from './features.ts';

const NAME = /^features-(\d{1,9})\.safetensors$/;
const TENSOR = 'features';
const NETWORK = 'network';
const PHOTOS = 'photos';
/** A file is written after so many photos, or milliseconds. */
const MOST_PHOTOS = 2048;
const LONGEST = 10_000;

/** The features of a file. */
export interface FeatureFile {
  /** What made them: a hash of the network, and of how it takes photos. */
  readonly network: string;
  /** [n], SHA-256 of each photo's file. */
  readonly photos: readonly string[];
  /** [n, width] */
  readonly features: Tensor;
}

function encodeFeatures({ network, photos, features }: FeatureFile): Uint8Array {
  const metadata = new Map([
    [NETWORK, network],
    [PHOTOS, photos.join(' ')],
  ]);
  return encodeSafetensors(new Map([[TENSOR, features]]), { metadata });
}

/** @throws FormatError where it is no such file. */
function decodeFeatures(bytes: Uint8Array, file: string): FeatureFile {
  const { tensors, metadata } = decodeSafetensors(bytes, file);
  const photos = (metadata.get(PHOTOS) ?? '').split(' ');
  if (!photos.every((hash) => /^[0-9a-f]{64}$/.test(hash))) {
    throw new FormatError(file, `must name its photos by their SHA-256 in its metadata`);
  }
  const width = tensors.get(TENSOR)?.shape[1] ?? 0;
  return {
    network: metadata.get(NETWORK) ?? '',
    photos,
    features: expectTensor(tensors, TENSOR, [photos.length, width], file),
  };
}

/** Features in a folder, which is there. */
export class FeatureFiles implements FeatureStore {
  readonly #folder: string;
  readonly #network: string;
  readonly #width: number;
  readonly #known = new Map<string, Float32Array>();
  #newest = 0;
  #added: { readonly hash: string; readonly features: Float32Array }[] = [];
  #since = performance.now();

  private constructor(folder: string, network: string, width: number) {
    this.#folder = folder;
    this.#network = network;
    this.#width = width;
  }

  /** Those of the folder's files that this network made; damaged ones, and another's, count as nothing. */
  static async open(folder: string, network: string, width: number): Promise<FeatureFiles> {
    const files = new FeatureFiles(folder, network, width);
    for (const name of await listFolder(folder)) {
      const number = NAME.exec(name)?.[1];
      if (number === undefined) continue;
      files.#newest = Math.max(files.#newest, Number(number));
      await files.#read(`${folder}/${name}`);
    }
    return files;
  }

  get(hash: string): Float32Array | undefined {
    return this.#known.get(hash);
  }

  async add(hashes: readonly string[], { data }: Tensor): Promise<void> {
    for (const [n, hash] of hashes.entries()) {
      this.#added.push({
        hash,
        features: Float32Array.from(data.subarray(n * this.#width, (n + 1) * this.#width)),
      });
    }
    if (this.#added.length >= MOST_PHOTOS || performance.now() - this.#since > LONGEST) await this.flush();
  }

  async flush(): Promise<void> {
    this.#since = performance.now();
    if (this.#added.length === 0) return;
    const all = new Float32Array(this.#added.length * this.#width);
    for (const [n, { features }] of this.#added.entries()) all.set(features, n * this.#width);
    const bytes = encodeFeatures({
      network: this.#network,
      photos: this.#added.map(({ hash }) => hash),
      features: new Tensor(all, [this.#added.length, this.#width]),
    });
    const name = `features-${String(this.#newest + 1).padStart(6, '0')}.safetensors`;
    await writeFileAtomic(`${this.#folder}/${name}`, bytes);
    this.#newest++;
    this.#added = [];
  }

  async #read(path: string): Promise<void> {
    try {
      const { network, photos, features } = decodeFeatures(await readWholeFile(path), path);
      if (network !== this.#network || features.shape[1] !== this.#width) return;
      for (const [n, hash] of photos.entries()) {
        this.#known.set(hash, features.data.subarray(n * this.#width, (n + 1) * this.#width) as Float32Array); // by its dtype
      }
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
    }
  }
}
