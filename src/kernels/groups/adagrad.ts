/** The step of optimizers/adagrad.ts, in plain TypeScript on every engine. */
import type { KernelGroup } from '../groups.ts';
import { adagrad } from '../plain/adagrad.ts';

export const adagradGroup: KernelGroup = { plain: { adagrad } };
