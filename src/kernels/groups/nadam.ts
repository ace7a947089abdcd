/** The step of optimizers/nadam.ts, in plain TypeScript on every engine. */
import type { KernelGroup } from '../groups.ts';
import { nadam } from '../plain/nadam.ts';

export const nadamGroup: KernelGroup = { plain: { nadam } };
