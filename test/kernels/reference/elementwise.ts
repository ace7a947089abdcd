/** Activations, biases, and arithmetic element by element. */
import type { Rectifier } from '../../../src/kernels/kernels.ts';
import { SMOOTH, type SmoothName } from '../../../src/kernels/smooth.ts';
import { sigmoid, tanh } from '../../../src/tensor/sigmoid.ts';
import { type Numbers, type Round, rectified, relu } from './loops.ts';

export function elementwise(round: Round) {
  /** NaN gives +0. */
  const hardSigmoid = (x: number, slope: number): number => {
    const v = round(round(round(slope) * x) + 0.5);
    return v > 0 ? Math.min(v, 1) : 0;
  };

  return {
    affine: (x: Numbers, scale: Numbers, offset: Numbers) =>
      Array.from(x, (v, i) => {
        const c = i % scale.length;
        return round(round(v * round(scale[c])) + round(offset[c]));
      }),

    addBias: (N: number, b: Numbers, y: Numbers, withRelu: Rectifier) =>
      Array.from(y, (v, i) => {
        const biased = round(v + b[i % N]);
        return rectified(biased, withRelu);
      }),

    leakyReluForward: (x: Numbers, slope: number) =>
      Array.from(x, (v) => (v > 0 ? v : round(round(slope) * v))),

    leakyReluBackward: (y: Numbers, dy: Numbers, slope: number) =>
      Array.from(y, (v, i) => (v > 0 ? dy[i] : round(round(slope) * dy[i]))),

    clippedReluForward: (x: Numbers, slope: number, threshold: number, max: number) =>
      Array.from(x, (v) => {
        if (v > round(threshold)) return Math.min(v, round(max));
        return slope === 0 ? 0 : round(round(slope) * round(v - round(threshold)));
      }),

    clippedReluBackward: (x: Numbers, dy: Numbers, slope: number, threshold: number, max: number) =>
      Array.from(x, (v, i) => {
        if (v > round(threshold)) return v < round(max) ? dy[i] : 0;
        return slope === 0 ? 0 : round(round(slope) * dy[i]);
      }),

    hardSigmoidForward: (x: Numbers, slope: number) => Array.from(x, (v) => hardSigmoid(v, slope)),

    hardSigmoidBackward: (y: Numbers, dy: Numbers, slope: number) =>
      Array.from(y, (v, i) => (v > 0 && v < 1 ? round(round(slope) * dy[i]) : 0)),

    hardSwishForward: (x: Numbers) => Array.from(x, (v) => round(v * hardSigmoid(v, 1 / 6))),

    hardSwishBackward: (x: Numbers, dy: Numbers) =>
      Array.from(x, (v, i) => {
        const h = hardSigmoid(v, 1 / 6);
        const rise = h > 0 && h < 1 ? round(round(1 / 6) * v) : 0;
        return round(dy[i] * round(h + rise));
      }),

    sigmoidForward: (x: Numbers) => Array.from(x, (v) => round(sigmoid(v))),

    addTo: (x: Numbers, y: Numbers) => Array.from(y, (v, i) => round(v + x[i])),

    multiplyBy: (x: Numbers, y: Numbers) => Array.from(y, (v, i) => round(v * x[i])),

    sigmoidBackward: (y: Numbers, dy: Numbers) =>
      Array.from(y, (v, i) => round(dy[i] * round(v * round(1 - v)))),

    tanhForward: (x: Numbers) => Array.from(x, (v) => round(tanh(v))),

    tanhBackward: (y: Numbers, dy: Numbers) =>
      Array.from(y, (v, i) => round(dy[i] * round(1 - round(v * v)))),

    smoothForward: (name: SmoothName, x: Numbers) => Array.from(x, (v) => round(SMOOTH[name].value(v))),

    smoothBackward: (name: SmoothName, x: Numbers, dy: Numbers) =>
      Array.from(x, (v, i) => round(dy[i] * SMOOTH[name].slope(v))),

    reluForward: (x: Numbers) => Array.from(x, relu),

    reluBackward: (y: Numbers, dy: Numbers) => Array.from(y, (v, i) => (v > 0 ? dy[i] : 0)),
  };
}
