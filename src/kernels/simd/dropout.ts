/**
 * Dropout. Forward: Threefry-2x32-20 for four counters at a time (tensor/random.ts states the generator).
 *
 * A counter (e >> 1, position in the batch) gives the words of elements e and e + 1, so four counters give eight
 * elements. A chain of twenty rounds is serial, four operations a round; four chains are interleaved so that the
 * machine always has something to do.
 */
import type { Kernels } from '../kernels.ts';
import type { FunctionBuilder, Local, ModuleBuilder } from './assembler.ts';
import { FLOAT, VECTOR } from './blocks.ts';
import type { SimdCompiler } from './compiler.ts';
import { addresses, forEachElement } from './elementwise.ts';
import { f32x4, i8x16, i16x8, i32, i32x4, shuffle32, type Value, v128 } from './instructions.ts';

/** Skein's key-schedule parity, as in tensor/random.ts. */
const PARITY = 0x1bd11bda;

/** Rotations of four rounds, in turn. */
const ROTATIONS = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const;

/** Chains that are interleaved, and elements that one chain decides. */
const CHAINS = 4;
const CHAIN_ELEMENTS = 8;

/** One chain's two vectors of words. */
type Words = readonly [Local<'v128'>, Local<'v128'>];

export function dropoutKernels(simd: SimdCompiler): Pick<Kernels, 'dropoutForward' | 'dropoutBackward'> {
  const at = addresses(simd);

  return {
    dropoutForward(N, E, x, key0, key1, first, threshold, scale, y, mask) {
      const kernel = simd.kernel(`dropoutForward ${E}`, (module) => emitDropout(module, E));
      const [xAt, yAt, maskAt] = [simd.address(x), simd.address(y), simd.address(mask)];
      kernel(N, xAt, key0, key1, first, threshold, scale, yAt, maskAt);
    },

    dropoutBackward(size, mask, dy, scale, dx) {
      const signature = { count: 'i32', mask: 'i32', dy: 'i32', scale: 'f32', dx: 'i32' } as const;
      const kernel = simd.kernel('dropoutBackward', (module) =>
        module.func('kernel', signature, (f, { count, mask, dy, scale, dx }) => {
          const factor = f.local('v128', f32x4.splat(scale));
          // dx = mask = 1 ? dy · scale : +0
          forEachElement(f, count, [dy, dx], [mask], ({ load, store, loadBytes }) =>
            store(
              dx,
              v128.and(f32x4.mul(load(dy), factor), i32x4.eq(loadBytes(mask), v128.const(1, 1, 1, 1))),
            ),
          );
        }),
      );
      kernel(size, simd.address(mask), at(dy, 0), scale, at(dx, 0));
    },
  };
}

/** kernel(N, x, key0, key1, first, threshold, scale, y, mask), rows of E elements. */
function emitDropout(module: ModuleBuilder, E: number): void {
  // biome-ignore format: in the order of dropoutForward
  const signature = {
    samples: 'i32', x: 'i32', key0: 'i32', key1: 'i32', first: 'i32', threshold: 'i32', scale: 'f32',
    y: 'i32', mask: 'i32',
  } as const;
  module.func('kernel', signature, (f, { samples, x, key0, key1, first, threshold, scale, y, mask }) => {
    const key2 = i32.xor(i32.xor(key0, key1), PARITY);
    const keys = [key0, key1, key2].map((key) => f.local('v128', i32x4.splat(key)));
    const limit = f.local('v128', i32x4.splat(threshold));
    const factor = f.local('v128', f32x4.splat(scale));
    const chains = Array.from({ length: CHAINS }, (): Words => [f.local('v128'), f.local('v128')]);
    const counters = f.local('v128');
    const left = f.local('i32');
    const kept = f.locals('v128', 2);

    /** Decides the next elements, `count` chains of eight; of the last chain only `elements`. */
    const decide = (count: number, elements = CHAIN_ELEMENTS) => {
      const active = chains.slice(0, count);
      for (const [word0, word1] of active) {
        word0.set(counters);
        word1.set(i32x4.splat(first));
        counters.set(i32x4.add(counters, v128.const(4, 4, 4, 4)));
      }
      emitThreefry(f, active, keys);
      for (const [word0, word1] of active) {
        // words of elements 0–3 and 4–7
        kept[0].set(i32x4.geU(shuffle32(word0, word1, [0, 4, 1, 5]), limit));
        kept[1].set(i32x4.geU(shuffle32(word0, word1, [2, 6, 3, 7]), limit));
        if (elements === CHAIN_ELEMENTS) storeEight();
        else storeOneByOne(elements);
        x.advance(elements * FLOAT);
        y.advance(elements * FLOAT);
        mask.advance(elements);
      }
    };
    /** y = kept ? x·scale : +0; mask = kept ? 1 : 0 */
    const storeEight = () => {
      kept.forEach((keep, v) => {
        f.store(y, v * VECTOR, v128.and(f32x4.mul(v128.load(x, v * VECTOR), factor), keep));
      });
      const words = i16x8.narrow(kept[0], kept[1]);
      f.storeLow(8, mask, 0, v128.and(i8x16.narrow(words, words), v128.const(0x01010101, 0x01010101, 0, 0)));
    };
    const storeOneByOne = (elements: number) => {
      for (let e = 0; e < elements; e++) {
        const keep = kept[e >> 2];
        const lane = e & 3;
        const keepOne = shuffle32(keep, keep, [lane, lane, lane, lane]);
        f.storeLow(4, y, e * FLOAT, v128.and(f32x4.mul(v128.load32Zero(x, e * FLOAT), factor), keepOne));
        f.store8(mask, e, i32.and(i32x4.extractLane(keep, lane), 1));
      }
    };

    // for each sample: all blocks of 4 × 8 elements, then of 8, then the rest
    f.while(samples, () => {
      counters.set(v128.const(0, 1, 2, 3));
      const large = Math.floor(E / (CHAINS * CHAIN_ELEMENTS));
      const small = Math.floor((E % (CHAINS * CHAIN_ELEMENTS)) / CHAIN_ELEMENTS);
      if (large > 0) f.for(left, 0, large, 1, () => decide(CHAINS));
      if (small > 0) f.for(left, 0, small, 1, () => decide(1));
      if (E % CHAIN_ELEMENTS > 0) decide(1, E % CHAIN_ELEMENTS);
      first.advance(1);
      samples.advance(-1);
    });
  });
}

/** Counters in `chains` become random words, in place; all chains go through each operation together. */
function emitThreefry(f: FunctionBuilder, chains: readonly Words[], keys: readonly Local<'v128'>[]): void {
  const { add } = i32x4;
  const rotated = f.local('v128');
  const each = (operation: (word0: Local<'v128'>, word1: Local<'v128'>) => void) => {
    for (const [word0, word1] of chains) operation(word0, word1);
  };
  each((word0, word1) => {
    word0.set(add(word0, keys[0]));
    word1.set(add(word1, keys[1]));
  });
  for (let group = 0; group < 5; group++) {
    for (const rotation of ROTATIONS[group % 2]) {
      each((word0, word1) => {
        // word0 += word1; word1 = rotl(word1, rotation) ^ word0
        word0.set(add(word0, word1));
        rotated.set(rotateLeft(word1, rotation));
        word1.set(v128.xor(rotated, word0));
      });
    }
    // The next two words of the key, and the injection's number.
    const injection = group + 1;
    each((word0, word1) => {
      word0.set(add(word0, keys[injection % 3]));
      word1.set(
        add(add(word1, keys[(injection + 1) % 3]), v128.const(injection, injection, injection, injection)),
      );
    });
  }
}

/** Rotations by whole bytes are one shuffle, others two shifts and an or. */
function rotateLeft(word: Local<'v128'>, by: number): Value<'v128'> {
  if (by % 8 === 0) {
    const bytes = Array.from({ length: 16 }, (_, i) => (i & 12) | ((i - by / 8) & 3));
    return i8x16.shuffle(word, word, bytes);
  }
  return v128.or(i32x4.shl(word, by), i32x4.shrU(word, 32 - by));
}
