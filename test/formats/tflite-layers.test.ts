/** TensorFlow Lite's operators that are one layer here or several: what they compute, and what is refused. */
import { describe, expect, it } from 'vitest';
import { decodeTflite, Tensor } from '../../src/index.ts';
import {
  type FileSpec,
  floats,
  ints,
  type OperatorSpec,
  type Option,
  type TensorSpec,
  writeTflite,
} from './tflite-writer.ts';

const CODE = {
  ...{ dense: 9, reshape: 22, bilinear: 23, prelu: 54, nearest: 97 },
  ...{ greater: 61, select: 123, product: 126 },
  ...{ multiply: 18, stridedSlice: 45, shape: 77, reduceProd: 81, pack: 83 },
};
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

/** The same network, its tensors so many places later in the list, the last ones first. */
function moved({ tensors, operators, inputs, outputs }: FileSpec, by: number): Uint8Array {
  const place = (i: number): number => (i < 0 ? i : (i + by) % tensors.length);
  return writeTflite({
    tensors: [...tensors.slice(tensors.length - by), ...tensors.slice(0, tensors.length - by)],
    operators: operators.map((each) => ({
      ...each,
      ...{ inputs: each.inputs.map(place), outputs: each.outputs.map(place) },
    })),
    ...{ inputs: inputs.map(place), outputs: outputs.map(place) },
  });
}

async function results(bytes: Uint8Array, values: readonly number[]): Promise<number[]> {
  const model = decodeTflite(bytes);
  // Of an operator's layers, however many they are, one has the name of what it gives, or of its one part.
  expect(model.layers.some(({ name }) => /^out(_part_0_\d)?$/.test(name))).toBe(true);
  const { data } = await model.predict(new Tensor(Float32Array.from(values), [1, 1, 2, 2]));
  return Array.from(data);
}

describe('PRELU', () => {
  const prelu = (slopes: TensorSpec): Uint8Array => network({ code: CODE.prelu }, image, slopes);

  it.each<[string, TensorSpec, number[]]>([
    ['one slope', { shape: [1, 1, 1], data: floats(0.5) }, [1, -1, -1.5, 4]],
    ['the same of all channels', { shape: [1, 1, 2], data: floats(0.5, 0.5) }, [1, -1, -1.5, 4]],
    ['one a channel', { shape: [1, 1, 2], data: floats(0.5, -2) }, [1, 4, -1.5, 4]],
    ['one below zero', { shape: [1], data: floats(-2) }, [1, 4, 6, 4]],
    ['one a place', { shape: [1, 2, 2], data: floats(1, 2, -3, 4) }, [1, -4, 9, 4]],
    ['one a column, and the batch', { shape: [1, 1, 2, 1], data: floats(2, -3) }, [1, -4, 9, 4]],
  ])('with %s is max(x, 0) + a·min(x, 0)', async (_, slopes, expected) => {
    expect(await results(prelu(slopes), [1, -2, -3, 4])).toEqual(expected);
  });

  it('is one layer, whose slopes can be trained', () => {
    const [, layer] = decodeTflite(prelu({ shape: [1, 1, 2], data: floats(0.5, -2) })).layers;
    expect(layer.className).toBe('PReLU');
    expect(layer.parameters.map(({ shape }) => shape)).toEqual([[1, 1, 2]]);
  });

  it('is refused with slopes that don’t fit, and with slopes that are computed', () => {
    for (const shape of [
      [1, 1, 4],
      [2, 1, 2, 1],
    ]) {
      expect(() => decodeTflite(prelu({ shape, data: floats(1, 2, 3, 4) }))).toThrow(
        `slopes must fit a sample [1,2,2], got shape [${shape}]`,
      );
    }
    const computed = writeTflite({
      tensors: [image, { ...image, name: 'out' }],
      operators: [{ code: CODE.prelu, inputs: [0, 0], outputs: [1] }],
      ...{ inputs: [0], outputs: [1] },
    });
    expect(() => decodeTflite(computed)).toThrow('slopes must be constant, got what an operator gives');
  });
});

describe('AVERAGE_POOL_2D', () => {
  it.each([
    ['none', 0, [-2, 7]],
    ['ReLU', 1, [0, 7]],
    ['ReLU6', 3, [0, 6]],
  ] as const)('is followed by the activation that it names: %s', async (_, activation, expected) => {
    const options: Option[] = [1, activation].map((value, i) => [5 * i, 'int8', value]); // padding VALID
    const windows: Option[] = [1, 1, 2, 1].map((value, i) => [1 + i, 'int32', value]);
    const bytes = writeTflite({
      tensors: [image, { shape: [1, 1, 1, 2], name: 'out' }],
      operators: [{ code: 1, type: 5, inputs: [0], outputs: [1], options: [...options, ...windows] }],
      ...{ inputs: [0], outputs: [1] },
    });
    expect(await results(bytes, [-1, 8, -3, 6])).toEqual(expected);
  });
});

describe('RELU_N1_TO_1', () => {
  it('cuts below −1 and above 1', async () => {
    const bytes = writeTflite({
      tensors: [image, { ...image, name: 'out' }],
      operators: [{ code: 20, inputs: [0], outputs: [1] }],
      ...{ inputs: [0], outputs: [1] },
    });
    expect(await results(bytes, [0.5, -2, 3, -0.5])).toEqual([0.5, -1, 1, -0.5]);
  });
});

describe('RESHAPE', () => {
  it('may leave out the batch of one sample, which the converter knows', async () => {
    const bytes = writeTflite({
      tensors: [
        { shape: [1, 3], name: 'in' },
        { shape: [3], name: 'row' },
        { shape: [1, 3], name: 'out' },
      ],
      operators: [
        { code: CODE.reshape, inputs: [0], outputs: [1] },
        { code: CODE.multiply, inputs: [0, 1], outputs: [2] },
      ],
      ...{ inputs: [0], outputs: [2] },
    });
    const { data } = await decodeTflite(bytes).predict([[1, 2, -3]]);
    expect([...data]).toEqual([1, 4, 9]);
  });

  it('gives the shape that the file says, also where that begins with as many rows as there were channels', () => {
    const bytes = writeTflite({
      tensors: [image, { shape: [1, 2, 2], name: 'out' }],
      operators: [{ code: CODE.reshape, inputs: [0], outputs: [1] }],
      ...{ inputs: [0], outputs: [1] },
    });
    expect(decodeTflite(bytes).outputShape).toEqual([2, 2]);
  });

  it('takes a size of −1 that is packed with the batch’s, as converters before TensorFlow 2.5 write it, whichever tensor is the first', () => {
    const spec: FileSpec = {
      tensors: [
        { ...image, signature: [-1, ...image.shape.slice(1)] },
        { shape: [4], type: 2, name: 'shape' },
        { shape: [1], type: 2, data: ints(0) },
        { shape: [1], type: 2, data: ints(1) },
        { shape: [], type: 2, name: 'batch' },
        { shape: [], type: 2, data: ints(2) },
        { shape: [], type: 2, data: ints(-1) },
        { shape: [3], type: 2, name: 'packed' },
        { shape: [1, 2, 2], signature: [-1, 2, -1], name: 'out' },
      ],
      operators: [
        { code: CODE.shape, inputs: [0], outputs: [1] },
        { code: CODE.stridedSlice, inputs: [1, 2, 3, 3], outputs: [4], type: 32, options: [[4, 'int32', 1]] },
        { code: CODE.pack, inputs: [4, 5, 6], outputs: [7] },
        { code: CODE.reshape, inputs: [0, 7], outputs: [8] },
      ],
      ...{ inputs: [0], outputs: [8] },
    };
    for (let by = 0; by < 9; by++) expect(decodeTflite(moved(spec, by)).outputShape).toEqual([2, 2]);
  });
});

it('rows that are computed from the sizes of a sample are its own: a dense layer along another dimension, by converters before TensorFlow 2.5', async () => {
  const number = { shape: [], type: 2 };
  const bytes = writeTflite({
    tensors: [
      image,
      { shape: [4], type: 2, name: 'shape' },
      { shape: [1], type: 2, data: ints(2) },
      { shape: [1], type: 2, data: ints(4) },
      { shape: [1], type: 2, data: ints(1) },
      { shape: [2], type: 2, name: 'width and channels' },
      { shape: [1], type: 2, data: ints(0) },
      { ...number, name: 'all' },
      { ...number, data: ints(1) },
      { shape: [2], type: 2, name: 'packed' },
      { shape: [4, 1], signature: [-1, -1], name: 'rows' },
      { shape: [1, 1], data: floats(3) },
      { shape: [4, 1], signature: [-1, 1], name: 'product' },
      { shape: [1, 4], name: 'out' },
    ],
    operators: [
      { code: CODE.shape, inputs: [0], outputs: [1] },
      { code: CODE.stridedSlice, inputs: [1, 2, 3, 4], outputs: [5], type: 32, options: [[4, 'int32', 0]] },
      { code: CODE.reduceProd, inputs: [5, 6], outputs: [7] },
      { code: CODE.pack, inputs: [7, 8], outputs: [9] },
      { code: CODE.reshape, inputs: [0, 9], outputs: [10] },
      { code: CODE.dense, inputs: [10, 11], outputs: [12] },
      { code: CODE.reshape, inputs: [12], outputs: [13] },
    ],
    ...{ inputs: [0], outputs: [13] },
  });
  expect(await results(bytes, [1, 2, 5, 3])).toEqual([3, 6, 15, 9]);
});

describe('SHAPE', () => {
  /** [x, its shape, weights, other, the image as that shape]: the sizes are open, as converters before TensorFlow 2.5 leave them. */
  const reshapedLike = (of: number): Uint8Array =>
    writeTflite({
      tensors: [
        image,
        { shape: [3], type: 2, name: 'shape' },
        { shape: [2, 2], data: floats(1, 0, 0, 1) },
        { shape: [2, 2], name: 'rows' },
        { shape: [1, 2, 2], signature: [-1, 2, -1], name: 'out' },
      ],
      operators: [
        { code: CODE.dense, inputs: [0, 2], outputs: [3] },
        { code: CODE.shape, inputs: [of], outputs: [1] },
        { code: CODE.reshape, inputs: [3, 1], outputs: [4] },
      ],
      ...{ inputs: [0], outputs: [4] },
    });

  it('is of a sample, where the file has as many dimensions as are here', () => {
    expect(decodeTflite(reshapedLike(0)).outputShape).toEqual([1, 2, 2]);
  });

  it('isn’t known of rows that are pixels of an image here, nor of constants', () => {
    const open = 'sizes of a sample must be fixed, got [-1,2,-1]';
    for (const of of [3, 2]) expect(() => decodeTflite(reshapedLike(of))).toThrow(open);
  });
});

describe('FULLY_CONNECTED of the channels of each pixel', () => {
  const weights: TensorSpec = { shape: [3, 2], data: floats(1, 0, 0, 1, 1, -1) };
  const [before, behind]: TensorSpec[] = [
    { shape: [2, 2], name: 'rows' },
    { shape: [2, 3], name: 'product' },
  ];

  it.each([true, false])(
    'is a dense layer on the image, with pixels made rows before it: %s',
    async (isReshaped) => {
      const bytes = writeTflite({
        tensors: [image, before, weights, behind, { shape: [1, 1, 2, 3], name: 'out' }],
        operators: [
          ...(isReshaped ? [{ code: CODE.reshape, inputs: [0], outputs: [1] }] : []),
          { code: CODE.dense, inputs: [isReshaped ? 1 : 0, 2], outputs: [3] },
          { code: CODE.reshape, inputs: [3], outputs: [4] },
        ],
        ...{ inputs: [0], outputs: [4] },
      });
      expect(await results(bytes, [1, 2, 5, 3])).toEqual([1, 2, -1, 5, 3, 2]);
    },
  );
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

  it('by a whole factor of rows that are several are up-sampling too', () => {
    const bytes = writeTflite({
      tensors: [
        { shape: [1, 2, 3, 1], name: 'in' },
        { shape: [1, 6, 6, 1], name: 'out' },
        { shape: [2], type: 2, data: ints(6, 6) },
      ],
      operators: [{ code: CODE.nearest, inputs: [0, 2], outputs: [1], type: 74, options: [] }],
      ...{ inputs: [0], outputs: [1] },
    });
    const { layers, outputShape } = decodeTflite(bytes);
    expect(outputShape).toEqual([6, 6, 1]);
    expect(layers.at(-1)?.getConfig()).toMatchObject({ size: [3, 2] });
  });

  it('take a size that is computed from the input’s, as converters before TensorFlow 2.5 write up-sampling', async () => {
    const bytes = writeTflite({
      tensors: [
        image,
        { shape: [4], type: 2, name: 'shape' },
        { shape: [1], type: 2, data: ints(1) },
        { shape: [1], type: 2, data: ints(3) },
        { shape: [1], type: 2, data: ints(1) },
        { shape: [2], type: 2, name: 'size' },
        { shape: [2], type: 2, data: ints(1, 2) },
        { shape: [2], type: 2, name: 'larger' },
        { shape: [1, 1, 4, 2], name: 'out' },
      ],
      operators: [
        { code: CODE.shape, inputs: [0], outputs: [1] },
        { code: CODE.stridedSlice, inputs: [1, 2, 3, 4], outputs: [5], type: 32, options: [[4, 'int32', 0]] },
        { code: CODE.multiply, inputs: [5, 6], outputs: [7] },
        { code: CODE.nearest, inputs: [0, 7], outputs: [8], type: 74, options: [[1, 'int8', 1]] },
      ],
      ...{ inputs: [0], outputs: [8] },
    });
    expect(await results(bytes, [0, 8, 4, 0])).toEqual([0, 8, 0, 8, 4, 0, 4, 0]);
  });

  it('by other factors are Keras’ Resizing', async () => {
    const x = [0, 8, 4, 0];
    expect(await results(resize(CODE.nearest, [1, 3], 1), x)).toEqual([0, 8, 4, 0, 4, 0]);
    expect(await results(resize(CODE.bilinear, [1, 1], 3), x)).toEqual([2, 4]);
  });

  it('with other places are resizing with alignCorners, or without halfPixelCenters', async () => {
    const x = [0, 8, 4, 0];
    expect(await results(resize(CODE.bilinear, [1, 3], 2), x)).toEqual([0, 8, 2, 4, 4, 0]);
    expect(await results(resize(CODE.bilinear, [1, 4]), x)).toEqual([0, 8, 2, 4, 4, 0, 4, 0]);
    expect(await results(resize(CODE.nearest, [1, 3], 0), x)).toEqual([0, 8, 4, 0, 4, 0]);
    expect(await results(resize(CODE.nearest, [1, 5]), x)).toEqual([0, 8, 0, 8, 0, 8, 4, 0, 4, 0]);
  });
});

it.each<[code: number, type: number, shape: readonly number[], block: number, string]>([
  [26, 19, [1, 3, 4, 2], 2, 'height and width must be multiples of the block, 2, got 3×4'],
  [5, 94, [1, 2, 2, 6], 2, "channels must be a multiple of the block's pixels, 4, got 6"],
  [5, 94, [1, 2, 2, 6], 0, 'the block must be of at least 1 pixel, got 0'],
  [26, 19, [1, 8], 2, 'expected an image [height, width, channels], got a sample [8]'],
])('blocks of operator %s that do not fit are refused: %s, %s, %s', (code, type, shape, block, message) => {
  const bytes = writeTflite({
    tensors: [
      { shape, name: 'in' },
      { shape, name: 'out' },
    ],
    operators: [{ code, inputs: [0], outputs: [1], type, options: [[0, 'int32', block]] }],
    ...{ inputs: [0], outputs: [1] },
  });
  expect(() => decodeTflite(bytes)).toThrow(message);
});

/** The message of a refusal, or what a network gives for an image [1, 2, 2] of 1, 2, 3, 4. */
async function outcome(bytes: Uint8Array): Promise<number[] | string> {
  try {
    return await results(bytes, [1, 2, 3, 4]);
  } catch (error) {
    return (error as Error).message;
  }
}

/** One operator with any number of constants after the image, or before it. */
function withConstants(
  operator: Pick<OperatorSpec, 'code' | 'type' | 'options'>,
  shape: readonly number[],
  constants: readonly TensorSpec[],
  inputs: readonly number[] = [0, ...constants.map((_, i) => 2 + i)],
): Uint8Array {
  return writeTflite({
    tensors: [image, { shape, name: 'out' }, ...constants],
    operators: [{ inputs, outputs: [1], ...operator }],
    ...{ inputs: [0], outputs: [1] },
  });
}

const whole = (...values: readonly number[]): TensorSpec => ({
  shape: [values.length],
  type: 2,
  data: ints(...values),
});
const real = (...values: readonly number[]): TensorSpec => ({
  shape: [values.length],
  data: floats(...values),
});

describe('SLICE and STRIDED_SLICE', () => {
  const slice = (shape: readonly number[], begin: readonly number[], sizes: readonly number[]): Uint8Array =>
    withConstants({ code: 65 }, shape, [whole(...begin), whole(...sizes)]);
  /** Masks: begin, end, ellipsis, new axis, shrink. */
  const strided = (
    shape: readonly number[],
    [begin, end, strides]: readonly (readonly number[])[],
    masks: readonly number[] = [],
  ): Uint8Array =>
    withConstants({ code: 45, type: 32, options: masks.map((mask, i) => [i, 'int32', mask]) }, shape, [
      whole(...begin),
      whole(...end),
      whole(...strides),
    ]);
  const ONES = [1, 1, 1, 1];

  it.each<[string, Uint8Array, number[] | RegExp]>([
    ['a column', slice([1, 1, 1, 2], [0, 0, 1, 0], [-1, -1, 1, -1]), [3, 4]],
    ['another sample', slice([1, 1, 2, 2], [1, 0, 0, 0], [-1, -1, -1, -1]), /must take all samples/],
    ['the last channel', strided([1, 1, 2, 1], [[0, 0, 0, -1], [1, 1, 2, 9], ONES]), [2, 4]],
    ['masked ends', strided([1, 1, 1, 2], [[7, 7, 0, 7], [0, 0, 1, 0], ONES], [11, 11]), [1, 2]],
    [
      'every second column',
      strided(
        [1, 1, 1, 2],
        [
          [0, 0, 0, 0],
          [1, 1, 2, 2],
          [1, 1, 2, 1],
        ],
      ),
      [1, 2],
    ],
    ['one column', strided([1, 1, 2], [[0, 0, -1, 0], [1, 1, 0, 2], ONES], [0, 0, 0, 0, 4]), [3, 4]],
    ['nothing', strided([1, 1, 0, 2], [[0, 0, 2, 0], [1, 1, 1, 2], ONES]), /leave something of each/],
    [
      'back to front',
      strided(
        [1, 1, 2, 2],
        [
          [0, 0, 1, 0],
          [1, 1, 0, 2],
          [1, 1, -1, 1],
        ],
      ),
      /a step above 0/,
    ],
    ['fewer dimensions', strided([1, 1, 2, 2], [[0], [1], [1]]), /of every dimension/],
    ['an ellipsis', strided([1, 1, 2, 2], [[0, 0, 0, 0], ONES, ONES], [0, 0, 1]), /of every dimension/],
    [
      'a new dimension',
      strided([1, 1, 2, 2], [[0, 0, 0, 0], ONES, ONES], [0, 0, 0, 1]),
      /of every dimension/,
    ],
    ['one sample', strided([1, 2, 2], [[0, 0, 0, 0], [1, 1, 2, 2], ONES], [0, 0, 0, 0, 1]), /all samples/],
  ])('of %s', async (_, bytes, expected) => {
    const got = await outcome(bytes);
    if (expected instanceof RegExp) expect(got).toMatch(expected);
    else expect(got).toEqual(expected);
  });
});

describe('operators of an image and constants', () => {
  const PADV2 = { code: 60 };
  const [MEAN, MAX, PACK] = [40, 82, { code: 83, type: 59 }];
  const two: TensorSpec = { shape: [2, 1, 1, 2], data: floats(1, 2, 3, 4) };
  const keepdims = { type: 27, options: [[0, 'int8', 1] as const] };
  const transposed = {
    code: 67,
    type: 49,
    options: [
      [0, 'int8', 1],
      [1, 'int32', 1],
      [2, 'int32', 1],
      [3, 'int8', 1],
    ],
  } as const;

  it.each<[string, Uint8Array, number[] | RegExp]>([
    ['a mean over width', withConstants({ code: MEAN }, [1, 1, 2], [whole(2)]), [2, 3]],
    [
      'a maximum over height',
      withConstants({ code: MAX, ...keepdims }, [1, 1, 2, 2], [whole(-3)]),
      [1, 2, 3, 4],
    ],
    [
      'the first half of the channels',
      withConstants({ code: 49 }, [1, 1, 2, 1], [whole(-1)], [2, 0]),
      [1, 3],
    ],
    [
      'a part of what is left over',
      withConstants({ code: 102 }, [1, 1, 1, 2], [whole(-1, 1), whole(2)]),
      [1, 2],
    ],
    [
      'the first channel',
      withConstants({ code: 88, type: 64, options: [[1, 'int32', -1]] }, [1, 1, 2], []),
      [1, 3],
    ],
    [
      'a part of samples',
      withConstants({ code: 49 }, [1, 1, 2, 2], [whole(0)], [2, 0]),
      /along a dimension of a sample, 1 to 3, got 0/,
    ],
    [
      'a part that is too large',
      withConstants({ code: 102 }, [1, 1, 3, 2], [whole(3), whole(2)]),
      /within \[1,2,2\], got 0 to 3 of dimension 2/,
    ],
    ['a third power', withConstants({ code: 78 }, [1, 1, 2, 2], [real(3)]), [1, 8, 27, 64]],
    [
      'powers of their own',
      withConstants({ code: 78 }, [1, 1, 2, 2], [real(1, 2)]),
      /one for all, got shape \[2\]/,
    ],
    ['a quotient of tensors', withConstants({ code: 42 }, [1, 1, 2, 2], [], [0, 0]), [1, 1, 1, 1]],
    [
      'a sum over everything',
      withConstants({ code: 74 }, [1, 1, 1, 1], [whole(1, 2, 3)]),
      /no layers compute it|its output must be/,
    ],
    [
      'a mean over samples',
      withConstants({ code: MEAN }, [1, 1, 2], [whole(0)]),
      /no layers compute it for a sample/,
    ],
    ['the larger of both', withConstants({ code: 55 }, [1, 1, 2, 2], [real(2.5)], [2, 0]), [2.5, 2.5, 3, 4]],
    ['the smaller of both', withConstants({ code: 57 }, [1, 1, 2, 2], [real(2, 3)]), [1, 2, 2, 3]],
    ['what is above 0', withConstants({ code: 19 }, [1, 1, 2, 2], []), [1, 2, 3, 4]],
    ['what is between 0 and 1', withConstants({ code: 152 }, [1, 1, 2, 2], []), [1, 1, 1, 1]],
    ['the larger of two', withConstants({ code: 55 }, [1, 1, 2, 2], [], [0, 0]), [1, 2, 3, 4]],
    [
      'a frame of sevens',
      withConstants(PADV2, [1, 1, 3, 3], [whole(0, 0, 0, 0, 0, 1, 1, 0), real(7)]),
      [7, 1, 2, 7, 3, 4, 7, 7, 7],
    ],
    [
      'a frame of anything',
      withConstants(PADV2, [1, 1, 2, 2], [whole(0, 0, 0, 0, 0, 0, 0, 0)], [0, 2, 0]),
      /padding must be with one constant number/,
    ],
    [
      'two beside each other',
      withConstants({ ...PACK, options: [[1, 'int32', -1]] }, [1, 1, 2, 2, 2], [], [0, 0]),
      [1, 1, 2, 2, 3, 3, 4, 4],
    ],
    [
      'samples beside each other',
      withConstants({ code: PACK.code }, [2, 1, 2, 2], [], [0, 0]),
      /not 0, the batch's/,
    ],
    [
      'a transposed convolution',
      withConstants(transposed, [1, 1, 2, 2], [whole(1, 1, 2, 2), two, real(0.5, -20)], [2, 3, 0, 4]),
      [5.5, 0, 11.5, 5],
    ],
  ])('%s', async (_, bytes, expected) => {
    const got = await outcome(bytes);
    if (expected instanceof RegExp) expect(got).toMatch(expected);
    else expect(got).toEqual(expected);
  });
});

describe('SPACE_TO_BATCH_ND and BATCH_TO_SPACE_ND', () => {
  /** Of an image [1, 2, 2], around a kernel of 1×2 numbers per channel. */
  function around(
    given: {
      block?: number[];
      paddings?: number[];
      crops?: number[];
      padding?: number;
      again?: boolean;
      /** Twice, of one that is spread, and their sum. */
      shared?: boolean;
      /** Code of the operator after the convolution. */
      last?: number;
    } = {},
  ): Uint8Array {
    const {
      block = [1, 2],
      paddings = [0, 0, 2, 0],
      crops = [0, 0, 0, 0],
      padding = 1,
      again = false,
      shared = false,
      last = 37,
    } = given;
    const convolution = (output: number): OperatorSpec => ({
      ...{ code: 4, type: 2, inputs: [7, 6], outputs: [output] },
      options: [
        [0, 'int8', padding],
        [1, 'int32', 1],
        [2, 'int32', 1],
      ],
    });
    const tensors: TensorSpec[] = [
      image,
      { shape: [1, 1, 2, 2], name: 'out' },
      ...[
        whole(1, 2),
        { ...whole(...paddings), shape: [paddings.length / 2, 2] },
        whole(...block),
        { ...whole(...crops), shape: [2, 2] },
      ],
      { shape: [1, 1, 2, 2], data: floats(1, 10, 100, 1000) },
      { shape: [2, 1, 2, 2], name: 'spread' },
      { shape: [2, 1, 1, 2], name: 'both' },
      { shape: [2, 1, 1, 2], name: 'twice' },
      { shape: [1, 1, 2, 2], name: 'one' },
      { shape: [1, 1, 2, 2], name: 'other' },
    ];
    return writeTflite({
      tensors,
      operators: [
        { code: 38, inputs: [0, 2, 3], outputs: [7] },
        convolution(8),
        ...(again ? [{ code: 0, inputs: [8, 8], outputs: [9] }] : []),
        { code: last, inputs: [again ? 9 : 8, 4, 5], outputs: [shared ? 10 : 1] },
        ...(shared
          ? [
              convolution(9),
              { code: last, inputs: [9, 4, 5], outputs: [11] },
              { code: 0, inputs: [10, 11], outputs: [1] },
            ]
          : []),
      ],
      ...{ inputs: [0], outputs: [1] },
    });
  }

  it('around a convolution are its dilation, and the zeros around it', async () => {
    // Two columns of zeros on the left; each number of a kernel sees every second column.
    expect(await outcome(around())).toEqual([100, 2000, 300, 4000]);
    // As many on the right, of which the output loses one pair.
    expect(await outcome(around({ paddings: [0, 0, 2, 2], crops: [0, 0, 0, 2] }))).toEqual([
      100, 2000, 300, 4000,
    ]);
  });

  it('around two convolutions may begin with one for both, as in a gate of WaveNet', async () => {
    expect(await outcome(around({ shared: true }))).toEqual([200, 4000, 600, 8000]);
  });

  it.each<[string, Parameters<typeof around>[0], RegExp]>([
    ['of different blocks', { block: [2, 1] }, /of the same height and width/],
    ['that crop more than was padded', { crops: [0, 0, 3, 0] }, /crop no more than was padded/],
    ['around another padding', { padding: 0 }, /have VALID between them/],
    ['of three dimensions', { paddings: [0, 0, 2, 0, 0, 0] }, /of the same height and width/],
    ['around more than a convolution', { again: true }, /SPACE_TO_BATCH_ND/],
    ['of which the second is another operator', { last: 19 }, /SPACE_TO_BATCH_ND/], // RELU
  ])('%s are refused', async (_, given, message) => {
    expect(await outcome(around(given))).toMatch(message);
  });
});

describe('what is put together of slices', () => {
  const whole = (
    code: number,
    values: readonly number[],
    type = 0,
    options: OperatorSpec['options'] = [],
  ): Uint8Array =>
    network(
      { code, type, options },
      { shape: [1, 1, 2, 2] },
      { shape: [values.length], type: 2, data: ints(...values) },
    );

  it.each<[string, Uint8Array, string]>([
    ['GATHER of a place that isn’t there', whole(36, [0, 2], 23, [[0, 'int32', 3]]), 'got [0,2] along 3'],
    ['GATHER of a place before the first', whole(36, [-1], 23, [[0, 'int32', 3]]), 'got [-1] along 3'],
    ['GATHER along a dimension that isn’t there', whole(36, [0], 23, [[0, 'int32', 4]]), 'got [0] along 4'],
    [
      'GATHER of each sample’s own',
      whole(36, [0], 23, [
        [0, 'int32', 3],
        [1, 'int32', 1],
      ]),
      'indices must be a list of places along a dimension',
    ],
    [
      'GATHER of samples',
      whole(36, [0], 23, [[0, 'int32', 0]]),
      'indices must be a list of places along a dimension',
    ],
    ['TILE of samples', whole(69, [2, 1, 1, 1]), 'samples must stay as many as they are, got 2 times'],
    ['TILE of too many', whole(69, [1, 1, 1, 2 ** 31 - 1]), 'at most 16 parts, got 2147483647'],
    [
      'MIRROR_PAD by too many',
      whole(100, [0, 0, 0, 0, 0, 2 ** 30, 0, 0], 77),
      'at most 16 parts, got 1073741824',
    ],
    [
      'MIRROR_PAD of samples',
      whole(100, [1, 0, 0, 0, 0, 0, 0, 0], 77),
      'samples must stay as many as they are',
    ],
  ])('%s is refused', (_, bytes, message) => {
    expect(() => decodeTflite(bytes)).toThrow(message);
  });

  it('GATHER may count the dimension from the end, and take one place', async () => {
    const bytes = writeTflite({
      tensors: [image, { shape: [1, 1, 2, 1], name: 'out' }, { shape: [1], type: 2, data: ints(1) }],
      operators: [{ code: 36, type: 23, options: [[0, 'int32', -1]], inputs: [0, 2], outputs: [1] }],
      ...{ inputs: [0], outputs: [1] },
    });
    expect(await results(bytes, [1, 2, 3, 4])).toEqual([2, 4]);
  });

  it.each<[times: readonly number[], steps: readonly string[], numbers: readonly number[]]>([
    [
      [1, 1, 2, 2],
      ['out_1', 'out'],
      [1, 2, 1, 2, 3, 4, 3, 4, 1, 2, 1, 2, 3, 4, 3, 4],
    ],
    [[1, 1, 2, 1], ['out'], [1, 2, 3, 4, 1, 2, 3, 4]],
    [[1, 2, 1, 1], ['out'], [1, 2, 3, 4, 1, 2, 3, 4]],
  ])('TILE of %j names its last step as what it gives', async (times, steps, numbers) => {
    const shape = [1, 1, 2, 2].map((size, d) => size * times[d]);
    const bytes = network({ code: 69 }, { shape }, { shape: [4], type: 2, data: ints(...times) });
    const model = decodeTflite(bytes);
    expect(model.layers.slice(1).map(({ name }) => name)).toEqual(steps);
    const { data } = await model.predict(new Tensor(Float32Array.of(1, 2, 3, 4), [1, 1, 2, 2]));
    expect([...data]).toEqual(numbers);
  });

  it.each<[axis: number, shape: readonly number[], places: readonly number[], numbers: readonly number[]]>([
    [1, [1, 2, 2, 2], [0, 0], [1, 2, 3, 4, 1, 2, 3, 4]],
    [2, [1, 1, 2, 2], [1, 0], [3, 4, 1, 2]],
    [3, [1, 1, 2, 2], [1, 0], [2, 1, 4, 3]],
  ])('GATHER picks along dimension %i', async (axis, shape, places, numbers) => {
    const bytes = network(
      { code: 36, type: 23, options: [[0, 'int32', axis]] },
      { shape },
      { shape: [places.length], type: 2, data: ints(...places) },
    );
    const { data } = await decodeTflite(bytes).predict(new Tensor(Float32Array.of(1, 2, 3, 4), [1, 1, 2, 2]));
    expect([...data]).toEqual(numbers);
  });
});

describe('BATCH_MATMUL', () => {
  /** A product of two tensors that are computed of the image's four numbers, once or twice, each turned or not. */
  const ofTwo = (
    a: readonly number[],
    b: readonly number[],
    turned: readonly [number, number],
  ): Uint8Array => {
    const twice = { shape: [1, 1, 2, 4], name: 'twice' };
    const from = (shape: readonly number[]): number => (shape.reduce((m, n) => m * n, 1) === 8 ? 3 : 0);
    return writeTflite({
      tensors: [
        ...[image, { shape: [1, 1, 1], name: 'out' }, { shape: [4], type: 2, data: ints(1, 1, 1, 2) }, twice],
        ...[a, b].map((shape, i) => ({ shape: [1, ...shape], name: 'ab'[i] })),
      ],
      operators: [
        { code: 69, inputs: [0, 2], outputs: [3] },
        { code: CODE.reshape, inputs: [from(a)], outputs: [4] },
        { code: CODE.reshape, inputs: [from(b)], outputs: [5] },
        {
          ...{ code: CODE.product, type: 101, inputs: [4, 5], outputs: [1] },
          options: turned.map((value, i): Option => [i, 'int8', value]),
        },
      ],
      ...{ inputs: [0], outputs: [1] },
    });
  };
  type Two = readonly [a: readonly number[], b: readonly number[], turned: readonly [number, number]];

  it.each<Two>([
    [
      [1, 4],
      [4, 1],
      [0, 0],
    ],
    [
      [1, 4],
      [1, 4],
      [0, 1],
    ],
    [
      [4, 1],
      [4, 1],
      [1, 0],
    ],
    [
      [4, 1],
      [1, 4],
      [1, 1],
    ],
  ])('of a row and a column is Σ a·b: %j and %j, turned %j', async (...two) => {
    expect(await results(ofTwo(...two), [1, 2, 3, 4])).toEqual([30]);
  });

  it.each<Two>([
    [
      [1, 4],
      [4, 2],
      [0, 0],
    ], // a row, and two columns
    [
      [2, 4],
      [4, 1],
      [0, 0],
    ], // two rows, and a column
    [
      [1, 4],
      [8, 1],
      [0, 0],
    ], // of other lengths
    [
      [1, 4],
      [4, 1, 1],
      [0, 0],
    ], // of three dimensions
    [
      [1, 4],
      [1, 4],
      [0, 0],
    ],
    [
      [1, 4],
      [1, 4],
      [1, 1],
    ],
    [
      [1, 4],
      [1, 4],
      [1, 0],
    ],
  ])('of other tensors is refused: %j and %j, turned %j', (...two) => {
    expect(() => decodeTflite(ofTwo(...two))).toThrow('or of a row and a column, got samples');
  });

  const product = (turned: readonly [number, number], constant?: TensorSpec, columns = 2): Uint8Array =>
    writeTflite({
      tensors: [image, { shape: [1, 1, 2, columns], name: 'out' }, ...(constant ? [constant] : [])],
      operators: [
        {
          ...{ code: CODE.product, type: 101, inputs: [0, constant ? 2 : 0], outputs: [1] },
          options: turned.map((value, i): Option => [i, 'int8', value]),
        },
      ],
      ...{ inputs: [0], outputs: [1] },
    });

  it.each<[string, readonly [number, number], number[]]>([
    ['as it is', [0, 0], [7, 10, 15, 22]],
    ['turned', [0, 1], [5, 11, 11, 25]],
  ])('with a constant matrix, %s, multiplies rows', async (_, turned, expected) => {
    const matrix = { shape: [2, 2], data: floats(1, 2, 3, 4) };
    expect(await results(product(turned, matrix), [1, 2, 3, 4])).toEqual(expected);
  });

  it.each<[string, readonly [number, number], readonly number[], number[]]>([
    ['as it is', [0, 0], [2, 3], [9, 12, 15, 19, 26, 33]],
    ['turned', [0, 1], [3, 2], [5, 11, 17, 11, 25, 39]],
    ['in a dimension of one', [0, 0], [1, 2, 3], [9, 12, 15, 19, 26, 33]],
  ])('with a constant matrix, %s, has as many columns as that has', async (_, turned, shape, expected) => {
    const matrix = { shape, data: floats(1, 2, 3, 4, 5, 6) };
    expect(await results(product(turned, matrix, 3), [1, 2, 3, 4])).toEqual(expected);
  });

  it('is refused for matrices that are computed, and for several constant ones', () => {
    expect(() => decodeTflite(product([0, 0]))).toThrow(
      'products must be with constant numbers, or of a row and a column, got samples [1,2,2] and [1,2,2]',
    );
    const several = { shape: [2, 2, 2], data: floats(1, 2, 3, 4, 5, 6, 7, 8) };
    expect(() => decodeTflite(product([0, 0], several))).toThrow('must be one matrix, got shape [2,2,2]');
    const one = { shape: [2, 2], data: floats(1, 2, 3, 4) };
    expect(() => decodeTflite(product([1, 0], one))).toThrow('constant [2,2], turned');
    const ofRow = writeTflite({
      tensors: [image, { shape: [1, 1, 2], name: 'out' }, one, { shape: [1, 2, 2], name: 'row' }],
      operators: [
        { code: CODE.reshape, inputs: [0], outputs: [3] },
        { code: CODE.product, type: 101, inputs: [3, 2], outputs: [1], options: [[0, 'int8', 1]] },
      ],
      ...{ inputs: [0], outputs: [1] },
    });
    expect(() => decodeTflite(ofRow)).toThrow('got samples [2,2] and constant [2,2], turned');
  });
});

describe('SELECT_V2', () => {
  const chosen = (threshold: number, below: number): Uint8Array =>
    writeTflite({
      tensors: [
        image,
        { ...image, name: 'out' },
        { shape: [], data: floats(threshold) },
        { shape: [], data: floats(below) },
        { ...image, name: 'mask' },
      ],
      operators: [
        { code: CODE.greater, inputs: [0, 2], outputs: [4] },
        { code: CODE.select, inputs: [4, 0, 3], outputs: [1] },
      ],
      ...{ inputs: [0], outputs: [1] },
    });

  it('is a ReLU with a threshold where it takes x above that, else 0', async () => {
    expect(await results(chosen(2, 0), [1, 2, 3, -4])).toEqual([0, 0, 3, 0]);
  });

  it.each<[string, number, Uint8Array]>([
    ['float16', 1, new Uint8Array(Uint16Array.of(0x4000).buffer)], // 2
    ['int8', 9, Uint8Array.of(4)],
  ])('knows a threshold that is stored as %s', async (name, type, data) => {
    const isStored = name === 'float16';
    const number = { shape: [], type, data, ...(!isStored && { scales: [0.5], zeroPoints: [0] }) };
    const bytes = writeTflite({
      tensors: [
        ...[image, { ...image, name: 'out' }, number, { shape: [], data: floats(0) }],
        ...[
          { ...image, name: 'mask' },
          { shape: [], name: 'threshold' },
        ],
      ],
      operators: [
        ...(isStored ? [{ code: 6, inputs: [2], outputs: [5] }] : []), // DEQUANTIZE
        { code: CODE.greater, inputs: [0, isStored ? 5 : 2], outputs: [4] },
        { code: CODE.select, inputs: [4, 0, 3], outputs: [1] },
      ],
      ...{ inputs: [0], outputs: [1] },
    });
    expect(await results(bytes, [1, 2, 3, -4])).toEqual([0, 0, 3, 0]);
  });

  /** x > 0 ? x : x·c, or with ELU of x in the place of x. */
  const sloped = (isElu: boolean, isQuantized: boolean): Uint8Array =>
    writeTflite({
      tensors: [
        ...[
          image,
          { ...image, name: 'out' },
          { shape: [], data: floats(0) },
          { shape: [], data: floats(0.5) },
        ],
        ...['mask', 'product', 'quantized', 'elu'].map((name) => ({ ...image, name })),
      ],
      operators: [
        ...(isElu ? [{ code: 111, inputs: [0], outputs: [7] }] : []),
        ...(isQuantized ? [{ code: 114, inputs: [0], outputs: [6] }] : []),
        { code: CODE.greater, inputs: [isQuantized ? 6 : 0, 2], outputs: [4] },
        { code: CODE.multiply, type: 21, inputs: [isElu ? 7 : 0, 3], outputs: [5] },
        { code: CODE.select, inputs: [4, isElu ? 7 : 0, 5], outputs: [1] },
      ],
      ...{ inputs: [0], outputs: [1] },
    });

  it.each([false, true])('is a leaky ReLU, or elu with α; quantised: %s', async (isQuantized) => {
    expect(await results(sloped(false, isQuantized), [1, 2, 3, -4])).toEqual([1, 2, 3, -2]);
    const y = await results(sloped(true, isQuantized), [1, 2, 3, -4]);
    expect(y.map((v) => Math.round(v * 1e4) / 1e4)).toEqual([1, 2, 3, -0.4908]);
  });

  /** x·[x > 2]. @param fused number of the activation in the product */
  const masked = (fused: number): Uint8Array =>
    writeTflite({
      tensors: [
        ...[image, { ...image, name: 'out' }, { shape: [], data: floats(2) }],
        ...['mask', 'ones'].map((name) => ({ ...image, name })),
      ],
      operators: [
        { code: CODE.greater, inputs: [0, 2], outputs: [3] },
        { code: 53, inputs: [3], outputs: [4] }, // CAST
        { code: 18, type: 21, options: [[0, 'int8', fused]], inputs: [4, 0], outputs: [1] }, // MUL
      ],
      ...{ inputs: [0], outputs: [1] },
    });

  it('is that ReLU also as a product with the mask, which no activation may follow', async () => {
    expect(await results(masked(0), [1, 2, 3, -4])).toEqual([0, 0, 3, 0]);
    expect(() => decodeTflite(masked(3))).toThrow(/operator 0 \(GREATER.*no layer/);
  });

  it('is elu where it takes that above 0, else a multiple of it', async () => {
    const bytes = writeTflite({
      tensors: [
        ...[
          image,
          { ...image, name: 'out' },
          { shape: [], data: floats(0) },
          { shape: [], data: floats(0.5) },
        ],
        ...['mask', 'elu', 'less'].map((name) => ({ ...image, name })),
      ],
      operators: [
        { code: CODE.greater, inputs: [0, 2], outputs: [4] },
        { code: 111, inputs: [0], outputs: [5] }, // ELU
        { code: 18, type: 21, inputs: [5, 3], outputs: [6] },
        { code: CODE.select, inputs: [4, 5, 6], outputs: [1] },
      ],
      ...{ inputs: [0], outputs: [1] },
    });
    const [zero, two, , less] = await results(bytes, [0, 2, 5, -1]);
    expect([zero, two]).toEqual([0, 2]);
    expect(less).toBeCloseTo(0.5 * Math.expm1(-1), 6);
  });

  it.each([
    [-1, 0],
    [2, 0.5],
  ])('is refused with other numbers: threshold %d, below it %d', (threshold, below) => {
    expect(() => decodeTflite(chosen(threshold, below))).toThrow(/operator 0 \(GREATER.*no layer/);
  });
});

describe('L2_NORMALIZATION', () => {
  it('gives vectors of length 1 along the last dimension, also of nothing', async () => {
    const bytes = withConstants({ code: 11, type: 12 }, [1, 1, 2, 2], []);
    const [a, b, ...none] = await results(bytes, [3, -4, 0, 0]);
    expect([a, b].map((v) => v.toFixed(6))).toEqual(['0.600000', '-0.800000']);
    expect(none).toEqual([0, 0]);
  });
});

describe('TRANSPOSE_CONV', () => {
  it.each<[string, readonly number[], number, number[]]>([
    ['larger than the smallest', [1, 1, 6, 1], 1, [1, 1, 0, 2, 2, 0]],
    ['of the smallest size', [1, 1, 5, 1], 1, [1, 1, 0, 2, 2]],
    ['padded, of the usual size', [1, 1, 6, 1], 0, [1, 1, 0, 2, 2, 0]],
    ['padded, smaller', [1, 1, 5, 1], 0, [1, 1, 0, 2, 2]],
  ])('gives an output %s', async (_, shape, padding, expected) => {
    const bytes = writeTflite({
      tensors: [
        ...[{ shape: [1, 1, 2, 1], name: 'in' }, { shape, name: 'out' }, whole(...shape)],
        { shape: [1, 1, 2, 1], data: floats(1, 1) },
      ],
      operators: [
        {
          ...{ code: 67, type: 49, inputs: [2, 3, 0], outputs: [1] },
          options: [
            [0, 'int8', padding],
            [1, 'int32', 3],
            [2, 'int32', 1],
          ],
        },
      ],
      ...{ inputs: [0], outputs: [1] },
    });
    const { data } = await decodeTflite(bytes).predict(new Tensor(Float32Array.of(1, 2), [1, 1, 2, 1]));
    expect(Array.from(data)).toEqual(expected);
  });
});

describe('weights in variables', () => {
  it('are refused with the converter that makes constants of them', () => {
    const bytes = writeTflite({
      tensors: [
        ...[image, { ...image, name: 'out' }],
        ...[
          { shape: [], type: 13, name: 'handle' },
          { ...image, name: 'weights' },
        ],
      ],
      operators: [
        { code: 142, inputs: [], outputs: [2] }, // VAR_HANDLE
        { code: 143, inputs: [2], outputs: [3] }, // READ_VARIABLE
        { code: 0, type: 11, inputs: [0, 3], outputs: [1] },
      ],
      ...{ inputs: [0], outputs: [1] },
    });
    expect(() => decodeTflite(bytes)).toThrow('TFLiteConverter.from_keras_model makes constants of them');
  });
});

describe('constant numbers', () => {
  const sum = (x: readonly number[], constant: TensorSpec, out: readonly number[]): Uint8Array =>
    writeTflite({
      tensors: [{ shape: [1, ...x], name: 'in' }, { shape: [1, ...out], name: 'out' }, constant],
      operators: [{ code: 0, type: 11, inputs: [0, 2], outputs: [1] }],
      ...{ inputs: [0], outputs: [1] },
    });

  it.each<[string, readonly number[], TensorSpec, readonly number[], number[]]>([
    ['one a row', [2, 2], { shape: [1, 2, 1], data: floats(10, 20) }, [2, 2], [11, 12, 23, 24]],
    ['one a place', [2, 2], { shape: [2, 2], data: floats(10, 20, 30, 40) }, [2, 2], [11, 22, 33, 44]],
    [
      'one a place of the last two dimensions',
      [1, 2, 2],
      { shape: [2, 2], data: floats(10, 20, 30, 40) },
      [1, 2, 2],
      [11, 22, 33, 44],
    ],
    [
      'one a place of the last two dimensions, for all rows of images',
      [2, 2, 1],
      { shape: [2, 1], data: floats(10, 20) },
      [2, 2, 1],
      [11, 22, 13, 24],
    ],
    [
      'one a place, and the batch',
      [2, 2],
      { shape: [1, 2, 2], data: floats(10, 20, 30, 40) },
      [2, 2],
      [11, 22, 33, 44],
    ],
    [
      'more than a sample has',
      [4, 1],
      { shape: [1, 1, 2], data: floats(10, 20) },
      [4, 2],
      [11, 21, 12, 22, 13, 23, 14, 24],
    ],
    [
      'more, in front',
      [1, 4],
      { shape: [1, 2, 1], data: floats(10, 20) },
      [2, 4],
      [11, 12, 13, 14, 21, 22, 23, 24],
    ],
  ])('are added: %s', async (_, x, constant, out, expected) => {
    const { data } = await decodeTflite(sum(x, constant, out)).predict(
      new Tensor(Float32Array.from([1, 2, 3, 4]), [1, ...x]),
    );
    expect(Array.from(data)).toEqual(expected);
  });

  it('that would take too many weights are refused', () => {
    const many = { shape: [1, 1025, 1], data: floats(...Array(1025).fill(1)) };
    expect(() => decodeTflite(sum([1, 1024], many, [1025, 1024]))).toThrow(
      'or fit a sample [1,1024], got shape [1,1025,1]',
    );
  });
});
