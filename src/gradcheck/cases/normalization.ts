/** Layers that scale and shift, and regularizers. */
import { activation } from '../../layers/activation.ts';
import { batchNormalization } from '../../layers/batch-normalization.ts';
import { conv2d } from '../../layers/conv2d.ts';
import { conv2dTranspose } from '../../layers/conv2d-transpose.ts';
import { dense } from '../../layers/dense.ts';
import { depthwiseConv2d } from '../../layers/depthwise-conv2d.ts';
import { flatten } from '../../layers/flatten.ts';
import { groupNormalization } from '../../layers/group-normalization.ts';
import { layerNormalization } from '../../layers/layer-normalization.ts';
import { layerScale } from '../../layers/layer-scale.ts';
import { normalization } from '../../layers/normalization.ts';
import { reLU } from '../../layers/relu.ts';
import { rescaling } from '../../layers/rescaling.ts';
import { rmsNormalization } from '../../layers/rms-normalization.ts';
import { ALL, type SuiteCase } from './case.ts';

export const NORMALIZATION_CASES: readonly SuiteCase[] = [
  {
    name: 'layer normalisation, learnt scale',
    layers: () => [
      dense({ units: 5, inputShape: [2, 3, 4] }),
      layerNormalization({ epsilon: 0.01 }),
      layerScale({ initValue: 0.5 }),
      layerNormalization({ axis: [2, 3], center: false, gammaRegularizer: 'l2' }),
    ],
    options: ALL,
  },
  {
    name: 'layer normalisation of whole samples, frozen',
    layers: () => [
      conv2d({ filters: 3, kernelSize: 2, inputShape: [4, 3, 2] }),
      layerNormalization({ axis: [-3, -2, -1], epsilon: 0.1, trainable: false }),
      dense({ units: 5 }),
      layerNormalization({ scale: false, epsilon: 0.1 }),
    ],
    options: ALL,
  },
  {
    name: 'RMS normalisation',
    layers: () => [
      dense({ units: 5, inputShape: [2, 3, 4] }),
      rmsNormalization({ epsilon: 0.01 }),
      dense({ units: 3 }),
      rmsNormalization({ axis: [1, 2, 3], epsilon: 0.1 }),
    ],
    options: ALL,
  },
  {
    name: 'group normalisation',
    layers: () => [
      conv2d({ filters: 4, kernelSize: 2, padding: 'same', inputShape: [3, 3, 2] }),
      groupNormalization({ groups: 2 }),
      // Without a bias, which the next one would take back.
      conv2d({ filters: 3, kernelSize: 2, padding: 'same', useBias: false }),
      groupNormalization({ groups: -1, epsilon: 0.1, scale: false, betaRegularizer: 'l2' }),
    ],
    options: ALL,
  },
  {
    name: 'normalization',
    layers: () => [normalization({ mean: [1, -2], variance: [4, 0.25], inputShape: [3, 4, 2] })],
    options: ALL,
  },
  {
    name: 'normalization, inverted',
    layers: () => [normalization({ mean: 1, variance: 2, invert: true, inputShape: [3, 4, 2] })],
    options: ALL,
  },
  {
    name: 'regularized',
    layers: () => [
      // Without a bias, whose gradient after it would be none.
      conv2d({
        filters: 3,
        kernelSize: 2,
        useBias: false,
        kernelRegularizer: { l2: 0.3 },
        inputShape: [4, 5, 2],
      }),
      batchNormalization({ gammaRegularizer: 'l2' }),
      flatten(),
      dense({ units: 4, kernelRegularizer: { l1: 0.2, l2: 0.4 }, biasRegularizer: 'l1' }),
    ],
    options: ALL,
  },
  {
    name: 'rescaling',
    layers: () => [
      rescaling({ scale: 0.5, offset: -1, inputShape: [2, 3] }),
      rescaling({ scale: [2, 0.25, -1], offset: 0.5 }),
    ],
    options: ALL,
  },
  {
    name: 'convolutions and batch normalisation, with relu cut off',
    layers: () => [
      conv2d({ filters: 4, kernelSize: 3, useBias: false, inputShape: [6, 5, 2] }),
      reLU({ maxValue: 0.5 }),
      depthwiseConv2d({ kernelSize: 3, padding: 'same' }),
      reLU({ maxValue: 0.25 }),
      conv2dTranspose({ filters: 3, kernelSize: 2, useBias: false }),
      reLU({ maxValue: 0.5 }),
      batchNormalization(),
      reLU({ maxValue: 0.75 }),
    ],
    options: ALL,
  },
  {
    name: 'batch normalisation behind a convolution, in training',
    layers: () => [conv2d({ filters: 3, kernelSize: 2, inputShape: [4, 3, 2] }), batchNormalization()],
    options: ALL,
  },
  {
    name: 'batch normalisation + relu, no scale, large epsilon',
    layers: () => [
      batchNormalization({ scale: false, epsilon: 0.5, inputShape: [3, 2, 3] }),
      activation('relu'),
    ],
    options: ALL,
  },
  {
    name: 'batch normalisation of rows, no center',
    layers: () => [dense({ units: 4, inputShape: [5] }), batchNormalization({ center: false })],
    options: ALL,
  },
  {
    name: 'batch normalisation, frozen',
    layers: () => [
      conv2d({ filters: 3, kernelSize: 2, inputShape: [4, 3, 2] }),
      batchNormalization({ trainable: false }),
      activation('relu'),
    ],
    options: ALL,
  },
];
