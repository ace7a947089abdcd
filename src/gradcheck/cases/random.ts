/** Layers that are random in training. */
import { dropout } from '../../layers/dropout.ts';
import { gaussianNoise } from '../../layers/gaussian-noise.ts';
import { randomBrightness } from '../../layers/random-brightness.ts';
import { randomContrast } from '../../layers/random-contrast.ts';
import { randomFlip } from '../../layers/random-flip.ts';
import { randomRotation } from '../../layers/random-rotation.ts';
import { randomTranslation } from '../../layers/random-translation.ts';
import { randomZoom } from '../../layers/random-zoom.ts';
import { spatialDropout2d } from '../../layers/spatial-dropout2d.ts';
import { ALL, type SuiteCase } from './case.ts';

export const RANDOM_CASES: readonly SuiteCase[] = [
  {
    name: 'dropout of channels, and of samples',
    layers: () => [
      spatialDropout2d({ rate: 0.4, inputShape: [2, 3, 5] }),
      dropout({ rate: 0.3, noiseShape: [null, 1, 1, 1] }),
    ],
    options: ALL,
  },
  {
    name: 'gaussian noise',
    layers: () => [gaussianNoise({ stddev: 0.5, inputShape: [3, 3] })],
    options: ALL,
  },
  {
    name: 'random flip, rotation, zoom and translation',
    layers: () => [
      randomFlip({ inputShape: [4, 5, 2] }),
      randomRotation({ factor: 0.2, fillMode: 'constant', fillValue: 0.5 }),
      randomZoom({ heightFactor: 0.3, widthFactor: [-0.2, 0.4], fillMode: 'wrap' }),
      randomTranslation({ heightFactor: 0.4, widthFactor: 0.3 }),
    ],
    options: ALL,
  },
  {
    name: 'random contrast and brightness',
    layers: () => [
      randomContrast({ factor: 0.5, valueRange: [-0.75, 0.75], inputShape: [3, 4, 2] }),
      randomBrightness({ factor: 0.2, valueRange: [-0.7, 0.8] }),
    ],
    options: ALL,
  },
  { name: 'dropout', layers: () => [dropout({ rate: 0.4, inputShape: [4, 3, 3] })], options: ALL },
];
