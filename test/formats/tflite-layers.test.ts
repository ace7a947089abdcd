/** TensorFlow Lite's operators that are one layer here or several: what they compute, and what is refused. */
import { describe, expect, it } from 'vitest';
import { decodeTflite, Tensor } from '../../src/index.ts';
import { floats, ints, type OperatorSpec, type TensorSpec, writeTflite } from './tflite-writer.ts';

const CODE = { bilinear: 23, prelu: 54, nearest: 97 };
const image: TensorSpec = { shape: [1, 1, 2, 2], name: 'in' };

/** One operator of an image [1, 2, 2], and constants. */
function network(
  operator: Pick<OperatorSpec, 'code' | 'type' | 'options'>,
  output: TensorSpec,
  constant: TensorSpec,
): Uint8Array {
  return writeTflite({
    tensors: [image, { ...output, name: 'out' }, constant],
    operators: [{ inputs: [0, 2], outputs: [1], ...operator }],
    ...{ inputs: [0], outputs: [1] },
  });
}

async function results(bytes: Uint8Array, values: readonly number[]): Promise<number[]> {
  const { data } = await decodeTflite(bytes).predict(new Tensor(Float32Array.from(values), [1, 1, 2, 2]));
  return Array.from(data);
}

describe('PRELU', () => {
  const prelu = (slopes: TensorSpec): Uint8Array => network({ code: CODE.prelu }, image, slopes);

  it.each<[string, TensorSpec, number[]]>([
    ['one slope', { shape: [1, 1, 1], data: floats(0.5) }, [1, -1, -1.5, 4]],
    ['the same of all channels', { shape: [1, 1, 2], data: floats(0.5, 0.5) }, [1, -1, -1.5, 4]],
    ['one a channel', { shape: [1, 1, 2], data: floats(0.5, -2) }, [1, 4, -1.5, 4]],
    ['one below zero', { shape: [1], data: floats(-2) }, [1, 4, 6, 4]],
  ])('with %s is max(x, 0) + a·min(x, 0)', async (_, slopes, expected) => {
    expect(await results(prelu(slopes), [1, -2, -3, 4])).toEqual(expected);
  });

  it('is refused with slopes of pixels, and with slopes that are computed', () => {
    const pixels = { shape: [1, 2, 2], data: floats(1, 2, 3, 4) };
    expect(() => decodeTflite(prelu(pixels))).toThrow('slopes must be one for all, or one a channel (2)');
    const computed = writeTflite({
      tensors: [image, { ...image, name: 'out' }],
      operators: [{ code: CODE.prelu, inputs: [0, 0], outputs: [1] }],
      ...{ inputs: [0], outputs: [1] },
    });
    expect(() => decodeTflite(computed)).toThrow('slopes must be constant, got what an operator gives');
  });
});

describe('RESIZE_BILINEAR and RESIZE_NEAREST_NEIGHBOR', () => {
  const resize = (code: number, size: readonly number[], ...flags: readonly number[]): Uint8Array =>
    network(
      { code, type: code === CODE.bilinear ? 15 : 74, options: flags.map((field) => [field, 'int8', 1]) },
      { shape: [1, size[0], size[1], 2] },
      { shape: [2], type: 2, data: ints(...size) },
    );

  it('by whole factors are up-sampling', async () => {
    // Channel 0 is 0 and 4, channel 1 is 8 and 0.
    const x = [0, 8, 4, 0];
    const nearest = [0, 8, 0, 8, 4, 0, 4, 0];
    expect(await results(resize(CODE.nearest, [1, 4]), x)).toEqual(nearest);
    expect(await results(resize(CODE.nearest, [1, 4], 1), x)).toEqual(nearest);
    expect(await results(resize(CODE.bilinear, [1, 4], 3), x)).toEqual([0, 8, 1, 6, 3, 2, 4, 0]);
  });

  it.each<[Uint8Array, string]>([
    [resize(CODE.bilinear, [1, 4], 2, 3), 'align_corners must be false'],
    [resize(CODE.nearest, [1, 4], 0), 'align_corners must be false'],
    [resize(CODE.bilinear, [1, 4]), 'half_pixel_centers must be true'],
    [
      resize(CODE.nearest, [1, 3]),
      'must become larger by whole factors: expected multiples of [1, 2], got [1, 3]',
    ],
  ])('otherwise are refused', (bytes, message) => {
    expect(() => decodeTflite(bytes)).toThrow(message);
  });
});
