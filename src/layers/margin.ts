/**
 * Images within larger ones, with a margin around them: padding puts them there, cropping takes them out, and each pass backward does
 * what the other's forward pass does.
 *
 *   large[n, top + h, left + w, c] = small[n, h, w, c]
 */
import type { FloatArray, Shape } from '../tensor/tensor.ts';
import type { Margins } from './checks.ts';

/** How large both are, [height, width, channels], and the margin. */
export interface Framed {
  readonly large: Shape;
  readonly small: Shape;
  readonly margins: Margins;
}

/** N images `from` become the middle of those in `to`, whose margin becomes +0. */
export function embed(framed: Framed, N: number, from: FloatArray, to: FloatArray): void {
  const [H, W, C] = framed.large;
  let written = 0;
  eachRow(framed, N, (large, small, length) => {
    to.fill(0, written, large);
    to.set(from.subarray(small, small + length), large);
    written = large + length;
  });
  to.fill(0, written, N * H * W * C);
}

/** The middle of N images `from` becomes `to`. */
export function cutOut(framed: Framed, N: number, from: FloatArray, to: FloatArray): void {
  eachRow(framed, N, (large, small, length) => to.set(from.subarray(large, large + length), small));
}

/** Where each row of the small images begins, in the large ones and in themselves, and how many numbers it has. */
function eachRow(
  { large: [H, W, C], small: [h, w], margins: [[top], [left]] }: Framed,
  N: number,
  visit: (large: number, small: number, length: number) => void,
): void {
  for (let n = 0; n < N; n++) {
    for (let row = 0; row < h; row++) {
      visit(((n * H + top + row) * W + left) * C, (n * h + row) * w * C, w * C);
    }
  }
}
