/**
 * The kernels in WebAssembly SIMD, assembled when they are first needed.
 *
 * Strict mode (`simd`) gives the bits of the plain kernels: lanes run across elements of the result, so that every
 * element is the same sequence of operations, each rounded once, as there. `fma` fuses multiplications with
 * additions where the machine can: faster, and the last bits depend on the machine.
 *
 * Shapes that a kernel isn't made for are left to the plain kernels, which see the same arrays.
 */
import { type CommonKernels, longGroups, withGroups } from '../groups.ts';
import type { Kernels } from '../kernels.ts';
import { inBlocks } from '../long/index.ts';
import { plainInARow } from '../plain/common.ts';
import { SimdCompiler, type SimdMode } from './compiler.ts';
import { backwardScratch } from './conv2d-backward.ts';
import { conv2dForwardKernels, forwardScratch } from './conv2d-forward.ts';
import { denseKernels } from './dense.ts';
import { elementwiseKernels } from './elementwise.ts';
import { matmulKernels } from './matmul.ts';
import { maxPoolKernels } from './max-pool.ts';
import { winogradKernels } from './winograd.ts';
import { winogradFilterKernels } from './winograd-filters.ts';
import { winograd4Kernels } from './winograd4.ts';

export { type SimdMode, type SimdObstacle, simdObstacle, simdSupported } from './compiler.ts';

/**
 * Kernels for arrays that are in `memory` (shared or not). Create them where `simdSupported(mode)`.
 * Each of their functions throws a TypeError for an array that is elsewhere.
 */
export function createSimdKernels(memory: WebAssembly.Memory, mode: SimdMode): Kernels {
  const simd = new SimdCompiler(memory, mode);
  const pooling = maxPoolKernels(simd);
  const common: CommonKernels = {
    ...plainInARow,
    name: mode,
    conv2dScratch: (g, pool) =>
      Math.max(plainInARow.conv2dScratch(g, pool), forwardScratch(g, pool), backwardScratch(g, pool)),
    ...matmulKernels(simd),
    ...conv2dForwardKernels(simd, pooling.maxPool2dForward),
    ...winogradFilterKernels(simd),
    ...winogradKernels(simd, pooling.maxPool2dForward),
    ...winograd4Kernels(simd),
    ...denseKernels(simd),
    ...pooling,
    ...elementwiseKernels(simd),
  };
  const inARow = withGroups(common, simd);
  // Long sums in blocks, each of which is served by these.
  return { ...inBlocks(inARow), ...longGroups(inARow) };
}
