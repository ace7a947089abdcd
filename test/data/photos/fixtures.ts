/** fixtures/photos.json, made by Pillow, Keras and TensorFlow. */
import { readFileSync } from 'node:fs';

interface Seen {
  readonly width: number;
  readonly height: number;
  readonly sha256: string;
  readonly first: readonly number[];
}

interface PhotoFixtures {
  readonly version: number;
  readonly jpegs: readonly { name: string; file: string; rgb: Seen; grey?: Seen }[];
  readonly cmyk: string;
  readonly image: { height: number; width: number; data: string };
  readonly small: { shape: number[]; values: string };
  readonly augmented: readonly {
    className: string;
    config: Readonly<Record<string, unknown>>;
    values: string;
  }[];
  readonly resized: readonly {
    size: [number, number];
    antialias: boolean;
    cropToAspectRatio: boolean;
    values: string;
  }[];
}

const text = readFileSync(new URL('../../../fixtures/photos.json', import.meta.url), 'utf8');
export const fixtures: PhotoFixtures = JSON.parse(text);
if (fixtures.version !== 1)
  throw new Error('fixtures/photos.json: run python fixtures/make-photo-fixtures.py');

export const fromBase64 = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));

/** One of the fixtures' JPEG files. */
export function jpegFile(name: string): Uint8Array {
  const found = fixtures.jpegs.find((jpeg) => jpeg.name === name);
  if (!found) throw new Error(`no fixture ${name}`);
  return fromBase64(found.file);
}
