/** Writes PNG files of every kind, field by field; shares no code with the reader. */
import { crc32, deflateSync } from 'node:zlib';

export interface PngParts {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly type: number;
  /** [height, width, channels] */
  readonly samples: readonly number[];
  readonly interlaced?: boolean;
  /** Filter of the row that is written as the n-th. */
  readonly filter?: (n: number) => number;
  readonly palette?: readonly number[];
  readonly transparency?: readonly number[];
  /** Of a chunk eXIf, before the image's data or behind. */
  readonly exif?: readonly number[];
  readonly exifBehind?: boolean;
}

const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** The pass to which each pixel of an 8×8 block belongs, as the specification draws it (section 8.1). */
const PASSES = [
  '16462646',
  '77777777',
  '56565656',
  '77777777',
  '36463646',
  '77777777',
  '56565656',
  '77777777',
];

export const uint32 = (value: number): number[] => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);

export function chunk(name: string, data: Iterable<number>): Uint8Array {
  const body = Buffer.from([...Buffer.from(name, 'latin1'), ...data]);
  return Uint8Array.from([...uint32(body.length - 4), ...body, ...uint32(crc32(body))]);
}

export const SIGNATURE = Uint8Array.from([0x89, 80, 78, 71, 13, 10, 26, 10]);

export function png(parts: PngParts): Uint8Array {
  const {
    width,
    height,
    depth,
    type,
    interlaced = false,
    palette,
    transparency,
    exif,
    exifBehind = false,
  } = parts;
  const packed = deflateSync(imageData(parts));
  const half = packed.length >> 1;
  const eXIf = exif ? [chunk('eXIf', exif)] : [];
  return Uint8Array.from(
    Buffer.concat([
      SIGNATURE,
      chunk('IHDR', [...uint32(width), ...uint32(height), depth, type, 0, 0, interlaced ? 1 : 0]),
      chunk('gAMA', uint32(45455)), // which no reader of ours minds
      ...(palette ? [chunk('PLTE', palette)] : []),
      ...(transparency ? [chunk('tRNS', transparency)] : []),
      ...(exifBehind ? [] : eXIf),
      chunk('IDAT', packed.subarray(0, half)),
      chunk('IDAT', packed.subarray(half)),
      ...(exifBehind ? eXIf : []),
      chunk('IEND', []),
    ]),
  );
}

/** A grey image of 8 bits. */
export function greyPng(height: number, width: number, pixels: Iterable<number>): Uint8Array {
  return png({ width, height, depth: 8, type: 0, samples: [...pixels] });
}

/** The rows of all passes, each after the number of its filter. */
export function imageData({
  width,
  height,
  depth,
  type,
  samples,
  interlaced,
  filter = () => 0,
}: PngParts): Uint8Array {
  const channels = CHANNELS[type];
  const bytes: number[] = [];
  let n = 0;
  for (const pass of interlaced ? '1234567' : '1') {
    let above: number[] = [];
    for (let y = 0; y < height; y++) {
      const columns = Array.from({ length: width }, (_, x) => x).filter(
        (x) => !interlaced || PASSES[y % 8][x % 8] === pass,
      );
      if (columns.length === 0) continue;
      const row = packRow(
        columns.flatMap((x) => samples.slice((y * width + x) * channels, (y * width + x + 1) * channels)),
        depth,
      );
      const f = filter(n++);
      bytes.push(f, ...filtered(row, above, f, Math.max(1, (channels * depth) / 8)));
      above = row;
    }
  }
  return Uint8Array.from(bytes);
}

function packRow(samples: readonly number[], depth: number): number[] {
  const bits = samples.map((sample) => sample.toString(2).padStart(depth, '0')).join('');
  return Array.from({ length: Math.ceil(bits.length / 8) }, (_, i) =>
    Number.parseInt(bits.slice(8 * i, 8 * i + 8).padEnd(8, '0'), 2),
  );
}

function filtered(row: readonly number[], above: readonly number[], filter: number, step: number): number[] {
  return row.map((value, i) => {
    const [a, b, c] = [row[i - step] ?? 0, above[i] ?? 0, (i >= step ? above[i - step] : 0) ?? 0];
    const nearest = [a, b, c].sort((p, q) => Math.abs(a + b - c - p) - Math.abs(a + b - c - q))[0];
    return (value - [0, a, b, Math.floor((a + b) / 2), nearest][filter]) & 255;
  });
}
