/** What `degelo features` computes, cell by cell, and what it merges. */
import { resolve } from 'node:path';
import { exists, writeFileAtomic } from '#files';
import { defaultThreads } from '#pool';
import { Extraction, samePhotos } from '../experiment/finetune/extraction.ts';
import {
  encodeFeatureCell,
  FEATURE_CELLS,
  type FeatureCell,
  placesOf,
} from '../experiment/finetune/feature-cells.ts';
import { type FeatureJob, listPhotos, type PhotoList } from '../experiment/finetune/feature-job.ts';
import { type BadPhoto, refuseBad } from '../experiment/finetune/photos.ts';
import { VERSION } from '../formats/version.ts';
import { weightsFormatOf } from '../formats/weights-file.ts';
import type { FeaturesResult, MergedFeatures } from '../report/features.ts';
import { featureCellLine, featureLine } from '../report/features.ts';
import { LANGUAGES } from '../report/messages.ts';
import { loadBase } from '../training/saved/load-model.ts';
import { CellFolder, readJob } from './cell-folder.ts';
import { computeCells } from './compute-cells.ts';
import { onSuddenExit } from './exits.ts';
import type { FeatureFlags } from './features-flags.ts';
import { modelFolder } from './model-folder.ts';
import { tell, translated } from './output.ts';
import { readFeatureFolders } from './read-features.ts';
import { Screen } from './screen.ts';
import { UsageError } from './usage.ts';

/** Photos of a cell by default: half a minute of work. */
const PHOTOS_OF_CELL = 1000;

/**
 * Computes the cells that aren't there, or the one that was asked for.
 * @throws UsageError for more cells than photos, and what reading, computing and writing throw.
 */
export async function computeFeatures(flags: FeatureFlags): Promise<FeaturesResult> {
  const screen = new Screen(process.stderr, { quietUnlessTerminal: flags.json ?? false });
  const t = LANGUAGES[flags.lang];
  const forget = onSuddenExit(() => t.study.goesOn);
  try {
    return await computeOn(screen, flags);
  } finally {
    forget();
    screen.clear();
  }
}

async function computeOn(screen: Screen, flags: FeatureFlags): Promise<FeaturesResult> {
  const { images = '', out = '', cell } = flags;
  screen.show(() => LANGUAGES[flags.lang].finetune.readingBase);
  const list = listPhotos(images);
  const before = await readJob(out, FEATURE_CELLS);
  const photos = list.files.length;
  const cells = cell?.parts ?? before?.cells ?? Math.ceil(photos / PHOTOS_OF_CELL);
  if (cells > photos) {
    throw new UsageError(
      `--cell: there must be a photo for each cell: expected i/n with n ≤ ${photos}, got n = ${cells}`,
    );
  }
  const extraction = await openExtraction(list, cells, flags);
  try {
    const folder = await CellFolder.open(out, FEATURE_CELLS, extraction.job);
    const indices = cell ? [cell.part] : Array.from({ length: cells }, (_, index) => index);
    const begin = performance.now();
    const { computed, stored, skipped } = await extractCells(extraction, folder, indices, screen, flags);
    return {
      version: VERSION,
      command: 'features',
      out: resolve(out),
      job: extraction.job,
      cells: indices.length,
      photos: { computed, stored, skipped: skipped.length },
      skipped,
      seconds: (performance.now() - begin) / 1000,
    };
  } finally {
    await extraction.dispose();
  }
}

/** The base, ready to compute features of these photos. */
async function openExtraction(
  list: PhotoList,
  cells: number,
  { base = '', cell, cut, preprocess, size, kernel, convolution, threads }: FeatureFlags,
): Promise<Extraction> {
  const model = await loadBase(modelFolder(base), size);
  tell(model);
  return Extraction.open(list, cells, {
    base: { model, source: base },
    // A task of many has a core of its own, if that.
    threads: threads ?? (cell ? 1 : defaultThreads()),
    ...{ kernel, convolution },
    ...(cut !== undefined && { cut }),
    ...(size && { size }),
    ...(preprocess && { preprocessing: preprocess }),
  });
}

/** Computes cells, each with what of it was there, and writes those that change. */
async function extractCells(
  extraction: Extraction,
  folder: CellFolder<FeatureJob, FeatureCell>,
  indices: readonly number[],
  screen: Screen,
  { skipBad, lang }: FeatureFlags,
): Promise<{ computed: number; stored: number; skipped: readonly BadPhoto[] }> {
  const t = LANGUAGES[lang];
  const { job } = extraction;
  const skipped: BadPhoto[] = [];
  const skip = (bad: BadPhoto): void => {
    skipped.push(bad);
    screen.note(t.finetune.skipped(bad.file, translated(bad.reason)));
  };
  let computed = 0;
  let stored = 0;
  await computeCells(indices, folder, screen, t, async (index, there) => {
    const begin = performance.now();
    const seconds = (): number => (performance.now() - begin) / 1000;
    const { from, to } = placesOf(job, index);
    const done = await extraction.extract(index, {
      before: there,
      skip: skipBad ? skip : refuseBad,
      onProgress: (seen) => screen.show((columns) => featureLine(seen, to - from, seconds(), columns, t)),
    });
    const fresh = done.cell.features.shape[0] - done.stored;
    computed += fresh;
    stored += done.stored;
    const line = featureCellLine(index, job.cells, fresh, done.stored, seconds(), t);
    return { cell: samePhotos(there, done.cell) ? null : done.cell, line };
  });
  return { computed, stored, skipped };
}

/**
 * Joins the cells of folders in one file.
 * @throws UsageError for another kind of file, Error where it is there, and what reading throws.
 */
export async function mergeFeatures(
  folders: readonly string[],
  { out = '', force }: FeatureFlags,
): Promise<MergedFeatures> {
  const format = weightsFormatOf(out);
  if (!format) throw new UsageError(`--out: expected a .safetensors or .npz file, got ${out}`);
  if (!force && (await exists(out))) throw new Error(`--out: ${out} already exists (--force replaces it)`);
  const set = await readFeatureFolders(folders, '--merge');
  const merged = set.merged();
  const bytes = encodeFeatureCell(merged, out, format);
  await writeFileAtomic(out, bytes);
  const { skipped } = set;
  return {
    version: VERSION,
    command: 'features --merge',
    out: resolve(out),
    job: merged.job,
    photos: { merged: merged.features.shape[0], skipped: skipped.length },
    skipped,
    bytes: bytes.length,
  };
}
