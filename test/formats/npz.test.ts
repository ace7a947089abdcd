import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { beforeEach, describe, expect, it } from 'vitest';
import { unpacker } from '../../src/data/file.ts';
import { storedZip } from '../../src/data/stored-zip.ts';
import {
  decodeNpz,
  dense,
  encodeNpz,
  encodeSafetensors,
  FormatError,
  loadWeights,
  namedWeights,
  type Sequential,
  saveWeights,
  sequential,
  setNamedWeights,
  Tensor,
  tensor,
} from '../../src/index.ts';
import { bytesOf, npy } from '../data/files.ts';
import { temporaryFolder } from '../temporary.ts';
import { getWeightsFlat } from '../training/weights.ts';

/** The error's message, once it is known to be of our own class and of one line. */
function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
    expect((error as Error).message).toMatch(/^.{1,400}$/u);
    return (error as Error).message;
  }
  return 'no error';
}

const tensors = fc
  .uniqueArray(
    fc.record({
      name: fc.string({ minLength: 1, maxLength: 10 }),
      shape: fc.array(fc.nat(4), { maxLength: 4 }),
      double: fc.boolean(),
      seed: fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e30, max: 1e30 }),
    }),
    { selector: ({ name }) => name, maxLength: 4 },
  )
  .map(
    (list) =>
      new Map(
        list.map(({ name, shape, double, seed }) => {
          const size = shape.reduce((product, d) => product * d, 1);
          const numbers = Array.from({ length: size }, (_, i) => seed / (i + 1));
          const data = double ? Float64Array.from(numbers) : Float32Array.from(numbers);
          return [name, new Tensor(data, shape)];
        }),
      ),
  );

describe('encodeNpz and decodeNpz', () => {
  it('are each other’s inverse, for tensors of any shape, type and name', () => {
    fc.assert(
      fc.property(tensors, (given) => {
        const bytes = encodeNpz(given);
        const read = decodeNpz(bytes);
        expect([...read.keys()]).toEqual([...given.keys()]);
        for (const [name, { data, shape }] of given) {
          expect(read.get(name)?.data).toEqual(data);
          expect(read.get(name)?.shape).toEqual(shape);
        }
        expect(encodeNpz(read)).toEqual(bytes);
      }),
    );
  });

  it('refuse numbers that aren’t finite, one way and the other', () => {
    const bad = new Map([['a', new Tensor(Float32Array.of(1, Infinity), [2])]]);
    const message = 'w.npz: tensor "a": numbers must be finite, got Infinity at index 1';
    expect(refusal(() => encodeNpz(bad, 'w.npz'))).toBe(message);
    const array = npy('<f4', [2], bytesOf(Float32Array.of(1, Infinity)));
    expect(refusal(() => decodeNpz(zipSync({ 'a.npy': array }), 'w.npz'))).toBe(message);
  });

  it('refuse to write what an archive can’t hold, such as so long a name', () => {
    const long = new Map([['x'.repeat(65_536), tensor([])]]);
    expect(refusal(() => encodeNpz(long, 'w.npz'))).toContain('w.npz: too large for an archive');
  });
});

describe('decodeNpz', () => {
  const one = npy('<f4', [1], bytesOf(Float32Array.of(1)));

  it.each<[string, Record<string, Uint8Array>, string]>([
    [
      'a member that is no array',
      { 'notes.txt': one },
      'w.npz: members must be arrays: expected names that end in .npy, got "notes.txt"',
    ],
    [
      'whole numbers',
      { 'a.npy': npy('|u1', [1], Uint8Array.of(1)) },
      'w.npz: array "a" must be of type <f4 or <f8, got |u1',
    ],
    // Read as float64, which they aren't.
    [
      'whole numbers of 64 bits',
      { 'a.npy': npy('<i8', [1], new Uint8Array(8)) },
      'w.npz: array "a" must be of type <f4 or <f8, got <i8',
    ],
    [
      'half precision',
      { 'a.npy': npy('<f2', [1], new Uint8Array(2)) },
      'w.npz: array "a": element type must be',
    ],
    [
      'an array that is cut off',
      { 'a.npy': one.subarray(0, -1) },
      'w.npz: array "a": truncated: header promises',
    ],
    [
      'pickled objects',
      { 'a.npy': npy('|O', [1], new Uint8Array(9)) },
      'w.npz: array "a": element type must be',
    ],
  ])('refuses %s', (_, members, message) => {
    expect(refusal(() => decodeNpz(zipSync(members), 'w.npz'))).toContain(message);
  });

  it('refuses more arrays than a model can have, before it reads one', () => {
    const members = new Map(Array.from({ length: 2 ** 14 + 1 }, (_, i) => [`${i}`, new Uint8Array(0)]));
    expect(refusal(() => decodeNpz(storedZip(members, 'w.npz', unpacker), 'w.npz'))).toBe(
      'w.npz: too many members: expected at most 16384, got 16385',
    );
  });

  it('refuses what is no archive, and one cut off at any byte', () => {
    expect(refusal(() => decodeNpz(new Uint8Array(0), 'w.npz'))).toBe(
      'w.npz: not a zip archive, or truncated: expected an end record at its end, found none',
    );
    const bytes = encodeNpz(new Map([['a', tensor([1, 2])]]));
    for (let length = 0; length < bytes.length; length++) {
      expect(refusal(() => decodeNpz(bytes.subarray(0, length), 'w.npz'))).toContain(
        'w.npz: not a zip archive',
      );
    }
  });
});

const model = (seed = 0): Sequential =>
  sequential({ seed, layers: [dense({ units: 2, inputShape: [3], name: 'hidden' }), dense({ units: 1 })] });

describe('setNamedWeights', () => {
  it('takes tensors by name, in any order', () => {
    const target = model(1);
    setNamedWeights(target, new Map([...namedWeights(model(2))].reverse()));
    expect(getWeightsFlat(target)).toEqual(getWeightsFlat(model(2)));
  });

  it.each<[string, (t: Map<string, Tensor>) => void, string]>([
    [
      'a missing tensor',
      (t) => t.delete('dense/bias'),
      'w: tensor "dense/bias" is missing: expected float32 of shape [1]',
    ],
    [
      'a tensor of no layer',
      (t) => t.set('arr_0', tensor([1])),
      'w: tensor "arr_0" belongs to no layer of the model',
    ],
    [
      'a transposed one',
      (t) =>
        t.set(
          'hidden/kernel',
          tensor([
            [1, 2, 3],
            [4, 5, 6],
          ]),
        ),
      'w: tensor "hidden/kernel" must be float32 of shape [3,2], got float32 of shape [2,3]',
    ],
    [
      'NumPy’s own float64',
      (t) => t.set('dense/bias', tensor([1], [1], { dtype: 'float64' })),
      'w: tensor "dense/bias" must be float32 of shape [1], got float64 of shape [1]',
    ],
  ])('refuses %s, and sets nothing', (_, change, message) => {
    const target = model(1);
    const given = new Map(namedWeights(model(2)));
    change(given);
    expect(refusal(() => setNamedWeights(target, given, 'w'))).toBe(message);
    expect(getWeightsFlat(target)).toEqual(getWeightsFlat(model(1)));
  });

  it('needs a model that is built, as namedWeights does', () => {
    const unbuilt = sequential([dense({ units: 1 })]);
    expect(() => setNamedWeights(unbuilt, new Map())).toThrow('sequential: not built yet: it has no weights');
  });
});

describe('saveWeights and loadWeights', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });

  it.each(['w.npz', 'w.safetensors', 'W.NPZ'])('give the weights back by %s', async (name) => {
    const path = join(folder, 'new', name);
    await saveWeights(model(1), path);
    const target = model(2);
    await loadWeights(target, path);
    expect(getWeightsFlat(target)).toEqual(getWeightsFlat(model(1)));
    expect(readdirSync(join(folder, 'new'))).toEqual([name]);
  });

  it('write nothing where the model isn’t built', async () => {
    const path = join(folder, 'w.npz');
    await expect(saveWeights(sequential([dense({ units: 1 })]), path)).rejects.toThrow('not built yet');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuse a name that says no format', async () => {
    const path = join(folder, 'w.h5');
    await expect(saveWeights(model(), path)).rejects.toThrow(
      new RangeError(`saveWeights: path must end in .safetensors or .npz, got ${path}`),
    );
    writeFileSync(path, 'text');
    await expect(loadWeights(model(), path)).rejects.toThrow(/^loadWeights: expected weights as /);
  });

  it('say which file is missing or damaged, and leave the weights alone', async () => {
    const path = join(folder, 'w.safetensors');
    const target = model(1);
    await expect(loadWeights(target, path)).rejects.toThrow(new FormatError(path, 'no such file or folder'));
    writeFileSync(path, encodeSafetensors(namedWeights(model(2))).subarray(1));
    await expect(loadWeights(target, path)).rejects.toThrow(`${path}: `);
    expect(getWeightsFlat(target)).toEqual(getWeightsFlat(model(1)));
  });
});
