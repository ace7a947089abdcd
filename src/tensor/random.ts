/**
 * Random numbers by counting: the generator has no state, the number for a place is a function of that place.
 *
 * Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3",
 * SC 2011) scrambles a counter of two 32-bit words under a key of two words into two random words. Whoever
 * computes element e of sample n computes its word from (key, n, e), so the result is the same for any
 * number of threads, in any order, on any engine: only 32-bit integer operations are used.
 *
 * Keys come from `deriveKey(seed, purpose, layer, step)`. Counters within a key are stated at each function.
 */
import type { FloatArray } from './tensor.ts';

/** Two unsigned 32-bit words. */
export type RandomKey = readonly [number, number];

/** What a key's numbers are for. Different purposes never share numbers. The values are part of the result. */
export const Purpose = { weights: 1, layer: 2, shuffle: 3, gradcheck: 4, study: 5, photos: 6 } as const;
export type PurposeCode = (typeof Purpose)[keyof typeof Purpose];

const TWO_TO_32 = 4294967296;

/** Skein's key-schedule parity, cut to 32 bits (Random123, threefry.h: SKEIN_KS_PARITY32). */
const PARITY = 0x1bd11bda;

const pair = new Uint32Array(2);

/** The two output words, unsigned, for a counter under a key. Arguments are taken modulo 2^32. */
export function threefry2x32(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
): [number, number] {
  threefry2x32Into(key0, key1, counter0, counter1, pair);
  return [pair[0], pair[1]];
}

/**
 * The same into out[0] and out[1], for hot loops.
 *
 * One round is x0 += x1; x1 = rotl(x1, r) ^ x0. The rotations are 13 15 26 6, 17 29 16 24 in turn
 * (Random123's R_32x2). After every fourth round two words of the key are added, the next of (key0, key1,
 * key0 ^ key1 ^ parity) round and round, and to x1 the number of the injection.
 */
export function threefry2x32Into(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
  out: Uint32Array,
): void {
  const key2 = PARITY ^ key0 ^ key1;
  let x0 = (counter0 + key0) | 0;
  let x1 = (counter1 + key1) | 0;
  // biome-ignore-start format: four rounds and one key injection a block
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
  x0 = (x0 + key1) | 0;
  x1 = (x1 + key2 + 1) | 0;

  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0;
  x0 = (x0 + key2) | 0;
  x1 = (x1 + key0 + 2) | 0;

  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
  x0 = (x0 + key0) | 0;
  x1 = (x1 + key1 + 3) | 0;

  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0;
  x0 = (x0 + key1) | 0;
  x1 = (x1 + key2 + 4) | 0;

  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
  x0 = (x0 + key2) | 0;
  x1 = (x1 + key0 + 5) | 0;
  // biome-ignore-end format: see above
  out[0] = x0;
  out[1] = x1;
}

/**
 * The key for one purpose in one layer at one step.
 *
 *     k    = threefry2x32(key: low and high word of seed, counter: purpose, layer)
 *     key  = threefry2x32(key: k,                         counter: low and high word of step)
 *
 * Each line is a bijection of its counter, so two (layer, step) never share a key within a seed and purpose
 * but by a collision of 64 bits.
 * @throws RangeError where seed, layer or step isn't an integer ≥ 0 that it can hold exactly (layer: 32 bits).
 */
export function deriveKey(seed: number, purpose: PurposeCode, layer: number, step: number): RandomKey {
  requireSafeInteger('seed', seed);
  requireSafeInteger('step', step);
  if (!Number.isInteger(layer) || layer < 0 || layer >= TWO_TO_32) {
    throw new RangeError(`deriveKey: layer must be an integer from 0 to 2^32 − 1, got ${layer}`);
  }
  const [k0, k1] = threefry2x32(lowWord(seed), highWord(seed), purpose, layer);
  return threefry2x32(k0, k1, lowWord(step), highWord(step));
}

/**
 * Fills `out` with numbers spread evenly over [lo, hi].
 *
 *     out[i] = fround(lo + (hi − lo)·(word_i·2^−32)),  word_i = output word i & 1 of counter (i >> 1, 0)
 *
 * Computed in float64 and rounded to float32 once, for both dtypes: a float64 model starts from exactly the
 * numbers of its float32 twin. The rounding may reach hi itself.
 */
export function uniform(key: RandomKey, lo: number, hi: number, out: FloatArray): void {
  const [key0, key1] = key;
  const range = hi - lo;
  for (let i = 0; i < out.length; i += 2) {
    const [word0, word1] = threefry2x32(key0, key1, i / 2, 0);
    out[i] = Math.fround(lo + range * (word0 / TWO_TO_32));
    // A write past the end of a typed array is ignored, so an odd length needs no case of its own.
    out[i + 1] = Math.fround(lo + range * (word1 / TWO_TO_32));
  }
}

/**
 * A random order of 0 … n−1, every order equally likely: Fisher–Yates (Knuth, TAOCP 2, algorithm P).
 * For i from n−1 down to 1, out[i] changes places with out[j], j drawn evenly from 0 … i: the first word of
 * counter (i, attempt) modulo i+1, where words from the last, incomplete run of i+1 values are rejected and
 * attempt = 0, 1, … continues.
 * @throws RangeError where n isn't an integer from 0 to 2^31 − 1, or `out` hasn't n elements.
 */
export function permutation(
  key: RandomKey,
  n: number,
  out: Int32Array = new Int32Array(checkCount(n)),
): Int32Array {
  checkCount(n);
  if (out.length !== n) {
    throw new RangeError(`permutation: out must hold n elements: expected ${n}, got ${out.length}`);
  }
  const [key0, key1] = key;
  for (let i = 0; i < n; i++) out[i] = i;
  for (let i = n - 1; i > 0; i--) {
    const bound = i + 1;
    const limit = TWO_TO_32 - (TWO_TO_32 % bound);
    let attempt = 0;
    let [word] = threefry2x32(key0, key1, i, attempt);
    while (word >= limit) [word] = threefry2x32(key0, key1, i, ++attempt);
    const j = word % bound;
    const last = out[i];
    out[i] = out[j];
    out[j] = last;
  }
  return out;
}

/**
 * The threshold for dropping a fraction `rate` of all 32-bit words: a word is dropped where word < threshold.
 * round(rate·2^32), at most 2^32 − 1 so that it stays a word.
 * @throws RangeError where rate isn't at least 0 and less than 1.
 */
export function dropoutThreshold(rate: number): number {
  if (!(rate >= 0 && rate < 1)) {
    throw new RangeError(`dropoutThreshold: rate must be at least 0 and less than 1, got ${rate}`);
  }
  return Math.min(Math.round(rate * TWO_TO_32), TWO_TO_32 - 1);
}

function lowWord(value: number): number {
  return (value % TWO_TO_32) >>> 0;
}

function highWord(value: number): number {
  return Math.floor(value / TWO_TO_32);
}

function requireSafeInteger(argument: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`deriveKey: ${argument} must be an integer from 0 to 2^53 − 1, got ${value}`);
  }
}

function checkCount(n: number): number {
  if (!Number.isInteger(n) || n < 0 || n > 0x7fffffff) {
    throw new RangeError(`permutation: n must be an integer from 0 to 2^31 − 1, got ${n}`);
  }
  return n;
}
