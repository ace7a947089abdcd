/** Which kernels there are, and the choice between them. */
import type { KernelName, Kernels } from './kernels.ts';
import { plainKernels } from './plain/index.ts';

/** What a user may ask for; `auto`: SIMD where the engine has it, else plain. */
export type KernelChoice = 'auto' | KernelName;

/**
 * Settles `auto`.
 * @throws RangeError for an unknown name, or one that this engine can't run.
 */
export function chooseKernel(choice: KernelChoice): KernelName {
  switch (choice) {
    case 'auto':
    case 'plain':
      return 'plain';
    default:
      throw new RangeError(`kernel must be one of auto, plain, got ${choice}`);
  }
}

/**
 * The kernels of that name for arrays in `memory`; null: for sizes alone.
 */
export function createKernels(
  _name: KernelName,
  _memory: ArrayBufferLike | WebAssembly.Memory | null,
): Kernels {
  return plainKernels;
}
