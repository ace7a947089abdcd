/** What the reference kernels are written in: rounding, sums and loops. */
import type { Rectifier } from '../../../src/kernels/kernels.ts';

export type Numbers = ArrayLike<number>;
/** Math.fround for float32, the identity for float64. */
export type Round = (value: number) => number;

export const roundingOf = (dtype: 'float32' | 'float64'): Round =>
  dtype === 'float32' ? Math.fround : (value) => value;

export const zerosOf = (length: number): number[] => new Array<number>(length).fill(0);

export const eachPixel = (
  OH: number,
  OW: number,
  visit: (oh: number, ow: number, pixel: number) => void,
): void => {
  for (let oh = 0; oh < OH; oh++) for (let ow = 0; ow < OW; ow++) visit(oh, ow, oh * OW + ow);
};

/** A table's values, row by row. */
export const table = (M: number, N: number, value: (m: number, n: number) => number): number[] => {
  const c: number[] = [];
  for (let m = 0; m < M; m++) for (let n = 0; n < N; n++) c.push(value(m, n));
  return c;
};

/** Σ_k product(k), k ascending from +0, one rounding after each multiplication and each addition. */
export type SumOf = (K: number, product: (k: number) => number) => number;

export function sumsWith(round: Round): SumOf {
  return (K, product) => {
    let sum = 0;
    for (let k = 0; k < K; k++) sum = round(sum + round(product(k)));
    return sum;
  };
}

// Not Math.max: NaN gives +0.
export const relu = (v: number): number => (v > 0 ? v : 0);
export const rectified = (v: number, rectifier: Rectifier): number =>
  rectifier === false ? v : Math.min(relu(v), rectifier === true ? Infinity : rectifier);
