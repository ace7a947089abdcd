// Generated from ../plain/affine.ts by generate-float64.mjs: do not edit.
export function affine(
  size: number,
  x: Float64Array,
  scale: readonly number[],
  offset: readonly number[],
  y: Float64Array,
): void {
  const C = scale.length;
  for (let c = 0; c < C; c++) {
    const s = (scale[c]);
    const o = (offset[c]);
    for (let i = c; i < size; i += C) y[i] = ((x[i] * s) + o);
  }
}
