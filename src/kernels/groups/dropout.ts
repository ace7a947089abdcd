/** Dropout forward, which draws the mask; its backward pass is common. */
import type { KernelGroup } from '../groups.ts';
import { dropoutForward } from '../plain/dropout.ts';
import { dropoutKernels } from '../simd/dropout.ts';

export const dropoutGroup: KernelGroup = { plain: { dropoutForward }, simd: dropoutKernels };
