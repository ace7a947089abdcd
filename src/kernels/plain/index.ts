/** The kernels in plain TypeScript: the definition of the result that every other implementation must match. */

import type { Kernels } from '../kernels.ts';
import { inBlocks } from '../long/index.ts';
import { affine } from './affine.ts';
import { addTo, multiplyBy } from './arithmetic.ts';
import { averagePool2dBackward, averagePool2dForward } from './average-pool.ts';
import { addBias } from './bias.ts';
import { clippedReluBackward, clippedReluForward } from './clipped-relu.ts';
import { clip, scale } from './clipping.ts';
import { conv2dBackward, conv2dForward, conv2dScratch } from './conv2d.ts';
import { conv2dPoolBackward, conv2dPoolForward } from './conv2d-pool.ts';
import {
  denseBackwardBias,
  denseBackwardInput,
  denseBackwardWeights,
  denseForward,
  denseScratch,
} from './dense.ts';
import { depthwiseBackward, depthwiseForward, depthwiseScratch } from './depthwise.ts';
import { dropoutBackward, dropoutForward } from './dropout.ts';
import { gaussianNoise } from './gaussian-noise.ts';
import { globalMaxPoolBackward, globalMaxPoolForward } from './global-max-pool.ts';
import {
  hardSigmoidBackward,
  hardSigmoidForward,
  hardSwishBackward,
  hardSwishForward,
} from './hard-sigmoid.ts';
import { col2im, im2col } from './im2col.ts';
import { leakyReluBackward, leakyReluForward } from './leaky-relu.ts';
import { matmul, matmulTransposeA, matmulTransposeB } from './matmul.ts';
import { maxPool2dBackward, maxPool2dForward } from './max-pool.ts';
import { channelMoments, channelSums, normalizeBackward, normalizeForward } from './normalize.ts';
import { adadelta, adam, rmsprop, sgd, sgdMomentum } from './optimizers.ts';
import { regularize } from './regularize.ts';
import { reluBackward, reluForward } from './relu.ts';
import { sumShards } from './shards.ts';
import { sigmoidBackward, sigmoidForward, tanhBackward, tanhForward } from './sigmoid.ts';
import { upsample2dBackward, upsample2dForward } from './upsample.ts';
import { winogradForward, winogradPoolForward, winogradScratch } from './winograd.ts';
import { winogradBackward, winogradBackwardScratch } from './winograd-backward.ts';

// Kernels speaks of either dtype and these functions of one: TypeScript allows that for methods, and whoever
// calls keeps to the dtype that is named here.
/** Each sum in a row, however long. */
export const plainInARow: Kernels = {
  name: 'plain',
  dtype: 'float32',
  conv2dScratch,
  winogradScratch,
  winogradBackwardScratch,
  denseScratch,
  matmul,
  matmulTransposeA,
  matmulTransposeB,
  im2col,
  col2im,
  conv2dForward,
  conv2dPoolForward,
  winogradForward,
  winogradPoolForward,
  winogradBackward,
  conv2dBackward,
  conv2dPoolBackward,
  addBias,
  depthwiseScratch,
  depthwiseForward,
  depthwiseBackward,
  upsample2dForward,
  upsample2dBackward,
  affine,
  gaussianNoise,
  maxPool2dForward,
  maxPool2dBackward,
  averagePool2dForward,
  averagePool2dBackward,
  globalMaxPoolForward,
  globalMaxPoolBackward,
  addTo,
  channelMoments,
  normalizeForward,
  channelSums,
  normalizeBackward,
  multiplyBy,
  reluForward,
  reluBackward,
  leakyReluForward,
  leakyReluBackward,
  clippedReluForward,
  clippedReluBackward,
  hardSigmoidForward,
  hardSigmoidBackward,
  hardSwishForward,
  hardSwishBackward,
  sigmoidForward,
  sigmoidBackward,
  tanhForward,
  tanhBackward,
  dropoutForward,
  dropoutBackward,
  denseForward,
  denseBackwardInput,
  denseBackwardWeights,
  denseBackwardBias,
  sumShards,
  adadelta,
  sgd,
  sgdMomentum,
  adam,
  rmsprop,
  regularize,
  scale,
  clip,
};

/** Long sums in blocks. */
export const plainKernels: Kernels = inBlocks(plainInARow);
