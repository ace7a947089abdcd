/** Numbers of HDF5's types as numbers of ours. */
import { bfloatToFloat, halfToFloat } from '../halves.ts';
import type { ElementType } from './datatype.ts';

/** Reads the element at an offset. */
type Getter = (view: DataView, at: number) => number;

const GETTERS: Readonly<Record<string, Getter>> = {
  float2: (view, at) => halfToFloat(view.getUint16(at, true)),
  float4: (view, at) => view.getFloat32(at, true),
  float8: (view, at) => view.getFloat64(at, true),
  opaque2: (view, at) => bfloatToFloat(view.getUint16(at, true)),
  int1: (view, at) => view.getInt8(at),
  int2: (view, at) => view.getInt16(at, true),
  int4: (view, at) => view.getInt32(at, true),
  int8: (view, at) => Number(view.getBigInt64(at, true)),
  uint1: (view, at) => view.getUint8(at),
  uint2: (view, at) => view.getUint16(at, true),
  uint4: (view, at) => view.getUint32(at, true),
  uint8: (view, at) => Number(view.getBigUint64(at, true)),
};

/** How elements of a type are read; null: they aren't numbers, or of a kind that isn't read. */
export function getterOf({ kind, size }: ElementType): Getter | null {
  return GETTERS[kind + size] ?? null;
}
