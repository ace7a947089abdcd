import { describe, expect, it } from 'vitest';
import { halfBlocks } from '../../src/report/half-blocks.ts';

describe('halfBlocks', () => {
  it('draws two rows a line, an odd last one too, and leaves faint ink away', () => {
    const pixels = Uint8Array.from([...[255, 0, 255, 0, 95], ...[255, 255, 0, 0, 96], ...[96, 0, 0, 200, 0]]);
    expect(halfBlocks(pixels, 3, 5)).toEqual(['█▄▀ ▄', '▀  ▀ ']);
  });
});
