/** Sums over the whole batch, which some layers need in training; see WorkingLayer.batchSums. */

/** Float64 numbers of a layer's sums over the batch: of one shard's part, and of the result. */
export interface BatchSumsSize {
  readonly forward: { readonly part: number; readonly result: number };
  readonly backward: { readonly part: number; readonly result: number };
}

/** The sums, merged from all shards' parts. */
export interface BatchSums {
  readonly forward: Float64Array;
  readonly backward: Float64Array;
  /** The sums of these samples' shard alone, as sumBackward left them. */
  readonly part: Float64Array;
}

/** result[i] = parts[0][i] + parts[1][i] + …, from +0 */
export function addParts(parts: readonly Float64Array[], result: Float64Array): void {
  result.fill(0);
  for (const part of parts) for (let i = 0; i < result.length; i++) result[i] += part[i];
}
