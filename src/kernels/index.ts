/** Which kernels there are, and the choice between them. */
import { oneOf } from '../checks/values.ts';
import { longGroups, withGroups } from './groups.ts';
import type { KernelName, Kernels } from './kernels.ts';
import { inBlocks } from './long/index.ts';
import { plainInARow } from './plain/common.ts';
import { createSimdKernels, type SimdObstacle, simdObstacle } from './simd/index.ts';

/** What a user may ask for; `auto`: SIMD where the engine has it, else plain. Both give the same bits. */
export type KernelChoice = 'auto' | KernelName;

/**
 * What users of a WebAssembly.Memory need of it. That type itself is known only where TypeScript has the DOM's, which
 * a program for Node needn't.
 */
export interface WasmMemory {
  readonly buffer: ArrayBufferLike;
}

/** Memory that kernels work in: WebAssembly's for SIMD, any buffer for plain. */
export type KernelMemory = ArrayBufferLike | WasmMemory;

/** All of them, for messages. */
export const KERNEL_CHOICES: readonly KernelChoice[] = ['auto', 'plain', 'simd', 'fma'];

const OBSTACLES: Readonly<Record<SimdObstacle, string>> = {
  engine: 'this engine runs no WebAssembly SIMD',
  policy: "a content policy (no 'wasm-unsafe-eval') or an edge runtime forbids WebAssembly here",
};

let noticed = false;

/**
 * Settles `auto`: SIMD where the engine has it, else plain, which says so once.
 * @throws RangeError for an unknown name, or kernels that this engine can't run.
 */
export function chooseKernel(choice: KernelChoice): KernelName {
  const kernel = oneOf('compile', 'kernel', choice, KERNEL_CHOICES);
  if (kernel === 'auto') {
    const obstacle = simdObstacle('simd');
    if (obstacle === null) return 'simd';
    if (!noticed) console.warn(`kernel: ${OBSTACLES[obstacle]}: plain kernels instead, which are slower`);
    noticed = true;
    return 'plain';
  }
  if (kernel === 'plain') return kernel;
  const obstacle = simdObstacle(kernel);
  if (obstacle === 'policy') throw new RangeError(`kernel ${kernel}: ${OBSTACLES.policy}: use auto or plain`);
  if (kernel === 'simd' && obstacle) {
    throw new RangeError(
      `kernel simd needs WebAssembly SIMD, which this engine doesn't have: use auto or plain`,
    );
  }
  if (kernel === 'fma' && obstacle) {
    throw new RangeError(
      `kernel fma needs WebAssembly's relaxed SIMD: use Node 24, or node --experimental-wasm-relaxed-simd, or kernel simd`,
    );
  }
  return kernel;
}

/**
 * Memory for SIMD kernels.
 * @param pages of 64 KiB
 * @throws RangeError where there is none: engines reserve ten gigabytes of addresses for each, whatever its size, which a limit of
 *   the system (`ulimit -v`) may forbid.
 */
export function newWasmMemory(kernel: KernelName, pages: number, shared = false): WasmMemory {
  try {
    return new WebAssembly.Memory(pages > 0 ? { initial: pages, maximum: pages, shared } : { initial: 0 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RangeError(
      `kernel ${kernel} needs WebAssembly memory, which isn't here: use kernel plain, or lift a limit on addresses such as ulimit -v (${reason})`,
    );
  }
}

/**
 * The kernels of that name for arrays in `memory`; null: only to be asked for sizes.
 */
export function createKernels(name: KernelName, memory: KernelMemory | null): Kernels {
  if (name === 'plain') return createPlainKernels();
  // `auto` and chooseKernel see to it that sessions with SIMD kernels have such memory.
  const wasm = memory ?? newWasmMemory(name, 0);
  return createSimdKernels(wasm as WebAssembly.Memory, name);
}

function createPlainKernels(): Kernels {
  const inARow = withGroups(plainInARow, null);
  return { ...inBlocks(inARow), ...longGroups(inARow) };
}

/** The buffer of kernel memory of either kind. */
export function bufferOf(memory: KernelMemory): ArrayBufferLike {
  return 'buffer' in memory ? memory.buffer : memory;
}
