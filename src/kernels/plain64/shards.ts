// Generated from ../plain/shards.ts by generate-float64.mjs: do not edit.
/** Adding up what the shards of a batch have computed each for itself. */

/** partial [S, stride] → sum[i] = partial[0, i] + partial[1, i] + …, from ≤ i < to. See Kernels.sumShards. */
export function sumShards(
  S: number,
  stride: number,
  partial: Float64Array,
  from: number,
  to: number,
  sum: Float64Array,
): void {
  for (let i = from; i < to; i++) {
    let total = partial[i];
    for (let s = 1; s < S; s++) total = (total + partial[s * stride + i]);
    sum[i] = total;
  }
}
