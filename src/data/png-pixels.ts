/**
 * Pixels of PNG as they are in a row, and the bytes of red, green, blue and alpha that they become. Source: "Portable Network Graphics (PNG) Specification (Third Edition)", W3C 2025.
 */
import { DataError } from './errors.ts';

/** What a pixel is made of. */
export interface PixelKind {
  /** PNG's number for it. */
  readonly type: number;
  /** Bits of a sample. */
  readonly depth: number;
  /** Samples of a pixel. */
  readonly channels: number;
}

/** Samples a pixel, and the depths that there are, by colour type (section 11.2.1). */
const KINDS = new Map([
  [0, { name: 'grey', channels: 1, depths: [1, 2, 4, 8, 16] }],
  [2, { name: 'colour', channels: 3, depths: [8, 16] }],
  [3, { name: 'palette', channels: 1, depths: [1, 2, 4, 8] }],
  [4, { name: 'grey and alpha', channels: 2, depths: [8, 16] }],
  [6, { name: 'colour and alpha', channels: 4, depths: [8, 16] }],
]);

/** @throws DataError where there is no such colour type, or not with so many bits. */
export function pixelKind(type: number, depth: number, file: string): PixelKind {
  const kind = KINDS.get(type);
  if (!kind) throw new DataError(file, `colour type must be ${[...KINDS.keys()].join(', ')}: got ${type}`);
  const { name, channels, depths } = kind;
  if (!depths.includes(depth)) {
    throw new DataError(file, `bits of a ${name} sample must be ${depths.join(', ')}: got ${depth}`);
  }
  return { type, depth, channels };
}

/** A row's samples, of 1 to 16 bits, the highest bits of a byte first. */
export function unpackSamples(row: Uint8Array, depth: number, samples: Uint16Array): void {
  if (depth === 8) samples.set(row);
  else if (depth === 16) {
    for (let i = 0; i < samples.length; i++) samples[i] = (row[2 * i] << 8) | row[2 * i + 1];
  } else {
    const mask = 2 ** depth - 1;
    for (let i = 0; i < samples.length; i++) {
      const bit = i * depth;
      samples[i] = (row[bit >> 3] >> (8 - depth - (bit & 7))) & mask;
    }
  }
}

/** Writes a row's samples as pixels of four bytes, the first from `to` on, each `step` bytes after the one before. */
type Painter = (samples: Uint16Array, data: Uint8Array, to: number, step: number) => void;

/** What paints pixels of this kind. A colour that the file names as transparent keeps its red, green and blue. */
export function painterOf(
  { type, depth, channels }: PixelKind,
  palette: Uint8Array | null,
  transparency: Uint8Array | null,
  file: string,
): Painter {
  if (type === 3) return palettePainter(palette, transparency, file);
  // round(sample · 255 / (2^depth − 1)) in whole numbers, which is several times as fast: 255, 85, 17 and 1 times the sample; of
  // 16 bits sample / 257, for which the sum below is exact (no sample is half-way between two bytes).
  const [factor, half, shift] = depth === 16 ? [255, 32895, 16] : [255 / (2 ** depth - 1), 0, 0];
  const hasAlpha = type === 4 || type === 6;
  const green = channels < 3 ? 0 : 1;
  const blue = channels < 3 ? 0 : 2;
  // Without alpha one colour may be named as transparent, as samples of 16 bits.
  const key = hasAlpha || !transparency ? null : keySamples(transparency, channels, file);
  return (samples, data, first, step) => {
    for (let at = 0, to = first; at < samples.length; at += channels, to += step) {
      data[to] = (samples[at] * factor + half) >> shift;
      data[to + 1] = (samples[at + green] * factor + half) >> shift;
      data[to + 2] = (samples[at + blue] * factor + half) >> shift;
      if (hasAlpha) data[to + 3] = (samples[at + channels - 1] * factor + half) >> shift;
      else data[to + 3] = key && isAt(samples, at, key) ? 0 : 255;
    }
  };
}

/** Whether the samples from `at` on are those of the key. A loop, for its speed: it is asked at every pixel. */
function isAt(samples: Uint16Array, at: number, key: readonly number[]): boolean {
  for (let c = 0; c < key.length; c++) if (samples[at + c] !== key[c]) return false;
  return true;
}

function keySamples(bytes: Uint8Array, channels: number, file: string): number[] {
  if (bytes.length !== 2 * channels) {
    throw new DataError(file, `chunk tRNS must have ${2 * channels} bytes, got ${bytes.length}`);
  }
  return Array.from({ length: channels }, (_, c) => (bytes[2 * c] << 8) | bytes[2 * c + 1]);
}

function palettePainter(palette: Uint8Array | null, alpha: Uint8Array | null, file: string): Painter {
  if (!palette || palette.length === 0 || palette.length > 768 || palette.length % 3 !== 0) {
    throw new DataError(
      file,
      `chunk PLTE must hold 1 to 256 colours of 3 bytes, got ${palette?.length ?? 0} bytes`,
    );
  }
  const colours = palette.length / 3;
  return (samples, data, first, step) => {
    for (let at = 0, to = first; at < samples.length; at++, to += step) {
      const index = samples[at];
      if (index >= colours) {
        throw new DataError(file, `damaged: expected one of ${colours} colours, got number ${index}`);
      }
      for (let c = 0; c < 3; c++) data[to + c] = palette[3 * index + c];
      data[to + 3] = alpha?.[index] ?? 255;
    }
  };
}
