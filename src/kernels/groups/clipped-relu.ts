/** ReLU with bounds, of the layer ReLU and the activation relu6. */
import type { KernelGroup } from '../groups.ts';
import { clippedReluBackward, clippedReluForward } from '../plain/clipped-relu.ts';
import { clippedReluKernels } from '../simd/rectifiers.ts';

export const clippedReluGroup: KernelGroup = {
  plain: { clippedReluForward, clippedReluBackward },
  simd: clippedReluKernels,
};
