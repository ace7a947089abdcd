/** Dropout. */
import type { KernelGroup } from '../groups.ts';
import { dropoutBackward, dropoutForward } from '../plain/dropout.ts';
import { dropoutKernels } from '../simd/dropout.ts';

export const dropoutGroup: KernelGroup = { plain: { dropoutForward, dropoutBackward }, simd: dropoutKernels };
