/** Numbers of the schema that several operators share. */
import type { Table } from './flatbuffer.ts';

/** BuiltinOptions, by number. */
export const OPTIONS = {
  conv2d: 1,
  depthwise: 2,
  pool: 5,
  dense: 8,
  softmax: 9,
  concatenation: 10,
  add: 11,
  l2Norm: 12,
  spaceToDepth: 19,
  mul: 21,
  gather: 23,
  reducer: 27,
  sub: 28,
  div: 29,
  stridedSlice: 32,
  transposeConv: 49,
  pack: 59,
  unpack: 64,
  leakyRelu: 75,
  mirrorPad: 77,
  depthToSpace: 94,
  batchMatmul: 101,
  gelu: 116,
} as const;

/** Padding, by number. */
const PADDINGS = ['same', 'valid'] as const;

export function paddingOf(options: Table): 'same' | 'valid' {
  const number = options.byte(0);
  const name = PADDINGS[number];
  if (name) return name;
  throw new RangeError(`padding must be SAME (0) or VALID (1), got ${number}`);
}
