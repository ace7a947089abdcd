/** What only training calls of the kernels that most layers need: whatever compiles models, or is a thread of theirs, says that it needs these. */
import type { KernelGroup } from '../groups.ts';
import { convolutionBackwardGroup } from './convolution-backward.ts';
import { denseBackwardGroup } from './dense-backward.ts';
import { gradientsGroup } from './gradients.ts';
import { productsGroup } from './products.ts';

export const trainingGroups: readonly KernelGroup[] = [
  convolutionBackwardGroup,
  denseBackwardGroup,
  gradientsGroup,
  productsGroup,
];
