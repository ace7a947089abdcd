/** Numbers of 16 bits as files have them: IEEE's half precision (F16), and the upper half of a float32 (BF16). Exact in float32. */

/**
 * The number that 16 bits are in IEEE 754's binary16: sign, 5 bits of exponent, 10 of fraction.
 *
 *     e = 0: ±f·2^−24      e = 31: ±∞ where f = 0, else NaN      otherwise: ±(1024 + f)·2^(e − 25)
 */
export function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

const WORD = new DataView(new ArrayBuffer(4));

/** The number that 16 bits are in bfloat16: a float32 whose lower 16 bits are zero. */
export function bfloatToFloat(bits: number): number {
  WORD.setUint32(0, bits * 0x10000);
  return WORD.getFloat32(0);
}
