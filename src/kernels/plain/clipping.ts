/** Bounds for gradients, element by element, for elements from ≤ i < to. */

/** g[i] ← g[i]·factor, the factor rounded first. */
export function scale(from: number, to: number, factor: number, g: Float32Array): void {
  const f = Math.fround(factor);
  for (let i = from; i < to; i++) g[i] = Math.fround(g[i] * f);
}

/** g[i] ← max(−limit, min(limit, g[i])), the limit rounded first. NaN stays NaN. */
export function clip(from: number, to: number, limit: number, g: Float32Array): void {
  const most = Math.fround(limit);
  for (let i = from; i < to; i++) {
    if (g[i] > most) g[i] = most;
    else if (g[i] < -most) g[i] = -most;
  }
}
