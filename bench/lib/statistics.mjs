/** Medians: one slow moment of the machine moves a mean, and doesn't move them. */

/** @param {readonly number[]} values at least one */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * How much longer `ours` took than `theirs`: the median of the ratios of pairs measured next to each other, so that
 * a machine that slows down for a minute slows both halves of a pair.
 * @param {readonly number[]} ours one time a round
 * @param {readonly number[]} theirs of the same rounds
 */
export function medianRatio(ours, theirs) {
  const pairs = Math.min(ours.length, theirs.length);
  return median(Array.from({ length: pairs }, (_, i) => ours[i] / theirs[i]));
}

/** @param {readonly number[]} values */
export function summarize(values) {
  return {
    median: median(values),
    min: Math.min(...values),
    max: Math.max(...values),
    samples: values.length,
  };
}
