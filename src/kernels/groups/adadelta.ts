/** The step of optimizers/adadelta.ts. */
import type { KernelGroup } from '../groups.ts';
import { adadelta } from '../plain/adadelta.ts';
import { adadeltaKernels } from '../simd/adadelta.ts';

export const adadeltaGroup: KernelGroup = { plain: { adadelta }, simd: adadeltaKernels };
