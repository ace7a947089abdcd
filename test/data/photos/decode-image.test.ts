/** Photos are decoded as Pillow decodes them, to the bit; what can't be is refused in one line. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DataError, type DecodedImage, decodeImage, decodePng } from '../../../src/index.ts';
import { blankJpeg } from '../../fuzz/edges.ts';
import { png } from '../png-writer.ts';
import { fixtures, fromBase64, jpegFile } from './fixtures.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const seen = ({ width, height, data }: DecodedImage) => ({
  ...{ width, height, sha256: sha256(data) },
  first: [...data.subarray(0, 6)],
});

async function refusal(bytes: Uint8Array): Promise<string> {
  const error = await decodeImage(bytes).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DataError);
  return (error as DataError).message;
}

/** The file with other bytes from the place on where `sign` is. */
function edited(file: Uint8Array, sign: number[], offset: number, bytes: number[]): Uint8Array {
  const at = file.findIndex((_, i) => sign.every((byte, k) => file[i + k] === byte));
  expect(at).toBeGreaterThanOrEqual(0);
  const copy = file.slice();
  copy.set(bytes, at + offset);
  return copy;
}

describe('decodeImage', () => {
  it.each(fixtures.jpegs.map((jpeg) => [jpeg.name, jpeg] as const))(
    "gives Pillow's bytes of a JPEG: %s",
    async (_, { file, rgb, grey }) => {
      const bytes = fromBase64(file);
      const image = await decodeImage(bytes);
      expect(image.channels).toBe(3);
      expect(seen(image)).toEqual(rgb);
      expect(seen(await decodeImage(gzipSync(bytes)))).toEqual(rgb);
      const one = await decodeImage(bytes, { channels: 1 });
      expect(one.channels).toBe(1);
      if (grey) expect(seen(one)).toEqual(grey);
      else expect(one.data).toHaveLength(rgb.width * rgb.height);
    },
  );

  it('reads PNG, without its alpha, in colours and in grey', async () => {
    const file = png({ width: 2, height: 1, depth: 8, type: 6, samples: [10, 20, 30, 0, 250, 100, 0, 255] });
    const [colours, grey] = [await decodeImage(file), await decodeImage(file, { channels: 1 })];
    expect(colours).toEqual({
      ...{ width: 2, height: 1, channels: 3 },
      data: Uint8Array.of(10, 20, 30, 250, 100, 0),
    });
    expect(grey).toEqual({ width: 2, height: 1, channels: 1, data: Uint8Array.of(18, 133) });
  });

  it.each([
    ['red', 0, 0.299],
    ['green', 1, 0.587],
    ['blue', 2, 0.114],
  ])('grey of every %s alone is its share of luma (ITU-R BT.601), rounded', async (_, channel, share) => {
    const samples = Array.from({ length: 3 * 256 }, (_, i) => (i % 3 === channel ? Math.floor(i / 3) : 0));
    const file = png({ width: 256, height: 1, depth: 8, type: 2, samples });
    const { data } = await decodeImage(file, { channels: 1 });
    data.forEach((grey, level) => {
      expect(Math.abs(grey - share * level)).toBeLessThanOrEqual(0.5 + 1e-9);
    });
  });

  it('shows an image with some bytes too many, of which libjpeg only warns', async () => {
    const file = jpegFile('baseline, 4:4:4');
    const extra = Uint8Array.from([...file.subarray(0, -2), 1, 2, 3, 4, 0xff, 0xd9, 7, 7]);
    expect((await decodeImage(extra)).data).toEqual((await decodeImage(file)).data);
  });

  it('says in one line what a file is that it does not read', async () => {
    const kinds: [string, string][] = [
      ['GIF89a!', 'a GIF image (degelo reads'],
      ['RIFF\x01\x02\x03\x04WEBPVP8', 'a WebP image (degelo reads'],
      ['II*\0........', 'a TIFF image (degelo reads'],
      ['\0\0\0\x18ftypheic', 'a HEIC image (degelo reads'],
      ['\0\0\0\x18ftypavif', 'an AVIF image (degelo reads'],
      ['\xff\n......', 'a JPEG XL image (degelo reads'],
      ['BM......', 'a BMP image (degelo reads'],
      ['<!DOCTYPE html>', 'an HTML page (a download that went wrong'],
      ['P6\n1 1', 'a PNM image (degelo reads'],
      ['\0\0\0\x18ftypmp42', 'a film'],
      ['\x08\x07\x12\x07pytorch', 'an ONNX model'],
      ['', 'an empty file'],
      ['hello', 'other bytes'],
    ];
    for (const [text, kind] of kinds) {
      const message = await refusal(Buffer.from(text, 'latin1'));
      expect(message).toContain(`decodeImage: expected a JPEG or PNG image, got ${kind}`);
    }
  });

  it('refuses JPEG of other kinds, naming them', async () => {
    const file = jpegFile('baseline, 4:4:4');
    const sof = [0xff, 0xc0, 0, 17, 8];
    expect(await refusal(fromBase64(fixtures.cmyk))).toMatch(/got one in CMYK.*save it again/);
    expect(await refusal(edited(file, sof, 1, [0xc9]))).toContain('arithmetic coding');
    expect(await refusal(edited(file, sof, 1, [0xc3]))).toContain('lossless JPEG');
    expect(await refusal(edited(file, sof, 4, [12]))).toContain('12 bits per sample');
    const two = Uint8Array.of(
      ...[0xff, 0xd8, 0xff, 0xc0, 0, 14, 8, 0, 1, 0, 1, 2],
      ...[1, 17, 0, 2, 17, 0, 0xff, 0xd9],
    );
    expect(await refusal(two)).toContain('2 components');
  });

  it('looks at the size before anything is allocated', async () => {
    const file = jpegFile('baseline, 4:4:4');
    const sof = [0xff, 0xc0, 0, 17, 8];
    expect(await refusal(edited(file, sof, 5, [0xff, 0xff, 0xff, 0xff]))).toMatch(/too large: .*65535×65535/);
    expect(await refusal(edited(file, sof, 5, [0x40, 0, 0x40, 0]))).toMatch(
      /too large: .* 67108864 in all, got 16384×16384 \(make it smaller/,
    );
    expect(await refusal(edited(file, sof, 5, [0, 0]))).toContain('at least 1');
    // 4096×4096 pixels are 786,432 blocks, each of a bit at least.
    expect(await refusal(edited(file, sof, 5, [0x10, 0, 0x10, 0]))).toMatch(
      /damaged: expected coded bytes for 4096×4096 pixels, got \d+$/,
    );
    expect(await refusal(edited(file, sof, 11, [0x51]))).toContain('sampling factors from 1 to 4, got 5,');
  });

  it.each([
    ['grey', 0x11, 8, 8, 1],
    ['grey', 0x22, 8, 8, 1], // one component alone has no units of several blocks
    ['baseline, 4:4:4', 0x11, 8, 8, 3],
    ['baseline, 4:2:2', 0x21, 16, 8, 4],
    ['baseline, 4:2:0', 0x22, 16, 16, 6],
  ])('asks for a bit at least of each block: %s, %i', async (name, factors, width, height, blocks) => {
    const sof = [0xff, 0xc0, 0, name === 'grey' ? 11 : 17, 8];
    const file = edited(jpegFile(name), sof, 11, [factors]);
    const most = Math.floor((8 * file.length) / (16 * blocks)); // of 16 rows of units
    const sized = (...sides: number[]) =>
      edited(
        file,
        sof,
        5,
        sides.flatMap((side) => [side >> 8, side & 255]),
      );
    // One that has the bits may be damaged otherwise.
    const message = await decodeImage(sized(16 * height, most * width)).then(
      () => '',
      (error: Error) => error.message,
    );
    expect(message).not.toContain('expected coded bytes');
    expect(await refusal(sized(16 * height, (most + 1) * width))).toContain(
      `expected coded bytes for ${(most + 1) * width}×${16 * height} pixels, got ${file.length}`,
    );
  });

  it('decodes larger JPEG images than PNG, into memory of their own, as others', async () => {
    const { width, height, data } = await decodeImage(blankJpeg(4104, 4096, 513 * 128, 1, false), {
      channels: 1,
    });
    expect([width, height, data.length, data.buffer.byteLength]).toEqual([4104, 4096, 16809984, 16809984]);
    expect(data.every((v) => v === 128)).toBe(true);
  });

  it('takes fewer scans of a large image than of a usual one', async () => {
    const scans = (side: number, count: number) => blankJpeg(side, side, (side / 8) ** 2 / 4, count, true);
    expect(await refusal(scans(8192, 11))).toBe(
      'decodeImage: too many scans: expected at most 10 of 8192×8192 pixels, got more (save it again as a baseline JPEG, which has one)',
    );
    expect(await refusal(scans(4096, 18))).toContain('at most 17 of 4096×4096');
  });

  it('refuses too many scans, each of which costs a walk through the image', async () => {
    const file = jpegFile('progressive');
    const scan = file.lastIndexOf(0xda) - 1;
    const tail = file.subarray(scan, file.length - 2);
    const many = Array.from({ length: 70 }, () => [...tail]).flat();
    const bomb = Uint8Array.from([...file.subarray(0, scan), ...many, 0xff, 0xd9]);
    expect(await refusal(bomb)).toContain('too many scans: expected at most 64');
  });

  it('says that a file is cut off or damaged, wherever that is', async () => {
    const file = jpegFile('restart markers');
    const header = Array.from({ length: file.indexOf(0xda) }, (_, i) => 3 + i); // as far as the first scan
    for (const end of [...header, file.length - 100, file.length - 2]) {
      expect(await refusal(file.subarray(0, end))).toMatch(/truncated/);
    }
    const cut = Uint8Array.from([...file.subarray(0, -60), 0xff, 0xd9]);
    expect(await refusal(cut)).toMatch(/damaged: expected whole JPEG data, got ".*"/);
    const noTable = edited(file, [0xff, 0xdb], 1, [0xee]);
    expect(await refusal(noTable)).toBe(
      'decodeImage: damaged: expected whole JPEG data, got "Quantization table 0x00 was not defined"',
    );
    expect(await refusal(Uint8Array.of(0xff, 0xd8, 0xff, 0xd9))).toContain('holds no image');
    expect(await refusal(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 1))).toContain(
      'a segment of at least 2 bytes',
    );
    expect(await refusal(Uint8Array.from([...file.subarray(0, 2), ...file]))).toContain('a second');
    expect(await refusal(Uint8Array.from([...file.subarray(0, 2), 0xff, 0xda, 0, 2, 0xff, 0xd9]))).toContain(
      'expected the size of the image',
    );
    // What went wrong before leaves no trace.
    expect((await decodeImage(file)).width).toBe(34);
  });

  it('follows the last Exif that names an orientation, 1 too', async () => {
    const APP1 = [0xff, 0xe1];
    const cut = (file: Uint8Array) => {
      const at = file.findIndex((byte, i) => byte === APP1[0] && file[i + 1] === APP1[1]);
      const end = at + 2 + file[at + 2] * 256 + file[at + 3];
      return [file.subarray(0, at), file.subarray(at, end), file.subarray(end)].map((part) => [...part]);
    };
    const [before, turned, behind] = cut(jpegFile('orientation 6'));
    const [, upright] = cut(jpegFile('orientation 1'));
    const sizeOf = async (...parts: number[][]) => {
      const { height, width } = await decodeImage(Uint8Array.from(parts.flat()));
      return [height, width];
    };
    const [height, width] = await sizeOf(before, upright, behind);
    expect(await sizeOf(before, turned, behind)).toEqual([width, height]);
    expect(await sizeOf(before, upright, turned, behind)).toEqual([width, height]);
    expect(await sizeOf(before, turned, upright, behind)).toEqual([height, width]);
  });

  it('leaves an image as it is where its Exif is damaged', async () => {
    const file = jpegFile('orientation 6');
    const plain = await decodeImage(jpegFile('orientation 1'));
    const exif = [0x45, 0x78, 0x69, 0x66, 0, 0];
    for (const [offset, bytes] of [
      [0, [0x46]], // another signature
      [6, [0x4a]], // neither II nor MM
      [8, [9, 9]], // not 42
      [10, [0xff, 0xff, 0xff, 0xff]], // a directory outside
    ] as const) {
      const image = await decodeImage(edited(file, exif, offset, [...bytes]));
      expect([image.width, image.height]).toEqual([plain.width, plain.height]);
    }
  });

  describe('turns a PNG the right way up, as its chunk eXIf says', () => {
    const little = (orientation: number) => [
      ...[0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0],
      ...[0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0],
    ];
    const big = (orientation: number) => [
      ...[0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1],
      ...[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0],
    ];
    const stored = { width: 2, height: 3, depth: 8, type: 0, samples: [1, 2, 3, 4, 5, 6] };

    // As Pillow's ImageOps.exif_transpose turns them.
    it.each<[number, number[][]]>([
      [
        1,
        [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
      ],
      [
        2,
        [
          [2, 1],
          [4, 3],
          [6, 5],
        ],
      ],
      [
        3,
        [
          [6, 5],
          [4, 3],
          [2, 1],
        ],
      ],
      [
        4,
        [
          [5, 6],
          [3, 4],
          [1, 2],
        ],
      ],
      [
        5,
        [
          [1, 3, 5],
          [2, 4, 6],
        ],
      ],
      [
        6,
        [
          [5, 3, 1],
          [6, 4, 2],
        ],
      ],
      [
        7,
        [
          [6, 4, 2],
          [5, 3, 1],
        ],
      ],
      [
        8,
        [
          [2, 4, 6],
          [1, 3, 5],
        ],
      ],
      [
        0,
        [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
      ],
      [
        9,
        [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
      ],
    ])('%i', async (orientation, rows) => {
      // biome-ignore format: matrices
      for (const exif of [little(orientation), big(orientation)]) {
        for (const exifBehind of [false, true]) {
          const file = png({ ...stored, exif, exifBehind });
          const { width, height, data } = await decodeImage(file, { channels: 1 });
          expect([width, height, [...data]]).toEqual([rows[0].length, rows.length, rows.flat()]);
          const coloured = await decodePng(file);
          expect([coloured.width, coloured.height]).toEqual([width, height]);
          expect([...coloured.data].filter((_, i) => i % 4 === 0)).toEqual(rows.flat());
        }
      }
    });

    it('and leaves it as it is where that chunk is damaged', async () => {
      for (const exif of [[], [1], little(6).slice(0, 12), [...little(6).slice(0, 4), 255, 255, 255, 255]]) {
        expect((await decodeImage(png({ ...stored, exif }))).width).toBe(2);
      }
    });
  });

  it('refuses what are no bytes, and options that are none', async () => {
    // biome-ignore lint/suspicious/noExplicitAny: as JavaScript calls it
    const call = decodeImage as (...args: any[]) => Promise<unknown>;
    await expect(call('cat.jpg')).rejects.toThrow('decodeImage: expected the file');
    const file = jpegFile('grey');
    await expect(call(file, { channels: 4 })).rejects.toThrow('channels must be 3');
    await expect(call(file, { colour: 1 })).rejects.toThrow('decodeImage: unknown option colour');
  });
});
