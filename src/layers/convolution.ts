/**
 * Which way a convolution is computed, forward and backward. The choice goes by shape only, never by the kernels or the
 * machine: the ways differ in the last bits, and those are to be the same everywhere (docs/order-of-sums.md). A
 * gradient from max-pooling that is folded into the layer is sparse, and always goes the direct way. `predict`, which no training
 * follows, has a third way: Winograd's F(4×4, 3×3).
 */

import { oneOf } from '../checks/values.ts';
import type { Conv2dGeometry } from '../kernels/geometry.ts';
import type { ConvolutionAlgorithm } from '../kernels/kernels.ts';
import { LONGEST } from '../kernels/long/index.ts';

/**
 * What a user may ask for. `winograd`: F(2×2, 3×3), and for gradients tiles of 4×4, where the shape suits, which is where it is faster; `direct`: nowhere;
 * `auto`: what serves best, which today is `winograd`, and in `predict` F(4×4, 3×3) where the shape suits that.
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

/**
 * The same for F(4×4, 3×3): 8 to 8 channels gain nothing by it. Of 16 to 16 channels on 24×24 with pooling it takes 0.78 of F(2×2)'s
 * time, of 32 to 32 0.66, of 128 to 128 on 8×8 0.6.
 */
const FEWEST_CHANNELS_IN_LARGE_TILES = 16;
/**
 * Channels and filters that it has at most: up to so many channels it stays within 1e-5 of the largest output. The transformed filters are
 * 36 numbers for each pair of them, 38 MB then. (On 7×7 pixels, where those serve few tiles, 512 to 512 channels take 0.73 of F(2×2)'s
 * time, of one photo as long.)
 */
const MOST_CHANNELS_IN_LARGE_TILES = 512;

/** The choice, however its letters are written. @throws RangeError for one that there isn't. */
export function checkConvolution(choice: ConvolutionChoice): ConvolutionChoice {
  return oneOf('compile', 'convolution', choice, CONVOLUTION_CHOICES);
}

/** The way in which a convolution of this shape is computed. */
export function convolutionAlgorithm(g: Conv2dGeometry, choice: ConvolutionChoice): ConvolutionAlgorithm {
  return choice !== 'direct' && suitsWinograd(g) ? 'winograd' : 'direct';
}

/** The choice that trains alike, and by which `predict` too has the bits of `fit` and `evaluate`. */
export function sameInPredictions(choice: ConvolutionChoice): ConvolutionChoice {
  return choice === 'auto' ? 'winograd' : choice;
}

/** Whether `predict` computes a convolution of this shape by F(4×4, 3×3). */
export function predictsInLargeTiles(g: Conv2dGeometry, choice: ConvolutionChoice): boolean {
  if (choice !== 'auto' || !suitsWinograd(g)) return false;
  const isThick = Math.min(g.C, g.OC) >= FEWEST_CHANNELS_IN_LARGE_TILES;
  const isExact = Math.max(g.C, g.OC) <= MOST_CHANNELS_IN_LARGE_TILES;
  const tiles = (edge: number): number => Math.ceil(g.OH / edge) * Math.ceil(g.OW / edge);
  // 36 products per tile against 16: three quarters of the work at most, of which tiles that reach over the edge waste a part.
  return isThick && isExact && 3 * tiles(4) <= tiles(2);
}

function suitsWinograd(g: Conv2dGeometry): boolean {
  const isPossible = g.KH === 3 && g.KW === 3 && g.SH === 1 && g.SW === 1 && g.DH === 1 && g.DW === 1;
  // Its sums run over the channels, and backward over the filters, in a row; the direct way has blocks for long ones.
  const isLong = Math.max(g.C, g.OC) > LONGEST;
  return (
    isPossible && !isLong && Math.min(g.C, g.OC) >= FEWEST_CHANNELS && Math.min(g.OH, g.OW) >= SMALLEST_OUTPUT
  );
}
