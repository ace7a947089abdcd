/**
 * The project's own gradient checks, which `degelo gradcheck` prints: every layer by itself, every way in which the plan
 * folds layers into one another, every loss, and the experiment's network, in miniature with every coordinate and at
 * full size by sampling.
 *
 * The shapes are small and odd, and just large enough that every loop runs more than once: blocks of four or eight with
 * something left over, images that aren't square, two shards of samples.
 */
import { activation } from '../layers/activation.ts';
import { ACTIVATIONS, type ActivationName } from '../layers/activations.ts';
import { add } from '../layers/add.ts';
import { average } from '../layers/average.ts';
import { averagePooling2d } from '../layers/average-pooling2d.ts';
import { batchNormalization } from '../layers/batch-normalization.ts';
import { concatenate } from '../layers/concatenate.ts';
import { conv2d } from '../layers/conv2d.ts';
import { conv2dTranspose } from '../layers/conv2d-transpose.ts';
import { cropping2d } from '../layers/cropping2d.ts';
import { dense } from '../layers/dense.ts';
import { depthwiseConv2d } from '../layers/depthwise-conv2d.ts';
import { dropout } from '../layers/dropout.ts';
import { flatten } from '../layers/flatten.ts';
import { gaussianNoise } from '../layers/gaussian-noise.ts';
import { globalAveragePooling2d } from '../layers/global-average-pooling2d.ts';
import { globalMaxPooling2d } from '../layers/global-max-pooling2d.ts';
import { input } from '../layers/input-layer.ts';
import type { Layer } from '../layers/layer.ts';
import { leakyReLU } from '../layers/leaky-relu.ts';
import { maxPooling2d } from '../layers/max-pooling2d.ts';
import { maximum } from '../layers/maximum.ts';
import { multiply } from '../layers/multiply.ts';
import { normalization } from '../layers/normalization.ts';
import { permute } from '../layers/permute.ts';
import { randomBrightness } from '../layers/random-brightness.ts';
import { randomContrast } from '../layers/random-contrast.ts';
import { randomFlip } from '../layers/random-flip.ts';
import { randomRotation } from '../layers/random-rotation.ts';
import { randomTranslation } from '../layers/random-translation.ts';
import { randomZoom } from '../layers/random-zoom.ts';
import { reLU } from '../layers/relu.ts';
import { rescaling } from '../layers/rescaling.ts';
import { reshape } from '../layers/reshape.ts';
import { separableConv2d } from '../layers/separable-conv2d.ts';
import { softmax } from '../layers/softmax.ts';
import { spatialDropout2d } from '../layers/spatial-dropout2d.ts';
import { upSampling2d } from '../layers/up-sampling2d.ts';
import { zeroPadding2d } from '../layers/zero-padding2d.ts';
import { binaryCrossentropy } from '../losses/binary-crossentropy.ts';
import {
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
} from '../losses/categorical-crossentropy.ts';
import { huber } from '../losses/huber.ts';
import { meanAbsoluteError } from '../losses/mean-absolute-error.ts';
import { meanSquaredError } from '../losses/mean-squared-error.ts';
import { type LayerOrModel, Network } from '../model/network.ts';
import { deriveKey, Purpose, uniform } from '../tensor/random.ts';
import { checkGradients, type GradientCheckOptions, type GradientReport } from './check.ts';

export interface SuiteCase {
  readonly name: string;
  readonly layers: () => LayerOrModel[];
  readonly options?: GradientCheckOptions;
}

export type SuiteOptions = Pick<GradientCheckOptions, 'seed' | 'kernel' | 'kernels'>;

/** A stream of random numbers that checks don't use. */
const BIASES = 1000;

/** Every coordinate. */
const ALL = { coordinates: Infinity } as const;

/** By cases of their own, or under another name. */
const CHECKED_ELSEWHERE: readonly ActivationName[] = [
  ...(['linear', 'relu', 'sigmoid', 'tanh', 'softmax', 'silu', 'hardSilu'] as const),
];

const probabilities = (): Layer[] => [dense({ units: 6, inputShape: [5] }), activation('softmax')];

/** One layer, or one stage of the plan, with a gradient that isn't uniform. */
export const LAYER_CASES: readonly SuiteCase[] = [
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
    name: 'conv2d, 1×1',
    layers: () => [conv2d({ filters: 5, kernelSize: 1, activation: 'relu', inputShape: [3, 2, 6] })],
    options: ALL,
  },
  {
    name: 'dense, no bias',
    layers: () => [dense({ units: 5, useBias: false, kernelInitializer: 'heNormal', inputShape: [6] })],
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
      // Without a bias, whose gradient behind it would be none.
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
  {
    name: 'zero padding',
    layers: () => [
      zeroPadding2d({
        padding: [
          [1, 0],
          [2, 3],
        ],
        inputShape: [3, 2, 4],
      }),
      conv2d({ filters: 2, kernelSize: 2 }),
    ],
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
  ...ACTIVATIONS.filter((name) => !CHECKED_ELSEWHERE.includes(name)).map((name) => ({
    name,
    layers: () => [activation({ activation: name, inputShape: [9] })],
    options: {
      ...ALL,
      x: Array.from({ length: 18 }, (_, i) => (i * 0.45 - 3.83) * (name === 'relu6' ? 2 : 1)),
    },
  })),
  {
    name: 'dense + tanh',
    layers: () => [dense({ units: 6, activation: 'tanh', inputShape: [5] })],
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
  {
    name: 'nearest up-sampling',
    layers: () => [upSampling2d({ size: [2, 3], inputShape: [2, 3, 4] })],
    options: ALL,
  },
  {
    name: 'bilinear up-sampling',
    layers: () => [upSampling2d({ size: [3, 2], interpolation: 'bilinear', inputShape: [3, 2, 3] })],
    options: ALL,
  },
  {
    name: 'reshape, permute and cropping',
    layers: () => [
      reshape({ targetShape: [3, -1, 2], inputShape: [24] }),
      permute({ dims: [2, 3, 1] }),
      cropping2d({
        cropping: [
          [1, 0],
          [0, 1],
        ],
      }),
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
  { name: 'softmax layer', layers: () => [softmax({ inputShape: [2, 3] })], options: ALL },
  {
    name: 'relu layer with a slope, a threshold and a maximum',
    layers: () => [reLU({ maxValue: 0.8, negativeSlope: 0.25, threshold: 0.2, inputShape: [3, 7] })],
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
    name: 'dense + relu layer',
    layers: () => [dense({ units: 6, inputShape: [5] }), reLU()],
    options: ALL,
  },
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
  { name: 'leaky relu', layers: () => [leakyReLU({ inputShape: [3, 4, 2] })], options: ALL },
  { name: 'dropout', layers: () => [dropout({ rate: 0.4, inputShape: [4, 3, 3] })], options: ALL },
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
  ...(
    [
      ['add', () => add()],
      ['multiply', () => multiply()],
      ['average', () => average()],
      ['maximum', () => maximum()],
      ['concatenate', () => concatenate()],
    ] as const
  ).map(([name, make]) => ({
    name: `${name} of two branches and their input`,
    layers: () => [branches(make(), true)],
    options: ALL,
  })),
  ...(
    [
      ['add', () => add()],
      ['multiply', () => multiply()],
      ['average', () => average()],
      ['maximum', () => maximum()],
    ] as const
  ).map(([name, make]) => ({
    name: `${name}, an image and a number a channel`,
    layers: () => [branches(make(), false)],
    options: ALL,
  })),
  { name: 'flatten', layers: () => [flatten({ inputShape: [2, 3, 2] })], options: ALL },
];

/** A tensor that several layers read, and a layer that reads several: two convolutions and their input, or each pixel and a vector. */
function branches(merge: Layer, whole: boolean): Network {
  const x = input({ shape: [3, 4, 2] });
  const a = activation('tanh').apply(conv2d({ filters: 2, kernelSize: 2, padding: 'same' }).apply(x));
  const b = whole
    ? conv2d({ filters: 2, kernelSize: 1 }).apply(x)
    : averagePooling2d({ poolSize: [3, 4] }).apply(a);
  return new Network({ name: 'branches', inputs: x, outputs: merge.apply(whole ? [a, b, x] : [a, b]) });
}

/** Every loss, with and without the softmax that it folds in. */
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
];

/** The experiment's network. */
export const NETWORK_CASES: readonly SuiteCase[] = [
  {
    name: 'the experiment in miniature',
    layers: () => experiment([9, 8, 1], [3, 5], 7, 5),
    options: { ...ALL, samples: 10, loss: categoricalCrossentropy() },
  },
  {
    name: 'the experiment',
    layers: () => experiment([28, 28, 1], [32, 32], 128, 5),
    options: { coordinates: 16, directions: 2, samples: 1, loss: categoricalCrossentropy() },
  },
];

/** The layers of the experiment (experiment/transfer.ts), of any size. */
function experiment(inputShape: [number, number, number], filters: number[], units: number, classes: number) {
  return [
    conv2d({ filters: filters[0], kernelSize: 3, inputShape }),
    activation('relu'),
    conv2d({ filters: filters[1], kernelSize: 3 }),
    activation('relu'),
    maxPooling2d({ poolSize: 2 }),
    dropout({ rate: 0.25 }),
    flatten(),
    dense({ units }),
    activation('relu'),
    dropout({ rate: 0.5 }),
    dense({ units: classes }),
    activation('softmax'),
  ];
}

/** Runs one case. */
export function checkCase(
  { name, layers, options }: SuiteCase,
  { seed = 0, ...chosen }: SuiteOptions = {},
): GradientReport {
  const network = new Network({ layers: layers(), name, seed });
  // Biases begin at zero, which hides what is done with them.
  for (const [p, { parameter, value }] of network.parameters().entries()) {
    if (parameter.initializer === 'zeros') {
      uniform(deriveKey(seed, Purpose.gradcheck, BIASES, p), -0.1, 0.1, value.data);
    }
  }
  return checkGradients(network, { ...options, ...chosen, seed });
}

/** Runs them all, one by one as the reports are asked for. */
export function* checkAll(options: SuiteOptions = {}): Generator<GradientReport> {
  for (const each of [...LAYER_CASES, ...LOSS_CASES, ...NETWORK_CASES]) yield checkCase(each, options);
}
