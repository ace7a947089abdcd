/**
 * Keras' layers that cut images to a size, CenterCrop and RandomCrop, as the layers that compute the same in a prediction, for the size that
 * comes in.
 *
 * Keras 3's RandomCrop leaves images as they are in a prediction. Keras 2's, which cut their middle to the proportions and resized it, is refused.
 * Source: keras/src/layers/preprocessing/image_preprocessing/{center_crop,random_crop}.py.
 */
import type { Shape } from '../tensor/tensor.ts';
import type { JsonObject } from './json.ts';

/** A layer of ours without its name. */
export interface Crop {
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
}

const SAME: Crop = { className: 'Activation', config: { activation: 'linear' } };

/**
 * The layer for an input of this shape; null: the class is neither.
 * @throws RangeError where there are no images, or no size for them.
 */
export function cropLayer(
  className: string,
  { height, width }: JsonObject,
  inputShape: Shape,
  isKeras3: boolean,
): Crop | null {
  if (className !== 'CenterCrop' && className !== 'RandomCrop') return null;
  const [H, W] = inputShape;
  if (inputShape.length !== 3 || typeof height !== 'number' || typeof width !== 'number') {
    throw new RangeError(`expected images, and a height and a width for them, got input [${inputShape}]`);
  }
  if ((height === H && width === W) || (className === 'RandomCrop' && isKeras3)) return SAME;
  if (className === 'RandomCrop') {
    throw new RangeError(
      `Keras 2 resizes in a prediction, and Keras 3 doesn't: put Resizing(${height}, ${width}, crop_to_aspect_ratio=True) in its place in Keras`,
    );
  }
  if (height > H || width > W) {
    return { className: 'Resizing', config: { height, width, cropToAspectRatio: true } };
  }
  const margins = [H - height, W - width].map((rest) => [Math.floor(rest / 2), Math.ceil(rest / 2)]);
  return { className: 'Cropping2D', config: { cropping: margins } };
}
