/**
 * y[i] = x[i]·scale[c] + offset[c], c = i mod C, for i < size, rounded after the product and after the sum; scale and offset have C
 * numbers. y may be x. See Kernels.affine.
 */
export function affine(
  size: number,
  x: Float32Array,
  scale: readonly number[],
  offset: readonly number[],
  y: Float32Array,
): void {
  const C = scale.length;
  for (let c = 0; c < C; c++) {
    const s = Math.fround(scale[c]);
    const o = Math.fround(offset[c]);
    for (let i = c; i < size; i += C) y[i] = Math.fround(Math.fround(x[i] * s) + o);
  }
}
