/** Dense layers, and what the plan folds into them. */
import { activation } from '../../layers/activation.ts';
import { dense } from '../../layers/dense.ts';
import { dropout } from '../../layers/dropout.ts';
import { globalMaxPooling2d } from '../../layers/global-max-pooling2d.ts';
import { reLU } from '../../layers/relu.ts';
import { zeroPadding2d } from '../../layers/zero-padding2d.ts';
import { ALL, type SuiteCase } from './case.ts';

export const DENSE_CASES: readonly SuiteCase[] = [
  { name: 'dense', layers: () => [dense({ units: 19, inputShape: [7] })], options: ALL },
  {
    // Its weights are dealt with in two tiles.
    name: 'dense, 18,000 weights',
    layers: () => [dense({ units: 40, inputShape: [450] })],
    options: { coordinates: 60, samples: 2 },
  },
  {
    name: 'dense + relu',
    layers: () => [dense({ units: 6, activation: 'relu', inputShape: [7] })],
    options: ALL,
  },
  {
    // Zeros that ReLU didn't make have a gradient like any other number.
    name: 'dense, zeros among its inputs',
    layers: () => [dense({ units: 5, inputShape: [6] })],
    options: { ...ALL, x: Array.from({ length: 24 }, (_, i) => (i % 3 === 0 ? 0 : (i % 7) / 4 - 1)) },
  },
  {
    name: 'dense behind relu and dropout',
    layers: () => [
      activation({ activation: 'relu', inputShape: [13] }),
      dropout({ rate: 0.25 }),
      dense({ units: 10 }),
    ],
    options: ALL,
  },
  {
    name: 'dense, no bias',
    layers: () => [dense({ units: 5, useBias: false, kernelInitializer: 'heNormal', inputShape: [6] })],
    options: ALL,
  },
  {
    name: 'dense behind relu, zero padding and global max-pooling',
    layers: () => [
      activation({ activation: 'relu', inputShape: [3, 2, 6] }),
      zeroPadding2d(),
      globalMaxPooling2d(),
      dense({ units: 4 }),
    ],
    options: ALL,
  },
  {
    name: 'dense + tanh',
    layers: () => [dense({ units: 6, activation: 'tanh', inputShape: [5] })],
    options: ALL,
  },
  {
    name: 'dense on an image, no bias, and on a row behind it',
    layers: () => [
      dense({ units: 3, useBias: false, activation: 'relu', inputShape: [3, 2, 4] }),
      globalMaxPooling2d(),
      dense({ units: 4 }),
    ],
    options: ALL,
  },
  {
    name: 'dense + relu layer',
    layers: () => [dense({ units: 6, inputShape: [5] }), reLU()],
    options: ALL,
  },
];
