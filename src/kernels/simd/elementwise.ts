/**
 * Kernels that treat every element by itself: ReLU, dropout's backward pass, the sum of shards, the optimizers.
 * All are bound by memory, but for Adadelta, which is bound by two square roots and a division.
 */
import type { Kernels } from '../kernels.ts';
import type { FunctionBuilder, Local } from './assembler.ts';
import { FLOAT, relu } from './blocks.ts';
import type { Kernel, SimdCompiler } from './compiler.ts';
import { f32x4, i16x8, i32, i32x4, type Value, v128 } from './instructions.ts';

/** How a loop over elements reads and writes: four at once, or one in lane 0. */
interface Access {
  load(pointer: Value<'i32'>): Value<'v128'>;
  store(pointer: Value<'i32'>, value: Value<'v128'>): void;
  /** Bytes widened to 32-bit lanes. */
  loadBytes(pointer: Value<'i32'>): Value<'v128'>;
}

/**
 * for (; count ≥ 4; count −= 4) four elements; then one by one in lane 0, so that `body` is written once.
 * `pointers` advance by a float an element, `bytePointers` by a byte.
 */
function forEachElement(
  f: FunctionBuilder,
  count: Local<'i32'>,
  pointers: readonly Local<'i32'>[],
  bytePointers: readonly Local<'i32'>[],
  body: (access: Access) => void,
): void {
  const four: Access = {
    load: (pointer) => v128.load(pointer),
    store: (pointer, value) => f.store(pointer, 0, value),
    loadBytes: (pointer) => i32x4.extendLowU(i16x8.extendLowU(v128.load32Zero(pointer))),
  };
  const one: Access = {
    load: (pointer) => v128.load32Zero(pointer),
    store: (pointer, value) => f.storeLow(4, pointer, 0, value),
    loadBytes: (pointer) => i32x4.splat(i32.load8U(pointer)),
  };
  for (const [elements, access] of [[4, four] as const, [1, one] as const]) {
    f.while(i32.geU(count, elements), () => {
      body(access);
      for (const pointer of pointers) pointer.advance(elements * FLOAT);
      for (const pointer of bytePointers) pointer.advance(elements);
      count.advance(-elements);
    });
  }
}

/** kernel(count, alive, dx): dx = alive ≠ 0 ? dx : +0 */
export function clearDead(simd: SimdCompiler): Kernel {
  return simd.kernel('clearDead', (module) =>
    module.func('kernel', { count: 'i32', alive: 'i32', dx: 'i32' }, (f, { count, alive, dx }) =>
      forEachElement(f, count, [alive, dx], [], ({ load, store }) =>
        store(dx, v128.and(load(dx), f32x4.ne(load(alive), v128.zero()))),
      ),
    ),
  );
}

type ElementwiseKernels = Pick<
  Kernels,
  'reluForward' | 'reluBackward' | 'dropoutBackward' | 'sumShards' | 'adadelta' | 'sgd'
>;

export function elementwiseKernels(simd: SimdCompiler): ElementwiseKernels {
  /** The address of element `from`. */
  const at = (array: ArrayBufferView, from: number): number => simd.address(array) + from * FLOAT;

  return {
    reluForward(size, x, y) {
      const kernel = simd.kernel('reluForward', (module) =>
        module.func('kernel', { count: 'i32', x: 'i32', y: 'i32' }, (f, { count, x, y }) => {
          // y = x > 0 ? x : +0
          forEachElement(f, count, [x, y], [], ({ load, store }) => store(y, relu(load(x))));
        }),
      );
      kernel(size, at(x, 0), at(y, 0));
    },

    reluBackward(size, y, dy, dx) {
      const kernel = simd.kernel('reluBackward', (module) =>
        module.func('kernel', { count: 'i32', y: 'i32', dy: 'i32', dx: 'i32' }, (f, { count, y, dy, dx }) => {
          // dx = y > 0 ? dy : +0
          forEachElement(f, count, [y, dy, dx], [], ({ load, store }) =>
            store(dx, v128.and(load(dy), f32x4.gt(load(y), v128.zero()))),
          );
        }),
      );
      kernel(size, at(y, 0), at(dy, 0), at(dx, 0));
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

    sumShards(S, stride, partial, from, to, sum) {
      const signature = { count: 'i32', shards: 'i32', stride: 'i32', partial: 'i32', sum: 'i32' } as const;
      const kernel = simd.kernel('sumShards', (module) =>
        module.func('kernel', signature, (f, { count, shards, stride, partial, sum }) => {
          const total = f.local('v128');
          const shard = f.local('i32');
          const s = f.local('i32');
          forEachElement(f, count, [partial, sum], [], ({ load, store }) => {
            // total = partial[0]; for s ascending: total += partial[s]
            total.set(load(partial));
            shard.set(partial);
            f.for(s, 1, shards, 1, () => {
              shard.advance(stride);
              total.set(f32x4.add(total, load(shard)));
            });
            store(sum, total);
          });
        }),
      );
      kernel(to - from, S, stride * FLOAT, at(partial, from), at(sum, from));
    },

    adadelta(from, to, w, g, G, D, learningRate, rho, epsilon) {
      // biome-ignore format: addresses, then numbers
      const signature = {
        count: 'i32', w: 'i32', g: 'i32', G: 'i32', D: 'i32',
        learningRate: 'f32', rho: 'f32', share: 'f32', epsilon: 'f32',
      } as const;
      const kernel = simd.kernel('adadelta', (module) =>
        module.func('kernel', signature, (f, p) => {
          const { count, w, g, G, D } = p;
          const lr = f.local('v128', f32x4.splat(p.learningRate));
          const decay = f.local('v128', f32x4.splat(p.rho));
          const share = f.local('v128', f32x4.splat(p.share));
          const eps = f.local('v128', f32x4.splat(p.epsilon));
          const gradient = f.local('v128');
          const newG = f.local('v128');
          const oldD = f.local('v128');
          const delta = f.local('v128');
          // Never fused: the optimizers give the same bits in both modes.
          const { add, mul, div, sqrt, neg } = f32x4;
          /** ρ·mean + (1−ρ)·v² */
          const running = (mean: Value<'v128'>, v: Value<'v128'>) =>
            add(mul(decay, mean), mul(share, mul(v, v)));
          forEachElement(f, count, [w, g, G, D], [], ({ load, store }) => {
            gradient.set(load(g));
            // G = ρ·G + (1−ρ)·g²
            newG.set(running(load(G), gradient));
            store(G, newG);
            // Δ = −(√(D+ε)·g) / √(G+ε)
            oldD.set(load(D));
            delta.set(div(neg(mul(sqrt(add(oldD, eps)), gradient)), sqrt(add(newG, eps))));
            // D = ρ·D + (1−ρ)·Δ²
            store(D, running(oldD, delta));
            // w = w + lr·Δ
            store(w, add(load(w), mul(lr, delta)));
          });
        }),
      );
      // 1 − ρ is rounded once, from float64.
      const share = 1 - rho;
      kernel(
        to - from,
        at(w, from),
        at(g, from),
        at(G, from),
        at(D, from),
        learningRate,
        rho,
        share,
        epsilon,
      );
    },

    sgd(from, to, w, g, learningRate) {
      const signature = { count: 'i32', w: 'i32', g: 'i32', learningRate: 'f32' } as const;
      const kernel = simd.kernel('sgd', (module) =>
        module.func('kernel', signature, (f, { count, w, g, learningRate }) => {
          const lr = f.local('v128', f32x4.splat(learningRate));
          // w = w − lr·g
          forEachElement(f, count, [w, g], [], ({ load, store }) =>
            store(w, f32x4.sub(load(w), f32x4.mul(lr, load(g)))),
          );
        }),
      );
      kernel(to - from, at(w, from), at(g, from), learningRate);
    },
  };
}
