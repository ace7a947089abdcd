/**
 * WebAssembly's instructions as typed expressions: `f32x4.add(a, f32x4.mul(x, w))`.
 *
 * A `Value` is code that leaves one value of a known type on the stack. An instruction checks the types of its
 * operands when it is put together, so a mistake is reported where it is made and by name, not by the engine as
 * a byte offset. Those of lanes of 64 bits are in pair-instructions.ts. Opcodes are those of the specification's appendix "Index of Instructions"; only what the
 * kernels use is listed, and adding another is one line.
 */
import { floatBytes, signed, unsigned } from './encoding.ts';

export type ValueType = 'i32' | 'f32' | 'f64' | 'v128';

export interface Value<T extends ValueType = ValueType> {
  readonly type: T;
  /** The instructions' bytes. */
  readonly code: readonly number[];
}

/** What an instruction takes: a value, or a JavaScript number that becomes a constant. */
export type Operand<T extends ValueType> = T extends 'v128' ? Value<T> : Value<T> | number;
type Operands<P extends readonly ValueType[]> = { [I in keyof P]: Operand<P[I]> };

/** A byte offset into the memory. */
export type Pointer = Operand<'i32'>;

/** Turns an operand into a value, a number into a constant. @throws TypeError for a value of another type. */
export function toValue<T extends ValueType>(type: T, operand: Operand<T>, operation: string): Value<T> {
  if (typeof operand === 'number') return constant(type, operand, operation);
  // Operand<T> without its number is Value<T>, which TypeScript can't narrow through the conditional type.
  const value = operand as Value<T>;
  if (value.type !== type) {
    throw new TypeError(`${operation}: operand: expected ${type}, got ${value.type}`);
  }
  return value;
}

function constant<T extends ValueType>(type: T, value: number, operation: string): Value<T> {
  switch (type) {
    case 'i32': {
      if (!Number.isInteger(value) || value < -(2 ** 31) || value >= 2 ** 32) {
        throw new RangeError(`${operation}: i32 constants are integers of 32 bits, got ${value}`);
      }
      return { type, code: [0x41, ...signed(value | 0)] };
    }
    case 'f32':
      return { type, code: [0x43, ...floatBytes(value, 4)] };
    case 'f64':
      return { type, code: [0x44, ...floatBytes(value, 8)] };
    default:
      throw new TypeError(`${operation}: a number can't be a v128: use v128.const or a splat`);
  }
}

/** An instruction without immediates: operands' code in order, then the opcode. */
export function operation<const P extends readonly ValueType[], R extends ValueType>(
  name: string,
  opcode: readonly number[],
  parameters: P,
  result: R,
): (...operands: Operands<P>) => Value<R> {
  return (...operands) => {
    const code: number[] = [];
    for (let i = 0; i < parameters.length; i++) {
      code.push(...toValue(parameters[i], operands[i] as Operand<ValueType>, name).code);
    }
    code.push(...opcode);
    return { type: result, code };
  };
}

/** SIMD instructions: prefix 0xfd, then the number as LEB128. */
export const simd = (number: number): number[] => [0xfd, ...unsigned(number)];

const unary = <T extends ValueType>(name: string, type: T, opcode: readonly number[]) =>
  operation(name, opcode, [type], type);
const binary = <T extends ValueType>(name: string, type: T, opcode: readonly number[]) =>
  operation(name, opcode, [type, type], type);
const compare = <T extends ValueType>(name: string, type: T, opcode: readonly number[]) =>
  operation(name, opcode, [type, type], 'i32');
export const vectorUnary = (name: string, number: number) => unary(name, 'v128', simd(number));
export const vectorBinary = (name: string, number: number) => binary(name, 'v128', simd(number));
export const vectorShift = (name: string, number: number) =>
  operation(name, simd(number), ['v128', 'i32'], 'v128');
const vectorToBits = (name: string, number: number) => operation(name, simd(number), ['v128'], 'i32');

/** The memory immediate: an alignment hint of four bytes (or less, where the access is smaller), the offset. */
export function memoryImmediate(offset: number, bytes: number, name: string): number[] {
  if (!Number.isInteger(offset) || offset < 0 || offset >= 2 ** 32) {
    throw new RangeError(`${name}: offset must be an unsigned integer of 32 bits, got ${offset}`);
  }
  return [Math.min(2, bytes >> 1), ...unsigned(offset)];
}

/** A load: value at pointer + offset. */
function load<R extends ValueType>(name: string, opcode: readonly number[], bytes: number, result: R) {
  return (pointer: Pointer, offset = 0): Value<R> => ({
    type: result,
    code: [...toValue('i32', pointer, name).code, ...opcode, ...memoryImmediate(offset, bytes, name)],
  });
}

function checkLane(name: string, lane: number, lanes: number): number {
  if (!Number.isInteger(lane) || lane < 0 || lane >= lanes) {
    throw new RangeError(`${name}: lane must be an integer from 0 to ${lanes - 1}, got ${lane}`);
  }
  return lane;
}

function extractLane<R extends ValueType>(name: string, number: number, lanes: number, result: R) {
  return (vector: Value<'v128'>, lane: number): Value<R> => ({
    type: result,
    code: [...toValue('v128', vector, name).code, ...simd(number), checkLane(name, lane, lanes)],
  });
}

export const i32 = {
  const: (value: number) => constant('i32', value, 'i32.const'),
  load: load('i32.load', [0x28], 4, 'i32'),
  load8U: load('i32.load8_u', [0x2d], 1, 'i32'),
  eq: compare('i32.eq', 'i32', [0x46]),
  ne: compare('i32.ne', 'i32', [0x47]),
  ltU: compare('i32.lt_u', 'i32', [0x49]),
  geU: compare('i32.ge_u', 'i32', [0x4f]),
  /** Count of trailing zeros: the place of the lowest bit that is set. */
  ctz: unary('i32.ctz', 'i32', [0x68]),
  popcnt: unary('i32.popcnt', 'i32', [0x69]),
  add: binary('i32.add', 'i32', [0x6a]),
  sub: binary('i32.sub', 'i32', [0x6b]),
  mul: binary('i32.mul', 'i32', [0x6c]),
  and: binary('i32.and', 'i32', [0x71]),
  or: binary('i32.or', 'i32', [0x72]),
  xor: binary('i32.xor', 'i32', [0x73]),
  shl: binary('i32.shl', 'i32', [0x74]),
  shrU: binary('i32.shr_u', 'i32', [0x76]),
};

export const f32 = {
  const: (value: number) => constant('f32', value, 'f32.const'),
  load: load('f32.load', [0x2a], 4, 'f32'),
  ne: compare('f32.ne', 'f32', [0x5c]),
  add: binary('f32.add', 'f32', [0x92]),
};

export const v128 = {
  /** Four 32-bit words, each taken modulo 2^32. */
  const: (w0: number, w1: number, w2: number, w3: number): Value<'v128'> => ({
    type: 'v128',
    code: [...simd(0x0c), ...new Uint8Array(new Int32Array([w0, w1, w2, w3]).buffer)],
  }),
  zero: (): Value<'v128'> => v128.const(0, 0, 0, 0),
  load: load('v128.load', simd(0x00), 16, 'v128'),
  /** One number in all four lanes. */
  load32Splat: load('v128.load32_splat', simd(0x09), 4, 'v128'),
  /** One number in lane 0, zeros in the others. */
  load32Zero: load('v128.load32_zero', simd(0x5c), 4, 'v128'),
  load64Zero: load('v128.load64_zero', simd(0x5d), 8, 'v128'),
  and: vectorBinary('v128.and', 0x4e),
  /** a & ~b */
  andnot: vectorBinary('v128.andnot', 0x4f),
  or: vectorBinary('v128.or', 0x50),
  xor: vectorBinary('v128.xor', 0x51),
  /** Bits of `a` where `mask` has ones, of `b` where it has zeros. */
  bitselect: operation('v128.bitselect', simd(0x52), ['v128', 'v128', 'v128'], 'v128'),
};

export const i8x16 = {
  /** Byte i of the result is byte `bytes[i]` of the 32 bytes of a and b together. */
  shuffle: (a: Value<'v128'>, b: Value<'v128'>, bytes: readonly number[]): Value<'v128'> => {
    if (bytes.length !== 16) {
      throw new RangeError(`i8x16.shuffle: takes 16 byte numbers, got ${bytes.length}`);
    }
    return {
      type: 'v128',
      code: [
        ...toValue('v128', a, 'i8x16.shuffle').code,
        ...toValue('v128', b, 'i8x16.shuffle').code,
        ...simd(0x0d),
        ...bytes.map((byte) => checkLane('i8x16.shuffle', byte, 32)),
      ],
    };
  },
  /** Byte i of the result is byte `indices[i]` of `a`, zero where that is 16 or more. */
  swizzle: vectorBinary('i8x16.swizzle', 0x0e),
  splat: operation('i8x16.splat', simd(0x0f), ['i32'], 'v128'),
  eq: vectorBinary('i8x16.eq', 0x23),
  bitmask: vectorToBits('i8x16.bitmask', 0x64),
  /** Sixteen 16-bit lanes to bytes, clamped as signed numbers. */
  narrow: vectorBinary('i8x16.narrow_i16x8_s', 0x65),
};

export const i16x8 = {
  /** Eight 32-bit lanes to 16 bits, clamped as signed numbers. */
  narrow: vectorBinary('i16x8.narrow_i32x4_s', 0x85),
  /** The same, clamped to unsigned 16-bit numbers. */
  narrowUnsigned: vectorBinary('i16x8.narrow_i32x4_u', 0x86),
  extendLowU: vectorUnary('i16x8.extend_low_i8x16_u', 0x89),
};

export const i32x4 = {
  splat: operation('i32x4.splat', simd(0x11), ['i32'], 'v128'),
  extractLane: extractLane('i32x4.extract_lane', 0x1b, 4, 'i32'),
  eq: vectorBinary('i32x4.eq', 0x37),
  geU: vectorBinary('i32x4.ge_u', 0x40),
  /** The lanes' top bits as bits 0 to 3. */
  bitmask: vectorToBits('i32x4.bitmask', 0xa4),
  extendLowU: vectorUnary('i32x4.extend_low_i16x8_u', 0xa9),
  shl: vectorShift('i32x4.shl', 0xab),
  shrU: vectorShift('i32x4.shr_u', 0xad),
  add: vectorBinary('i32x4.add', 0xae),
};

/** Four lanes of `a` and `b` (numbered 0 to 3 and 4 to 7) as one vector. */
export function shuffle32(
  a: Value<'v128'>,
  b: Value<'v128'>,
  lanes: readonly [number, number, number, number],
): Value<'v128'> {
  return i8x16.shuffle(
    a,
    b,
    lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * checkLane('shuffle32', lane, 8) + byte)),
  );
}

export const f32x4 = {
  splat: operation('f32x4.splat', simd(0x13), ['f32'], 'v128'),
  eq: vectorBinary('f32x4.eq', 0x41),
  ne: vectorBinary('f32x4.ne', 0x42),
  lt: vectorBinary('f32x4.lt', 0x43),
  gt: vectorBinary('f32x4.gt', 0x44),
  ge: vectorBinary('f32x4.ge', 0x46),
  neg: vectorUnary('f32x4.neg', 0xe1),
  sqrt: vectorUnary('f32x4.sqrt', 0xe3),
  add: vectorBinary('f32x4.add', 0xe4),
  sub: vectorBinary('f32x4.sub', 0xe5),
  mul: vectorBinary('f32x4.mul', 0xe6),
  div: vectorBinary('f32x4.div', 0xe7),
  /** b < a ? b : a, likewise. */
  pmin: vectorBinary('f32x4.pmin', 0xea),
  /** a < b ? b : a, one machine instruction, unlike `max` with its rules for NaN and −0. */
  pmax: vectorBinary('f32x4.pmax', 0xeb),
  /** a·b + c with one rounding or two, as the machine does it faster (relaxed SIMD). */
  relaxedMadd: operation('f32x4.relaxed_madd', simd(0x105), ['v128', 'v128', 'v128'], 'v128'),
};

/** condition ≠ 0 ? a : b, both computed. */
export function select<T extends ValueType>(a: Value<T>, b: Value<T>, condition: Value<'i32'>): Value<T> {
  const { type } = a;
  const other = toValue(type, b as Operand<T>, 'select');
  return { type, code: [...a.code, ...other.code, ...toValue('i32', condition, 'select').code, 0x1b] };
}
