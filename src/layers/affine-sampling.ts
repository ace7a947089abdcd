/**
 * Images moved by a matrix: pixel (ox, oy) of the result is what the image has at
 *
 *   ix = a₀·ox + a₁·oy + a₂        iy = b₀·ox + b₁·oy + b₂
 *
 * in float64, rounded once when stored. Beyond the image `fillMode` says what there is, between pixels `interpolation`. Source: TensorFlow's
 * ImageProjectiveTransformV3 (image_ops.h), by which Keras' layers do this.
 */
import type { FloatArray } from '../tensor/tensor.ts';
import type { ImageShape } from './augmentation.ts';

/** [a₀, a₁, a₂, b₀, b₁, b₂] */
export type AffineMatrix = readonly [number, number, number, number, number, number];

/**
 * What lies beyond the border of abcd: reflect: dcba|abcd|dcba; wrap: abcd|abcd|abcd; nearest: aaaa|abcd|dddd; constant: the fill value.
 */
export type FillMode = 'reflect' | 'constant' | 'nearest' | 'wrap';
export const FILL_MODES: readonly FillMode[] = ['reflect', 'constant', 'nearest', 'wrap'];

/** What lies between pixels: the next one, or a mean of four by their distance. */
export type Interpolation = 'bilinear' | 'nearest';
export const INTERPOLATIONS: readonly Interpolation[] = ['bilinear', 'nearest'];

/** How pixels are found that lie beyond and between. */
export interface Sampling {
  readonly fillMode: FillMode;
  readonly fillValue: number;
  readonly interpolation: Interpolation;
}

/** Up to four pixels of the image, as places of their first channel, with their weights; −1: the fill value. */
interface Taps {
  readonly places: Int32Array;
  readonly weights: Float64Array;
}

/** y[oy, ox, c] = Σ weight · x[place + c], the taps in their order from +0 */
export function sampleAffine(
  matrix: AffineMatrix,
  sampling: Sampling,
  image: ImageShape,
  x: FloatArray,
  y: FloatArray,
): void {
  const { C } = image;
  const { fillValue } = sampling;
  eachPixel(matrix, sampling, image, ({ places, weights }, to) => {
    for (let c = 0; c < C; c++) {
      let sum = 0;
      for (let t = 0; t < 4; t++) sum += weights[t] * (places[t] < 0 ? fillValue : x[places[t] + c]);
      y[to + c] = sum;
    }
  });
}

/** dx[place + c] += weight · dy[oy, ox, c] from +0, (oy, ox) and then the taps ascending, each sum rounded as dx is stored. */
export function sampleAffineBackward(
  matrix: AffineMatrix,
  sampling: Sampling,
  image: ImageShape,
  dy: FloatArray,
  dx: FloatArray,
): void {
  const { C } = image;
  dx.fill(0);
  eachPixel(matrix, sampling, image, ({ places, weights }, from) => {
    for (let t = 0; t < 4; t++) {
      if (places[t] < 0 || weights[t] === 0) continue;
      for (let c = 0; c < C; c++) dx[places[t] + c] += weights[t] * dy[from + c];
    }
  });
}

/** Calls `visit` with the taps of every pixel of the result, and the place of its first channel. */
function eachPixel(
  [a0, a1, a2, b0, b1, b2]: AffineMatrix,
  { fillMode, interpolation }: Sampling,
  { H, W, C }: ImageShape,
  visit: (taps: Taps, place: number) => void,
): void {
  const taps = { places: new Int32Array(4), weights: new Float64Array(4) };
  const place = (x: number, y: number): number => (x >= 0 && x < W && y >= 0 && y < H ? (y * W + x) * C : -1);
  for (let oy = 0; oy < H; oy++) {
    for (let ox = 0; ox < W; ox++) {
      const ix = withinImage(a0 * ox + a1 * oy + a2, W, fillMode);
      const iy = withinImage(b0 * ox + b1 * oy + b2, H, fillMode);
      if (interpolation === 'nearest') {
        taps.places.fill(-1);
        taps.places[0] = place(roundHalfAway(ix), roundHalfAway(iy));
        taps.weights[0] = 1;
      } else {
        const [left, top] = [Math.floor(ix), Math.floor(iy)];
        const [p, q] = [ix - left, iy - top];
        for (let t = 0; t < 4; t++) {
          const [right, below] = [t & 1, t >> 1];
          taps.places[t] = place(left + right, top + below);
          taps.weights[t] = (right ? p : 1 - p) * (below ? q : 1 - q);
        }
      }
      visit(taps, (oy * W + ox) * C);
    }
  }
}

/** Where a place beyond the border is found instead; constant: there, where nothing is. */
function withinImage(place: number, size: number, mode: FillMode): number {
  if (mode === 'constant') return place;
  let inside = place;
  if (size > 1 && mode === 'reflect') inside = reflected(place, size);
  else if (size > 1 && mode === 'wrap') inside = wrapped(place, size);
  return Math.max(0, Math.min(size - 1, inside));
}

function reflected(place: number, size: number): number {
  const period = 2 * size;
  if (place < 0) {
    const moved = place + period * Math.trunc(-place / period);
    return moved < -size ? moved + period : -moved - 1;
  }
  if (place <= size - 1) return place;
  const moved = place - period * Math.trunc(place / period);
  return moved >= size ? period - moved - 1 : moved;
}

function wrapped(place: number, size: number): number {
  if (place < 0) return place + size * (Math.trunc(-place / (size - 1)) + 1);
  return place > size - 1 ? place - size * Math.trunc(place / (size - 1)) : place;
}

/** As C rounds: −½ becomes −1, which is outside. */
function roundHalfAway(v: number): number {
  return v < 0 ? -Math.floor(0.5 - v) : Math.floor(v + 0.5);
}
