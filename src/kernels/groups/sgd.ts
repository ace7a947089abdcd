/** The steps of optimizers/sgd.ts, with momentum and without. */
import type { KernelGroup } from '../groups.ts';
import { sgd, sgdMomentum } from '../plain/sgd.ts';
import { sgdKernels } from '../simd/sgd.ts';

export const sgdGroup: KernelGroup = { plain: { sgd, sgdMomentum }, simd: sgdKernels };
