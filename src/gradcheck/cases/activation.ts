/** Activations, as layers of their own. */
import { activation } from '../../layers/activation.ts';
import type { ActivationName } from '../../layers/activations.ts';
import { elementwise } from '../../layers/elementwise.ts';
import { leakyReLU } from '../../layers/leaky-relu.ts';
import { allActivations } from '../../layers/more-activations.ts';
import { prelu } from '../../layers/prelu.ts';
import { reLU } from '../../layers/relu.ts';
import { rescaling } from '../../layers/rescaling.ts';
import { softmax } from '../../layers/softmax.ts';
import { ALL, type SuiteCase } from './case.ts';

/** Activations with cases of their own, or with a case under another name. */
const CHECKED_ELSEWHERE: readonly ActivationName[] = [
  ...(['linear', 'relu', 'sigmoid', 'tanh', 'softmax', 'silu', 'hardSilu'] as const),
];

export const ACTIVATION_CASES: readonly SuiteCase[] = [
  { name: 'relu', layers: () => [activation({ activation: 'relu', inputShape: [3, 4, 2] })], options: ALL },
  {
    name: 'softmax',
    layers: () => [activation({ activation: 'softmax', inputShape: [3, 5] })],
    options: ALL,
  },
  ...(['sigmoid', 'tanh'] as const).map((name) => ({
    name,
    layers: () => [activation({ activation: name, inputShape: [3, 4, 2] })],
    options: ALL,
  })),
  // Inputs on every part of every function: from −3.9 to 3.8, and twice as far for relu6.
  ...allActivations()
    .filter((name) => !CHECKED_ELSEWHERE.includes(name))
    .map((name) => ({
      name,
      layers: () => [activation({ activation: name, inputShape: [9] })],
      options: {
        ...ALL,
        x: Array.from({ length: 18 }, (_, i) => (i * 0.45 - 3.83) * (name === 'relu6' ? 2 : 1)),
      },
    })),
  { name: 'softmax layer', layers: () => [softmax({ inputShape: [2, 3] })], options: ALL },
  {
    name: 'relu layer with a slope, a threshold and a maximum',
    layers: () => [reLU({ maxValue: 0.8, negativeSlope: 0.25, threshold: 0.2, inputShape: [3, 7] })],
    options: ALL,
  },
  ...(['log', 'sqrt', 'reciprocal', 'rsqrt'] as const).map((operation) => ({
    name: `${operation} of what is above zero`,
    layers: () => [
      activation({ activation: 'sigmoid', inputShape: [2, 5] }),
      rescaling({ scale: 2, offset: 0.5 }),
      elementwise(operation),
    ],
    options: ALL,
  })),
  {
    name: 'parametric relu',
    layers: () => [
      prelu({ alphaInitializer: { name: 'constant', value: 0.25 }, inputShape: [3, 4, 2] }),
      prelu({ sharedAxes: [1, 2], alphaInitializer: 'heNormal', alphaRegularizer: 'l2' }),
    ],
    options: ALL,
  },
  { name: 'leaky relu', layers: () => [leakyReLU({ inputShape: [3, 4, 2] })], options: ALL },
];
