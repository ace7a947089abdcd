/** HDF5 as h5py writes it, and as nobody should. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Source } from '../../src/formats/hdf5/cursor.ts';
import { readType } from '../../src/formats/hdf5/datatype.ts';
import { type Hdf5Object, openHdf5 } from '../../src/formats/hdf5/file.ts';
import { getterOf } from '../../src/formats/hdf5/numbers.ts';
import { encodeHdf5, type GroupContent } from '../../src/formats/hdf5/write.ts';
import { FormatError } from '../../src/index.ts';
import { Tensor } from '../../src/tensor/tensor.ts';

const bytesOf = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../fixtures/keras-files/${name}`, import.meta.url)));
const arrays = openHdf5(bytesOf('h5py/arrays.h5'), 'arrays.h5');
const latest = openHdf5(bytesOf('h5py/latest.h5'), 'latest.h5');
const v108 = openHdf5(bytesOf('h5py/v108.h5'), 'v108.h5');

/** As the fixtures' script has them. */
const numbers = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.fround((((i * 7919) % 1009) / 1009) * 2 - 1));
const read = (root: Hdf5Object, path: string) => root.get(path)?.dataset()?.read();

describe('arrays', () => {
  it.each(['float32', 'chunks', 'gzip'])('%s: every number, in order', (name) => {
    expect(Array.from(read(arrays, name) ?? [])).toEqual(numbers(35));
    expect(arrays.get(name)?.dataset()?.shape).toEqual([5, 7]);
  });

  it('of other types keep their numbers', () => {
    expect(Array.from(read(arrays, 'float64') ?? [])).toEqual(numbers(35));
    expect(read(arrays, 'float64')).toBeInstanceOf(Float64Array);
    const halves = Array.from(read(arrays, 'float16') ?? []);
    expect(Math.max(...halves.map((v, i) => Math.abs(v - numbers(35)[i])))).toBeLessThan(2 ** -11);
    expect(Array.from(read(arrays, 'int8') ?? [])).toEqual(
      numbers(35).map((v) => Math.trunc(Math.fround(v * 100))),
    );
    expect(Array.from(read(arrays, 'uint16') ?? [])).toEqual([0, 1, 2, 3, 4, 5]);
    expect(Array.from(read(arrays, 'int64') ?? [])).toEqual([-3, -2, -1, 0, 1, 2]);
    expect(Array.from(read(arrays, 'scalar') ?? [])).toEqual([1.5]);
    expect(read(arrays, 'empty')).toHaveLength(0);
    expect(arrays.get('empty')?.dataset()?.shape).toEqual([0, 3]);
  });

  it('of whole numbers without a sign are never below zero', () => {
    const bytes = bytesOf('h5py/arrays.h5');
    const content = Buffer.from(Uint16Array.of(0, 1, 2, 3, 4, 5).buffer);
    const at = Buffer.from(bytes).indexOf(content);
    bytes.set([255, 255], at + 2);
    expect(Array.from(read(openHdf5(bytes, 'arrays.h5'), 'uint16') ?? [])).toEqual([0, 65535, 2, 3, 4, 5]);
  });

  it.each([1, 2, 4, 8])('of whole numbers of %d bytes are read, with a sign and without', (size) => {
    const typeOf = (bits: number, length = size) =>
      readType(new Source(Uint8Array.of(0x10, bits, 0, 0, length, 0, 0, 0), 'file').at(0));
    const bytes = new Uint8Array(size).fill(255); // −1, and the largest without a sign
    const numberOf = (bits: number) => getterOf(typeOf(bits))?.(new DataView(bytes.buffer), 0);
    expect(typeOf(8)).toEqual({ kind: 'int', size, name: `int${8 * size}` });
    expect(typeOf(0)).toEqual({ kind: 'uint', size, name: `uint${8 * size}` });
    expect([numberOf(8), numberOf(0)]).toEqual([-1, Number(2n ** BigInt(8 * size) - 1n)]);
    expect(typeOf(9).name).toBe(`big-endian integer of ${size} bytes`);
    expect(typeOf(8, size + 16).name).toBe(`integer of ${size + 16} bytes`);
  });

  it('that aren’t read say so by their name', () => {
    expect(() => read(arrays, 'big')).toThrow(
      'arrays.h5: array "/big": expected numbers, little-endian, got big-endian float of 4 bytes',
    );
    expect(() => read(arrays, 'text')).toThrow('array "/text": expected numbers, little-endian, got text');
    expect(() => read(arrays, 'fletcher')).toThrow('packed by gzip and shuffle; got filter 3');
    expect(() => arrays.get('soft')).toThrow(
      '/soft is a link to another place, which isn’t followed'.replace('’', "'"),
    );
    expect(() => read(latest, 'chunks')).toThrow(
      'array "/chunks": its layout isn\'t read: save the model from Keras again',
    );
  });
});

describe('groups', () => {
  it('have their names, also more than a node of their tree holds, and paths', () => {
    const many = arrays.get('many');
    expect(many?.names).toHaveLength(60);
    expect(Array.from({ length: 60 }, (_, i) => read(arrays, `many/${i}`)?.[0])).toEqual(
      Array.from({ length: 60 }, (_, i) => i),
    );
    expect(many?.dataset()).toBeNull();
    expect(arrays.get('nothing')).toBeNull();
    expect(arrays.get('float32/x')).toBeNull();
    expect(arrays.get('float32')?.names).toEqual([]);
  });

  it('of the newer layout too', () => {
    expect(Array.from(read(latest, 'float32') ?? [])).toEqual(numbers(35));
    expect(Array.from(read(latest, 'group/other') ?? [])).toEqual(numbers(2));
    expect(latest.attribute('variable')).toBe('text');
  });

  it('with many links that are new in kind, as names beyond ASCII are: all of them, or a refusal', () => {
    expect(latest.get('many')?.names).toEqual(Array.from({ length: 20 }, (_, i) => String(i)));
    const names = openHdf5(bytesOf('h5py/names.h5'), 'names.h5');
    for (const [group, count] of [
      ['nine', 9],
      ['many', 80],
    ] as const) {
      const found = names.get(group)?.names;
      expect(found).toEqual(Array.from({ length: count }, (_, i) => `camada_é_${i}`));
      expect(Array.from(read(names, `${group}/camada_é_${count - 1}`) ?? [])).toEqual([1.5]);
    }
    // Those that were taken away still stand in what is free.
    expect(() => names.get('fewer')?.names).toThrow(
      /^names.h5: a group has 53 links in a fractal heap, where /,
    );
  });

  it('of HDF5 1.8’s layout too', () => {
    expect(v108.names.toSorted()).toEqual(['compact', 'contiguous', 'deep', 'gzip', 'plain', 'refused', 'é']);
    for (const name of ['contiguous', 'gzip', 'plain', 'compact']) {
      expect(Array.from(read(v108, name) ?? [])).toEqual(numbers(35));
    }
    expect(Array.from(read(v108, 'deep') ?? [])).toEqual(numbers(70));
    expect(Array.from(read(v108, 'é') ?? [])).toEqual([2.5]);
    expect([v108.attribute('number'), v108.attribute('text')]).toEqual([3, 'text']);
    const refused = v108.get('refused');
    expect(refused?.names.toSorted()).toEqual(['lzf', 'outside', 'soft', 'unwritten']);
    expect(() => read(v108, 'refused/lzf')).toThrow('gzip and shuffle; got filter 32000');
    expect(() => read(v108, 'refused/outside')).toThrow('its numbers are in another file');
    expect(() => read(v108, 'refused/unwritten')).toThrow('has no numbers: expected 8 bytes');
    expect(() => v108.get('refused/soft')).toThrow('is a link to another place');
    expect(() => refused?.attribute('3')).toThrow('attributes in a fractal heap');
  });

  it('with a superblock of version 1, which has four bytes more', () => {
    const bytes = bytesOf('h5py/arrays.h5');
    bytes[8] = 1;
    bytes.copyWithin(28, 24, 72); // as far as the root's address: what is cut off behind it is a copy
    expect(Array.from(read(openHdf5(bytes, 'x.h5'), 'scalar') ?? [])).toEqual([1.5]);
  });

  it('read by a path from any of them', () => {
    expect(arrays.get('many')?.get('7')?.path).toBe('/many/7');
    expect(arrays.get('many/x/y')).toBeNull();
  });
});

it('attributes are text, numbers, lists, or nothing', () => {
  expect(arrays.attribute('fixed')).toBe('fixed text');
  expect(arrays.attribute('variable')).toBe('a text of any length: é');
  expect(arrays.attribute('list')).toEqual(['one', 'two']);
  expect(arrays.attribute('fixed list')).toEqual(['one', 'three']);
  expect(arrays.attribute('number')).toBe(3);
  expect(arrays.attribute('numbers')).toEqual([0, 1, 2]);
  expect(arrays.attribute('nothing')).toBeNull();
  expect(arrays.attribute('none')).toBeUndefined();
});

/** All that there is in a file. */
function walk(object: Hdf5Object): void {
  object.attribute('x');
  const dataset = object.dataset();
  if (dataset && !/big|text|fletcher/.test(object.path)) dataset.read();
  for (const name of object.names) if (name !== 'soft') walk(object.get(name) as Hdf5Object); // a name of it
}

/** The file's bytes, changed at each place where these characters are. */
function changed(name: string, sign: string, change: (view: DataView, at: number) => void): Uint8Array {
  const bytes = bytesOf(name);
  const text = Buffer.from(bytes.buffer).toString('latin1');
  const view = new DataView(bytes.buffer);
  for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) change(view, at);
  return bytes;
}

describe('what can’t be', () => {
  const whole = bytesOf('h5py/arrays.h5');
  const CASES: readonly [string, () => Uint8Array, RegExp][] = [
    ['no HDF5', () => whole.subarray(1), /no HDF5 file: expected its signature/],
    [
      'a file cut off',
      () => whole.subarray(0, 9000),
      /truncated: expected \d+ bytes, as the file says of itself, got 9000/,
    ],
    [
      'a file cut off early',
      () => whole.subarray(0, 40),
      /truncated or damaged: expected 8 bytes at byte \d+/,
    ],
    [
      'a tree that leads to itself',
      () =>
        changed('h5py/arrays.h5', 'TREE\0', (view, at) => {
          view.setUint8(at + 5, 1);
          view.setBigUint64(at + 32, BigInt(at), true);
        }),
      /B-tree below level/,
    ],
    [
      'a heap of names that isn’t there',
      () => changed('h5py/arrays.h5', 'HEAP', (view, at) => view.setBigUint64(at + 8, 2n ** 40n, true)),
      /expected 1099511627776 bytes at byte/,
    ],
    [
      'a place past all numbers',
      () => changed('h5py/arrays.h5', 'SNOD', (view, at) => view.setBigUint64(at + 8, 2n ** 63n, true)),
      /expected a size or an address below 2\^53/,
    ],
    [
      'a name twice',
      () =>
        changed('h5py/arrays.h5', 'SNOD', (view, at) =>
          view.setBigUint64(at + 48, view.getBigUint64(at + 8, true), true),
        ),
      /expected names that differ, got ".*" twice/,
    ],
    [
      'a version of tomorrow',
      () => Object.assign(whole.slice(), { 8: 9 }),
      /superblock of version 0 to 3, got 9/,
    ],
    [
      'a file that begins later',
      () => Object.assign(whole.slice(), { 24: 8 }),
      /expected HDF5 that begins at byte 0, got 8/,
    ],
    ['a byte that is missing', () => whole.subarray(0, -1), /truncated: expected (\d+) bytes, as the file/],
    ['addresses of 4 bytes', () => Object.assign(whole.slice(), { 13: 4 }), /lengths of 8 bytes, got 4,8/],
  ];

  it.each(CASES)('%s is refused in one line', (_, make, message) => {
    let error: unknown;
    try {
      walk(openHdf5(make(), 'x.h5'));
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(FormatError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).toMatch(/^x\.h5: .*$/u);
  });

  it('a header that goes on at itself ends', () => {
    const bytes = bytesOf('h5py/latest.h5');
    const at = Buffer.from(bytes.buffer).toString('latin1').indexOf('OHDR');
    // Its first message: "continue", here.
    const view = new DataView(bytes.buffer);
    const flags = bytes[at + 5];
    const first = at + 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0) + (1 << (flags & 3));
    view.setUint8(first, 0x10);
    expect(() => walk(openHdf5(bytes, 'x.h5'))).toThrow(FormatError);
  });

  it('arrays that share their place are read as long as they have no more numbers than the file', () => {
    const root = openHdf5(whole, 'x.h5');
    const again = (): void => {
      for (let i = 0; i < 400; i++) read(root, 'float32');
    };
    expect(again).toThrow(/arrays overlap: expected at most \d+ bytes in all/);
  });

  it('texts, by the lengths that lead to them, are no longer than the file', () => {
    const bytes = Buffer.from(whole);
    const address = Buffer.alloc(8);
    address.writeBigUInt64LE(BigInt(bytes.indexOf('GCOL')));
    // A length is before the address of its heap of texts.
    for (let at = bytes.indexOf(address); at >= 0; at = bytes.indexOf(address, at + 8)) {
      bytes.writeUInt32LE(whole.length + 1, at - 4);
    }
    expect(() => openHdf5(bytes, 'x.h5').attribute('variable')).toThrow(/arrays overlap: expected at most/);
  });
});

it.each([0, 1, 8, 9, 256, 257, 600])('%i arrays in a group come back as they were written', (n) => {
  const members = new Map(
    Array.from({ length: n }, (_, i) => [`w${i}`, new Tensor(Float32Array.of(i), i % 2 ? [1] : [])] as const),
  );
  const inner = { attributes: { name: 'é', empty: '' }, members };
  const bytes = encodeHdf5(
    {
      members: new Map<string, GroupContent>([
        ['a', inner],
        ['none', { members: new Map() }],
      ]),
    },
    'x.h5',
  );
  const root = openHdf5(bytes, 'x.h5');
  expect(root.names).toEqual(['a', 'none']);
  expect(root.get('a')?.names).toEqual([...members.keys()].sort());
  for (let i = 0; i < n; i += 1 + (n >> 4)) {
    expect(root.get(`a/w${i}`)?.dataset()?.shape).toEqual(i % 2 ? [1] : []);
    expect(read(root, `a/w${i}`)).toEqual(Float32Array.of(i));
  }
  expect(root.get('a')?.attribute('name')).toBe('é');
  expect(root.get('a')?.attribute('empty')).toBe('');
});

it.each([
  [0, [0]],
  [8 * 32, [0]],
  [8 * 32 + 1, [0, 0, 1]],
  [8 * 32 * 32 + 1, [...new Array<number>(33).fill(0), 1, 1, 2]],
])(
  '%i names in a group are a tree of levels %j: a list has 8 names, a node 32 lists or nodes',
  (n, levels) => {
    const members = new Map(
      Array.from({ length: n }, (_, i) => [`${i}`, new Tensor(Float32Array.of(0), [])]),
    );
    const text = Buffer.from(encodeHdf5({ members }, 'x.h5')).toString('latin1');
    // Of a group's kind, whose number is 0.
    expect(Array.from(text.matchAll(/TREE\0(.)/gs), ([, level]) => level.charCodeAt(0))).toEqual(levels);
  },
);
