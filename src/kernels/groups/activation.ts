/**
 * What activations need that few networks have: the hard sigmoid, what is made of it, and what is made of exponentials. With it sigmoid, which
 * every bundle has in plain code, is SIMD too.
 */
import type { KernelGroup } from '../groups.ts';
import {
  hardSigmoidBackward,
  hardSigmoidForward,
  hardSwishBackward,
  hardSwishForward,
} from '../plain/hard-sigmoid.ts';
import { tanhBackward, tanhForward } from '../plain/sigmoid.ts';
import { activationKernels } from '../simd/activations.ts';
import { smoothKernels } from '../simd/smooth.ts';
import { smoothBackward, smoothForward } from '../smooth.ts';

export const activationGroup: KernelGroup = {
  plain: {
    hardSigmoidForward,
    hardSigmoidBackward,
    hardSwishForward,
    hardSwishBackward,
    tanhForward,
    tanhBackward,
    smoothForward,
    smoothBackward,
  },
  simd: (simd) => ({ ...activationKernels(simd), ...smoothKernels(simd) }),
};
