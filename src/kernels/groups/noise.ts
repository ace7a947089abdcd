/** Gaussian noise. */
import type { KernelGroup } from '../groups.ts';
import { gaussianNoise } from '../plain/gaussian-noise.ts';

export const noiseGroup: KernelGroup = { plain: { gaussianNoise } };
