/** TensorFlow Lite's files: small networks with every operator that is read, with other numbers in their tables, and other words anywhere. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import {
  type FileSpec,
  floats,
  ints,
  type OperatorSpec,
  type Option,
  type TensorSpec,
  writeTflite,
} from '../../formats/tflite-writer.ts';
import { damaged, mostly } from '../arbitraries.ts';

const image = (channels = 2, type = 0): TensorSpec => ({
  shape: [1, 4, 4, channels],
  type,
  ...(type && { scales: [0.5], zeroPoints: [1] }),
});
const bytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, i) => i * 37);
const strides: Option[] = [
  [1, 'int32', 1],
  [2, 'int32', 1],
];

/** A quantised input, convolutions and what joins them. */
const convolutions: FileSpec = {
  inputs: [0],
  outputs: [8],
  tensors: [
    ...[image(2, 3), image(3, 9), image(6), image(6), image(12), image(12)],
    ...[{ shape: [1, 12] }, { shape: [1, 2] }, { shape: [1, 2] }],
    { shape: [3, 3, 3, 2], type: 9, scales: [0.1, 0.2, 0.3], data: bytes(54) },
    { shape: [3], type: 2, scales: [1, 1, 1], data: ints(1, 2, 3) },
    { shape: [1, 2, 2, 6], type: 3, scales: [0.1], zeroPoints: [128], data: bytes(24) },
    { shape: [1, 1, 1, 6], data: floats(1, 2, 3, 4, 5, 6) },
    { shape: [2], type: 2, data: ints(1, 2) },
    { shape: [2, 12], type: 9, scales: [0.1], data: bytes(24) },
  ],
  operators: [
    {
      code: 3,
      inputs: [0, 9, 10],
      outputs: [1],
      type: 1,
      options: [[0, 'int8', 0], ...strides, [3, 'int8', 3], [4, 'int32', 1], [5, 'int32', 1]],
    },
    {
      code: 4,
      inputs: [1, 11, -1],
      outputs: [2],
      type: 2,
      options: [[0, 'int8', 0], ...strides, [3, 'int32', 2], [4, 'int8', 1]],
    },
    { code: 18, inputs: [2, 12], outputs: [3], type: 21, options: [[0, 'int8', 0]] },
    {
      code: 2,
      inputs: [2, 3],
      outputs: [4],
      type: 10,
      options: [
        [0, 'int32', 3],
        [1, 'int8', 1],
      ],
    },
    { code: 0, inputs: [4, 4], outputs: [5], type: 11, options: [[0, 'int8', 3]] },
    { code: 40, inputs: [5, 13], outputs: [6], type: 27, options: [[0, 'int8', 0]] },
    { code: 9, inputs: [6, 14, -1], outputs: [7], type: 8, options: [[0, 'int8', 0]] },
    { code: 25, inputs: [7], outputs: [8], type: 9, options: [[0, 'float32', 1]] },
  ],
};

/** What moves and bends numbers. */
const others: FileSpec = {
  inputs: [0],
  outputs: [8],
  tensors: [
    ...[
      image(1),
      { shape: [1, 6, 5, 1] },
      { shape: [1, 5, 6, 1] },
      { shape: [1, 2, 3, 1] },
      { shape: [1, 2, 3, 1] },
    ],
    ...[{ shape: [4], type: 2 }, { shape: [1, 6] }, { shape: [1, 6] }, { shape: [1, 6] }],
    { shape: [4, 2], type: 2, data: ints(0, 0, 1, 1, 1, 0, 0, 0) },
    { shape: [4], type: 2, data: ints(0, 2, 1, 3) },
    { shape: [6], type: 1, data: bytes(12) },
    { shape: [6] },
  ],
  operators: [
    { code: 34, inputs: [0, 9], outputs: [1] },
    { code: 39, inputs: [1, 10], outputs: [2] },
    {
      code: 17,
      inputs: [2],
      outputs: [3],
      type: 5,
      options: [
        [0, 'int8', 0],
        [1, 'int32', 2],
        [2, 'int32', 3],
        [3, 'int32', 2],
        [4, 'int32', 2],
        [5, 'int8', 0],
      ],
    },
    { code: 98, inputs: [3], outputs: [4], type: 75, options: [[0, 'float32', 0.25]] },
    { code: 77, inputs: [4], outputs: [5] },
    { code: 22, inputs: [4, 5], outputs: [6] },
    { code: 6, inputs: [11], outputs: [12] },
    { code: 41, inputs: [6, 12], outputs: [7], type: 28, options: [[0, 'int8', 0]] },
    { code: 14, inputs: [7], outputs: [8] },
  ],
};

const NUMBERS = [
  0,
  1,
  2,
  3,
  4,
  5,
  9,
  16,
  17,
  25,
  40,
  127,
  -1,
  -2,
  255,
  65536,
  2 ** 24,
  2 ** 31 - 1,
  -(2 ** 31),
];

/** Where a number is in a description. */
interface Spot {
  readonly holder: Record<string | number, unknown>;
  readonly key: string | number;
}

/** A description with some of its numbers replaced: sizes, types, options, numbers of tensors and of operators. */
function lying(spec: FileSpec): fc.Arbitrary<Uint8Array> {
  const lie = fc.tuple(fc.nat(1000), fc.constantFrom(...NUMBERS));
  return mostly<[number, number][]>([], fc.array(lie, { minLength: 1, maxLength: 3 }), 1).map((lies) => {
    const draft = structuredClone(spec);
    const spots: Spot[] = [];
    const visit = (value: unknown): void => {
      if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return;
      const holder = value as Record<string | number, unknown>; // an object, or an array
      for (const key of Object.keys(holder)) {
        if (typeof holder[key] === 'number') spots.push({ holder, key });
        else visit(holder[key]);
      }
    };
    visit(draft);
    for (const [place, value] of lies) {
      const { holder, key } = spots[place % spots.length];
      holder[key] = value;
    }
    return writeTflite(draft);
  });
}

/** A file with some of its words replaced: offsets, sizes, counts. */
function reworded(file: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const word = fc.tuple(
    fc.nat(0xffff),
    fc.oneof(fc.constantFrom(...NUMBERS), fc.nat(400)),
    fc.constantFrom(2, 4),
  );
  const words = mostly<[number, number, number][]>([], fc.array(word, { minLength: 1, maxLength: 2 }), 4);
  return fc.tuple(file, words).map(([given, replaced]) => {
    const whole = given.slice();
    const view = new DataView(whole.buffer);
    for (const [place, value, width] of replaced) {
      const at = (width * place) % (whole.length - 4);
      if (width === 2) view.setUint16(at, value, true);
      else view.setUint32(at, value, true);
    }
    return whole;
  });
}

const made = readFileSync(new URL('../../../fixtures/tflite/row-int8-input.tflite', import.meta.url));

export const tflite: fc.Arbitrary<Uint8Array> = damaged(
  reworded(
    fc.oneof(
      { weight: 4, arbitrary: lying(convolutions) },
      { weight: 4, arbitrary: lying(others) },
      { weight: 1, arbitrary: fc.constant(new Uint8Array(made)) },
    ),
  ),
);

/** Chains of operators that take one input each, for files at the reader's limits. */
export function chainOf(
  count: number,
  operator: Omit<OperatorSpec, 'inputs' | 'outputs'>,
  shape: readonly number[],
): FileSpec {
  return {
    inputs: [0],
    outputs: [count],
    tensors: Array.from({ length: count + 1 }, () => ({ shape })),
    operators: Array.from({ length: count }, (_, i) => ({ ...operator, inputs: [i], outputs: [i + 1] })),
  };
}
