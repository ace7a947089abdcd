/** The values that pixels may have, within which what changes them keeps them. */
import { describe } from '../checks/describe.ts';
import type { Range } from './augmentation.ts';
import { finite } from './checks.ts';

/** [lower, upper] of pixels. Default: [0, 255]. @throws TypeError or RangeError where it is no such pair. */
export function valueRange(where: string, value: unknown = [0, 255]): Range {
  if (!Array.isArray(value) || value.length !== 2) {
    throw new TypeError(`${where}: valueRange must be [lower, upper], got ${describe(value)}`);
  }
  const [lower, upper] = [finite(where, 'valueRange', value[0]), finite(where, 'valueRange', value[1])];
  if (lower >= upper) {
    throw new RangeError(`${where}: valueRange must have the lower bound first, got ${describe(value)}`);
  }
  return [lower, upper];
}

/** v, or the bound that it is beyond. */
export function clip(v: number, [lower, upper]: Range): number {
  return v < lower ? lower : v > upper ? upper : v;
}

/** Whether v is no further than the bounds: beyond, clip's derivative is 0. */
export function isWithin(v: number, [lower, upper]: Range): boolean {
  return v >= lower && v <= upper;
}
