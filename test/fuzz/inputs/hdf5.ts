/** HDF5 files by h5py, with fields that lie: anything that begins at a multiple of two may be a size, an address or a number of things. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { damaged, littleEndian, mostly, wildNumber } from '../arbitraries.ts';

export const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../fixtures/keras-files/${name}`, import.meta.url)));

/** A field that says something else: at a multiple of its own size, or behind one of the format's signatures. */
interface Lie {
  readonly at: number;
  readonly bytes: 1 | 2 | 4 | 8;
  /** null: the address of the place itself, so that it leads in a circle; else what it says. */
  readonly value: number | null;
  readonly sign: number;
}

const SIGNS = ['TREE', 'SNOD', 'HEAP', 'GCOL', 'OHDR', 'OCHK', '\x89HDF'];

const lie: fc.Arbitrary<Lie> = fc.constantFrom<(1 | 2 | 4 | 8)[]>(1, 2, 4, 8).chain((bytes) =>
  fc.record({
    at: fc.nat(0xffffff),
    bytes: fc.constant(bytes),
    value: fc.oneof<[fc.Arbitrary<number>, fc.Arbitrary<number>, fc.Arbitrary<null>]>(
      wildNumber(bytes),
      fc.nat(0xffff),
      fc.constant(null),
    ),
    sign: fc.nat(2 * SIGNS.length),
  }),
);

/** The file, one time in two with one to four lies. */
export function lying(file: Uint8Array): fc.Arbitrary<Uint8Array> {
  const text = Buffer.from(file).toString('latin1');
  const places = SIGNS.map((sign) => Array.from(text.matchAll(new RegExp(sign, 'g')), ({ index }) => index));
  return mostly<Lie[]>([], fc.array(lie, { minLength: 1, maxLength: 4 }), 1).map((lies) => {
    const bytes = file.slice();
    for (const { at, bytes: size, value, sign } of lies) {
      const near = places[sign] ?? [];
      const from = near.length > 0 ? near[at % near.length] + ((at >> 4) % 64) : at % bytes.length;
      const place = from - (from % size);
      if (place + size <= bytes.length) bytes.set(littleEndian(value ?? place, size), place);
    }
    return bytes;
  });
}

/** Arrays and attributes in all the ways of h5py. */
export const hdf5: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 3, arbitrary: damaged(lying(fixture('h5py/arrays.h5'))) },
  { weight: 1, arbitrary: damaged(lying(fixture('h5py/latest.h5'))) },
  { weight: 1, arbitrary: damaged(lying(fixture('h5py/v108.h5'))) },
  { weight: 1, arbitrary: damaged(lying(fixture('h5py/names.h5'))) },
);

/** Whole models, and weights alone. */
export const kerasH5: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 4, arbitrary: damaged(lying(fixture('nested.h5'))) },
  { weight: 4, arbitrary: damaged(lying(fixture('keras2-sequential.h5'))) },
  { weight: 1, arbitrary: damaged(lying(fixture('keras2-weights.h5'))) },
);
