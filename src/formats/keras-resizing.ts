/**
 * Keras' layers for photos of other sizes, Resizing and CenterCrop, as the layers that compute the same for the size that comes in: there is one
 * for the same size, for larger by whole factors, for half, and for the middle.
 *
 * Source: keras/src/layers/preprocessing/image_preprocessing/{resizing,center_crop}.py.
 */
import type { Shape } from '../tensor/tensor.ts';
import type { JsonObject } from './json.ts';

/** A layer of ours without its name. */
export interface Sized {
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** Their classes. */
export const SIZED: readonly string[] = ['Resizing', 'CenterCrop'];

const SAME: Sized = { className: 'Activation', config: { activation: 'linear' } };

/**
 * The layer for an input of this shape; null: the class is neither.
 * @throws RangeError where there is none, saying what would be.
 */
export function sizedLayer(className: string, config: JsonObject, inputShape: Shape): Sized | null {
  if (!SIZED.includes(className)) return null;
  const [H, W] = inputShape;
  const { height, width } = config;
  if (inputShape.length !== 3 || typeof height !== 'number' || typeof width !== 'number') {
    throw new RangeError(`expected images, and a height and a width for them, got input [${inputShape}]`);
  }
  if (height === H && width === W) return SAME;
  if (className === 'CenterCrop') return centerCrop([H, W], [height, width]);
  return resized([H, W], [height, width], config);
}

function centerCrop([H, W]: [number, number], [height, width]: [number, number]): Sized {
  if (height > H || width > W) {
    throw new RangeError(
      `a crop that isn't within the image isn't supported: expected at most ${H}×${W}, got ${height}×${width}`,
    );
  }
  const margins = [H - height, W - width].map((rest) => [Math.floor(rest / 2), Math.ceil(rest / 2)]);
  return { className: 'Cropping2D', config: { cropping: margins } };
}

function resized(
  [H, W]: [number, number],
  [height, width]: [number, number],
  {
    interpolation = 'bilinear',
    antialias = false,
    crop_to_aspect_ratio: crop,
    pad_to_aspect_ratio: pad,
  }: JsonObject,
): Sized {
  const isPlain = !antialias && ((!crop && !pad) || H * width === W * height);
  const isLarger = height % H === 0 && width % W === 0;
  if (isPlain && isLarger && (interpolation === 'bilinear' || interpolation === 'nearest')) {
    return { className: 'UpSampling2D', config: { size: [height / H, width / W], interpolation } };
  }
  // Each pixel comes of the four around its middle.
  if (isPlain && interpolation === 'bilinear' && height * 2 === H && width * 2 === W) {
    return { className: 'AveragePooling2D', config: { poolSize: [2, 2], strides: [2, 2], padding: 'valid' } };
  }
  throw new RangeError(
    `${H}×${W} can't be made ${height}×${width} by a layer here, only larger by whole factors or half: take the layer out in Keras, and resize the photos: resizeImage(image, { size: [${height}, ${width}] })`,
  );
}
