// Generated from ../plain/common.ts by generate-float64.mjs: do not edit.
import type { CommonKernels } from '../groups.ts';
import { addTo } from './arithmetic.ts';
import { addBias } from './bias.ts';
import { conv2dForward, conv2dScratch } from './conv2d.ts';
import { conv2dPoolForward } from './conv2d-pool.ts';
import { denseForward, denseScratch } from './dense.ts';
import { im2col } from './im2col.ts';
import { matmul } from './matmul.ts';
import { maxPool2dForward } from './max-pool.ts';
import { reluForward } from './relu.ts';
import { sigmoidForward } from './sigmoid.ts';
import { winogradForward, winogradPoolForward, winogradScratch } from './winograd.ts';
import { winogradFilterSize, winogradFilters } from './winograd-filters.ts';
import { winograd4Forward, winograd4Scratch } from './winograd4.ts';

// Kernels speaks of either dtype and these functions of one: TypeScript allows that for methods, and whoever
// calls keeps to the dtype that is named here.
export const plainInARow: CommonKernels = {
  name: 'plain',
  dtype: 'float64',
  conv2dScratch,
  winogradScratch,
  winogradFilterSize,
  winograd4Scratch,
  denseScratch,
  matmul,
  im2col,
  conv2dForward,
  conv2dPoolForward,
  winogradFilters,
  winogradForward,
  winogradPoolForward,
  winograd4Forward,
  addBias,
  maxPool2dForward,
  addTo,
  reluForward,
  sigmoidForward,
  denseForward,
};
