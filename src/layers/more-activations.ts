/** The activations that few networks have, and `allActivations`, which brings them. Smooth functions of the input only: kernels/smooth.ts. */
import { activationGroup } from '../kernels/groups/activation.ts';
import { clippedReluGroup } from '../kernels/groups/clipped-relu.ts';
import { needKernels } from '../kernels/groups.ts';
import { SMOOTH, type SmoothName } from '../kernels/smooth.ts';
import { logSoftmaxBackward, logSoftmaxForward } from '../kernels/softmax.ts';
import {
  ACTIVATIONS,
  type ActivationFunction,
  type ActivationFunctions,
  type ActivationName,
  knowActivations,
} from './activations.ts';

/** Where the slope of a smooth one jumps, or its derivative; of hardShrink the function itself. */
const KINKS: Readonly<Partial<Record<SmoothName, readonly number[]>>> = {
  elu: [0],
  selu: [0],
  softsign: [0],
  hardTanh: [-1, 1],
  hardShrink: [0],
  softShrink: [0],
  sparsePlus: [0, 1],
  sparseSigmoid: [0, 1],
};

function smooth(name: SmoothName): ActivationFunction {
  return {
    forward: ({ kernels, x, y }, { size }) => kernels.smoothForward(name, size, x, y),
    backward: ({ kernels, x, dy, dx }, { size }) => kernels.smoothBackward(name, size, x, dy, dx),
    readsInput: true,
    kinks: KINKS[name] ?? [],
  };
}

function hardSigmoid(slope: number): ActivationFunction {
  return {
    forward: ({ kernels, x, y }, { size }) => kernels.hardSigmoidForward(size, x, slope, y),
    backward: ({ kernels, y, dy, dx }, { size }) => kernels.hardSigmoidBackward(size, y, dy, slope, dx),
    kinks: [0, 1],
  };
}

const smoothNames = Object.keys(SMOOTH) as SmoothName[]; // its own names

const FUNCTIONS: ActivationFunctions = {
  ...Object.fromEntries(smoothNames.map((name) => [name, smooth(name)])),
  relu6: {
    forward: ({ kernels, x, y }, { size }) => kernels.clippedReluForward(size, x, 0, 0, 6, y),
    backward: ({ kernels, x, dy, dx }, { size }) => kernels.clippedReluBackward(size, x, dy, 0, 0, 6, dx),
    ...{ readsInput: true, kinks: [0, 6], fold: { kind: 'relu', max: 6 }, cutsOff: true },
  },
  tanh: {
    forward: ({ kernels, x, y }, { size }) => kernels.tanhForward(size, x, y),
    backward: ({ kernels, y, dy, dx }, { size }) => kernels.tanhBackward(size, y, dy, dx),
  },
  // Keras 3's, and that of Keras 2 and TensorFlow.js.
  hardSigmoid: hardSigmoid(1 / 6),
  hardSigmoidKeras2: hardSigmoid(0.2),
  hardSwish: {
    forward: ({ kernels, x, y }, { size }) => kernels.hardSwishForward(size, x, y),
    backward: ({ kernels, x, dy, dx }, { size }) => kernels.hardSwishBackward(size, x, dy, dx),
    ...{ readsInput: true, kinks: [0, 3] },
  },
  logSoftmax: {
    forward: ({ x, y }, { rows, C }) => logSoftmaxForward(rows, C, x, y),
    backward: ({ y, dy, dx }, { rows, C }) => logSoftmaxBackward(rows, C, y, dy, dx),
  },
};

/** Keras' activations that need options, or another number of channels: what to do instead. */
const ADVICE: Readonly<Record<string, string>> = {
  leakyReLU: 'must need no options: leave it out, and add the layer leakyReLU() after it',
  prelu: 'must have no weights: leave it out, and add the layer prelu() after it',
  celu: "must need no options: with Keras' alpha, 1, celu is 'elu'",
  threshold: 'must need no options: leave it out, and add the layer reLU({ threshold }) after it',
  glu: "glu halves the channels, and isn't there: multiply().apply([a, b]), b from a layer with activation 'sigmoid'",
  sparsemax: "sparsemax isn't there, and Keras' rows of it don't sum to 1: take 'softmax'",
};

/**
 * The names of all activations. A bundle of `degelo/core` knows `linear`, `relu`, `sigmoid` and `softmax`, and the others where it names this function:
 *
 *     import { allActivations, conv2d, register } from 'degelo/core';
 *
 *     register(allActivations);
 *     const layer = conv2d({ filters: 8, kernelSize: 3, activation: 'gelu' });
 */
export function allActivations(): readonly ActivationName[] {
  return ACTIVATIONS;
}

knowActivations(FUNCTIONS, ADVICE);
needKernels(activationGroup, clippedReluGroup);
