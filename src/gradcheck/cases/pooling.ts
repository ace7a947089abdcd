/** Pooling by itself. */

import { averagePooling2d } from '../../layers/average-pooling2d.ts';
import { globalAveragePooling2d } from '../../layers/global-average-pooling2d.ts';
import { globalMaxPooling2d } from '../../layers/global-max-pooling2d.ts';
import { maxPooling2d } from '../../layers/max-pooling2d.ts';
import { ALL, type SuiteCase } from './case.ts';

export const POOLING_CASES: readonly SuiteCase[] = [
  {
    name: 'max-pooling, overlapping windows',
    layers: () => [maxPooling2d({ poolSize: [3, 2], strides: [2, 1], inputShape: [6, 5, 3] })],
    options: ALL,
  },
  {
    name: 'max-pooling, padding same',
    layers: () => [maxPooling2d({ poolSize: 3, strides: [2, 1], padding: 'same', inputShape: [4, 3, 5] })],
    options: ALL,
  },
  {
    name: 'average pooling, overlapping windows',
    layers: () => [averagePooling2d({ poolSize: [3, 2], strides: [2, 1], inputShape: [6, 5, 5] })],
    options: ALL,
  },
  {
    name: 'average pooling, padding same',
    layers: () => [
      averagePooling2d({ poolSize: 3, strides: [1, 2], padding: 'same', inputShape: [4, 5, 6] }),
    ],
    options: ALL,
  },
  {
    name: 'global average pooling',
    layers: () => [globalAveragePooling2d({ inputShape: [3, 4, 5] })],
    options: ALL,
  },
  {
    name: 'global poolings that keep their dimensions',
    layers: () => [
      globalAveragePooling2d({ keepdims: true, inputShape: [2, 3, 5] }),
      globalMaxPooling2d({ keepdims: true }),
    ],
    options: ALL,
  },
  {
    name: 'global max-pooling, more than 256 pixels',
    layers: () => [globalMaxPooling2d({ inputShape: [32, 20, 3] })],
    options: { samples: 2, coordinates: 60 },
  },
];
