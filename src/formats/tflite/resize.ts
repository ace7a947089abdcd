/**
 * RESIZE_BILINEAR and RESIZE_NEAREST_NEIGHBOR: images of another size, as Keras' UpSampling2D and Resizing make them and its converter writes.
 *
 *   ResizeBilinearOptions           2 align_corners, 3 half_pixel_centers
 *   ResizeNearestNeighborOptions    0 align_corners, 1 half_pixel_centers
 *
 * Networks of TensorFlow 1 and of MediaPipe mostly have one of the two other rules of `resizing`. Source: tensorflow/lite/schema/schema.fbs,
 * kernels/internal/reference/resize_{bilinear,nearest_neighbor}.h.
 */
import { resizing, upSampling2d } from '../../layers/index.ts';
import type { SymbolicTensor } from '../../layers/layer.ts';
import type { Call } from './call.ts';

/** Number of the options, and of their field align_corners; half_pixel_centers is the next one. */
const OPTIONS = { bilinear: [15, 2], nearest: [74, 0] } as const;

/** @throws RangeError for sizes that can't be. */
export function resized(call: Call, interpolation: 'bilinear' | 'nearest'): SymbolicTensor {
  const x = call.input(0);
  const [type, corners] = OPTIONS[interpolation];
  const options = call.options(type);
  const alignCorners = options.flag(corners);
  const [H, W] = x.shape;
  const [height, width] = call.whole(1);
  const size = [height / H, width / W] as const;
  const isWhole = size.every((factor) => Number.isInteger(factor) && factor > 0);
  // With whole factors the nearest pixel is the same with half_pixel_centers and without.
  const halfPixelCenters =
    options.flag(corners + 1) || (isWhole && interpolation === 'nearest' && !alignCorners);
  const layer =
    isWhole && halfPixelCenters
      ? upSampling2d({ ...call.own, size, interpolation })
      : resizing({ ...call.own, height, width, interpolation, alignCorners, halfPixelCenters });
  return call.put(layer, x);
}
