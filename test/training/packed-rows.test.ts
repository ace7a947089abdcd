/** Rows come back as they were, to the bit, in the room that is promised. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LONGEST, newWords, packRow, unpackRow } from '../../src/training/session/packed-rows.ts';

/** −0, both NaNs and a denormal number too: none of them is +0. */
const number = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  fc.constantFrom(0x80000000, 0x7fc00000, 0xffc00001, 1, 0x3f800000),
  fc.integer({ min: 1, max: 2 ** 32 - 1 }),
);
const row = fc.array(number, { minLength: 1, maxLength: 70 });

/** Packs rows one after another, and reads them over something else. @returns them, and where the last ends */
function thereAndBack(rows: readonly (readonly number[])[]) {
  const most = rows.reduce((sum, { length }) => sum + 1 + length, 0);
  const packed = newWords(2 * most, false);
  let end = 0;
  // From the second number on, as a row lies in a tensor.
  for (const row of rows) end = packRow(Uint32Array.from([5, ...row, 5]), 1, row.length + 1, packed, end);
  let at = 0;
  const back = rows.map(({ length }) => {
    const bits = new Uint32Array(length + 2).fill(7);
    at = unpackRow(packed, at, bits, 1, length + 1);
    return [...bits];
  });
  expect(at).toBe(end);
  return { back, end, most };
}

it('any rows come back to the bit, and nothing beside them is written to', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 4 }), (rows) => {
      const { back, end, most } = thereAndBack(rows);
      expect(back).toEqual(rows.map((row) => [7, ...row, 7]));
      expect(end).toBeLessThanOrEqual(most);
    }),
  );
});

it('a row of zeros alone takes one word, one without zeros a word more than it has numbers', () => {
  expect(thereAndBack([Array(1000).fill(0)]).end).toBe(1);
  expect(thereAndBack([Array(1000).fill(3)]).end).toBe(1001);
});

it('each number that isn’t 0 takes a word and a half', () => {
  const tenth = Array.from({ length: 1000 }, (_, i) => (i % 10 === 9 ? i : 0));
  expect(thereAndBack([tenth]).end).toBe(1 + 50 + 100);
});

it('the longest row comes back, its last number too', () => {
  const longest = Array.from({ length: LONGEST }, (_, i) => (i % 3 === 0 ? i + 1 : 0));
  const { back, end } = thereAndBack([longest]);
  expect(back[0].slice(1, -1)).toEqual(longest);
  expect(end).toBe(1 + Math.ceil(21_846 / 2) + 21_846);
});
