/** NPY files, field by field. */
import fc from 'fast-check';
import { concat, damaged, latin1, lies, littleEndian, wildNames, wildNumber } from '../arbitraries.ts';

const MAGIC = '\x93NUMPY';

const BYTES: Readonly<Record<string, number>> = {
  '|u1': 1,
  '|i1': 1,
  '<u2': 2,
  '<i2': 2,
  '<u4': 4,
  '<i4': 4,
  '<u8': 8,
  '<i8': 8,
  '<f4': 4,
  '<f8': 8,
};
const TYPES = Object.keys(BYTES);

const WILD_TYPES = ['>u4', '<f2', '<c8', '|O', '|S5', '<U3', '=i4', '|u9', '<toString', '|b1', ...wildNames];
const WILD_SHAPES = [
  ...['()', '(0,)', '(1,)', '(-1,)', '(1e9,)', '(4294967296, 4294967296)', '(99999999999999999999,)'],
  ...[
    '(0, 9007199254740991)',
    '[3]',
    '3',
    '(3',
    '( 3 ,)',
    '(3,,3)',
    '(3L,)',
    '(0x3,)',
    '',
    `(${'1, '.repeat(3000)})`,
  ],
];

const header = lies({
  magic: fc.constantFrom('\x93NUMPZ', 'PK\x03\x04', ''),
  major: fc.constantFrom(0, 2, 2, 3, 3, 4, 255),
  type: fc.constantFrom(...WILD_TYPES),
  order: fc.constantFrom('True', 'False', 'false', '0', ''),
  shape: fc.constantFrom(...WILD_SHAPES),
  missing: fc.constantFrom('descr', 'fortran_order', 'shape'),
  length: wildNumber(4),
  padding: fc.nat(200),
});

type Lies = typeof header extends fc.Arbitrary<infer T> ? T : never;

/** An array whose bytes are all equal, and a header that may lie. */
export function encodeNpy(shape: readonly number[], type: string, fill: number, lie: Lies = {}): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const entries = {
    descr: `'${lie.type ?? type}'`,
    fortran_order: lie.order ?? 'False',
    shape: lie.shape ?? tuple,
  };
  const dictionary = Object.entries(entries)
    .filter(([key]) => key !== lie.missing)
    .map(([key, value]) => `'${key}': ${value}, `);
  const text = latin1(`{${dictionary.join('')}}${' '.repeat(lie.padding ?? 16)}\n`);
  const major = lie.major ?? 1;
  const count = shape.reduce((product, dimension) => product * dimension, 1);
  return concat(
    latin1(lie.magic ?? MAGIC),
    Uint8Array.of(major, 0),
    littleEndian(lie.length ?? text.length, major === 1 ? 2 : 4),
    text,
    new Uint8Array(count * BYTES[type]).fill(fill),
  );
}

/** Arrays of this shape and one of these types. */
export function npy(shape: readonly number[], types: readonly string[]): fc.Arbitrary<Uint8Array> {
  const fill = fc.constantFrom(0, 0, 0, 1, 0x3f, 0xff);
  return damaged(
    fc
      .tuple(fc.constantFrom(...types), fill, header)
      .map(([type, byte, lie]) => encodeNpy(shape, type, byte, lie)),
  );
}

/** Arrays of few dimensions and of every type. */
export const anyNpy: fc.Arbitrary<Uint8Array> = fc.oneof(
  ...[[], [0], [3], [2, 2], [2, 3, 1], [1, 0, 4]].map((shape) => npy(shape, TYPES)),
  hodgepodge(),
);

/** A header of a dictionary's pieces in any order, for the patterns that look for them. */
function hodgepodge(): fc.Arbitrary<Uint8Array> {
  const piece = fc.constantFrom(
    "'descr': '",
    "'shape': (",
    "'fortran_order': ",
    'False',
    "'|u1'",
    '3',
    ',',
    ' ',
    ')',
    "'",
  );
  return fc.array(piece, { maxLength: 100 }).map((pieces) => {
    const text = latin1(pieces.join(''));
    return concat(latin1(`${MAGIC}\x01\x00`), littleEndian(text.length, 2), text);
  });
}
