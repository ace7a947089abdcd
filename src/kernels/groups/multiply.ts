/** Products element by element. */
import type { KernelGroup } from '../groups.ts';
import { multiplyBy } from '../plain/arithmetic.ts';
import { multiplyKernels } from '../simd/multiply.ts';

export const multiplyGroup: KernelGroup = { plain: { multiplyBy }, simd: multiplyKernels };
