/**
 * Which way a convolution's forward pass is computed. The choice goes by shape alone, never by the kernels or the machine:
 * the two ways differ in the last bits, and those are to be the same everywhere (docs/order-of-sums.md).
 */
import type { Conv2dGeometry } from '../kernels/geometry.ts';
import type { ConvolutionAlgorithm } from '../kernels/kernels.ts';

/**
 * What a user may ask for. `auto`: Winograd's F(2×2, 3×3) where it is faster; `winograd`: wherever it is possible;
 * `direct`: nowhere.
 */
export type ConvolutionChoice = 'auto' | ConvolutionAlgorithm;

export const CONVOLUTION_CHOICES: readonly ConvolutionChoice[] = ['auto', 'direct', 'winograd'];

/**
 * `auto` wants so many channels on both sides: fewer don't fill the vectors. Measured with SIMD kernels (Node 20, one
 * thread, 26×26, with pooling): 8 to 8 channels run 1.5 times as fast as the direct way, 32 to 32 twice, 4 to 8 1.3 times.
 */
const FEWEST_CHANNELS = 8;
/**
 * `auto` wants so many rows and columns of the output: with fewer tiles the transforms of the filters cost what the products
 * save. Outputs of 4×4 run 1.1 to 1.9 times as fast, of 3×3 and 2×2 they run slower.
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
  const isPossible = g.KH === 3 && g.KW === 3 && g.SH === 1 && g.SW === 1;
  if (choice === 'direct' || !isPossible) return 'direct';
  const pays = Math.min(g.C, g.OC) >= FEWEST_CHANNELS && Math.min(g.OH, g.OW) >= SMALLEST_OUTPUT;
  return choice === 'winograd' || pays ? 'winograd' : 'direct';
}
