/**
 * The arithmetic behind one interface: every primitive with its shapes and its formula, which are in contract/, a file a kind.
 *
 * `plain/` implements it in TypeScript for float32, `plain64/` is the same text for float64, `simd/` is
 * a faster twin in WebAssembly. The three are interchangeable: the plain kernels define the result, and
 * strict SIMD gives the same bits, because both compute each sum in the order that docs/order-of-sums.md
 * states, with one rounding after each multiplication and each addition.
 *
 * Sums are written as one row each; those of more than 8,192 terms, in dense layers and convolutions, are cut into blocks by
 * `long/`, which stands on top of each of the three.
 *
 * Conventions
 * - All arrays are flat, row-major, NHWC; convolution kernels are HWIO, so [K, OC]; dense ones [I, O].
 * - N is the number of samples in the call. Arrays may be longer than N needs; the rest isn't touched.
 * - An output is overwritten unless its line says "added to". Outputs never alias inputs unless said.
 * - Kernels allocate nothing: the caller hands in `scratch`, of as many elements as `scratchSize` says.
 *   Scratch holds nothing between calls.
 * - Kernels check nothing: layers validate shapes when they are built.
 * - SIMD kernels need every array to live in the WebAssembly memory that they were made for.
 */
import type { ConvolutionKernels } from './contract/convolution.ts';
import type { DenseKernels } from './contract/dense.ts';
import type { DepthwiseKernels } from './contract/depthwise.ts';
import type { ElementwiseKernels } from './contract/elementwise.ts';
import type { GradientKernels } from './contract/gradients.ts';
import type { NoiseKernels } from './contract/noise.ts';
import type { NormalizationKernels } from './contract/normalization.ts';
import type { OptimizerKernels } from './contract/optimizers.ts';
import type { PoolingKernels } from './contract/pooling.ts';
import type { ProductKernels } from './contract/products.ts';
import type { WinogradKernels } from './contract/winograd.ts';

export type { ConvolutionAlgorithm, ConvolutionPanels, GradientWalk } from './contract/convolution.ts';
export type { Rectifier } from './contract/elementwise.ts';
export type { AdamaxNumbers, NadamNumbers, RmspropNumbers, RmspropSlots } from './contract/optimizers.ts';
export type { WinogradEdge } from './contract/winograd.ts';

/** Which implementation: `fma` is SIMD with fused multiply-add, whose last bits depend on the machine. */
export type KernelName = 'plain' | 'simd' | 'fma';

/** One implementation of all the arithmetic. */
export interface Kernels
  extends ProductKernels,
    ConvolutionKernels,
    WinogradKernels,
    DepthwiseKernels,
    PoolingKernels,
    DenseKernels,
    NormalizationKernels,
    ElementwiseKernels,
    NoiseKernels,
    GradientKernels,
    OptimizerKernels {
  readonly name: KernelName;
  readonly dtype: 'float32' | 'float64';
}
