/** Images as networks take them, for programs and browsers: pixels in, numbers out. */
import { describe } from '../checks/describe.ts';
import { expectMemory } from '../checks/detached.ts';
import { knownOptions, noMoreArguments } from '../checks/options.ts';
import { isByteArray } from '../checks/realms.ts';
import { oneOf, positiveInteger } from '../checks/values.ts';
import { Tensor } from '../tensor/tensor.ts';
import { fitDigit as fitGrey, type Inversion } from './fit-digit.ts';
import { type ImagePixels, toGrey } from './pixels.ts';

/** How `fitDigit` makes an image like MNIST's. */
export interface FitDigitOptions {
  /** Rows of the result. Default: 28. */
  height?: number | undefined;
  /** Columns of the result. Default: 28. */
  width?: number | undefined;
  /** Whether ink is dark on light paper; `auto`, the default, looks at the border. */
  invert?: Inversion | undefined;
}

const OPTIONS = ['height', 'width', 'invert'];

/**
 * A drawing or photograph of a digit, made as MNIST's images were: bright ink on black, in a box of 20×20, its centre of mass
 * in the middle of 28×28. `degelo predict` does the same.
 *
 *     const x = fitDigit(canvas.getContext('2d').getImageData(0, 0, 280, 280));
 *     const probabilities = await model.predict(x); // of the digits 0 to 9
 *
 * @param pixels an `ImageData`, or what `decodePng` gives
 * @returns [1, height, width, 1], from 0 to 1: one sample
 * @throws DataError where there is no ink; TypeError or RangeError for what is no image, or an unknown option.
 */
export function fitDigit(pixels: ImagePixels, options?: FitDigitOptions): Tensor<Float32Array> {
  noMoreArguments('fitDigit', arguments, 2);
  checkPixels('fitDigit', pixels);
  const given = knownOptions('fitDigit', options, OPTIONS, { call: 'fitDigit(pixels, …)' });
  const { height = 28, width = 28, invert = 'auto' } = given;
  for (const [name, size] of Object.entries({ height, width })) {
    if (!Number.isInteger(size) || size < 1 || size > 4096) {
      throw new RangeError(`fitDigit: ${name} must be an integer from 1 to 4096, got ${size}`);
    }
  }
  const when = oneOf('fitDigit', 'invert', invert, ['auto', 'yes', 'no']);
  const { image } = fitGrey(toGrey(pixels), { height, width }, when, 'fitDigit');
  return new Tensor(
    Float32Array.from(image.pixels, (byte) => byte / 255),
    [1, height, width, 1],
  );
}

/**
 * Pixels as a tensor of the same numbers, as TensorFlow.js' `tf.browser.fromPixels`: alpha is left out, or kept with 4 channels.
 *
 *     const image = fromPixels(await decodePng(bytes));                       // [height, width, 3], from 0 to 255
 *     const x = image.reshape([1, ...image.shape]); // one sample; divide by 255 where a model wants 0 to 1
 *
 * @param numChannels 3 (red, green, blue), 4 (and alpha), or 1 (red alone, as TensorFlow.js has it). Default: 3.
 * @returns [height, width, numChannels], from 0 to 255
 * @throws TypeError or RangeError for what is no image.
 */
export function fromPixels(pixels: ImagePixels, numChannels: 1 | 3 | 4 = 3): Tensor<Float32Array> {
  noMoreArguments('fromPixels', arguments, 2);
  checkPixels('fromPixels', pixels);
  if (![1, 3, 4].includes(numChannels)) {
    throw new RangeError(`fromPixels: numChannels must be 1, 3 or 4, got ${describe(numChannels)}`);
  }
  const { height, width, data } = pixels;
  const numbers = new Float32Array(height * width * numChannels);
  for (let i = 0, to = 0; i < height * width; i++) {
    for (let c = 0; c < numChannels; c++) numbers[to++] = data[4 * i + c];
  }
  return new Tensor(numbers, [height, width, numChannels]);
}

function checkPixels(operation: string, pixels: ImagePixels): void {
  // As JavaScript calls it, where no type forbids anything else.
  const { width, height, data } = (pixels ?? {}) as Partial<ImagePixels>;
  if (!isByteArray(data)) {
    throw new TypeError(
      `${operation}: expected { data, width, height } as ImageData has it, with bytes of red, green, blue and alpha, ` +
        `got ${describe(pixels)}: of a canvas getContext('2d').getImageData(…) gives that`,
    );
  }
  expectMemory(operation, 'data', data);
  for (const [name, size] of Object.entries({ width, height })) {
    positiveInteger(operation, name, size);
  }
  const expected = 4 * (width as number) * (height as number);
  if (data.length !== expected) {
    throw new RangeError(
      `${operation}: data must have 4 bytes per pixel: expected ${expected} for ${width}×${height}, got ${data.length}`,
    );
  }
}
