/**
 * The kernels in plain TypeScript, all of them: the definition of the result that every other implementation must match. Gradient checks
 * take these; sessions take common.ts and the groups that their layers need.
 */

import type { Kernels } from '../kernels.ts';
import { longConvolutionBackward } from '../long/conv2d-backward.ts';
import { longDenseBackward } from '../long/dense.ts';
import { longDepthwise } from '../long/depthwise.ts';
import { inBlocks } from '../long/index.ts';
import { smoothBackward, smoothForward } from '../smooth.ts';
import { adadelta } from './adadelta.ts';
import { adagrad } from './adagrad.ts';
import { adam } from './adam.ts';
import { adamax } from './adamax.ts';
import { affine } from './affine.ts';
import { multiplyBy } from './arithmetic.ts';
import { averagePool2dBackward, averagePool2dForward } from './average-pool.ts';
import { clippedReluBackward, clippedReluForward } from './clipped-relu.ts';
import { clip, scale } from './clipping.ts';
import { plainInARow } from './common.ts';
import { conv2dBackward } from './conv2d.ts';
import { conv2dPoolBackward } from './conv2d-pool.ts';
import { denseBackwardBias, denseBackwardInput, denseBackwardWeights } from './dense.ts';
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
import { col2im } from './im2col.ts';
import { leakyReluBackward, leakyReluForward } from './leaky-relu.ts';
import { lion } from './lion.ts';
import { matmulTransposeA, matmulTransposeB } from './matmul.ts';
import { maxPool2dBackward } from './max-pool.ts';
import { nadam } from './nadam.ts';
import { channelMoments, channelSums, normalizeBackward, normalizeForward } from './normalize.ts';
import { regularize } from './regularize.ts';
import { reluBackward } from './relu.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd, sgdMomentum } from './sgd.ts';
import { sumShards } from './shards.ts';
import { sigmoidBackward, tanhBackward, tanhForward } from './sigmoid.ts';
import { upsample2dBackward, upsample2dForward } from './upsample.ts';
import { winogradBackward, winogradBackwardScratch } from './winograd-backward.ts';
import { winogradTurnedFilters } from './winograd-filters.ts';

const inARow: Kernels = {
  ...plainInARow,
  conv2dBackward,
  conv2dPoolBackward,
  winogradBackwardScratch,
  winogradBackward,
  denseBackwardInput,
  denseBackwardWeights,
  denseBackwardBias,
  depthwiseScratch,
  depthwiseForward,
  depthwiseBackward,
  upsample2dForward,
  upsample2dBackward,
  gaussianNoise,
  averagePool2dForward,
  averagePool2dBackward,
  channelMoments,
  normalizeForward,
  channelSums,
  normalizeBackward,
  dropoutForward,
  adadelta,
  sgd,
  sgdMomentum,
  adam,
  nadam,
  adamax,
  adagrad,
  lion,
  rmsprop,
  affine,
  multiplyBy,
  clippedReluBackward,
  clippedReluForward,
  clip,
  scale,
  dropoutBackward,
  globalMaxPoolBackward,
  globalMaxPoolForward,
  hardSigmoidBackward,
  hardSigmoidForward,
  hardSwishBackward,
  hardSwishForward,
  col2im,
  leakyReluBackward,
  leakyReluForward,
  matmulTransposeA,
  matmulTransposeB,
  maxPool2dBackward,
  regularize,
  reluBackward,
  sumShards,
  sigmoidBackward,
  tanhBackward,
  tanhForward,
  smoothBackward,
  smoothForward,
  winogradTurnedFilters,
};

/** Long sums in blocks. */
export const plainKernels: Kernels = {
  ...inBlocks(inARow),
  ...longConvolutionBackward(inARow),
  ...longDenseBackward(inARow),
  ...longDepthwise(inARow),
};
