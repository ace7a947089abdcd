/** Resizing, as programs call it: an image in, a tensor out. */
import { describe } from '../../checks/describe.ts';
import { knownOptions, noMoreArguments } from '../../checks/options.ts';
import { isByteArray } from '../../checks/realms.ts';
import { flag, oneOf, positiveInteger, sizePair } from '../../checks/values.ts';
import { type Axis, axisWeights, centreCrop } from '../../tensor/interpolation.ts';
import { allocate } from '../../tensor/memory.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { resizeInto, type Source } from './resize.ts';

/** How an image gets another size. */
export interface ResizeOptions {
  /** Rows and columns of the result, or one number for both. */
  size: number | readonly [height: number, width: number];
  /** Only `bilinear`, which is Keras' default. */
  interpolation?: 'bilinear' | undefined;
  /** Take the mean of all pixels that become one, where an image gets smaller, rather than of four of them. Default: false. */
  antialias?: boolean | undefined;
  /** Cut the largest part with the result's proportions out of the middle, rather than stretch. Default: false. */
  cropToAspectRatio?: boolean | undefined;
}

/** Pixels of an image: what `decodeImage` gives, or an `ImageData`, whose alpha is left out. */
export interface ResizableImage {
  readonly width: number;
  readonly height: number;
  /** [height, width, 1, 3 or 4] */
  readonly data: Uint8Array | Uint8ClampedArray;
}

export const RESIZE_OPTIONS = ['size', 'interpolation', 'antialias', 'cropToAspectRatio'] as const;
/** The largest side of a result. */
const MAX_SIZE = 8192;

/** Resizing to one size, with its weights kept for images of the same size. */
export class Resizer {
  /** What it was made of: another thread makes the same of it. */
  readonly options: ResizeOptions;
  readonly height: number;
  readonly width: number;
  readonly #antialias: boolean;
  readonly #crop: boolean;
  #axes: { readonly key: string; readonly vertical: Axis; readonly horizontal: Axis } | null = null;

  /** @throws TypeError or RangeError for what is no such option. */
  constructor(where: string, { size, interpolation, antialias, cropToAspectRatio }: ResizeOptions) {
    [this.height, this.width] = sizePair(where, 'size', size);
    if (Math.max(this.height, this.width) > MAX_SIZE) {
      throw new RangeError(`${where}: size must be at most ${MAX_SIZE}, got ${this.height}×${this.width}`);
    }
    oneOf(where, 'interpolation', interpolation ?? 'bilinear', ['bilinear']);
    this.#antialias = flag(where, 'antialias', antialias ?? false);
    this.#crop = flag(where, 'cropToAspectRatio', cropToAspectRatio ?? false);
    const whole = [this.height, this.width] as const;
    this.options = { size: whole, antialias: this.#antialias, cropToAspectRatio: this.#crop };
  }

  /** Writes [height, width, channels] into out[at …]. */
  resize(image: Source & { readonly height: number }, out: Float32Array, at = 0): void {
    const { height, width } = image;
    const crop = this.#crop
      ? centreCrop(height, width, this.height, this.width)
      : { top: 0, left: 0, height, width };
    const key = `${crop.height}×${crop.width}`;
    if (this.#axes?.key !== key) {
      const vertical = axisWeights(crop.height, this.height, this.#antialias);
      this.#axes = { key, vertical, horizontal: axisWeights(crop.width, this.width, this.#antialias) };
    }
    resizeInto(image, crop, this.#axes.vertical, this.#axes.horizontal, out, at);
  }
}

/**
 * An image of another size, as `keras.ops.image.resize` and `tf.image.resize` make it.
 *
 *     const x = resizeImage(await decodeImage(bytes), { size: 224, cropToAspectRatio: true });
 *     const probabilities = await model.predict(x.reshape([1, ...x.shape]));
 *
 * @param image what `decodeImage` gives, an `ImageData`, or a tensor [height, width, channels]
 * @returns [height, width, channels] in float32, as bright as the image: 0 to 255 where that is in bytes
 * @throws TypeError or RangeError for what is no image, or no such option.
 */
export function resizeImage(image: ResizableImage | Tensor, options: ResizeOptions): Tensor<Float32Array> {
  noMoreArguments('resizeImage', arguments, 2);
  const where = 'resizeImage';
  const given = knownOptions(where, options, RESIZE_OPTIONS, { call: `${where}(image, …)` });
  const resizer = new Resizer(where, given);
  const source = sourceOf(where, image);
  const shape = [resizer.height, resizer.width, source.channels];
  // allocate() gives a Float32Array for its default dtype; its type doesn't tell.
  const out = allocate(shape.reduce((product, d) => product * d, 1)) as Float32Array;
  resizer.resize(source, out);
  return new Tensor(out, shape);
}

/** @throws TypeError or RangeError for what is no image. */
function sourceOf(where: string, image: unknown): Source & { readonly height: number } {
  if (image instanceof Tensor) {
    const [height, width, channels] = image.shape;
    if (image.rank !== 3 || image.size === 0) {
      throw new RangeError(`${where}: image must have shape [height, width, channels], got [${image.shape}]`);
    }
    return { data: image.data, height, width, stride: channels, channels };
  }
  // As JavaScript calls it, where no type forbids anything else.
  const { width, height, data } = (image ?? {}) as Partial<ResizableImage>;
  if (!isByteArray(data)) {
    throw new TypeError(
      `${where}: expected an image, as decodeImage gives it, or a tensor [height, width, channels], got ${describe(image)}`,
    );
  }
  for (const [name, size] of Object.entries({ width, height })) {
    positiveInteger(where, name, size);
  }
  const stride = data.length / ((width as number) * (height as number));
  if (![1, 3, 4].includes(stride)) {
    throw new RangeError(
      `${where}: data must have 1, 3 or 4 bytes per pixel, got ${data.length} for ${width}×${height}`,
    );
  }
  return {
    ...{ data, stride, channels: stride === 4 ? 3 : stride },
    ...{ width: width as number, height: height as number },
  };
}
