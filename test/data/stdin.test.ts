import { Readable } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readStdin } from '../../src/data/stdin.ts';

const pipe = (...parts: string[]): void => {
  const stream = Readable.from(parts.map((part) => Buffer.from(part)));
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(stream as unknown as typeof process.stdin);
};
afterEach(() => {
  vi.restoreAllMocks();
});

describe('stdin', () => {
  it('is read to its end', async () => {
    pipe('ab', 'c');
    expect(await readStdin()).toEqual(Uint8Array.of(97, 98, 99));
  });

  it('must hold something', async () => {
    pipe();
    await expect(readStdin()).rejects.toThrow('stdin: empty: expected some bytes, got 0');
  });

  it('must not be larger than is asked for', async () => {
    pipe('ab', 'c');
    expect(await readStdin(3)).toHaveLength(3);
    pipe('ab', 'c');
    await expect(readStdin(2)).rejects.toThrow('stdin: too large: expected at most 2 bytes, got more');
  });
});
