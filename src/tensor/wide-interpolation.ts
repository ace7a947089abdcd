/**
 * Of what an image's rows and columns are made when it gets another size, by wider rules than the bilinear one (interpolation.ts): as
 * `keras.ops.image.resize` has them on TensorFlow, pixels' centres at half numbers.
 *
 * With scale = size before / size after, place i of the result lies at p = (i + ½)·scale − ½. It is the sum of w((s − p)/k) of the places s that
 * are within the image, s ascending, divided by the sum of these weights; k = max(1, scale) with antialias, else 1:
 *
 *   bicubic    w(t) = (1.5·|t| − 2.5)·t² + 1 for |t| < 1, ((−0.5·|t| + 2.5)·|t| − 4)·|t| + 2 for 1 ≤ |t| < 2      Keys' kernel, a = −½
 *   lanczosR   w(t) = sinc(t)·sinc(t/R) for |t| < R, R = 3 or 5, sinc(t) = sin(πt)/(πt)
 *
 * Bicubic without antialias rounds p's part below 1 to 1/1024, since TensorFlow looks its weights up in a table; p is computed in float32 there.
 * Source: TensorFlow's resize_bicubic_op.cc (half_pixel_centers) and scale_and_translate_op.cc.
 */
import { sinTurn } from './cosine.ts';
import type { Axis } from './interpolation.ts';

/** Rules that read more than the pixels around a place. */
export type WideInterpolation = 'bicubic' | 'lanczos3' | 'lanczos5';

/** Steps from one place to the next in TensorFlow's table of bicubic weights. */
const TABLE = 1024;

/** Places to either side that a rule reads. */
const RADII: Readonly<Record<WideInterpolation, number>> = { bicubic: 2, lanczos3: 3, lanczos5: 5 };

/** Weights along one axis. */
export function wideWeights(
  rule: WideInterpolation,
  before: number,
  after: number,
  antialias: boolean,
): Axis {
  const scale = before / after;
  const stretch = antialias ? Math.max(1, scale) : 1;
  const radius = RADII[rule];
  const reach = radius * stretch;
  const weightOf = rule === 'bicubic' ? keys : (t: number) => sinc(t) * sinc(t / radius);
  const from = new Int32Array(after);
  const to = new Int32Array(after);
  const first = new Int32Array(after);
  const weights: number[] = [];
  for (let i = 0; i < after; i++) {
    const place = rule === 'bicubic' && !antialias ? inTable(i, before, after) : (i + 0.5) * scale - 0.5;
    from[i] = Math.max(0, Math.ceil(place - reach));
    to[i] = Math.min(before, Math.floor(place + reach) + 1);
    first[i] = weights.length;
    let sum = 0;
    for (let s = from[i]; s < to[i]; s++) {
      const t = Math.abs(s - place) / stretch;
      const weight = t < radius ? weightOf(t) : 0;
      weights.push(weight);
      sum += weight;
    }
    for (let w = first[i]; w < weights.length; w++) weights[w] /= sum;
  }
  return { from, to, first, weights: Float64Array.from(weights) };
}

/** Where place `i` of the result lies, as the table has it. Half of a step is rounded to the even one. */
function inTable(i: number, before: number, after: number): number {
  const scale = Math.fround(Math.fround(before) / Math.fround(after));
  const place = Math.fround(Math.fround((i + 0.5) * scale) - 0.5);
  const whole = Math.floor(place);
  const steps = (place - whole) * TABLE;
  const below = Math.floor(steps);
  const up = steps - below > 0.5 || (steps - below === 0.5 && below % 2 === 1) ? 1 : 0;
  return whole + (below + up) / TABLE;
}

/** Keys' cubic kernel, t ≥ 0. */
function keys(t: number): number {
  return t < 1 ? (1.5 * t - 2.5) * t * t + 1 : ((-0.5 * t + 2.5) * t - 4) * t + 2;
}

/** sin(πt)/(πt). Below 1e-8 it is 1 in float64. */
function sinc(t: number): number {
  return t < 1e-8 ? 1 : sinTurn(t / 2) / (Math.PI * t);
}
