/**
 * Activations that need exponentials, as functions of the input only. Both dtypes compute them in float64, with our own
 * exp, log and erf, and round once when a number is stored (in SIMD, with the same bits: simd/smooth.ts):
 *
 *   elu(x)             x > 0 ? x : e^x − 1                          Clevert, Unterthiner, Hochreiter 2015, arXiv:1511.07289
 *   selu(x)            λ·(x > 0 ? x : α·(e^x − 1))                  Klambauer et al. 2017, arXiv:1706.02515
 *   gelu(x)            x·Φ(x), Φ(x) = erfc(−x/√2)/2                  Hendrycks, Gimpel 2016, arXiv:1606.08415
 *   geluApproximate(x) x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³)))     the same
 *   swish(x)           x/(1 + e^−x)                                 Ramachandran, Zoph, Le 2017, arXiv:1710.05941
 *   softplus(x)        log(1 + e^x)                                 Dugas et al. 2001
 *   mish(x)            x·tanh(softplus(x))                          Misra 2019, arXiv:1908.08681
 *   softsign(x)        x/(1 + |x|)                                  Bergstra et al. 2009
 *   exponential(x)     e^x                                          logSigmoid(x)     −softplus(−x)
 *   hardTanh(x)        min(max(x, −1), 1)                           tanhShrink(x)     x − tanh x
 *   hardShrink(x)      |x| > ½ ? x : 0                              softShrink(x)     x > ½ ? x − ½ : x < −½ ? x + ½ : 0
 *   squareplus(x)      (x + √(x² + 4))/2                            Barron 2021, arXiv:2112.11687
 *   sparseSigmoid(x)   min(max((x + 1)/2, 0), 1)                    sparsePlus(x)     its integral: x ≥ 1 ? x : x > −1 ? (x + 1)²/4 : 0
 *
 * Those without a source are as Keras' activations of these names have them.
 */
import { erfc } from '../tensor/erf.ts';
import { exp } from '../tensor/exp.ts';
import { expMinusOne, logOnePlus, sigmoid, tanh } from '../tensor/sigmoid.ts';
import type { FloatArray } from '../tensor/tensor.ts';

/** Keras' constants of selu. */
export const SELU_SCALE = 1.0507009873554805;
export const SELU_ALPHA = 1.6732632423543772;

export const NORMAL_PEAK = 0.3989422804014327; // 1/√(2π)
export const ROOT_TWO_OVER_PI = 0.7978845608028654; // √(2/π)
export const CUBIC = 0.044715;

/** A function and its derivative, of one number. */
interface Smooth {
  value(x: number): number;
  slope(x: number): number;
}

/** Φ(x), the share of a normal distribution below x. */
const normalShare = (x: number): number => erfc(-x * Math.SQRT1_2) / 2;

/** What tanh is taken of, in the approximate gelu. */
const inner = (x: number): number => ROOT_TWO_OVER_PI * (x + CUBIC * x * x * x);

function softplus(x: number): number {
  return Math.max(x, 0) + logOnePlus(exp(-Math.abs(x)));
}

/** Names of these activations, which kernels compute by name. */
export type SmoothName =
  | 'elu'
  | 'selu'
  | 'gelu'
  | 'geluApproximate'
  | 'swish'
  | 'softplus'
  | 'mish'
  | 'softsign'
  | 'exponential'
  | 'logSigmoid'
  | 'hardTanh'
  | 'tanhShrink'
  | 'hardShrink'
  | 'softShrink'
  | 'squareplus'
  | 'sparseSigmoid'
  | 'sparsePlus';

export const SMOOTH: Readonly<Record<SmoothName, Smooth>> = {
  elu: {
    value: (x) => (x > 0 ? x : expMinusOne(x)),
    slope: (x) => (x > 0 ? 1 : exp(x)),
  },
  selu: {
    value: (x) => SELU_SCALE * (x > 0 ? x : SELU_ALPHA * expMinusOne(x)),
    slope: (x) => (x > 0 ? SELU_SCALE : SELU_SCALE * SELU_ALPHA * exp(x)),
  },
  gelu: {
    value: (x) => (x < -40 ? 0 : x * normalShare(x)), // −∞·0 has no value, and the limit is 0
    slope: (x) => (x < -40 ? 0 : normalShare(x) + x * NORMAL_PEAK * exp((-x * x) / 2)),
  },
  geluApproximate: {
    value: (x) => (x < -40 ? 0 : (x / 2) * (1 + tanh(inner(x)))),
    slope(x) {
      if (x < -40) return 0;
      if (x > 40) return 1;
      const t = tanh(inner(x));
      return (1 + t) / 2 + (x / 2) * (1 - t * t) * ROOT_TWO_OVER_PI * (1 + 3 * CUBIC * x * x);
    },
  },
  swish: {
    value: (x) => (x < -745 ? 0 : x * sigmoid(x)),
    slope(x) {
      if (x < -745) return 0;
      const s = sigmoid(x);
      return s * (1 + x * sigmoid(-x));
    },
  },
  softplus: {
    value: softplus,
    slope: sigmoid,
  },
  mish: {
    value: (x) => (x < -745 ? 0 : x * tanh(softplus(x))),
    slope(x) {
      if (x < -745) return 0;
      const t = tanh(softplus(x));
      return t + x * (1 - t * t) * sigmoid(x);
    },
  },
  softsign: {
    value: (x) => (Math.abs(x) < 1e17 ? x / (1 + Math.abs(x)) : Math.sign(x)),
    slope: (x) => 1 / (1 + Math.abs(x)) / (1 + Math.abs(x)),
  },
  exponential: { value: exp, slope: exp },
  logSigmoid: { value: (x) => -softplus(-x), slope: (x) => sigmoid(-x) },
  hardTanh: {
    value: (x) => (x > -1 ? (x < 1 ? x : 1) : x <= -1 ? -1 : x), // a NaN stays one
    slope: (x) => (x > -1 && x < 1 ? 1 : 0),
  },
  tanhShrink: {
    value: (x) => x - tanh(x),
    slope: (x) => tanh(x) * tanh(x),
  },
  hardShrink: {
    value: (x) => (Math.abs(x) <= 0.5 ? 0 : x),
    slope: (x) => (Math.abs(x) > 0.5 ? 1 : 0),
  },
  softShrink: {
    value: (x) => (Math.abs(x) <= 0.5 ? 0 : x > 0 ? x - 0.5 : x + 0.5),
    slope: (x) => (Math.abs(x) > 0.5 ? 1 : 0),
  },
  squareplus: {
    // The same below 0, where the sum would lose its digits.
    value: (x) => (x > 0 ? (x + Math.sqrt(x * x + 4)) / 2 : 2 / (Math.sqrt(x * x + 4) - x)),
    slope: (x) => (1 + x / Math.sqrt(x * x + 4)) / 2,
  },
  sparseSigmoid: {
    value: (x) => (x <= -1 ? 0 : x >= 1 ? 1 : (x + 1) / 2),
    slope: (x) => (x > -1 && x < 1 ? 0.5 : 0),
  },
  sparsePlus: {
    value: (x) => (x <= -1 ? 0 : x >= 1 ? x : ((x + 1) * (x + 1)) / 4),
    slope: (x) => (x <= -1 ? 0 : x >= 1 ? 1 : (x + 1) / 2),
  },
};

/** y[i] = f(x[i]), for i < size; in float64, rounded once. y may be x. */
export function smoothForward(name: SmoothName, size: number, x: FloatArray, y: FloatArray): void {
  const { value } = SMOOTH[name];
  for (let i = 0; i < size; i++) y[i] = value(x[i]);
}

/** dx[i] = dy[i]·f′(x[i]), for i < size; in float64, rounded once. dx may be dy. */
export function smoothBackward(
  name: SmoothName,
  size: number,
  x: FloatArray,
  dy: FloatArray,
  dx: FloatArray,
): void {
  const { slope } = SMOOTH[name];
  for (let i = 0; i < size; i++) dx[i] = dy[i] * slope(x[i]);
}
