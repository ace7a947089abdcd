import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPng } from '../../src/data/png.ts';
import { parsePng } from '../../src/data/png-node.ts';
import { dataError } from './files.ts';
import { chunk, greyPng, imageData, type PngParts, png, SIGNATURE, uint32 } from './png-writer.ts';

const KINDS = [
  ...[1, 2, 4, 8, 16].map((depth) => ({ type: 0, depth, channels: 1 })),
  ...[8, 16].map((depth) => ({ type: 2, depth, channels: 3 })),
  ...[1, 2, 4, 8].map((depth) => ({ type: 3, depth, channels: 1 })),
  ...[8, 16].map((depth) => ({ type: 4, depth, channels: 2 })),
  ...[8, 16].map((depth) => ({ type: 6, depth, channels: 4 })),
];

/** Red, green, blue and alpha of each pixel, by the definition. */
function expectedPixels(
  { type, depth, samples, palette, transparency }: PngParts,
  channels: number,
): number[] {
  const most = 2 ** depth - 1;
  const key = transparency && type !== 3 ? samplesOf(transparency) : null;
  return Array.from({ length: samples.length / channels }, (_, i) => {
    const values = samples.slice(i * channels, (i + 1) * channels);
    if (type === 3) {
      const [index] = values;
      return [...(palette ?? []).slice(3 * index, 3 * index + 3), transparency?.[index] ?? 255];
    }
    const bytes = values.map((value) => Math.round((value / most) * 255));
    const [red, green, blue] = type & 2 ? bytes : [bytes[0], bytes[0], bytes[0]];
    const opaque = key && String(key) === String(values) ? 0 : 255;
    return [red, green, blue, type & 4 ? bytes[channels - 1] : opaque];
  }).flat();
}

const samplesOf = (bytes: readonly number[]): number[] =>
  Array.from({ length: bytes.length / 2 }, (_, i) => 256 * bytes[2 * i] + bytes[2 * i + 1]);

const someImage = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    width: fc.integer({ min: 1, max: 20 }),
    height: fc.integer({ min: 1, max: 20 }),
    interlaced: fc.boolean(),
    filters: fc.array(fc.nat(4), { minLength: 1, maxLength: 40 }),
    random: fc.infiniteStream(fc.nat(0xffff)),
    transparent: fc.boolean(),
  })
  .map(({ kind: { type, depth, channels }, width, height, interlaced, filters, random, transparent }) => {
    const next = (): number => random.next().value;
    const samples = Array.from({ length: width * height * channels }, () => next() % 2 ** depth);
    const palette = Array.from({ length: 3 * 2 ** Math.min(depth, 8) }, () => next() % 256);
    const transparency =
      type === 3
        ? Array.from({ length: 2 ** Math.min(depth, 8) - 1 }, () => next() % 256)
        : samples.slice(0, channels).flatMap((sample) => [sample >> 8, sample & 255]);
    const parts: PngParts = {
      ...{ width, height, type, depth, samples, interlaced },
      filter: (n) => filters[n % filters.length],
      ...(type === 3 && { palette }),
      ...(transparent && type < 4 && { transparency }),
    };
    return { parts, channels };
  });

describe('parsePng', () => {
  it('reads every colour type, depth, filter and interlacing as the specification says', () => {
    fc.assert(
      fc.property(someImage, ({ parts, channels }) => {
        const { width, height, data } = parsePng(png(parts), 'a.png');
        expect([width, height]).toEqual([parts.width, parts.height]);
        expect(Array.from(data)).toEqual(expectedPixels(parts, channels));
      }),
      { numRuns: 300 },
    );
  });

  it('refuses a file that is cut off anywhere, or has another bit anywhere', () => {
    const whole = greyPng(3, 2, [1, 2, 3, 4, 5, 6]);
    for (let i = 0; i < whole.length; i++) {
      expect(dataError(() => parsePng(whole.slice(0, i), 'a.png')).file).toBe('a.png');
      expect(dataError(() => parsePng(whole.with(i, whole[i] ^ 16), 'a.png')).file).toBe('a.png');
    }
    expect(isPng(whole)).toBe(true);
    expect(isPng(whole.slice(0, 7))).toBe(false);
  });

  const file = (...chunks: readonly Uint8Array[]): Uint8Array =>
    Uint8Array.from(Buffer.concat([SIGNATURE, ...chunks, chunk('IEND', [])]));
  const header = (fields: { w?: number; h?: number; rest?: readonly number[] } = {}): Uint8Array =>
    chunk('IHDR', [...uint32(fields.w ?? 1), ...uint32(fields.h ?? 1), ...(fields.rest ?? [8, 0, 0, 0, 0])]);
  const data = (...bytes: readonly number[]): Uint8Array =>
    chunk('IDAT', deflateSync(Uint8Array.from(bytes)));
  const bomb = deflateSync(new Uint8Array(2 ** 24));

  it.each<[string, Uint8Array, string]>([
    ['no PNG', Buffer.from('GIF89a'), 'not a PNG file: expected its signature at the beginning'],
    ['another first chunk', file(data(0, 0)), 'first chunk must be IHDR, got "IDAT"'],
    [
      'very many chunks',
      file(header(), ...new Array<Uint8Array>(2 ** 16).fill(chunk('IDAT', []))),
      'too many chunks: expected at most 65536, got more',
    ],
    [
      'more bytes than so many pixels of one byte a colour have',
      file(header({ w: 4096, h: 4096, rest: [16, 6, 0, 0, 0] }), data(0, 0)),
      'too large: expected at most 67141632 bytes unpacked, got 134221824 for 4096×4096',
    ],
    ['two headers', file(header(), header()), 'chunk IHDR must appear once, got two'],
    ['a header of another length', file(chunk('IHDR', [1])), 'a chunk is missing: expected IDAT, found none'],
    ['a short header', file(chunk('IHDR', [1]), data(0, 0)), 'chunk IHDR must have 13 bytes, got 1'],
    ['no data', file(header()), 'a chunk is missing: expected IDAT, found none'],
    ['an unknown critical chunk', file(header(), chunk('XDAT', [])), 'got an unknown critical one, "XDAT"'],
    ['no pixels', file(header({ w: 0 }), data(0)), 'width and height must be at least 1, got 0×1'],
    [
      'a colour type',
      file(header({ rest: [8, 5, 0, 0, 0] }), data(0, 0)),
      'colour type must be 0, 2, 3, 4, 6: got 5',
    ],
    [
      'a depth',
      file(header({ rest: [4, 2, 0, 0, 0] }), data(0, 0)),
      'bits of a colour sample must be 8, 16: got 4',
    ],
    [
      'interlacing',
      file(header({ rest: [8, 0, 0, 0, 2] }), data(0, 0)),
      'must be 0, 0 and 0 or 1: got 0, 0 and 2',
    ],
    ['a filter', file(header(), data(5, 0)), 'damaged: expected a filter from 0 to 4, got 5'],
    ['too little data', file(header({ h: 2 }), data(0, 0)), 'damaged: expected 4 bytes of image data, got 2'],
    [
      'too much data',
      file(header(), data(0, 0, 0)),
      'too large: expected zlib of at most 2 bytes unpacked, got more',
    ],
    ['data that is none', file(header(), chunk('IDAT', [1, 2, 3])), 'damaged: expected whole zlib data'],
    [
      'no palette',
      file(header({ rest: [8, 3, 0, 0, 0] }), data(0, 0)),
      'chunk PLTE must hold 1 to 256 colours',
    ],
    [
      'a colour that is not in the palette',
      file(header({ rest: [8, 3, 0, 0, 0] }), chunk('PLTE', [1, 2, 3]), data(0, 1)),
      'damaged: expected one of 1 colours, got number 1',
    ],
    ['transparency', file(header(), chunk('tRNS', [1]), data(0, 0)), 'chunk tRNS must have 2 bytes, got 1'],
    [
      'more pixels than fit anywhere',
      file(header({ w: 2 ** 31, h: 2 ** 31 }), data(0, 0)),
      'too large: expected at most 16384 pixels on a side and 16777216 in all, got 2147483648×2147483648',
    ],
    [
      'a line of 60,000,000 pixels',
      file(header({ w: 60_000_000, h: 1 }), data(...new Uint8Array(58_000))),
      'too large: expected at most 16384 pixels on a side',
    ],
    [
      'more pixels in all',
      file(header({ w: 4097, h: 4096 }), data(...new Uint8Array(17_000))),
      'too large: expected at most 16384 pixels on a side and 16777216 in all, got 4097×4096',
    ],
    [
      'more pixels than so few bytes can hold',
      file(header({ w: 4_000, h: 4_000 }), data(0, 0)),
      'damaged: expected image data for 4000×4000 pixels, got 10 packed bytes',
    ],
    ['a bomb', file(header(), chunk('IDAT', bomb)), 'too large: expected zlib of at most 2 bytes unpacked'],
  ])('refuses %s in one line', (_, bytes, message) => {
    expect(dataError(() => parsePng(bytes, 'a.png')).message).toContain(`a.png: `);
    expect(dataError(() => parsePng(bytes, 'a.png')).message).toContain(message);
  });

  it('has as many image bytes as the writer wrote, for images of a pixel too', () => {
    const parts = { width: 1, height: 1, depth: 1, type: 0, samples: [1], interlaced: true };
    expect(imageData(parts)).toHaveLength(2);
    expect(Array.from(parsePng(png(parts), 'a').data)).toEqual([255, 255, 255, 255]);
  });
});
