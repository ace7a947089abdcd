/** Every loss, with and without the softmax that it folds in. */
import { activation } from '../../layers/activation.ts';
import { conv2d } from '../../layers/conv2d.ts';
import { dense } from '../../layers/dense.ts';
import type { Layer } from '../../layers/layer.ts';
import { binaryCrossentropy } from '../../losses/binary-crossentropy.ts';
import { binaryFocalCrossentropy } from '../../losses/binary-focal-crossentropy.ts';
import {
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
} from '../../losses/categorical-crossentropy.ts';
import { categoricalFocalCrossentropy } from '../../losses/categorical-focal-crossentropy.ts';
import { categoricalHinge } from '../../losses/categorical-hinge.ts';
import { cosineSimilarity } from '../../losses/cosine-similarity.ts';
import { hinge, squaredHinge } from '../../losses/hinge.ts';
import { huber } from '../../losses/huber.ts';
import { klDivergence } from '../../losses/kullback-leibler-divergence.ts';
import { logCosh } from '../../losses/log-cosh.ts';
import { meanAbsoluteError } from '../../losses/mean-absolute-error.ts';
import { meanSquaredError } from '../../losses/mean-squared-error.ts';
import { dice, tversky } from '../../losses/overlap.ts';
import { poisson } from '../../losses/poisson.ts';
import { meanAbsolutePercentageError, meanSquaredLogarithmicError } from '../../losses/relative-errors.ts';
import { ALL, type SuiteCase } from './case.ts';

const probabilities = (): Layer[] => [dense({ units: 6, inputShape: [5] }), activation('softmax')];

export const LOSS_CASES: readonly SuiteCase[] = [
  {
    name: 'categorical cross-entropy',
    layers: probabilities,
    options: { ...ALL, loss: categoricalCrossentropy() },
  },
  {
    name: 'categorical cross-entropy from logits',
    layers: () => probabilities().slice(0, 1),
    options: { ...ALL, loss: categoricalCrossentropy({ fromLogits: true }) },
  },
  {
    name: 'sparse categorical cross-entropy',
    layers: probabilities,
    options: { ...ALL, loss: sparseCategoricalCrossentropy() },
  },
  ...[categoricalCrossentropy(), sparseCategoricalCrossentropy()].map((loss) => ({
    name: `${loss.name} of each pixel`,
    layers: () => [conv2d({ filters: 3, kernelSize: 2, activation: 'softmax', inputShape: [3, 3, 2] })],
    options: { ...ALL, loss },
  })),
  {
    name: 'mean squared error',
    layers: () => [dense({ units: 6, inputShape: [5] })],
    options: { ...ALL, loss: meanSquaredError() },
  },
  {
    name: 'mean absolute error',
    layers: () => [dense({ units: 6, inputShape: [5] })],
    options: { ...ALL, loss: meanAbsoluteError() },
  },
  {
    // Targets from 0 to 1 and outputs around 0: some are nearer than this, and some aren't.
    name: 'huber',
    layers: () => [dense({ units: 6, inputShape: [5] })],
    options: { ...ALL, loss: huber({ delta: 0.4 }) },
  },
  ...[
    hinge(),
    squaredHinge(),
    categoricalHinge(),
    logCosh(),
    meanAbsolutePercentageError(),
    cosineSimilarity(),
  ].map((loss) => ({
    name: loss.name,
    layers: () => [dense({ units: 6, inputShape: [5] })],
    options: { ...ALL, loss },
  })),
  ...[poisson(), meanSquaredLogarithmicError(), klDivergence()].map((loss) => ({
    name: loss.name,
    layers: probabilities,
    options: { ...ALL, loss },
  })),
  // Not behind a softmax: what is added to the gradients of all outputs alike would vanish there.
  ...[dice(), tversky({ alpha: 0.7, beta: 0.2 })].map((loss) => ({
    name: loss.name,
    layers: () => [dense({ units: 6, activation: 'sigmoid', inputShape: [5] })],
    options: { ...ALL, loss },
  })),
  {
    name: 'binary cross-entropy, sigmoid',
    layers: () => [dense({ units: 6, activation: 'sigmoid', inputShape: [5] })],
    options: { ...ALL, loss: binaryCrossentropy() },
  },
  {
    name: 'binary cross-entropy from logits',
    layers: () => [dense({ units: 6, inputShape: [5] })],
    options: { ...ALL, loss: binaryCrossentropy({ fromLogits: true }) },
  },
  {
    name: 'binary cross-entropy of other probabilities',
    layers: probabilities,
    options: { ...ALL, loss: binaryCrossentropy() },
  },
  {
    name: 'categorical focal cross-entropy',
    layers: probabilities,
    options: {
      ...ALL,
      loss: categoricalFocalCrossentropy({ gamma: 1.5, alpha: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6] }),
    },
  },
  {
    name: 'binary focal cross-entropy, sigmoid',
    layers: () => [dense({ units: 6, activation: 'sigmoid', inputShape: [5] })],
    options: { ...ALL, loss: binaryFocalCrossentropy() },
  },
  {
    name: 'binary focal cross-entropy of other probabilities',
    layers: probabilities,
    options: { ...ALL, loss: binaryFocalCrossentropy({ gamma: 1.5, applyClassBalancing: true }) },
  },
];
