/** The step of optimizers/adam.ts. */
import type { KernelGroup } from '../groups.ts';
import { adam } from '../plain/adam.ts';
import { adamKernels } from '../simd/adam.ts';

export const adamGroup: KernelGroup = { plain: { adam }, simd: adamKernels };
