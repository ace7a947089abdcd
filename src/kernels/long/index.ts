/** Kernels whose long sums are computed in blocks; see blocks.ts. Short sums pass through: one comparison a call. */
import type { CommonKernels } from '../groups.ts';
import { longConvolution } from './conv2d.ts';
import { longDense } from './dense.ts';

export { LONGEST } from './blocks.ts';

/**
 * `kernels` compute each sum in a row. @returns kernels that cut long ones into blocks, by means of those; depthwise convolutions,
 * which are a group, are cut by depthwise.ts
 */
export function inBlocks<Given extends CommonKernels>(kernels: Given): Given {
  return { ...kernels, ...longDense(kernels), ...longConvolution(kernels) };
}
