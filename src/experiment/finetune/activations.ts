/**
 * What the frozen part of a network gives for photos, batch by batch, while the part above it is trained: computed once per photo
 * where memory allows, and again in every epoch for those beyond.
 */
import { deriveKey, Purpose, permutation } from '../../tensor/random.ts';
import { type Shape, sizeOf, Tensor } from '../../tensor/tensor.ts';
import type { Model } from '../../training/model.ts';
import type { Batch } from '../../training/stream.ts';
import { readPhotos } from './photos.ts';

/** Photos with their classes. */
export interface Photos {
  readonly files: readonly string[];
  readonly labels: Int32Array;
}

export interface ActivationOptions {
  /** null: the photos themselves. */
  readonly prefix: Model | null;
  /** The shape of one photo's activations. */
  readonly shape: Shape;
  readonly size: readonly [height: number, width: number];
  /** Numbers that may be kept. */
  readonly room: number;
}

export class Activations {
  readonly #photos: Photos;
  readonly #options: ActivationOptions;
  readonly #each: number;
  /** The activations of the first photos: as many as there is room for. */
  readonly #kept: Float32Array;
  readonly #ready: Uint8Array;

  constructor(photos: Photos, options: ActivationOptions) {
    this.#photos = photos;
    this.#options = options;
    this.#each = sizeOf(options.shape);
    const capacity = Math.min(photos.files.length, Math.floor(options.room / this.#each));
    this.#kept = new Float32Array(capacity * this.#each);
    this.#ready = new Uint8Array(capacity);
  }

  /** Numbers that are kept, at most. */
  get kept(): number {
    return this.#kept.length;
  }

  /** Photos whose activations are kept. */
  get capacity(): number {
    return this.#ready.length;
  }

  /** Batches in their own order, which tests want. */
  async *inOrder(batch: number): AsyncGenerator<Batch> {
    const order = this.#photos.labels.map((_, n) => n);
    for (let at = 0; at < order.length; at += batch) yield await this.#batch(order.subarray(at, at + batch));
  }

  /** Batches in the order of an epoch, which the seed decides. */
  async *shuffled(batch: number, seed: number, epoch: number): AsyncGenerator<Batch> {
    const order = permutation(deriveKey(seed, Purpose.shuffle, 0, epoch), this.#photos.files.length);
    for (let at = 0; at < order.length; at += batch) yield await this.#batch(order.subarray(at, at + batch));
  }

  async #batch(places: Int32Array): Promise<Batch> {
    const { shape, size, prefix } = this.#options;
    const each = this.#each;
    const x = new Float32Array(places.length * each);
    const missing: number[] = [];
    for (const [n, place] of places.entries()) {
      if (this.#ready[place]) x.set(this.#kept.subarray(place * each, (place + 1) * each), n * each);
      else missing.push(n);
    }
    if (missing.length > 0) {
      const files = missing.map((n) => this.#photos.files[places[n]]);
      const pixels = await readPhotos(files, size);
      const made = prefix ? await prefix.predict(pixels, { batchSize: missing.length }) : pixels;
      for (const [m, n] of missing.entries()) {
        const one = made.data.subarray(m * each, (m + 1) * each);
        x.set(one, n * each);
        if (places[n] < this.capacity) {
          this.#kept.set(one, places[n] * each);
          this.#ready[places[n]] = 1;
        }
      }
    }
    const labels = Int32Array.from(places, (place) => this.#photos.labels[place]);
    return [new Tensor(x, [places.length, ...shape]), labels];
  }
}
