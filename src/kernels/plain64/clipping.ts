// Generated from ../plain/clipping.ts by generate-float64.mjs: do not edit.
export function scale(from: number, to: number, factor: number, g: Float64Array): void {
  const f = (factor);
  for (let i = from; i < to; i++) g[i] = (g[i] * f);
}

export function clip(from: number, to: number, limit: number, g: Float64Array): void {
  const most = (limit);
  for (let i = from; i < to; i++) {
    if (g[i] > most) g[i] = most;
    else if (g[i] < -most) g[i] = -most;
  }
}
