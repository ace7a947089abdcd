/**
 * RESIZE_BILINEAR and RESIZE_NEAREST_NEIGHBOR: images of another size, as Keras' UpSampling2D and Resizing make them and its converter writes.
 *
 *   ResizeBilinearOptions           2 align_corners, 3 half_pixel_centers
 *   ResizeNearestNeighborOptions    0 align_corners, 1 half_pixel_centers
 *
 * With whole factors the nearest pixel is the same with half_pixel_centers and without. Source: tensorflow/lite/schema/schema.fbs,
 * kernels/internal/reference/resize_{bilinear,nearest_neighbor}.h.
 */
import { resizing, upSampling2d } from '../../layers/index.ts';
import type { SymbolicTensor } from '../../layers/layer.ts';
import type { Call } from './call.ts';

/** Number of the options, and of their field align_corners; half_pixel_centers is the next one. */
const OPTIONS = { bilinear: [15, 2], nearest: [74, 0] } as const;

/** What to do about other rules. */
const OTHER = "put Keras' Resizing or UpSampling2D in its place, or cut the network before it";

/** @throws RangeError for other rules than those of these layers. */
export function resized(call: Call, interpolation: 'bilinear' | 'nearest'): SymbolicTensor {
  const x = call.input(0);
  const [type, alignCorners] = OPTIONS[interpolation];
  const options = call.options(type);
  const [H, W] = x.shape;
  const [height, width] = call.whole(1);
  const size = [height / H, width / W] as const;
  const isWhole = size.every((factor) => Number.isInteger(factor) && factor > 0);
  if (options.flag(alignCorners)) throw new RangeError(`align_corners must be false, got true: ${OTHER}`);
  if (!options.flag(alignCorners + 1) && !(isWhole && interpolation === 'nearest')) {
    throw new RangeError(`half_pixel_centers must be true, as Keras has it, got false: ${OTHER}`);
  }
  const layer = isWhole
    ? upSampling2d({ ...call.own, size, interpolation })
    : resizing({ ...call.own, height, width, interpolation });
  return call.put(layer, x);
}
