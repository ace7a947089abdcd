import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../src/formats/errors.ts';
import { decodeSafetensors, encodeSafetensors } from '../../src/formats/safetensors.ts';
import { allocate } from '../../src/tensor/memory.ts';
import { type DType, Tensor, tensor } from '../../src/tensor/tensor.ts';
import { anyCharacter } from '../any-character.ts';

/** A file by the published layout: length, header, numbers; nothing of the code under test. */
function fileOf(header: string | object, data: Uint8Array | number[] = []): Uint8Array {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header), 'utf8');
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.from(data)]);
}

const f32 = (...values: number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);
const entry = (shape: number[], begin: number, end: number, dtype = 'F32') => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

describe('encodeSafetensors', () => {
  it('writes the published layout, byte for byte, the header padded with spaces to 8 bytes', () => {
    const bytes = encodeSafetensors(new Map([['a', tensor([1, -2])]]), { metadata: new Map([['k', 'v']]) });
    const header = '{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
    expect(Buffer.from(bytes)).toEqual(Buffer.from(fileOf(header.padEnd(80), f32(1, -2))));
  });

  it('writes no metadata where there are none', () => {
    const header = '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'.padEnd(56);
    for (const options of [undefined, {}, { metadata: new Map() }]) {
      const bytes = encodeSafetensors(new Map([['a', tensor([1, -2])]]), options);
      expect(Buffer.from(bytes)).toEqual(Buffer.from(fileOf(header, f32(1, -2))));
    }
  });

  it.each([Number.NaN, Infinity, -Infinity])('refuses %s, naming the tensor', (value) => {
    expect(() => encodeSafetensors(new Map([['dense/bias', tensor([0, value])]]))).toThrow(
      new FormatError('safetensors', `tensor "dense/bias": numbers must be finite, got ${value} at index 1`),
    );
  });

  it('refuses a tensor named __metadata__', () => {
    expect(() => encodeSafetensors(new Map([['__metadata__', tensor([0])]]))).toThrow(
      'safetensors: no tensor can be named __metadata__',
    );
  });
});

describe('decodeSafetensors', () => {
  it('gives back what was written: names, order, types, shapes, every bit, and metadata', () => {
    const name = fc.oneof(
      fc.constantFrom('__proto__', 'constructor', '0', '10', 'a"b\\', 'dense/kernel', '', 'Ω😀'),
      fc.string({ unit: anyCharacter, maxLength: 8 }),
    );
    const array = fc
      .tuple(fc.constantFrom<DType>('float32', 'float64'), fc.array(fc.nat(3), { maxLength: 4 }))
      .chain(([dtype, shape]) => {
        const size = shape.reduce((product, d) => product * d, 1);
        const number = fc.double({ noDefaultInfinity: true, noNaN: true });
        const float = fc.float({ noDefaultInfinity: true, noNaN: true });
        return fc
          .array(dtype === 'float32' ? float : number, { minLength: size, maxLength: size })
          .map((values) => {
            const data = allocate(size, { dtype });
            data.set(values);
            return new Tensor(data, shape);
          });
      });
    const tensors = fc.array(fc.tuple(name, array), { maxLength: 5 }).map((entries) => new Map(entries));
    const metadata = fc.array(fc.tuple(name, fc.string())).map((entries) => new Map(entries));
    fc.assert(
      fc.property(tensors, metadata, (tensors, metadata) => {
        tensors.delete('__metadata__');
        const read = decodeSafetensors(encodeSafetensors(tensors, { metadata }));
        expect(new Map(read.metadata)).toEqual(metadata);
        // Empty tensors share their place with the next, so only the others have an order.
        const filled = (map: ReadonlyMap<string, Tensor>) => [...map].filter(([, { size }]) => size > 0);
        expect(filled(read.tensors).map(([name]) => name)).toEqual(filled(tensors).map(([name]) => name));
        for (const [name, { shape, data }] of tensors) {
          expect(read.tensors.get(name)?.shape).toEqual(shape);
          expect(read.tensors.get(name)?.data).toEqual(data); // the class of array, and −0, too
        }
        expect(read.tensors.size).toBe(tensors.size);
      }),
      { numRuns: 50 },
    );
  });

  it('reads tensors in the order of their numbers, at any alignment, from the middle of a buffer', () => {
    const file = fileOf({ z: entry([1], 4, 8), a: entry([1], 0, 4) }, f32(1, 2));
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    const { tensors } = decodeSafetensors(shifted.subarray(3));
    expect([...tensors].map(([name, { data }]) => [name, ...data])).toEqual([
      ['a', 1],
      ['z', 2],
    ]);
  });

  it('reads scalars and F64', () => {
    const data = new Uint8Array(Float64Array.of(Math.PI).buffer);
    const { tensors } = decodeSafetensors(fileOf({ pi: entry([], 0, 8, 'F64') }, data));
    expect(tensors.get('pi')).toEqual(new Tensor(Float64Array.of(Math.PI), []));
  });

  it('refuses a file cut anywhere, or one byte too long', () => {
    const whole = encodeSafetensors(
      new Map([
        ['a', tensor([1, 2])],
        ['b', tensor([[3]])],
      ]),
    );
    for (let length = 0; length < whole.length; length++) {
      expect(() => decodeSafetensors(whole.subarray(0, length))).toThrow(FormatError);
    }
    expect(() => decodeSafetensors(Uint8Array.of(...whole, 0))).toThrow(
      'safetensors: too long: expected 12 bytes of numbers, got 13',
    );
  });

  it('answers any change of bytes with a FormatError, or with tensors of the size that is there', () => {
    const whole = encodeSafetensors(
      new Map([
        ['a', tensor([1, 2])],
        ['b', tensor([[3]])],
      ]),
    );
    const change = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(change, (changes) => {
        const changed = Uint8Array.from(whole);
        for (const [at, byte] of changes) changed[at] = byte;
        try {
          const { tensors } = decodeSafetensors(changed);
          const bytes = [...tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
          expect(bytes).toBe(12);
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
          expect((error as FormatError).message).not.toMatch(/\n/);
        }
      }),
      { numRuns: 1000 },
    );
  });

  const tooLong = new Uint8Array(8);
  new DataView(tooLong.buffer).setBigUint64(0, BigInt(2 ** 24 + 1), true);
  const endless = new Uint8Array(16).fill(255);
  const a = (shape: unknown, offsets: unknown, dtype: unknown = 'F32') => ({
    a: { dtype, shape, data_offsets: offsets },
  });
  it.each<[string, Uint8Array, string]>([
    ['7 bytes', new Uint8Array(7), 'truncated: expected at least 8 bytes, got 7'],
    [
      'a header that ends past the file',
      fileOf('{}  ').subarray(0, 10),
      'expected a header of 4 bytes, got 2',
    ],
    ['a header over the limit', tooLong, 'header too long: expected at most 16777216 bytes, got 16777217'],
    ['a length of 2^64 − 1', endless, 'got 18446744073709551615'],
    ['a header that is no object', fileOf('[]'), 'header must begin with {'],
    ['an empty header', fileOf(''), 'header must begin with {'],
    ['damaged JSON', fileOf('{"a": '), 'damaged JSON: '],
    [
      'other bytes than UTF-8',
      fileOf('{"~": 1}').map((byte) => (byte === 0x7e ? 0xff : byte)),
      'text must be UTF-8',
    ],
    ['two tensors of one name', fileOf('{"a": 1, "\\u0061": 2}'), 'keys must differ, got "a" twice'],
    ['two values of one field', fileOf('{"a": {"dtype": "F32", "dtype": 1}}'), 'got "dtype" twice'],
    ['__proto__ twice', fileOf('{"__proto__": 1, "__proto__": 2}'), 'got "__proto__" twice'],
    ['deep nesting', fileOf(`{"a": ${'['.repeat(50)}${']'.repeat(50)}}`), 'expected at most 32 levels'],
    [
      'metadata that is no object',
      fileOf({ __metadata__: [] }),
      '__metadata__ must map strings to strings, got []',
    ],
    ['metadata of numbers', fileOf({ __metadata__: { a: 1 } }), 'must map strings to strings, got {"a":1}'],
    ['a tensor that is no object', fileOf({ a: null }), 'tensor "a": must be an object with dtype'],
    [
      'an unknown dtype',
      fileOf(a([1], [0, 4], 'F8_E4M3')),
      'tensor "a": dtype must be one of F32, F64, F16, BF16, I64, U64, I32, U32, I16, U16, I8, U8, BOOL, got "F8_E4M3"',
    ],
    ['a dtype from the prototype', fileOf(a([1], [0, 4], 'constructor')), 'got "constructor"'],
    ['no dtype', fileOf('{"a": {"shape": [], "data_offsets": [0, 4]}}'), 'got nothing'],
    [
      'a shape that is no list',
      fileOf(a(1, [0, 4])),
      'tensor "a": shape must be a list of integers ≥ 0, got 1',
    ],
    ['a negative dimension', fileOf(a([-1], [0, 4])), 'got [-1]'],
    ['a dimension past 2^53', fileOf(a([2 ** 53], [0, 4])), 'shape must be a list of integers'],
    ['half a dimension', fileOf(a([0.5], [0, 4])), 'got [0.5]'],
    [
      'three offsets',
      fileOf(a([1], [0, 4, 8])),
      'data_offsets must be [begin, end] with 0 ≤ begin ≤ end, got [0,4,8]',
    ],
    ['an end before its begin', fileOf(a([1], [4, 0])), 'got [4,0]'],
    ['a negative offset', fileOf(a([1], [-4, 0])), 'got [-4,0]'],
    ['fewer bytes than the shape', fileOf(a([2], [0, 4]), f32(1)), 'expected 8 for F32 of shape [2], got 4'],
    [
      'more elements than numbers can count',
      fileOf(a([2 ** 50, 2 ** 50, 2 ** 50], [0, 4])),
      'must span its bytes',
    ],
    [
      'numbers past the end',
      fileOf(a([2 ** 40], [0, 2 ** 42]), f32(1)),
      'truncated: expected 4398046511104 bytes',
    ],
    [
      'a hole at the start',
      fileOf(a([1], [4, 8]), f32(1, 2)),
      'tensor "a" leaves a hole before it: expected offset 0, got 4',
    ],
    [
      'a hole between',
      fileOf({ ...a([1], [0, 4]), b: entry([1], 8, 12) }, f32(1, 2, 3)),
      'tensor "b" leaves a hole',
    ],
    [
      'an overlap',
      fileOf({ ...a([2], [0, 8]), b: entry([1], 4, 8) }, f32(1, 2)),
      'tensor "b" overlaps the one before',
    ],
    [
      'the same place twice',
      fileOf({ ...a([1], [0, 4]), b: entry([1], 0, 4) }, f32(1)),
      'tensor "b" overlaps',
    ],
    ['numbers of no tensor', fileOf({}, f32(1)), 'too long: expected 0 bytes of numbers, got 4'],
    [
      'NaN',
      fileOf(a([2], [0, 8]), f32(1, Number.NaN)),
      'tensor "a": numbers must be finite, got NaN at index 1',
    ],
    ['infinity', fileOf(a([1], [0, 4]), f32(-Infinity)), 'got -Infinity at index 0'],
  ])('refuses %s', (_, bytes, message) => {
    const read = () => decodeSafetensors(bytes, 'w.safetensors');
    expect(read).toThrow(FormatError);
    expect(read).toThrow(message);
    expect(read).toThrow(/^w\.safetensors: .*$/u);
  });

  it('keeps one line and one short message whatever the names hold', () => {
    const read = () => decodeSafetensors(fileOf({ [`\n\u001b[31m${'x'.repeat(10_000)}`]: 1 }), 'a\nb');
    expect(read).toThrow(/^a b: tensor "\\n\\u001b\[31mx{1,60}…: must be .{1,80}$/u);
  });

  it.each<[string, number[], number[]]>([
    ['F16', [0x3c00, 0xc000, 0x0001, 0x8000, 0x7bff], [1, -2, 2 ** -24, -0, 65504]],
    ['BF16', [0x3f80, 0xc000, 0x0001, 0x8000, 0x7f7f], [1, -2, 2 ** -133, -0, 255 * 2 ** 120]],
    ['I16', [1, 0xffff], [1, -1]],
    ['U16', [1, 0xffff], [1, 65535]],
  ])('reads %s as float32, each number the same, and says so', (dtype, words, values) => {
    const numbers = new Uint8Array(Uint16Array.from(words).buffer);
    const { tensors, converted } = decodeSafetensors(
      fileOf(a([words.length], [0, numbers.length], dtype), numbers),
    );
    expect(tensors.get('a')?.dtype).toBe('float32');
    expect(tensors.get('a')?.data).toEqual(Float32Array.from(values));
    expect([...converted]).toEqual([['a', dtype]]);
  });

  it.each<[string, Uint8Array, number[]]>([
    ['I64', new Uint8Array(BigInt64Array.of(-3n, 2n ** 40n).buffer), [-3, 2 ** 40]],
    ['U64', new Uint8Array(BigUint64Array.of(2n ** 63n).buffer), [2 ** 63]],
    ['I32', new Uint8Array(Int32Array.of(-(2 ** 24)).buffer), [-(2 ** 24)]],
    ['U32', new Uint8Array(Uint32Array.of(2 ** 31).buffer), [2 ** 31]],
    ['I8', Uint8Array.of(255, 127), [-1, 127]],
    ['U8', Uint8Array.of(255, 0), [255, 0]],
    ['BOOL', Uint8Array.of(1, 0), [1, 0]],
  ])('reads %s as float32', (dtype, numbers, values) => {
    const { tensors } = decodeSafetensors(fileOf(a([values.length], [0, numbers.length], dtype), numbers));
    expect(tensors.get('a')?.data).toEqual(Float32Array.from(values));
  });

  it('names the first number that float32 hasn’t', () => {
    const refused = (dtype: string, numbers: Uint8Array, problem: string): void =>
      expect(() => decodeSafetensors(fileOf(a([1], [0, numbers.length], dtype), numbers), 'w')).toThrow(
        `w: tensor "a": ${problem}`,
      );
    refused(
      'I64',
      new Uint8Array(BigInt64Array.of(2n ** 24n + 1n).buffer),
      'I64 must fit float32 exactly, got 16777217 at index 0',
    );
    refused(
      'U32',
      new Uint8Array(Uint32Array.of(2 ** 32 - 1).buffer),
      'U32 must fit float32 exactly, got 4294967295',
    );
    refused('F16', Uint8Array.of(0, 0x7c), 'numbers must be finite, got Infinity');
    refused('BF16', Uint8Array.of(0xc0, 0x7f), 'numbers must be finite, got NaN');
  });
});
