/** Batch normalisation: its sums over the batch, and its passes. */
import type { KernelGroup } from '../groups.ts';
import type { Kernels } from '../kernels.ts';
import { channelMoments, channelSums, normalizeBackward, normalizeForward } from '../plain/normalize.ts';
import { channelSumKernels } from '../simd/channel-sums.ts';
import { normalizeKernels } from '../simd/normalize.ts';

const plainSums: Pick<Kernels, 'channelMoments' | 'channelSums'> = { channelMoments, channelSums };

export const normalizationGroup: KernelGroup = {
  plain: { ...plainSums, normalizeForward, normalizeBackward },
  simd: (simd) => ({ ...channelSumKernels(simd, plainSums), ...normalizeKernels(simd) }),
};
