/**
 * Kernels that treat every element by itself: ReLU and its kin, dropout's backward pass, the sum of shards. All are bound
 * by memory. Sigmoid and tanh go forward in plain TypeScript: they are float64, which two lanes would hardly speed up.
 */
import type { Kernels } from '../kernels.ts';
import type { FunctionBuilder, Local } from './assembler.ts';
import { FLOAT, relu } from './blocks.ts';
import type { Kernel, SimdCompiler } from './compiler.ts';
import { f32x4, i16x8, i32, i32x4, type Value, v128 } from './instructions.ts';

/** How a loop over elements reads and writes: four at once, or one in lane 0. */
export interface Access {
  load(pointer: Value<'i32'>): Value<'v128'>;
  store(pointer: Value<'i32'>, value: Value<'v128'>): void;
  /** Bytes widened to 32-bit lanes. */
  loadBytes(pointer: Value<'i32'>): Value<'v128'>;
}

/**
 * for (; count ≥ 4; count −= 4) four elements; then one by one in lane 0, so that `body` is written once.
 * `pointers` advance by a float an element, `bytePointers` by a byte.
 */
export function forEachElement(
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

/** kernel(count, slope, sign, from, to): to = sign > 0 ? from : slope·from */
function leaky(simd: SimdCompiler): Kernel {
  const signature = { count: 'i32', slope: 'f32', sign: 'i32', from: 'i32', to: 'i32' } as const;
  return simd.kernel('leakyRelu', (module) =>
    module.func('kernel', signature, (f, { count, slope, sign, from, to }) => {
      const factor = f.local('v128', f32x4.splat(slope));
      const value = f.local('v128');
      forEachElement(f, count, [sign, from, to], [], ({ load, store }) => {
        value.set(load(from));
        store(to, v128.bitselect(value, f32x4.mul(factor, value), f32x4.gt(load(sign), v128.zero())));
      });
    }),
  );
}

/** kernel(count, y, dy, dx): dx = dy·slope(y), the derivative being a function of the output alone. */
function slopeOf(
  simd: SimdCompiler,
  key: string,
  slope: (one: Value<'v128'>, y: Value<'v128'>) => Value<'v128'>,
): Kernel {
  return simd.kernel(key, (module) =>
    module.func('kernel', { count: 'i32', y: 'i32', dy: 'i32', dx: 'i32' }, (f, { count, y, dy, dx }) => {
      const one = f.local('v128', f32x4.splat(1));
      const output = f.local('v128');
      forEachElement(f, count, [y, dy, dx], [], ({ load, store }) => {
        output.set(load(y));
        store(dx, f32x4.mul(load(dy), slope(one, output)));
      });
    }),
  );
}

type ElementwiseKernels = Pick<
  Kernels,
  | 'reluForward'
  | 'reluBackward'
  | 'leakyReluForward'
  | 'leakyReluBackward'
  | 'sigmoidBackward'
  | 'tanhBackward'
  | 'dropoutBackward'
  | 'sumShards'
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

    leakyReluForward(size, x, slope, y) {
      leaky(simd)(size, slope, at(x, 0), at(x, 0), at(y, 0));
    },

    leakyReluBackward(size, y, dy, slope, dx) {
      leaky(simd)(size, slope, at(y, 0), at(dy, 0), at(dx, 0));
    },

    sigmoidBackward(size, y, dy, dx) {
      // dx = dy·(y·(1 − y))
      const kernel = slopeOf(simd, 'sigmoidBackward', (one, y) => f32x4.mul(y, f32x4.sub(one, y)));
      kernel(size, at(y, 0), at(dy, 0), at(dx, 0));
    },

    tanhBackward(size, y, dy, dx) {
      // dx = dy·(1 − y·y)
      const kernel = slopeOf(simd, 'tanhBackward', (one, y) => f32x4.sub(one, f32x4.mul(y, y)));
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
  };
}
