/** What is in a network, as pixels: filters and feature maps. */
import { type Sheet, sheetOf } from './pixels.ts';

/** Ice for what is below 0, ember for what is above, grey in the middle; `largest` is the strongest of both. */
export function diverging(value: number, largest: number): readonly [number, number, number] {
  const share = Math.max(-1, Math.min(1, value / (largest || 1)));
  const [r, g, b] = share < 0 ? [64, 156, 255] : [255, 138, 61];
  const strength = Math.abs(share);
  const mix = (to: number): number => Math.round(38 + (to - 38) * strength);
  return [mix(r), mix(g), mix(b)];
}

/** The largest absolute value of some numbers. */
export function largestOf(...lists: readonly ArrayLike<number>[]): number {
  let largest = 0;
  for (const list of lists) {
    for (let i = 0; i < list.length; i++) largest = Math.max(largest, Math.abs(list[i]));
  }
  return largest;
}

/** 3×3 filters [3, 3, 1, count] on a sheet, coloured by their sign. */
export function filterSheet(weights: ArrayLike<number>, largest: number): Sheet {
  const side = 3;
  const count = weights.length / (side * side);
  return sheetOf(count, [side, side], { columns: 8, gap: 4, scale: 8 }, (oc, y, x) =>
    diverging(weights[(y * side + x) * count + oc], largest),
  );
}

/** Feature maps [height, width, filters] in bytes, on a sheet: black to white. */
export function mapSheet(bytes: Uint8Array, [height, width, count]: readonly number[]): Sheet {
  return sheetOf(count, [height, width], { columns: 8, gap: 3, scale: 1 }, (c, y, x) => {
    const value = bytes[(y * width + x) * count + c];
    return [value, value, value];
  });
}
