/** The features of all photos of a job, from its cells: what a head is trained on where the photos aren't at hand, or don't have to be read. */
import { createHash } from 'node:crypto';
import { FormatError } from '../../formats/errors.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { type Found, gatherCells } from '../cells.ts';
import { type CellPhoto, FEATURE_CELLS, type FeatureCell } from './feature-cells.ts';
import type { FeatureJob } from './feature-job.ts';
import type { Features } from './features.ts';
import type { BadPhoto } from './photos.ts';

export class FeatureSet {
  readonly job: FeatureJob;
  readonly #cells: readonly FeatureCell[];
  /** Which cell, and which row in it, a photo's features are: by its name. */
  readonly #places = new Map<
    string,
    { readonly cell: FeatureCell; readonly row: number; readonly sha256: string }
  >();

  /**
   * @param jobs what else names the job: the file of each folder
   * @throws RangeError where a cell is missing, there twice, or of another job; FormatError where these aren't the job's photos.
   */
  constructor(cells: readonly Found<FeatureCell>[], jobs: readonly Found<FeatureJob>[] = []) {
    const gathered = gatherCells(FEATURE_CELLS, cells, jobs);
    this.job = gathered.job;
    this.#cells = gathered.cells;
    for (const cell of this.#cells) {
      let row = 0;
      for (const photo of cell.photos) {
        if ('sha256' in photo) this.#places.set(photo.name, { cell, row: row++, sha256: photo.sha256 });
      }
    }
    const sha256 = createHash('sha256').update(JSON.stringify(this.names)).digest('hex');
    if (sha256 !== this.job.photos.sha256) {
      throw new FormatError(cells[0].file, 'the names of the photos must be those that the job was made for');
    }
  }

  /** The names of all files, in the order of the job. */
  get names(): string[] {
    return this.#all(({ name }) => name);
  }

  /** Files that are no photos. */
  get skipped(): BadPhoto[] {
    return this.#all((photo) => photo)
      .filter((photo) => 'reason' in photo)
      .map(({ name, reason }) => ({ file: name, reason }));
  }

  /** The features of files, in their order, except for those that are no photos. */
  take(names: readonly string[]): Features {
    const { width } = this.job;
    const data = new Float32Array(names.length * width);
    const places: number[] = [];
    const hashes: string[] = [];
    for (const [n, name] of names.entries()) {
      const found = this.#places.get(name);
      if (!found) continue;
      const { cell, row, sha256 } = found;
      data.set(cell.features.data.subarray(row * width, (row + 1) * width), places.length * width);
      places.push(n);
      hashes.push(sha256);
    }
    return { places, hashes, data: data.subarray(0, places.length * width), stored: places.length };
  }

  /** All in one cell. */
  merged(): FeatureCell {
    const { data } = this.take(this.names);
    const { width } = this.job;
    return {
      job: { ...this.job, cells: 1 },
      index: 0,
      photos: this.#all((photo) => photo),
      features: new Tensor(data, [data.length / width, width]),
    };
  }

  #all<T>(of: (photo: CellPhoto) => T): T[] {
    return this.#cells.flatMap(({ photos }) => photos.map(of));
  }
}
