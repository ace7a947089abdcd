/** The step of optimizers/rmsprop.ts. */
import type { KernelGroup } from '../groups.ts';
import { rmsprop } from '../plain/rmsprop.ts';
import { rmspropKernels } from '../simd/rmsprop.ts';

export const rmspropGroup: KernelGroup = { plain: { rmsprop }, simd: rmspropKernels };
