/** What every step of a training does with gradients: those of single elements, their sums, penalties and bounds. */
import type { KernelGroup } from '../groups.ts';
import { clip, scale } from '../plain/clipping.ts';
import { regularize } from '../plain/regularize.ts';
import { reluBackward } from '../plain/relu.ts';
import { sumShards } from '../plain/shards.ts';
import { sigmoidBackward } from '../plain/sigmoid.ts';
import { elementwiseBackwardKernels } from '../simd/elementwise-backward.ts';

export const gradientsGroup: KernelGroup = {
  plain: { reluBackward, sigmoidBackward, sumShards, regularize, scale, clip },
  simd: elementwiseBackwardKernels,
};
