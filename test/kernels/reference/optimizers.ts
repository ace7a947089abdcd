/** Optimizers. */
import type { AdamaxNumbers, NadamNumbers, RmspropNumbers } from '../../../src/kernels/kernels.ts';
import type { Numbers, Round } from './loops.ts';

export function optimizers(round: Round) {
  return {
    /** One element's step. */
    adadelta(w: number, g: number, G: number, D: number, learningRate: number, rho: number, epsilon: number) {
      const mean = (old: number, square: number): number =>
        round(round(round(rho) * old) + round(round(1 - rho) * square));
      const root = (value: number): number => round(Math.sqrt(round(value + round(epsilon))));
      const newG = mean(G, round(g * g));
      const delta = round(-round(root(D) * g) / root(newG));
      const newD = mean(D, round(delta * delta));
      return { w: round(w + round(round(learningRate) * delta)), G: newG, D: newD };
    },

    sgd: (w: Numbers, g: Numbers, learningRate: number) =>
      Array.from(w, (value, i) => round(value - round(round(learningRate) * g[i]))),

    /** One element's step. */
    sgdMomentum(w: number, g: number, v: number, learningRate: number, momentum: number, nesterov: boolean) {
      const step = round(round(learningRate) * g);
      const newV = round(round(round(momentum) * v) - step);
      const ahead = round(w + round(round(momentum) * newV));
      return { w: nesterov ? round(ahead - step) : round(w + newV), v: newV };
    },

    /** One element's step. */
    adam(
      w: number,
      g: number,
      m: number,
      v: number,
      rate: number,
      beta1: number,
      beta2: number,
      epsilon: number,
    ) {
      const newM = round(m + round(round(1 - beta1) * round(g - m)));
      const newV = round(v + round(round(1 - beta2) * round(round(g * g) - v)));
      const below = round(round(Math.sqrt(newV)) + round(epsilon));
      return { w: round(w - round(round(round(rate) * newM) / below)), m: newM, v: newV };
    },

    /** One element's step. */
    nadam(w: number, g: number, m: number, v: number, n: NadamNumbers) {
      const newM = round(m + round(round(1 - n.beta1) * round(g - m)));
      const newV = round(v + round(round(1 - n.beta2) * round(round(g * g) - v)));
      const ahead = round(round(round(n.ofMean) * newM) + round(round(n.ofGradient) * g));
      const root = round(Math.sqrt(round(round(n.correction) * newV)));
      return { w: round(w - round(ahead / round(root + round(n.epsilon)))), m: newM, v: newV };
    },

    /** One element's step. */
    adamax(w: number, g: number, m: number, u: number, { rate, beta1, beta2, epsilon }: AdamaxNumbers) {
      const newM = round(m + round(round(1 - beta1) * round(g - m)));
      const newU = Math.max(round(round(beta2) * u), Math.abs(g));
      return {
        w: round(w - round(round(round(rate) * newM) / round(newU + round(epsilon)))),
        m: newM,
        u: newU,
      };
    },

    /** One element's step. */
    adagrad(w: number, g: number, G: number, learningRate: number, initial: number, epsilon: number) {
      const newG = round(G + round(g * g));
      const root = round(Math.sqrt(round(round(newG + round(initial)) + round(epsilon))));
      return { w: round(w - round(round(round(learningRate) * g) / root)), G: newG };
    },

    /** One element's step. */
    lion(w: number, g: number, m: number, learningRate: number, beta1: number, beta2: number) {
      const mean = (beta: number): number => round(round(round(beta) * m) + round(round(1 - beta) * g));
      return { w: round(w - round(round(learningRate) * Math.sign(mean(beta1)))), m: mean(beta2) };
    },

    /** One element. */
    scale: (g: number, factor: number) => round(g * round(factor)),

    /** One element's step; A and M undefined: not centred, no momentum. */
    rmsprop(
      w: number,
      g: number,
      V: number,
      A: number | undefined,
      M: number | undefined,
      { learningRate, rho, momentum, epsilon }: RmspropNumbers,
    ) {
      const mean = (old: number, value: number): number =>
        round(round(round(rho) * old) + round(round(1 - rho) * value));
      const newV = mean(V, round(g * g));
      const newA = A === undefined ? 0 : mean(A, g);
      const spread = A === undefined ? newV : round(newV - round(newA * newA));
      const step = round(round(round(learningRate) * g) / round(Math.sqrt(round(spread + round(epsilon)))));
      const newM = M === undefined ? step : round(round(round(momentum) * M) + step);
      return { w: round(w - newM), V: newV, A: newA, M: M === undefined ? 0 : newM };
    },
  };
}
