/** What activations need that few networks have: the hard sigmoid, what is made of it, and tanh. */
import type { KernelGroup } from '../groups.ts';
import {
  hardSigmoidBackward,
  hardSigmoidForward,
  hardSwishBackward,
  hardSwishForward,
} from '../plain/hard-sigmoid.ts';
import { tanhBackward, tanhForward } from '../plain/sigmoid.ts';
import { activationKernels } from '../simd/activations.ts';

export const activationGroup: KernelGroup = {
  plain: {
    hardSigmoidForward,
    hardSigmoidBackward,
    hardSwishForward,
    hardSwishBackward,
    tanhForward,
    tanhBackward,
  },
  simd: activationKernels,
};
