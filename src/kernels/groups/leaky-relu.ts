/** ReLU with a slope below zero. */
import type { KernelGroup } from '../groups.ts';
import { leakyReluBackward, leakyReluForward } from '../plain/leaky-relu.ts';
import { leakyReluKernels } from '../simd/rectifiers.ts';

export const leakyReluGroup: KernelGroup = {
  plain: { leakyReluForward, leakyReluBackward },
  simd: leakyReluKernels,
};
