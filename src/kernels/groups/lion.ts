/** The step of optimizers/lion.ts, in plain TypeScript on every engine. */
import type { KernelGroup } from '../groups.ts';
import { lion } from '../plain/lion.ts';

export const lionGroup: KernelGroup = { plain: { lion } };
