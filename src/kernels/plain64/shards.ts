// Generated from ../plain/shards.ts by generate-float64.mjs: do not edit.
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
