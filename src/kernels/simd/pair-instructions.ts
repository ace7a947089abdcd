/** Instructions on two lanes of 64 bits: by themselves, since few networks need them, and bundles are smaller without. */
import { operation, simd, vectorBinary, vectorShift, vectorUnary } from './instructions.ts';

export const i64x2 = {
  shl: vectorShift('i64x2.shl', 0xcb),
  shrU: vectorShift('i64x2.shr_u', 0xcd),
};

export const f64x2 = {
  splat: operation('f64x2.splat', simd(0x14), ['f64'], 'v128'),
  eq: vectorBinary('f64x2.eq', 0x47),
  lt: vectorBinary('f64x2.lt', 0x49),
  gt: vectorBinary('f64x2.gt', 0x4a),
  le: vectorBinary('f64x2.le', 0x4b),
  ge: vectorBinary('f64x2.ge', 0x4c),
  floor: vectorUnary('f64x2.floor', 0x75),
  abs: vectorUnary('f64x2.abs', 0xec),
  neg: vectorUnary('f64x2.neg', 0xed),
  add: vectorBinary('f64x2.add', 0xf0),
  sub: vectorBinary('f64x2.sub', 0xf1),
  mul: vectorBinary('f64x2.mul', 0xf2),
  div: vectorBinary('f64x2.div', 0xf3),
  /** b < a ? b : a, and a < b ? b : a. */
  pmin: vectorBinary('f64x2.pmin', 0xf6),
  pmax: vectorBinary('f64x2.pmax', 0xf7),
  /** Lanes 0 and 1 of four float32, exactly. */
  promoteLow: vectorUnary('f64x2.promote_low_f32x4', 0x5f),
  /** Two float64 rounded to lanes 0 and 1, zeros in the others. */
  demoteZero: vectorUnary('f32x4.demote_f64x2_zero', 0x5e),
};
