/**
 * Images of another size, from the weights v of the result's rows and h of its columns:
 *
 *   y[n, oh, ow, c] = Σ_s v[oh, s]·(Σ_t h[ow, t]·x[n, s, t, c])      s, t ascending from +0, in float64, rounded once when stored
 *   dx[n, s, t, c] = Σ_oh Σ_ow (v[oh, s]·h[ow, t])·dy[n, oh, ow, c]  oh, ow ascending from +0, each sum rounded as dx is stored
 */
import { describe } from '../checks/describe.ts';
import type { Axis } from '../tensor/interpolation.ts';
import type { FloatArray } from '../tensor/memory.ts';
import type { Shape } from '../tensor/tensor.ts';
import type { WideInterpolation } from '../tensor/wide-interpolation.ts';
import { oneOf } from './checks.ts';

/** How pixels of another size are made. */
export type ResizingInterpolation = 'bilinear' | 'nearest' | WideInterpolation;

/** Of the result's rows, or its columns, the places of the image and their weights. */
export interface Axes {
  readonly vertical: Axis;
  readonly horizontal: Axis;
  /** Where the part begins that is resized. Default: 0. */
  readonly top?: number;
  readonly left?: number;
}

/** @param shape of one image */
export function resample(
  { vertical, horizontal, top = 0, left = 0 }: Axes,
  [H, W, C]: Shape,
  N: number,
  x: FloatArray,
  y: FloatArray,
): void {
  let to = 0;
  for (let n = 0; n < N; n++) {
    for (let oh = 0; oh < vertical.from.length; oh++) {
      for (let ow = 0; ow < horizontal.from.length; ow++) {
        for (let c = 0; c < C; c++) {
          let sum = 0;
          for (let s = vertical.from[oh]; s < vertical.to[oh]; s++) {
            const xRow = (n * H + top + s) * W + left;
            let row = 0;
            for (let t = horizontal.from[ow]; t < horizontal.to[ow]; t++) {
              row += weight(horizontal, ow, t) * x[(xRow + t) * C + c];
            }
            sum += weight(vertical, oh, s) * row;
          }
          y[to++] = sum;
        }
      }
    }
  }
}

/** The gradient of the image, which is overwritten. */
export function resampleBackward(
  { vertical, horizontal, top = 0, left = 0 }: Axes,
  [H, W, C]: Shape,
  N: number,
  dy: FloatArray,
  dx: FloatArray,
): void {
  dx.fill(0, 0, N * H * W * C);
  let from = 0;
  for (let n = 0; n < N; n++) {
    for (let oh = 0; oh < vertical.from.length; oh++) {
      for (let ow = 0; ow < horizontal.from.length; ow++, from += C) {
        for (let s = vertical.from[oh]; s < vertical.to[oh]; s++) {
          const xRow = (n * H + top + s) * W + left;
          for (let t = horizontal.from[ow]; t < horizontal.to[ow]; t++) {
            const share = weight(vertical, oh, s) * weight(horizontal, ow, t);
            const pixel = (xRow + t) * C;
            for (let c = 0; c < C; c++) dx[pixel + c] += share * dy[from + c];
          }
        }
      }
    }
  }
}

/** The weight of place `s` in place `o` of the result. */
function weight(axis: Axis, o: number, s: number): number {
  return axis.weights[axis.first[o] + s - axis.from[o]];
}

/** Keras' rules that degelo hasn't, and what to take instead. */
const INSTEAD: Readonly<Record<string, string>> = {
  area: "'bilinear' with antialias: true, or 'nearest' for larger images",
  gaussian: "'bicubic'",
  mitchellcubic: "'bicubic'",
};

/** @throws RangeError where it isn't one of `choices`: what to take instead. */
export function interpolationOf(
  where: string,
  value: unknown,
  choices: readonly ResizingInterpolation[],
): ResizingInterpolation {
  const instead = typeof value === 'string' ? INSTEAD[value.toLowerCase()] : undefined;
  if (instead === undefined) return oneOf(where, 'interpolation', value, choices);
  const expected = `interpolation must be one of ${choices.join(', ')}`;
  throw new RangeError(`${where}: ${expected}, got ${describe(value)}: use ${instead}`);
}
