// Generated from ../plain/affine.ts by generate-float64.mjs: do not edit.
/**
 * y[i] = x[i]·scale[c] + offset[c], c = i mod C, for i < size, rounded after the product and after the sum; scale and offset have C
 * numbers. y may be x. See Kernels.affine.
 */
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
