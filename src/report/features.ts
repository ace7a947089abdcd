/** What `degelo features` tells while it works, and its result. */
import type { FeatureJob } from '../experiment/finetune/feature-job.ts';
import type { BadPhoto } from '../experiment/finetune/photos.ts';
import { formatDuration, formatInteger } from './format.ts';
import { english, type Messages } from './messages.ts';

export { featureLine } from './finetune.ts';

/** Cells that were computed, as JSON holds that. */
export interface FeaturesResult {
  readonly version: string;
  readonly command: 'features';
  readonly out: string;
  readonly job: FeatureJob;
  /** The number of cells that were looked at. */
  readonly cells: number;
  /** Of these cells: whose features were computed now, were there, and files that are no photos. */
  readonly photos: { readonly computed: number; readonly stored: number; readonly skipped: number };
  readonly skipped: readonly BadPhoto[];
  readonly seconds: number;
}

/** Cells that became one file. */
export interface MergedFeatures {
  readonly version: string;
  readonly command: 'features --merge';
  readonly out: string;
  readonly job: FeatureJob;
  readonly photos: { readonly merged: number; readonly skipped: number };
  readonly skipped: readonly BadPhoto[];
  readonly bytes: number;
}

/** One cell is done. */
export function featureCellLine(
  index: number,
  cells: number,
  computed: number,
  stored: number,
  seconds: number,
  t: Messages = english,
): string {
  const integer = (value: number): string => formatInteger(value, t.locale);
  const [photos, time] = [integer(computed + stored), formatDuration(seconds, t.locale)];
  return t.finetune.cellDone(integer(index), integer(cells), photos, integer(stored), time);
}

export function featuresText(result: FeaturesResult | MergedFeatures, t: Messages = english): string {
  const integer = (value: number): string => formatInteger(value, t.locale);
  const { job, out, photos } = result;
  const skipped = integer(photos.skipped);
  if ('merged' in photos) {
    return t.finetune.featuresMerged(out, integer(photos.merged), integer(job.width), skipped);
  }
  const all = integer(photos.computed + photos.stored);
  return t.finetune.featuresKept(out, all, integer(photos.stored), skipped);
}
