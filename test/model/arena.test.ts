/** Where the arrays of a step are in memory. */
import { describe, expect, it } from 'vitest';
import { Arena } from '../../src/model/arena.ts';

const LENGTHS = [0, 1, 15, 16, 17, 100];

/** Takes arrays of every kind. */
const fill = (arena: Arena) =>
  LENGTHS.flatMap((n) => [arena.floats(n), arena.doubles(n), arena.ints(n), arena.bytesArray(n)]);

describe.each(['float32', 'float64'] as const)('an arena of %s', (dtype) => {
  const count = new Arena(dtype, null);
  fill(count);
  const memory = new ArrayBuffer(count.bytes);
  const arrays = fill(new Arena(dtype, memory));

  it('counts without memory what it hands out with it', () => {
    expect(arrays.map(({ length }) => length)).toEqual(LENGTHS.flatMap((n) => [n, n, n, n]));
    const kinds = dtype === 'float64' ? Float64Array : Float32Array;
    expect(arrays[0]).toBeInstanceOf(kinds);
  });

  it('begins each array at a cache line, some lines behind the end of the one before, and never at 0', () => {
    let end = 0;
    for (const { byteOffset, byteLength } of arrays) {
      expect(byteOffset % 64).toBe(0);
      expect(byteOffset - end).toBeGreaterThanOrEqual(64);
      expect(byteOffset - end).toBeLessThan(64 * 4);
      end = byteOffset + byteLength;
    }
    expect(memory.byteLength - end).toBeLessThan(64 * 4);
  });
});
