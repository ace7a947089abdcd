/** A miniature of transfer learning on photos: a folder of coloured squares, and a network to cut. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  batchNormalization,
  conv2d,
  dense,
  globalAveragePooling2d,
  type Model,
  rescaling,
  sequential,
  tensor,
} from '../../src/index.ts';
import { png } from '../data/png-writer.ts';

export const SIDE = 12;

/** Red, green, blue: what a photo of each class is mostly. */
export const COLOURS = { apple: [200, 40, 40], lime: [60, 190, 50], plum: [70, 50, 180] } as const;

/** A PNG of one colour with noise, which the number decides. */
export function photo(colour: readonly number[], number: number): Uint8Array {
  const samples = Array.from({ length: SIDE * SIDE * 3 }, (_, i) => {
    const noise = ((i * 7919 + number * 104729) % 97) - 48;
    return Math.max(0, Math.min(255, colour[i % 3] + noise));
  });
  return png({ width: SIDE, height: SIDE, depth: 8, type: 2, samples });
}

/** A folder per class. */
export function photoFolder(folder: string, counts: Partial<Record<keyof typeof COLOURS, number>>): string {
  for (const [name, count] of Object.entries(counts)) {
    mkdirSync(join(folder, name), { recursive: true });
    for (let n = 0; n < count; n++) {
      writeFileSync(join(folder, name, `${n}.png`), photo(COLOURS[name as keyof typeof COLOURS], n));
    }
  }
  return folder;
}

/** A network for images with batch normalisation, whose averages aren't those that it begins with. */
export function tinyBase({ scaled = true, side = SIDE } = {}): Model {
  const base = sequential({
    name: 'base',
    seed: 5,
    layers: [
      ...(scaled ? [rescaling({ name: 'units', scale: 1 / 255, inputShape: [side, side, 3] })] : []),
      conv2d({
        name: 'one',
        filters: 4,
        kernelSize: 3,
        strides: 2,
        activation: 'relu',
        inputShape: [side, side, 3],
      }),
      batchNormalization({ name: 'still' }),
      conv2d({ name: 'two', filters: 6, kernelSize: 3, activation: 'relu' }),
      globalAveragePooling2d({ name: 'average' }),
      dense({ name: 'predictions', units: 5, activation: 'softmax' }),
    ],
  });
  base.getLayer('still').setWeights(
    [
      [1, 0.5, 2, 1],
      [0.1, 0, -0.1, 0.2],
      [0.2, 0.1, 0, 0.3],
      [0.5, 1, 2, 0.7],
    ].map((values) => tensor(values)),
  );
  return base;
}

/** Has TensorFlow.js' model in a folder say that a layer computed in float64: a note where it is read. */
export function sayFloat64(folder: string): void {
  const file = join(folder, 'model.json');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('"dtype": "float32"', '"dtype": "float64"'));
}
