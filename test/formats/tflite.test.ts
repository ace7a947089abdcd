/** Readers of TensorFlow Lite's files: what each part means, and what is refused. What networks compute: test/parity/tflite.test.ts. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../src/formats/errors.ts';
import { halfToFloat } from '../../src/formats/halves.ts';
import { FlatBuffer } from '../../src/formats/tflite/flatbuffer.ts';
import { readOperators } from '../../src/formats/tflite/layers.ts';
import { layerNames } from '../../src/formats/tflite/names.ts';
import { decodeTflite, loadModel, Tensor } from '../../src/index.ts';
import {
  type FileSpec,
  floats,
  ints,
  type OperatorSpec,
  type TensorSpec,
  writeTflite,
} from './tflite-writer.ts';

const CODE = {
  add: 0,
  concat: 2,
  conv: 3,
  depthwise: 4,
  dequantize: 6,
  dense: 9,
  mul: 18,
  lstm: 16,
  reshape: 22,
  relu6: 21,
  softmax: 25,
};
const MORE = {
  exp: 47,
  custom: 32,
  pad: 34,
  transpose: 39,
  mean: 40,
  sub: 41,
  div: 42,
  cast: 53,
  padv2: 60,
  argMax: 56,
  shape: 77,
  gelu: 150,
};

/** Samples of two numbers, [1, 2], through the given operators; constants come after the tensors that operators give. */
function chain(
  operators: readonly OperatorSpec[],
  tensors: readonly TensorSpec[],
  more: Partial<FileSpec> = {},
): Uint8Array {
  return writeTflite({
    tensors,
    operators,
    inputs: [0],
    outputs: [tensors.findIndex(({ name }) => name === 'out')],
    ...more,
  });
}

const x: TensorSpec = { shape: [1, 2], name: 'in' };
const out: TensorSpec = { shape: [1, 2], name: 'out' };
const image: TensorSpec = { shape: [1, 3, 3, 2], name: 'in' };
const relu6 = chain([{ code: CODE.relu6, inputs: [0], outputs: [1] }], [x, out]);

const results = async (bytes: Uint8Array, values: readonly number[]): Promise<number[]> => {
  const network = decodeTflite(bytes);
  const { data } = await network.predict(new Tensor(Float32Array.from(values), [1, ...network.inputShape]));
  return Array.from(data);
};

const messageOf = (bytes: Uint8Array): string => {
  try {
    decodeTflite(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
    expect((error as Error).message).not.toMatch(/\n/);
    return (error as Error).message;
  }
  return 'read';
};

describe('constants', () => {
  const dense = (weights: Partial<TensorSpec>, bias: Partial<TensorSpec> = {}): Uint8Array =>
    chain(
      [{ code: CODE.dense, inputs: [0, 2, 3], outputs: [1] }],
      [x, out, { shape: [2, 2], ...weights }, { shape: [2], data: floats(0, 0), ...bias }],
    );

  it.each([
    ['float32', { data: floats(1, 2, 3, 4) }, [5, 11]],
    ['float16', { type: 1, data: Uint8Array.of(0, 0x3c, 0, 0x40, 0, 0x42, 0, 0x44) }, [5, 11]],
    [
      'uint8, one scale',
      { type: 3, scales: [0.5], zeroPoints: [128], data: Uint8Array.of(130, 132, 134, 136) },
      [5, 11],
    ],
    [
      'int8, a scale for each output',
      { type: 9, scales: [1, 0.5], zeroPoints: [0, 0], data: Uint8Array.of(1, 2, 6, 8) },
      [5, 11],
    ],
    [
      'int8, a scale for each input',
      { type: 9, scales: [1, 2], dimension: 1, data: Uint8Array.of(1, 1, 3, 2) },
      [5, 11],
    ],
    ['int4, two a byte', { type: 17, scales: [1], data: Uint8Array.of(0xf1, 0x43) }, [-1, 11]],
    ['int16', { type: 7, scales: [2], data: new Uint8Array(Int16Array.of(1, 1, 1, 2).buffer) }, [6, 10]],
  ])('are real numbers: %s', async (_, weights, expected) => {
    expect(await results(dense(weights), [1, 2])).toEqual(expected);
  });

  it('of a bias are int32 with a scale of its own, also one a channel', async () => {
    const bytes = dense({ data: floats(1, 2, 3, 4) }, { type: 2, scales: [0.25, 0.5], data: ints(4, -2) });
    expect(await results(bytes, [1, 2])).toEqual([6, 10]);
  });

  it.each<[string, Partial<TensorSpec>, RegExp]>([
    [
      'no scale',
      { type: 9, data: new Uint8Array(4) },
      /tensor 2 \("net\/t2\/Relu"\): numbers of type int8 need a scale, got none/,
    ],
    [
      'a quantisation without a scale, as converters write it for the least and the most number alone',
      { type: 9, scales: [], data: new Uint8Array(4) },
      /tensor 2 \("net\/t2\/Relu"\): numbers of type int8 need a scale, got none/,
    ],
    ['too few bytes', { data: floats(1, 2, 3) }, /shape \[2,2\] of float32 takes 16 bytes, got 12/],
    [
      'three scales for two',
      { type: 9, scales: [1, 1, 1], data: new Uint8Array(4) },
      /got 3 scales and 3 zero points for shape \[2,2\]/,
    ],
    ['a type that none has', { type: 4, data: new Uint8Array(32) }, /type int64 need a scale/],
    [
      'text',
      { type: 5, data: new Uint8Array(4) },
      /numbers of type string are not read: expected one of float32, float16/,
    ],
    ['sparse', { sparse: true, data: floats(1, 2, 3, 4) }, /sparse numbers are not read/],
    ['a variable', { variable: true, data: floats(1, 2, 3, 4) }, /must be constant, got a variable/],
    ['no number', { data: floats(1, 2, 3, Number.NaN) }, /numbers must be finite, got NaN at index 3/],
    [
      'another shape',
      { shape: [4], data: floats(1, 2, 3, 4) },
      /operator 0 \(FULLY_CONNECTED, "out"\): weights must have 2 dimensions, got \[4\]/,
    ],
    [
      'other inputs',
      { shape: [1, 4], data: floats(1, 2, 3, 4) },
      /weights must be for the 2 numbers of a sample \[2\], or for its last dimension, got 4/,
    ],
  ])('are refused: %s', (_, weights, message) => {
    expect(messageOf(dense(weights))).toMatch(message);
  });

  it('are refused where many tensors make gigabytes of one buffer', () => {
    const large = new Uint8Array(2 ** 16);
    const many = Array.from({ length: 300 }, (_, i) => i);
    const bytes = writeTflite({
      tensors: [
        { shape: [1, 256], name: 'in' },
        ...many.map((): TensorSpec => ({ shape: [1, 256], name: 'out' })),
        ...many.map(
          (i): TensorSpec => ({
            shape: [256, 256],
            type: 9,
            scales: [1],
            like: 301,
            ...(i === 0 && { data: large }),
          }),
        ),
      ],
      operators: many.map((i) => ({ code: CODE.dense, inputs: [i, 301 + i, -1], outputs: [i + 1] })),
      inputs: [0],
      outputs: [300],
    });
    expect(messageOf(bytes)).toMatch(/weights must have bytes of their own, got more than the file holds/);
  });
});

describe('half-precision numbers', () => {
  it('are what IEEE 754 says, all of them', () => {
    const known: [number, number][] = [
      [0, 0],
      [0x8000, -0],
      [1, 2 ** -24],
      [0x03ff, 1023 * 2 ** -24],
      [0x0400, 2 ** -14],
      [0x3c00, 1],
      [0xc000, -2],
      [0x3555, 0.333251953125],
      [0x7bff, 65504],
      [0x7c00, Infinity],
      [0xfc00, -Infinity],
      [0x7e00, Number.NaN],
    ];
    for (const [bits, value] of known) expect(halfToFloat(bits)).toBe(value);
    const all = Array.from({ length: 0x7c01 }, (_, bits) => halfToFloat(bits));
    expect(all.every((value, bits) => bits === 0 || value > all[bits - 1])).toBe(true);
  });
});

describe('inputs of whole numbers', () => {
  const quantized = (type: number, zeroPoint: number): Uint8Array =>
    chain(
      [{ code: CODE.relu6, inputs: [0], outputs: [1] }],
      [
        { ...x, type, scales: [0.5], zeroPoints: [zeroPoint] },
        { ...out, type, scales: [1] },
      ],
    );

  it('take pixels from 0 to 255: a rescaling stands first, for uint8 and for int8', async () => {
    expect(await results(quantized(3, 128), [128, 132])).toEqual([0, 2]);
    expect(await results(quantized(9, 0), [128, 132])).toEqual([0, 2]);
    expect(decodeTflite(quantized(9, 0)).layers[1].getConfig()).toMatchObject({ scale: 0.5, offset: -64 });
  });

  it('are refused where they are anything else', () => {
    expect(messageOf(quantized(2, 0))).toMatch(/the input must be float32, uint8 or int8, got int32 \(in\)/);
  });
});

describe('operators', () => {
  const binary = (code: number, type: number, constant: TensorSpec, first = false, fused = 0): Uint8Array =>
    chain(
      [{ code, inputs: first ? [2, 0] : [0, 2], outputs: [1], type, options: [[0, 'int8', fused]] }],
      [x, out, constant],
    );
  const vector: TensorSpec = { shape: [2], data: floats(2, 4) };
  const scalar: TensorSpec = { shape: [], data: floats(2) };

  it.each<[string, Uint8Array, number[]]>([
    ['x + c', binary(CODE.add, 11, vector), [3, 1]],
    ['c + x, with RELU6 fused', binary(CODE.add, 11, { shape: [2], data: floats(7, 2) }, true, 3), [6, 0]],
    ['x·c', binary(CODE.mul, 21, scalar), [2, -6]],
    ['x − c', binary(MORE.sub, 28, vector), [-1, -7]],
    ['c − x', binary(MORE.sub, 28, vector, true), [1, 7]],
    ['x / c', binary(MORE.div, 29, vector), [0.5, -0.75]],
  ])('with constant numbers are a rescaling: %s', async (_, bytes, expected) => {
    expect(await results(bytes, [1, -3])).toEqual(expected);
  });

  it('of one tensor twice, or of two, are layers of several inputs', async () => {
    const twice = chain([{ code: CODE.mul, inputs: [0, 0], outputs: [1], type: 21 }], [x, out]);
    expect(await results(twice, [3, -2])).toEqual([9, 4]);
    const minus = chain([{ code: MORE.sub, inputs: [0, 0], outputs: [1], type: 28 }], [x, out]);
    expect(await results(minus, [3, -2])).toEqual([0, 0]);
  });

  it('that compute a shape from the batch’s size are left out', async () => {
    const bytes = chain(
      [
        { code: MORE.shape, inputs: [0], outputs: [2] },
        { code: CODE.concat, inputs: [2, 3], outputs: [4], type: 10 },
        { code: CODE.reshape, inputs: [0, 4], outputs: [1] },
      ],
      [
        { shape: [1, 2, 1], name: 'in' },
        { ...out, signature: [-1, 2] },
        { shape: [3], type: 2 },
        { shape: [1], type: 2, data: ints(2) },
        { shape: [4], type: 2 },
      ],
    );
    expect(decodeTflite(bytes).outputShape).toEqual([2]);
    expect(decodeTflite(bytes).layers.length).toBe(2);
  });

  it('that nothing of the output needs are left out, known or not', () => {
    const bytes = chain(
      [
        { code: CODE.relu6, inputs: [0], outputs: [1] },
        { code: CODE.lstm, inputs: [0], outputs: [2] },
      ],
      [x, out, { shape: [1, 2] }],
    );
    expect(messageOf(bytes)).toBe('read');
  });

  it('convolve with dilation, TensorFlow’s `same` padding at odd strides, a bias or none', async () => {
    const conv = (inputs: number[]): Uint8Array =>
      chain(
        [
          {
            code: CODE.conv,
            inputs,
            outputs: [1],
            type: 1,
            options: [
              [0, 'int8', 0],
              [1, 'int32', 1],
              [2, 'int32', 2],
              [3, 'int8', 1],
              [4, 'int32', 2],
            ],
          },
        ],
        [
          image,
          { shape: [1, 2, 3, 1], name: 'out' },
          { shape: [1, 1, 2, 2], data: floats(1, 0, 0, 1) },
          { shape: [1], data: floats(-5) },
        ],
      );
    const network = decodeTflite(conv([0, 2]));
    expect(network.layers[1].getConfig()).toMatchObject({
      strides: [2, 1],
      dilationRate: [1, 2],
      padding: 'same',
      activation: 'relu',
      useBias: false,
    });
    const pixels = Array.from({ length: 18 }, (_, i) => i);
    // A kernel that covers three columns: its left one reads channel 0, its right one channel 1.
    expect(await results(conv([0, 2]), pixels)).toEqual([3, 5, 2, 15, 29, 14]);
    expect(await results(conv([0, 2, 3]), pixels)).toEqual([0, 0, 0, 10, 24, 9]);
  });

  const one = (
    operator: Omit<OperatorSpec, 'inputs' | 'outputs'> & Partial<OperatorSpec>,
    ...tensors: TensorSpec[]
  ): Uint8Array =>
    chain([{ inputs: [0, ...tensors.slice(2).map((_, i) => i + 2)], outputs: [1], ...operator }], tensors);
  const kernel: TensorSpec = { shape: [1, 1, 1, 2], data: floats(1, 1) };
  const pooled: TensorSpec = { shape: [1, 3, 3, 1], name: 'out' };
  const strides: OperatorSpec['options'] = [
    [1, 'int32', 1],
    [2, 'int32', 1],
  ];

  it.each<[string, Uint8Array, RegExp]>([
    [
      'unknown',
      one({ code: CODE.lstm }, x, out),
      /operator 0 \(LSTM, "out"\): degelo has no layer for it\. Load the Keras model .* Known: ABS, ADD, ADD_N, AVERAGE_POOL_2D, .*CONV_2D/,
    ],
    [
      'custom',
      one({ code: MORE.custom, custom: 'TFLite_Detection_PostProcess' }, x, out),
      /operator 0 \(CUSTOM "TFLite_Detection_PostProcess", "out"\): degelo has no layer/,
    ],
    ['of a later version', one({ code: 250 }, x, out), /operator 0 \(operator number 250, "out"\)/],
    [
      'another operator’s options',
      one({ code: CODE.conv, type: 5 }, image, pooled, kernel),
      /operator 0 \(CONV_2D\): options must be of type 1, got 5/,
    ],
    ['strides of 0', one({ code: CODE.conv, type: 1 }, image, pooled, kernel), /strides/],
    [
      'padding of no kind',
      one({ code: CODE.conv, type: 1, options: [[0, 'int8', 7], ...strides] }, image, pooled, kernel),
      /padding must be SAME \(0\) or VALID \(1\), got 7/,
    ],
    [
      'a fused activation that no layer has',
      one({ code: CODE.conv, type: 1, options: [[3, 'int8', 5], ...strides] }, image, pooled, kernel),
      /must be none, RELU, RELU_N1_TO_1, RELU6 or TANH, got 5/,
    ],
    [
      'channels that don’t fit',
      one({ code: CODE.conv, type: 1, options: strides }, image, pooled, {
        shape: [1, 1, 1, 3],
        data: floats(1, 1, 1),
      }),
      /weights must be for the input's 2 channels or a part of them, got 3/,
    ],
    [
      'another output than the file says',
      one({ code: CODE.conv, type: 1, options: strides }, image, { ...pooled, shape: [1, 3, 2, 1] }, kernel),
      /its output must be \[3,2,1\] a sample, as the file says, got \[3,3,1\]/,
    ],
    [
      'depthwise weights of other channels',
      one({ code: CODE.depthwise, type: 2, options: strides }, image, pooled, {
        shape: [1, 1, 1, 3],
        data: floats(1, 1, 1),
      }),
      /a multiple of 2 channels\], got \[1,1,1,3\]/,
    ],
    [
      'a bias of another length',
      one(
        { code: CODE.dense },
        x,
        out,
        { shape: [2, 2], data: floats(1, 2, 3, 4) },
        { shape: [3], data: floats(1, 2, 3) },
      ),
      /bias must have one number per output: expected 2, got \[3\]/,
    ],
    [
      'weights in another order',
      one({ code: CODE.dense, type: 8, options: [[1, 'int8', 1]] }, x, out, {
        shape: [2, 2],
        data: floats(1, 2, 3, 4),
      }),
      /default order, got shuffled/,
    ],
    [
      'weights that are computed',
      one({ code: CODE.dense, inputs: [0, 0] }, x, out),
      /weights must be constant/,
    ],
    [
      'a mean over samples',
      one(
        { code: MORE.mean },
        image,
        { shape: [1, 3, 2], name: 'out' },
        { shape: [1], type: 2, data: ints(0) },
      ),
      /no layers compute it for a sample \[3,3,2\]/,
    ],
    [
      'axes that are no whole numbers',
      one({ code: MORE.mean }, image, out, { shape: [1], data: floats(1) }),
      /sizes and axes must be int32 or int64, got float32/,
    ],
    [
      'axes that are computed',
      one({ code: MORE.mean, inputs: [0, 0] }, image, out),
      /input 1 must be constant/,
    ],
    [
      'a constant that fits no image',
      one({ code: CODE.add }, image, { ...image, name: 'out' }, { shape: [1, 2, 1, 1], data: floats(1, 2) }),
      /one for all, one per channel \(2\), or fit a sample \[3,3,2\], got shape \[1,2,1,1\]/,
    ],
    [
      'margins of samples',
      one(
        { code: MORE.pad },
        image,
        { ...image, name: 'out' },
        { shape: [4, 2], type: 2, data: ints(1, 0, 1, 1, 1, 1, 0, 1) },
      ),
      /padding must be of the dimensions of a sample, of at most three: got \[1,0,/,
    ],
    [
      'margins of two numbers',
      one(
        { code: MORE.padv2 },
        image,
        { shape: [1, 5, 5, 2], name: 'out' },
        { shape: [4, 2], type: 2, data: ints(0, 0, 1, 1, 1, 1, 0, 0) },
        { shape: [2], data: floats(1, 2) },
      ),
      /padding must be with one constant number/,
    ],
    [
      'samples that move',
      one({ code: MORE.transpose }, x, out, { shape: [2], type: 2, data: ints(1, 0) }),
      /samples must stay the first dimension, got 1,0/,
    ],
    [
      'a softmax of another temperature',
      one({ code: CODE.softmax, type: 9, options: [[0, 'float32', 2]] }, x, out),
      /softmax: beta must be 1, got 2/,
    ],
    [
      'concatenated samples',
      one({ code: CODE.concat, type: 10, inputs: [0, 0], options: [[0, 'int32', 0]] }, x, out),
      /axis must be an integer, and not 0, the batch's/,
    ],
    ['two outputs', one({ code: CODE.relu6, outputs: [1, 2] }, x, out, x), /one output is read, got 2/],
    [
      'inputs of later operators',
      chain(
        [
          { code: CODE.relu6, inputs: [2], outputs: [1] },
          { code: CODE.relu6, inputs: [1], outputs: [2] },
        ],
        [x, out, { shape: [1, 2] }],
      ),
      /input 0 must come from an operator before it, got tensor 2, which nothing has given yet/,
    ],
    [
      'a constant in place of an input',
      one({ code: CODE.relu6, inputs: [2] }, x, out, { shape: [1, 2], data: floats(1, 2) }),
      /got constant tensor 2/,
    ],
  ])('are refused by name and place: %s', (_, bytes, message) => {
    expect(messageOf(bytes)).toMatch(message);
  });
});

describe('a file', () => {
  const relu: OperatorSpec = { code: CODE.relu6, inputs: [0], outputs: [1] };

  it.each<[string, Uint8Array, RegExp]>([
    [
      'of another format',
      chain([relu], [x, out], { identifier: 'ABCD' }),
      /not a TensorFlow Lite file: expected "TFL3" at byte 4, got "ABCD"/,
    ],
    ['of another version', chain([relu], [x, out], { version: 2 }), /version must be 3, got 2/],
    ['that is empty', new Uint8Array(0), /truncated: expected at least 8 bytes, got 0/],
    [
      'of several graphs',
      chain([relu], [x, out], { graphs: 3 }),
      /only networks of one graph are read .*, got 3 subgraphs/,
    ],
    [
      'of two inputs',
      chain([relu], [x, out], { inputs: [0, 1] }),
      /a network of one input is read, .*, got 2 \(in, out\)/,
    ],
    ['of no output', chain([relu], [x, out], { outputs: [] }), /a network of one output is read, .*, got 0/],
    [
      'of no operators',
      chain([], [x, out], { outputs: [0] }),
      /the output must come from the input by operators/,
    ],
    [
      'whose output is constant',
      chain([relu], [x, { ...out, data: floats(1, 2) }, { shape: [1], data: floats(1) }], { outputs: [2] }),
      /the output must come from the input/,
    ],
    [
      'whose operators read tensors that aren’t there',
      chain([{ ...relu, inputs: [77] }], [x, out]),
      /tensor 77 isn't there/,
    ],
    [
      'of inputs of any size',
      chain([relu], [{ ...x, signature: [-1, -1] }, out]),
      /sizes of a sample must be fixed, got \[-1,-1\]/,
    ],
    [
      'of a number for an input',
      chain([relu], [{ ...x, shape: [] }, out]),
      /its shape must begin with the batch, got none/,
    ],
    [
      'of nine dimensions',
      chain([relu], [{ ...x, shape: new Array(9).fill(1) }, out]),
      /a shape has at most 8 sizes, got 9/,
    ],
    [
      'whose sizes are none',
      chain([relu], [{ ...x, shape: [1, -2] }, out]),
      /sizes of a sample must be fixed, got \[1,-2\]/,
    ],
    [
      'of more than 2 GB',
      chain(
        [{ code: CODE.dense, inputs: [0, 2], outputs: [1] }],
        [x, out, { shape: [2, 2], data: floats(1, 2, 3, 4) }],
        { behind: true },
      ),
      /files of more than 2 GB/,
    ],
    [
      'of 5,000 operators',
      chain(new Array<OperatorSpec>(5000).fill(relu), [x, out]),
      /operators must be at most 4096, got 5000/,
    ],
  ])('is refused in one line: %s', (_, bytes, message) => {
    expect(messageOf(bytes)).toMatch(message);
  });

  it('that is cut off anywhere is refused in one line, or read where what is missing wasn’t needed', () => {
    const whole = readFileSync(new URL('../../fixtures/tflite/row-float32.tflite', import.meta.url));
    const read = [];
    for (let length = 0; length < whole.length; length += 61) {
      if (messageOf(whole.subarray(0, length)) === 'read') read.push(length);
    }
    expect(read).toEqual([]);
  });

  it('whose offsets lead out of it, or to one table again and again, is refused in one line', () => {
    for (let at = 0; at + 4 <= relu6.length; at += 4) {
      for (const value of [0xffffffff, 0x7fffffff, relu6.length - at]) {
        const bytes = relu6.slice();
        new DataView(bytes.buffer).setUint32(at, value, true);
        messageOf(bytes); // checks the error's class, and that it is one line
      }
    }
  });

  it('of more parts than it has bytes for, since many offsets lead to one, is refused', () => {
    const bytes = chain(new Array<OperatorSpec>(1000).fill(relu), [x, out]);
    expect(bytes.length).toBeLessThan(6000);
    const message = /: parts must have bytes of their own, got more parts than fit the file/;
    expect(messageOf(bytes)).toMatch(message);
    // Tables count too: as many as there are words, of which the file has 4 bytes each.
    const file = new FlatBuffer(relu6, 'x.tflite');
    for (let i = 0; i < relu6.length / 4; i++) file.root('TFL3');
    expect(() => file.root('TFL3')).toThrow(message);
  });

  it('of a batch of any size is read for samples', () => {
    const bytes = chain(
      [relu],
      [
        { ...x, shape: [8, 2] },
        { ...out, shape: [8, 2] },
      ],
    );
    expect(decodeTflite(bytes).inputShape).toEqual([2]);
  });
});

describe('names of layers', () => {
  it('come from the tensors’: the first of the joined ones, without what all have in front and operations at the end', () => {
    const { model, names } = layerNames([
      'MobilenetV2/expanded_conv_8/expand/Relu6;MobilenetV2/expanded_conv_8/expand/add_fold',
      'MobilenetV2/expanded_conv_8/add',
      'MobilenetV2/Logits/Conv2d_1c_1x1/BiasAdd;x',
      'MobilenetV2/Predictions/Softmax',
    ]);
    expect(model).toBe('MobilenetV2');
    expect(names).toEqual([
      'expanded_conv_8_expand',
      'expanded_conv_8_add',
      'Logits_Conv2d_1c_1x1',
      'Predictions',
    ]);
  });

  it('differ, hold no characters that paths or terminals mind, and are left to the model where they say nothing', () => {
    const { names } = layerNames([
      'a/b/Relu',
      'a/b/MatMul',
      'a/b/MatMul',
      'a/é\u001b[31m x/Relu',
      'StatefulPartitionedCall_1:0',
      '',
    ]);
    expect(names).toEqual(['b', 'b_MatMul', 'b_MatMul_1', '31m_x', undefined, undefined]);
  });
});

describe('a network of two outputs', () => {
  const x: TensorSpec = { shape: [1, 3], name: 'in' };
  const bytes = writeTflite({
    tensors: [x, { ...x, name: 'whole' }, { ...x, name: 'StatefulPartitionedCall:0' }],
    operators: [
      { code: CODE.relu6, inputs: [0], outputs: [1] },
      { code: MORE.exp, inputs: [0], outputs: [2] },
    ],
    ...{ inputs: [0], outputs: [1, 2] },
  });

  it('is read as the one that is chosen, by its name or place', async () => {
    const image = new Tensor(Float32Array.of(0, 8, -1), [1, 3]);
    for (const output of ['whole', 0]) {
      const model = await loadModel(bytes, { output });
      expect(Array.from((await model.predict(image)).data)).toEqual([0, 6, 0]);
      expect(model.layers.length).toBe(2);
    }
    const other = await loadModel(bytes, { output: 'StatefulPartitionedCall:0' });
    expect((await other.predict(image)).data[0]).toBe(1);
  });

  it('is refused with what to do, and so is an output that isn’t there', async () => {
    expect(() => decodeTflite(bytes)).toThrow(
      'got 2 (whole, StatefulPartitionedCall:0): choose one: loadModel(place, { output: "whole" })',
    );
    await expect(loadModel(bytes, { output: 2 })).rejects.toThrow(
      'output must be one of "whole", "StatefulPartitionedCall:0", or its place from 0, got 2',
    );
  });
});

describe('docs/exchange.md', () => {
  it('has every operator that is read in its table, and no other', () => {
    const page = readFileSync(new URL('../../docs/exchange.md', import.meta.url), 'utf8');
    const [, rows] = page.split('| operators | limits |\n| --- | --- |\n');
    const named = rows.split('\n\n')[0].match(/(?<=^\| |, )[A-Z][A-Z0-9_]+(?=,| \|)/gm);
    expect(named?.sort()).toEqual(readOperators());
  });
});
