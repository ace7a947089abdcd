// Generated from ../plain/nadam.ts by generate-float64.mjs: do not edit.
import type { NadamNumbers } from '../kernels.ts';

export function nadam(
  from: number,
  to: number,
  w: Float64Array,
  g: Float64Array,
  m: Float64Array,
  v: Float64Array,
  { ofMean, ofGradient, correction, beta1, beta2, epsilon }: NadamNumbers,
): void {
  const meanRate = (ofMean);
  const gradientRate = (ofGradient);
  const factor = (correction);
  const meanShare = (1 - beta1);
  const squareShare = (1 - beta2);
  const eps = (epsilon);
  for (let i = from; i < to; i++) {
    const gi = g[i];
    const mi = (m[i] + (meanShare * (gi - m[i])));
    const vi = (v[i] + (squareShare * ((gi * gi) - v[i])));
    m[i] = mi;
    v[i] = vi;
    const ahead = ((meanRate * mi) + (gradientRate * gi));
    const below = ((Math.sqrt((factor * vi))) + eps);
    w[i] = (w[i] - (ahead / below));
  }
}
