/** Up-sampling of images. */
import type { KernelGroup } from '../groups.ts';
import { upsample2dBackward, upsample2dForward } from '../plain/upsample.ts';

export const upSamplingGroup: KernelGroup = { plain: { upsample2dForward, upsample2dBackward } };
