/** Kernels whose long sums are computed in blocks; see blocks.ts. Short sums pass through: one comparison a call. */
import type { Kernels } from '../kernels.ts';
import { longConvolution } from './conv2d.ts';
import { longDense } from './dense.ts';
import { longDepthwise } from './depthwise.ts';

export { LONGEST } from './blocks.ts';

/** `kernels` compute each sum in a row. @returns kernels that cut long ones into blocks, by means of those */
export function inBlocks(kernels: Kernels): Kernels {
  return { ...kernels, ...longDense(kernels), ...longConvolution(kernels), ...longDepthwise(kernels) };
}
