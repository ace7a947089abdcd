/** Where `fit` stands: what it keeps while it runs, and what another `fit` can continue from. */
import type { FitPosition } from '../../formats/checkpoint.ts';
import type { Figures, History } from '../callbacks/callback.ts';
import type { RunningMean } from './running-mean.ts';

/** How far `fit` has come. */
export interface FitProgress {
  epoch: number;
  /** Batches of this epoch that are done. */
  batch: number;
  mean: RunningMean;
  /** The figures of the epochs before. */
  readonly record: History;
}

/** The figures of the last epoch; none before the first. */
export function lastLogs({ history }: History): Figures {
  return Object.fromEntries(
    Object.entries(history).flatMap(([name, values]) => values.slice(-1).map((v) => [name, v])),
  );
}

export function copyHistory({ epoch, history }: FitPosition['history']): History {
  const lists = Object.entries(history).map(([name, values]) => [name, [...values]]);
  return { epoch: [...epoch], history: Object.fromEntries(lists) };
}

/**
 * @param seen samples that so many batches of the epoch have here
 * @param steps batches of an epoch
 * @param step training steps of the model so far
 * @throws RangeError where these samples never bring `fit` to that position.
 */
export function checkPosition(
  { epoch, batch, sums }: FitPosition,
  seen: number,
  steps: number,
  step: number,
): void {
  if (sums.samples !== seen || batch > steps || batch > step) {
    throw new RangeError(
      `fit: resumeFrom must come from the same samples and batchSize: epoch ${epoch + 1} had seen ${sums.samples} ` +
        `samples in ${batch} batches, which would be ${seen} here`,
    );
  }
}
