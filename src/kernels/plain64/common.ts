// Generated from ../plain/common.ts by generate-float64.mjs: do not edit.
/** The plain kernels that most networks need; the others stand in groups (../groups.ts). */

import type { CommonKernels } from '../groups.ts';
import { affine } from './affine.ts';
import { addTo, multiplyBy } from './arithmetic.ts';
import { addBias } from './bias.ts';
import { clippedReluBackward, clippedReluForward } from './clipped-relu.ts';
import { clip, scale } from './clipping.ts';
import { conv2dForward, conv2dScratch } from './conv2d.ts';
import { conv2dPoolForward } from './conv2d-pool.ts';
import { denseForward, denseScratch } from './dense.ts';
import { dropoutBackward } from './dropout.ts';
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
import { regularize } from './regularize.ts';
import { reluBackward, reluForward } from './relu.ts';
import { sumShards } from './shards.ts';
import { sigmoidBackward, sigmoidForward, tanhBackward, tanhForward } from './sigmoid.ts';
import { winogradForward, winogradPoolForward, winogradScratch } from './winograd.ts';
import { winogradFilterSize, winogradFilters, winogradTurnedFilters } from './winograd-filters.ts';
import { winograd4Forward, winograd4Scratch } from './winograd4.ts';

// Kernels speaks of either dtype and these functions of one: TypeScript allows that for methods, and whoever
// calls keeps to the dtype that is named here.
/** Each sum in a row, however long. */
export const plainInARow: CommonKernels = {
  name: 'plain',
  dtype: 'float64',
  conv2dScratch,
  winogradScratch,
  winogradFilterSize,
  winograd4Scratch,
  denseScratch,
  matmul,
  matmulTransposeA,
  matmulTransposeB,
  im2col,
  col2im,
  conv2dForward,
  conv2dPoolForward,
  winogradFilters,
  winogradTurnedFilters,
  winogradForward,
  winogradPoolForward,
  winograd4Forward,
  addBias,
  affine,
  maxPool2dForward,
  maxPool2dBackward,
  globalMaxPoolForward,
  globalMaxPoolBackward,
  addTo,
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
  dropoutBackward,
  denseForward,
  sumShards,
  regularize,
  scale,
  clip,
};
