/**
 * Pixels of PNG as they stand in a row, and the grey bytes that they become: Rec. 601 luma, on white where they are
 * transparent. Source: "Portable Network Graphics (PNG) Specification (Third Edition)", W3C 2025.
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
  const perByte = 8 / depth;
  const mask = 2 ** depth - 1;
  for (let i = 0; i < samples.length; i++) {
    if (depth === 8) samples[i] = row[i];
    else if (depth === 16) samples[i] = (row[2 * i] << 8) | row[2 * i + 1];
    else samples[i] = (row[Math.floor(i / perByte)] >> (8 - depth - (i % perByte) * depth)) & mask;
  }
}

/** What makes the samples of one pixel, from `at` on, a grey byte. */
export function greyOf(
  { type, depth, channels }: PixelKind,
  palette: Uint8Array | null,
  transparency: Uint8Array | null,
  file: string,
): (samples: Uint16Array, at: number) => number {
  const most = 2 ** depth - 1;
  const scale = 255 / most;
  if (type === 3) {
    const table = paletteTable(palette, transparency, file);
    return (samples, at) => {
      const index = samples[at];
      if (index < table.length) return table[index];
      throw new DataError(file, `damaged: expected one of ${table.length} colours, got number ${index}`);
    };
  }
  const hasAlpha = type === 4 || type === 6;
  // Without alpha one colour may be named as transparent, as samples of 16 bits.
  const key = hasAlpha || !transparency ? null : keySamples(transparency, channels, file);
  return (samples, at) => {
    const level = channels < 3 ? samples[at] : luma(samples[at], samples[at + 1], samples[at + 2]);
    if (hasAlpha) return onWhite(level * scale, samples[at + channels - 1] / most);
    return key?.every((sample, c) => sample === samples[at + c]) ? 255 : Math.round(level * scale);
  };
}

function keySamples(bytes: Uint8Array, channels: number, file: string): number[] {
  if (bytes.length !== 2 * channels) {
    throw new DataError(file, `chunk tRNS must have ${2 * channels} bytes, got ${bytes.length}`);
  }
  return Array.from({ length: channels }, (_, c) => (bytes[2 * c] << 8) | bytes[2 * c + 1]);
}

/** The grey byte of each colour in the palette. */
function paletteTable(palette: Uint8Array | null, alpha: Uint8Array | null, file: string): Uint8Array {
  if (!palette || palette.length === 0 || palette.length > 768 || palette.length % 3 !== 0) {
    throw new DataError(
      file,
      `chunk PLTE must hold 1 to 256 colours of 3 bytes, got ${palette?.length ?? 0} bytes`,
    );
  }
  return Uint8Array.from({ length: palette.length / 3 }, (_, i) =>
    onWhite(luma(palette[3 * i], palette[3 * i + 1], palette[3 * i + 2]), (alpha?.[i] ?? 255) / 255),
  );
}

/** How bright a colour looks: ITU-R BT.601, as most programs make grey of colour. */
function luma(red: number, green: number, blue: number): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

function onWhite(level: number, alpha: number): number {
  return Math.round(alpha * level + (1 - alpha) * 255);
}
