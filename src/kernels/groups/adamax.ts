/** The step of optimizers/adamax.ts, in plain TypeScript on every engine. */
import type { KernelGroup } from '../groups.ts';
import { adamax } from '../plain/adamax.ts';

export const adamaxGroup: KernelGroup = { plain: { adamax } };
