/** The optimizers' formulas once more, in float64 and word for word: the oracle, since gradient checks don't see them. */
import type { Kernels } from '../../src/kernels/kernels.ts';
import type { AdadeltaOptions } from '../../src/optimizers/adadelta.ts';
import type { AdagradOptions } from '../../src/optimizers/adagrad.ts';
import type { AdamOptions, AmsgradOptions } from '../../src/optimizers/adam.ts';
import type { AdamWOptions } from '../../src/optimizers/adam-w.ts';
import type { LionOptions } from '../../src/optimizers/lion.ts';
import type { Optimizer } from '../../src/optimizers/optimizer.ts';
import type { RmspropOptions } from '../../src/optimizers/rmsprop.ts';
import type { SgdOptions } from '../../src/optimizers/sgd.ts';
import { deriveKey, Purpose, uniform } from '../../src/tensor/random.ts';

const SIZE = 7;
/** Only these elements are updated: the others belong to somebody else. */
const FROM = 1;
const TO = 6;
const STEPS = 4;
const TOLERANCE = 1e-13;

/** What differs from Zeiler's algorithm 1 with Keras' learning rate and defaults; null: nothing. */
export function adadeltaDiffers(
  adadelta: (options?: AdadeltaOptions) => Optimizer,
  kernels: Kernels,
): string | null {
  const { learningRate, rho, epsilon } = adadelta().getConfig();
  if (learningRate !== 0.001 || rho !== 0.95 || epsilon !== 1e-7)
    return 'the defaults are not those of Keras 3';
  const options = { learningRate: 0.7, rho: 0.9, epsilon: 1e-3 };
  return compare(adadelta(options), kernels, (w, g, state) => {
    const E_g2 = state[0];
    const E_dx2 = state[1];
    const newE_g2 = options.rho * E_g2 + (1 - options.rho) * g ** 2;
    const step = -(Math.sqrt(E_dx2 + options.epsilon) / Math.sqrt(newE_g2 + options.epsilon)) * g;
    const newE_dx2 = options.rho * E_dx2 + (1 - options.rho) * step ** 2;
    return [w + options.learningRate * step, newE_g2, newE_dx2];
  });
}

/** What differs from w − lr·g; null: nothing. */
export function sgdDiffers(sgd: (options?: SgdOptions) => Optimizer, kernels: Kernels): string | null {
  if (sgd().learningRate !== 0.01) return 'the default is not that of Keras';
  return compare(sgd({ learningRate: 0.3 }), kernels, (w, g) => [w - 0.3 * g]);
}

/** What differs from Keras' momentum, Nesterov's and plain; null: nothing. */
export function momentumDiffers(sgd: (options?: SgdOptions) => Optimizer, kernels: Kernels): string | null {
  const { momentum, nesterov } = sgd().getConfig();
  if (momentum !== 0 || nesterov !== false) return 'the defaults are not those of Keras';
  for (const nesterov of [false, true]) {
    const optimizer = sgd({ learningRate: 0.3, momentum: 0.8, nesterov });
    const difference = compare(optimizer, kernels, (w, g, [v]) => {
      const velocity = 0.8 * v - 0.3 * g;
      return [nesterov ? w + 0.8 * velocity - 0.3 * g : w + velocity, velocity];
    });
    if (difference !== null) return difference;
  }
  return null;
}

/** What differs from Adam's algorithm 1, whose ε is here Keras' divided by √(1 − β₂^t); null: nothing. */
export function adamDiffers(adam: (options?: AmsgradOptions) => Optimizer, kernels: Kernels): string | null {
  const { learningRate, beta1, beta2, epsilon } = adam().getConfig();
  if (learningRate !== 0.001 || beta1 !== 0.9 || beta2 !== 0.999 || epsilon !== 1e-7)
    return 'the defaults are not those of Keras 3';
  const options = { learningRate: 0.7, beta1: 0.6, beta2: 0.8, epsilon: 1e-3 };
  for (const amsgrad of [false, true]) {
    const difference = compare(adam({ ...options, amsgrad }), kernels, (w, g, [m, v, peak], t) => {
      const newM = options.beta1 * m + (1 - options.beta1) * g;
      const newV = options.beta2 * v + (1 - options.beta2) * g ** 2;
      const newPeak = amsgrad ? Math.max(peak, newV) : newV;
      const correction = Math.sqrt(1 - options.beta2 ** t);
      const mHat = newM / (1 - options.beta1 ** t);
      const vHat = newPeak / correction ** 2;
      const newW = w - (options.learningRate * mHat) / (Math.sqrt(vHat) + options.epsilon / correction);
      return [newW, newM, newV, ...(amsgrad ? [newPeak] : [])];
    });
    if (difference !== null) return difference;
  }
  return null;
}

/** What differs from Keras' RMSprop, centred or not, with momentum or not; null: nothing. */
export function rmspropDiffers(
  rmsprop: (options?: RmspropOptions) => Optimizer,
  kernels: Kernels,
): string | null {
  const { learningRate, rho, momentum, epsilon, centered } = rmsprop().getConfig();
  if (learningRate !== 0.001 || rho !== 0.9 || momentum !== 0 || epsilon !== 1e-7 || centered !== false)
    return 'the defaults are not those of Keras 3';
  for (const centered of [false, true]) {
    for (const momentum of [0, 0.7]) {
      const options = { learningRate: 0.3, rho: 0.8, momentum, epsilon: 1e-2, centered };
      const difference = compare(rmsprop(options), kernels, (w, g, state) => {
        const V = 0.8 * state[0] + 0.2 * g ** 2;
        const A = centered ? 0.8 * (state.at(-1) ?? 0) + 0.2 * g : 0;
        const step = (0.3 * g) / Math.sqrt(V - A ** 2 + 1e-2);
        const M = momentum > 0 ? 0.7 * state[1] + step : step;
        return [w - M, V, ...(momentum > 0 ? [M] : []), ...(centered ? [A] : [])];
      });
      if (difference !== null) return difference;
    }
  }
  return null;
}

/** What differs from Adam after a weight decay of its own; null: nothing. */
export function adamWDiffers(
  adamW: (options?: AdamWOptions) => Optimizer,
  adam: (options?: AdamOptions) => Optimizer,
  kernels: Kernels,
): string | null {
  if (adamW().getConfig().weightDecay !== 0.004) return 'the default is not that of Keras 3';
  const options = { learningRate: 0.7, beta1: 0.6, beta2: 0.8, epsilon: 1e-3 };
  return compare(adamW({ ...options, weightDecay: 0.2 }), kernels, (w, g, [m, v], t) => {
    const [newW, newM, newV] = [w - 0.7 * 0.2 * w, m, v].map((value) => Float64Array.of(value));
    adam(options).update(kernels, 0, 1, newW, Float64Array.of(g), [newM, newV], 0.7, t);
    return [newW[0], newM[0], newV[0]];
  });
}

/** What differs from Nadam as Keras has it; null: nothing. */
export function nadamDiffers(nadam: (options?: AdamOptions) => Optimizer, kernels: Kernels): string | null {
  const { learningRate, beta1, beta2, epsilon } = nadam().getConfig();
  if (learningRate !== 0.001 || beta1 !== 0.9 || beta2 !== 0.999 || epsilon !== 1e-7)
    return 'the defaults are not those of Keras 3';
  const momentum = (t: number): number => 0.6 * (1 - 0.5 * 0.96 ** t);
  let product = 1;
  let last = 0;
  const options = { learningRate: 0.7, beta1: 0.6, beta2: 0.8, epsilon: 1e-3 };
  return compare(nadam(options), kernels, (w, g, [m, v], t) => {
    if (t > last) product *= momentum(t);
    last = t;
    const [newM, newV] = [0.6 * m + 0.4 * g, 0.8 * v + 0.2 * g ** 2];
    const ahead = (momentum(t + 1) * newM) / (1 - product * momentum(t + 1));
    const mHat = ahead + ((1 - momentum(t)) * g) / (1 - product);
    return [w - (0.7 * mHat) / (Math.sqrt(newV / (1 - 0.8 ** t)) + 1e-3), newM, newV];
  });
}

/** What differs from the paper's algorithm 2, with Keras' ε; null: nothing. */
export function adamaxDiffers(adamax: (options?: AdamOptions) => Optimizer, kernels: Kernels): string | null {
  const { learningRate, beta1, beta2, epsilon } = adamax().getConfig();
  if (learningRate !== 0.001 || beta1 !== 0.9 || beta2 !== 0.999 || epsilon !== 1e-7)
    return 'the defaults are not those of Keras 3';
  const options = { learningRate: 0.7, beta1: 0.6, beta2: 0.8, epsilon: 1e-2 };
  return compare(adamax(options), kernels, (w, g, [m, u], t) => {
    const [newM, newU] = [0.6 * m + 0.4 * g, Math.max(0.8 * u, Math.abs(g))];
    return [w - ((0.7 / (1 - 0.6 ** t)) * newM) / (newU + 1e-2), newM, newU];
  });
}

/** What differs from Keras' Adagrad, whose sums begin with 0.1; null: nothing. */
export function adagradDiffers(
  adagrad: (options?: AdagradOptions) => Optimizer,
  kernels: Kernels,
): string | null {
  const { learningRate, initialAccumulatorValue, epsilon } = adagrad().getConfig();
  if (learningRate !== 0.001 || initialAccumulatorValue !== 0.1 || epsilon !== 1e-7)
    return 'the defaults are not those of Keras 3';
  const options = { learningRate: 0.7, initialAccumulatorValue: 0.3, epsilon: 1e-2 };
  return compare(adagrad(options), kernels, (w, g, [G]) => {
    const newG = G + g ** 2;
    return [w - (0.7 * g) / Math.sqrt(0.3 + newG + 1e-2), newG];
  });
}

/** What differs from Lion's algorithm 2, with a weight decay and without; null: nothing. */
export function lionDiffers(lion: (options?: LionOptions) => Optimizer, kernels: Kernels): string | null {
  const { learningRate, beta1, beta2, weightDecay } = lion().getConfig();
  if (learningRate !== 0.001 || beta1 !== 0.9 || beta2 !== 0.99 || weightDecay !== 0)
    return 'the defaults are not those of Keras 3';
  for (const weightDecay of [0, 0.2]) {
    const optimizer = lion({ learningRate: 0.7, beta1: 0.6, beta2: 0.3, weightDecay });
    const difference = compare(optimizer, kernels, (w, g, [m]) => [
      w - 0.7 * weightDecay * w - 0.7 * Math.sign(0.6 * m + 0.4 * g),
      0.3 * m + 0.7 * g,
    ]);
    if (difference !== null) return difference;
  }
  return null;
}

/** A few steps on random gradients, of both and of the state that they keep. */
function compare(
  optimizer: Optimizer,
  kernels: Kernels,
  formula: (w: number, g: number, state: readonly number[], step: number) => number[],
): string | null {
  const arrays = [0, ...optimizer.slots].map(() => new Float64Array(SIZE));
  uniform(deriveKey(0, Purpose.gradcheck, 0, 0), -1, 1, arrays[0]);
  const expected = arrays.map((array) => array.slice());
  const g = new Float64Array(SIZE);
  for (let step = 1; step <= STEPS; step++) {
    uniform(deriveKey(0, Purpose.gradcheck, 0, step), -1, 1, g);
    const [w, ...slots] = arrays;
    optimizer.update(kernels, FROM, TO, w, g, slots, optimizer.learningRate, step);
    for (let i = FROM; i < TO; i++) {
      const [value, ...state] = expected.map((array) => array[i]);
      for (const [a, number] of formula(value, g[i], state, step).entries()) expected[a][i] = number;
    }
    for (const [a, array] of arrays.entries()) {
      for (let i = 0; i < SIZE; i++) {
        if (!(Math.abs(array[i] - expected[a][i]) <= TOLERANCE)) {
          const name = a === 0 ? 'the weight' : optimizer.slots[a - 1];
          return `${optimizer.name}: ${name} [${i}] after step ${step}: expected ${expected[a][i]}, got ${array[i]}`;
        }
      }
    }
  }
  return null;
}
