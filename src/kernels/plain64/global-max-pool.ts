// Generated from ../plain/global-max-pool.ts by generate-float64.mjs: do not edit.
export function globalMaxPoolForward(
  N: number,
  P: number,
  C: number,
  x: Float64Array,
  y: Float64Array,
  choice: Uint8Array,
): void {
  for (let n = 0; n < N; n++) {
    for (let c = 0; c < C; c++) {
      const out = n * C + c;
      let best = x[n * P * C + c];
      let bestAt = 0;
      for (let p = 1; p < P; p++) {
        const v = x[(n * P + p) * C + c];
        // Only what is larger replaces the best, so the first maximum wins, and the first NaN stays.
        if (!(best >= v) && !Number.isNaN(best)) {
          best = v;
          bestAt = p;
        }
      }
      y[out] = best;
      choice[2 * out] = bestAt & 255;
      choice[2 * out + 1] = bestAt >> 8;
    }
  }
}

export function globalMaxPoolBackward(
  N: number,
  P: number,
  C: number,
  dy: Float64Array,
  choice: Uint8Array,
  dx: Float64Array,
): void {
  dx.fill(0, 0, N * P * C);
  for (let n = 0; n < N; n++) {
    for (let c = 0; c < C; c++) {
      const out = n * C + c;
      const p = choice[2 * out] + 256 * choice[2 * out + 1];
      dx[(n * P + p) * C + c] = dy[out];
    }
  }
}
