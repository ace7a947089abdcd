/**
 * What every implementation of Kernels must do: the same suite for plain, plain64 and SIMD.
 *
 * Each kernel is compared with the nested loops of reference.ts on random shapes, bit for bit. On the way the suite
 * insists on the conventions of kernels.ts: scratch may hold anything (it is full of NaN), arrays may be longer than
 * the call needs, and the rest isn't touched.
 */
import { describe } from 'vitest';
import type { Kernels } from '../../src/kernels/kernels.ts';
import { expectSameBits } from '../matchers.ts';
import { describeAveragePool } from './contract/average-pool.ts';
import type { Allocate, Compare } from './contract/bench.ts';
import { describeConv2d } from './contract/conv2d.ts';
import { describeConv2dPool } from './contract/conv2d-pool.ts';
import { describeDense } from './contract/dense.ts';
import { describeDepthwise } from './contract/depthwise.ts';
import { describeElementwise } from './contract/elementwise.ts';
import { describeMatmul } from './contract/matmul.ts';
import { describeMaxPool } from './contract/max-pool.ts';
import { describeNormalize } from './contract/normalize.ts';
import { describeOptimizers } from './contract/optimizers.ts';
import { describeWinograd } from './contract/winograd.ts';
import { describeWinograd4 } from './contract/winograd4.ts';

export interface ContractOptions {
  /** Called before each case: the allocator may take back everything that it has handed out. */
  beforeCase?: () => void;
  /** How an output is compared with the reference; bit for bit by default. */
  compare?: Compare;
  /** Fewer cases, and none of the experiment's size. */
  brief?: boolean;
}

/**
 * Declares the suite for one implementation. `allocate(type, length)` gives an array of zeros where the kernels can
 * reach it: SIMD's must be in its own memory.
 */
export function describeKernels(
  name: string,
  kernels: Kernels,
  allocate: Allocate,
  { beforeCase = () => {}, compare = expectSameBits, brief = false }: ContractOptions = {},
): void {
  const subject = { kernels, allocate, beforeCase, compare, brief };
  describe(`${name} kernels`, () => {
    describeMatmul(subject);
    describeConv2d(subject);
    describeMaxPool(subject);
    describeAveragePool(subject);
    describeConv2dPool(subject);
    describeWinograd(subject);
    describeWinograd4(subject);
    describeDense(subject);
    describeDepthwise(subject);
    describeElementwise(subject);
    describeNormalize(subject);
    describeOptimizers(subject);
  });
}
