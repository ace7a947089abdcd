/**
 * Masks of dropout where several elements share a lot: one is drawn for each element of a smaller noise shape, and spread over those
 * dimensions in which it is 1.
 */
import { dropoutThreshold, threefry2x32 } from '../tensor/random.ts';
import { type Shape, sizeOf } from '../tensor/tensor.ts';
import type { StepKey } from './layer.ts';

/** Sizes of a noise shape: of the batch (false: all samples share their lots), and of one sample. */
export interface NoiseShape {
  readonly bySample: boolean;
  readonly sizes: Shape;
}

/**
 * mask[n, e] = 1 where kept, else 0. The lot of noise element i of sample n is word i & 1 of counter (i >> 1, position of the sample in the
 * batch; 0 where all samples share it); kept ⇔ word ≥ round(rate·2³²), as in Kernels.dropoutForward.
 * @param first position in the batch of the first sample
 */
export function drawMask(
  { bySample, sizes }: NoiseShape,
  shape: Shape,
  rate: number,
  key: StepKey,
  first: number,
  N: number,
  mask: Uint8Array,
): void {
  const threshold = dropoutThreshold(rate);
  const size = sizeOf(shape);
  const lots = new Uint8Array(sizeOf(sizes));
  const places = noisePlaces(shape, sizes);
  for (let n = 0; n < N; n++) {
    for (let i = 0; i < lots.length; i++) {
      const words = threefry2x32(key[0], key[1], i >> 1, bySample ? first + n : 0);
      lots[i] = words[i & 1] >= threshold ? 1 : 0;
    }
    for (let e = 0; e < size; e++) mask[n * size + e] = lots[places[e]];
  }
}

/** For each element of a sample the noise element whose lot it shares. */
function noisePlaces(shape: Shape, sizes: Shape): Int32Array {
  return Int32Array.from({ length: sizeOf(shape) }, (_, e) => {
    let [rest, place, stride] = [e, 0, 1];
    for (let d = shape.length - 1; d >= 0; d--) {
      const index = rest % shape[d];
      rest = (rest - index) / shape[d];
      if (sizes[d] !== 1) place += index * stride;
      stride *= sizes[d];
    }
    return place;
  });
}
