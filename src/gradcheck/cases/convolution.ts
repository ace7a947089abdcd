/** Convolutions of every kind, and what the plan folds into them. */
import { activation } from '../../layers/activation.ts';
import { conv2d } from '../../layers/conv2d.ts';
import { conv2dTranspose } from '../../layers/conv2d-transpose.ts';
import { depthwiseConv2d } from '../../layers/depthwise-conv2d.ts';
import { maxPooling2d } from '../../layers/max-pooling2d.ts';
import { separableConv2d } from '../../layers/separable-conv2d.ts';
import { ALL, type SuiteCase } from './case.ts';

export const CONVOLUTION_CASES: readonly SuiteCase[] = [
  {
    name: 'conv2d',
    layers: () => [conv2d({ filters: 5, kernelSize: [3, 2], inputShape: [5, 4, 3] })],
    options: ALL,
  },
  {
    name: 'conv2d, strides 2 and 3, padding same',
    layers: () => [
      conv2d({ filters: 3, kernelSize: 3, strides: [2, 3], padding: 'same', inputShape: [6, 5, 2] }),
    ],
    options: ALL,
  },
  {
    name: 'conv2d, kernel = image',
    layers: () => [conv2d({ filters: 3, kernelSize: [4, 3], inputShape: [4, 3, 1] })],
    options: { ...ALL, samples: 1 },
  },
  {
    name: 'conv2d, dilated, no bias',
    layers: () => [
      conv2d({ filters: 5, kernelSize: [2, 3], dilationRate: [1, 2], useBias: false, inputShape: [3, 7, 2] }),
    ],
    options: ALL,
  },
  {
    name: 'conv2d, two groups + relu + max-pooling',
    layers: () => [
      conv2d({ filters: 8, kernelSize: 2, groups: 2, activation: 'relu', inputShape: [4, 4, 6] }),
      maxPooling2d({ poolSize: 2, padding: 'same' }),
    ],
    options: ALL,
  },
  {
    name: 'conv2d, a group for each channel',
    layers: () => [conv2d({ filters: 5, kernelSize: [3, 2], groups: 5, inputShape: [4, 4, 5] })],
    options: ALL,
  },
  {
    name: 'conv2d, 1×1',
    layers: () => [conv2d({ filters: 5, kernelSize: 1, activation: 'relu', inputShape: [3, 2, 6] })],
    options: ALL,
  },
  {
    name: 'conv2d + relu',
    layers: () => [
      conv2d({ filters: 4, kernelSize: 2, padding: 'same', activation: 'relu', inputShape: [4, 5, 2] }),
    ],
    options: ALL,
  },
  {
    name: 'conv2d + max-pooling, overlapping windows',
    layers: () => [
      conv2d({ filters: 3, kernelSize: [3, 2], inputShape: [7, 5, 2] }),
      maxPooling2d({ poolSize: [3, 2], strides: [2, 1] }),
    ],
    options: ALL,
  },
  {
    name: 'conv2d, Winograd, odd output, padding same',
    layers: () => [conv2d({ filters: 9, kernelSize: 3, padding: 'same', inputShape: [5, 7, 8] })],
    options: { coordinates: 60, samples: 2, convolution: 'winograd' },
  },
  {
    name: 'conv2d + relu + max-pooling, Winograd',
    layers: () => [
      conv2d({ filters: 9, kernelSize: 3, activation: 'relu', inputShape: [6, 9, 8] }),
      maxPooling2d({ poolSize: 2 }),
    ],
    options: { coordinates: 60, samples: 2, convolution: 'winograd' },
  },
  {
    name: 'conv2d, sparse walk',
    layers: () => [conv2d({ filters: 3, kernelSize: [2, 3], padding: 'same', inputShape: [4, 5, 2] })],
    options: { ...ALL, walk: 'sparse' },
  },
  {
    name: 'conv2d + relu + max-pooling, dilated',
    layers: () => [
      conv2d({ filters: 3, kernelSize: 2, dilationRate: [1, 2], activation: 'relu', inputShape: [5, 7, 2] }),
      maxPooling2d({ poolSize: 2 }),
    ],
    options: ALL,
  },
  {
    name: 'conv2d + relu + max-pooling, dense walk',
    layers: () => [
      conv2d({ filters: 3, kernelSize: [2, 3], activation: 'relu', inputShape: [5, 6, 2] }),
      maxPooling2d({ poolSize: 2 }),
    ],
    options: { ...ALL, walk: 'dense' },
  },
  {
    name: 'conv2d + relu + max-pooling, padding same',
    layers: () => [
      conv2d({ filters: 5, kernelSize: 3, padding: 'same', strides: [1, 2], inputShape: [6, 7, 2] }),
      activation('relu'),
      maxPooling2d({ poolSize: 2 }),
    ],
    options: ALL,
  },
  {
    name: 'depthwise',
    layers: () => [depthwiseConv2d({ kernelSize: [3, 2], strides: [1, 2], inputShape: [4, 5, 6] })],
    options: ALL,
  },
  {
    name: 'depthwise, padding same, dilated, relu, no bias',
    layers: () => [
      depthwiseConv2d({
        ...{ kernelSize: 3, padding: 'same', dilationRate: [1, 2], activation: 'relu', useBias: false },
        inputShape: [3, 4, 5],
      }),
    ],
    options: ALL,
  },
  {
    name: 'depthwise, two filters a channel, strides 2, padding same',
    layers: () => [
      depthwiseConv2d({
        ...{ kernelSize: 3, strides: 2, padding: 'same', depthMultiplier: 2, inputShape: [4, 3, 4] },
      }),
    ],
    options: ALL,
  },
  {
    name: 'separable',
    layers: () => [
      separableConv2d({
        filters: 5,
        kernelSize: 3,
        padding: 'same',
        activation: 'relu',
        inputShape: [4, 3, 4],
      }),
    ],
    options: ALL,
  },
  {
    name: 'separable, two filters a channel, no bias',
    layers: () => [
      separableConv2d({
        filters: 3,
        kernelSize: 2,
        depthMultiplier: 2,
        useBias: false,
        inputShape: [3, 3, 2],
      }),
    ],
    options: ALL,
  },
  {
    name: 'transposed convolution, strides 2, padding same',
    layers: () => [
      conv2dTranspose({
        ...{
          filters: 4,
          kernelSize: 3,
          strides: 2,
          padding: 'same',
          activation: 'relu',
          inputShape: [2, 3, 5],
        },
      }),
    ],
    options: ALL,
  },
  {
    name: 'transposed convolution, output padding, no bias',
    layers: () => [
      conv2dTranspose({
        ...{ filters: 3, kernelSize: [2, 3], strides: [1, 3], outputPadding: [0, 1], useBias: false },
        inputShape: [3, 2, 2],
      }),
    ],
    options: ALL,
  },
];
