/**
 * Which way a convolution is computed, forward and backward. The choice goes by shape alone, never by the kernels or the
 * machine: the two ways differ in the last bits, and those are to be the same everywhere (docs/order-of-sums.md). A
 * gradient from max-pooling that is folded into the layer is sparse, and always goes the direct way.
 */

import type { Conv2dGeometry } from '../kernels/geometry.ts';
import type { ConvolutionAlgorithm } from '../kernels/kernels.ts';
import { LONGEST } from '../kernels/long/index.ts';

/**
 * What a user may ask for. `winograd`: F(2×2, 3×3) where the shape suits, which is where it is faster; `direct`: nowhere;
 * `auto`: what serves best, which today is `winograd`.
 */
export type ConvolutionChoice = 'auto' | ConvolutionAlgorithm;

export const CONVOLUTION_CHOICES: readonly ConvolutionChoice[] = ['auto', 'direct', 'winograd'];

/**
 * Channels and filters that a suitable shape has at least: fewer don't fill the vectors. Measured with SIMD kernels (Node 20,
 * one thread, 26×26, with pooling): 8 to 8 channels run 1.5 times as fast as the direct way, 32 to 32 nearly twice.
 */
const FEWEST_CHANNELS = 8;
/**
 * Rows and columns of a suitable output: with fewer tiles the transforms of the filters cost what the products save. Outputs of
 * 4×4 run 1.1 to 1.9 times as fast, smaller ones slower.
 */
const SMALLEST_OUTPUT = 4;

/** @throws RangeError for a choice that there isn't. */
export function checkConvolution(choice: ConvolutionChoice): ConvolutionChoice {
  if (!CONVOLUTION_CHOICES.includes(choice)) {
    throw new RangeError(`convolution must be one of ${CONVOLUTION_CHOICES.join(', ')}, got ${choice}`);
  }
  return choice;
}

/** The way in which a convolution of this shape is computed. */
export function convolutionAlgorithm(g: Conv2dGeometry, choice: ConvolutionChoice): ConvolutionAlgorithm {
  return choice !== 'direct' && suitsWinograd(g) ? 'winograd' : 'direct';
}

function suitsWinograd(g: Conv2dGeometry): boolean {
  const isPossible = g.KH === 3 && g.KW === 3 && g.SH === 1 && g.SW === 1 && g.DH === 1 && g.DW === 1;
  // Its sums run over the channels, and backward over the filters, in a row; the direct way has blocks for long ones.
  const isLong = Math.max(g.C, g.OC) > LONGEST;
  return (
    isPossible && !isLong && Math.min(g.C, g.OC) >= FEWEST_CHANNELS && Math.min(g.OH, g.OW) >= SMALLEST_OUTPUT
  );
}
