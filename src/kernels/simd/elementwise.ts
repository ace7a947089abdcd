/**
 * Kernels that treat every element by itself: ReLU and its kin, dropout's backward pass, the sum of shards. All are bound
 * by memory. Sigmoid and tanh go forward in plain TypeScript: they are float64, which two lanes would hardly speed up.
 */
import type { Kernels } from '../kernels.ts';
import { plainInARow } from '../plain/common.ts';
import type { FunctionBuilder, Local } from './assembler.ts';
import { FLOAT, rectify, relu } from './blocks.ts';
import type { Kernel, SimdCompiler } from './compiler.ts';
import { f32x4, i16x8, i32, i32x4, type Value, v128 } from './instructions.ts';

/** How a loop over elements reads and writes: four at once, or one in lane 0. */
export interface Access {
  load(pointer: Value<'i32'>): Value<'v128'>;
  store(pointer: Value<'i32'>, value: Value<'v128'>): void;
  /** Bytes widened to 32-bit lanes. */
  loadBytes(pointer: Value<'i32'>): Value<'v128'>;
}

/** The address of an array's element `from`. */
export function addresses(simd: SimdCompiler): (array: ArrayBufferView, from: number) => number {
  return (array, from) => simd.address(array) + from * FLOAT;
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

/** kernel(count, x, y): y = operation(y, x) */
function inPlace(
  simd: SimdCompiler,
  key: string,
  operation: (y: Value<'v128'>, x: Value<'v128'>) => Value<'v128'>,
): Kernel {
  return simd.kernel(key, (module) =>
    module.func('kernel', { count: 'i32', x: 'i32', y: 'i32' }, (f, { count, x, y }) =>
      forEachElement(f, count, [x, y], [], ({ load, store }) => store(y, operation(load(y), load(x)))),
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

/**
 * Keras' ReLU: kernel(count, slope, threshold, max, x, from, to): to = x > threshold ? (x < max ? above : top) : below, the
 * three as `parts` has them of `from`.
 */
function clipped(
  simd: SimdCompiler,
  key: string,
  parts: (
    v: Value<'v128'>,
    slope: Value<'v128'>,
    threshold: Value<'v128'>,
    max: Value<'v128'>,
  ) => { above: Value<'v128'>; top: Value<'v128'>; below: Value<'v128'> },
): Kernel {
  const numbers = { count: 'i32', slope: 'f32', threshold: 'f32', max: 'f32' } as const;
  const signature = { ...numbers, x: 'i32', from: 'i32', to: 'i32' } as const;
  return simd.kernel(key, (module) =>
    module.func('kernel', signature, (f, { count, slope, threshold, max, x, from, to }) => {
      const [s, t, m] = [slope, threshold, max].map((number) => f.local('v128', f32x4.splat(number)));
      const [input, value, isNumber] = f.locals('v128', 3);
      // With slope 0 the lower part is +0 whatever is there: a mask of zeros.
      isNumber.set(f32x4.ne(s, v128.zero()));
      forEachElement(f, count, [x, from, to], [], ({ load, store }) => {
        input.set(load(x));
        value.set(load(from));
        const { above, top, below } = parts(value, s, t, m);
        const upper = v128.bitselect(above, top, f32x4.lt(input, m));
        store(to, v128.bitselect(upper, v128.and(below, isNumber), f32x4.gt(input, t)));
      });
    }),
  );
}

/** h = v > 0 ? (v < 1 ? v : 1) : +0 with v = slope·x + ½ */
function hardSigmoid(x: Value<'v128'>, slope: Value<'v128'>, one: Value<'v128'>): Value<'v128'> {
  const v = f32x4.add(f32x4.mul(slope, x), f32x4.splat(0.5));
  // pmin(1, r) = r < 1 ? r : 1; relu(v) isn't NaN.
  return f32x4.pmin(one, relu(v));
}

/** 0 < h < 1 ? value : +0 */
function where01(h: Value<'v128'>, one: Value<'v128'>, value: Value<'v128'>): Value<'v128'> {
  return v128.and(value, v128.and(f32x4.gt(h, v128.zero()), f32x4.lt(h, one)));
}

/** kernel(count, slope, a, b, to): to = body(a, b) for each element, with vectors of slope and of ones. */
function hard(
  simd: SimdCompiler,
  key: string,
  body: (
    a: Value<'v128'>,
    b: Value<'v128'>,
    slope: Value<'v128'>,
    one: Value<'v128'>,
    h: Local<'v128'>,
  ) => Value<'v128'>,
): Kernel {
  const signature = { count: 'i32', slope: 'f32', a: 'i32', b: 'i32', to: 'i32' } as const;
  return simd.kernel(key, (module) =>
    module.func('kernel', signature, (f, { count, slope, a, b, to }) => {
      const factor = f.local('v128', f32x4.splat(slope));
      const one = f.local('v128', f32x4.splat(1));
      const [first, second, h] = f.locals('v128', 3);
      forEachElement(f, count, [a, b, to], [], ({ load, store }) => {
        first.set(load(a));
        second.set(load(b));
        store(to, body(first, second, factor, one, h));
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
  | 'addBias'
  | 'addTo'
  | 'multiplyBy'
  | 'affine'
  | 'clippedReluForward'
  | 'clippedReluBackward'
  | 'hardSigmoidForward'
  | 'hardSigmoidBackward'
  | 'hardSwishForward'
  | 'hardSwishBackward'
  | 'sigmoidBackward'
  | 'tanhBackward'
  | 'dropoutBackward'
  | 'sumShards'
>;

export function elementwiseKernels(simd: SimdCompiler): ElementwiseKernels {
  const at = addresses(simd);

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

    addBias(M, N, b, rectifier, y) {
      const kernel = simd.kernel(`addBias ${N} ${rectifier}`, (module) =>
        module.func('kernel', { rows: 'i32', bias: 'i32', y: 'i32' }, (f, { rows, bias, y }) => {
          const [count, biasAt] = f.locals('i32', 2);
          // for each row: y = relu(y + b)
          f.while(rows, () => {
            count.set(N);
            biasAt.set(bias);
            forEachElement(f, count, [biasAt, y], [], ({ load, store }) =>
              store(y, rectify(f32x4.add(load(y), load(biasAt)), rectifier)),
            );
            rows.advance(-1);
          });
        }),
      );
      kernel(M, at(b, 0), at(y, 0));
    },

    addTo(size, x, y) {
      inPlace(simd, 'addTo', f32x4.add)(size, at(x, 0), at(y, 0));
    },

    multiplyBy(size, x, y) {
      inPlace(simd, 'multiplyBy', f32x4.mul)(size, at(x, 0), at(y, 0));
    },

    affine(size, x, scale, offset, y) {
      if (scale.length > 1) {
        plainInARow.affine(size, x, scale, offset, y);
        return;
      }
      const signature = { count: 'i32', scale: 'f32', offset: 'f32', x: 'i32', y: 'i32' } as const;
      const kernel = simd.kernel('affine', (module) =>
        module.func('kernel', signature, (f, { count, scale, offset, x, y }) => {
          const factor = f.local('v128', f32x4.splat(scale));
          const shift = f.local('v128', f32x4.splat(offset));
          // y = x·scale + offset
          forEachElement(f, count, [x, y], [], ({ load, store }) =>
            store(y, f32x4.add(f32x4.mul(load(x), factor), shift)),
          );
        }),
      );
      kernel(size, scale[0], offset[0], at(x, 0), at(y, 0));
    },

    clippedReluForward(size, x, slope, threshold, max, y) {
      const kernel = clipped(simd, 'clippedReluForward', (v, s, t, m) => ({
        ...{ above: v, top: m, below: f32x4.mul(s, f32x4.sub(v, t)) },
      }));
      kernel(size, slope, threshold, max, at(x, 0), at(x, 0), at(y, 0));
    },

    clippedReluBackward(size, x, dy, slope, threshold, max, dx) {
      const kernel = clipped(simd, 'clippedReluBackward', (v, s) => ({
        ...{ above: v, top: v128.zero(), below: f32x4.mul(s, v) },
      }));
      kernel(size, slope, threshold, max, at(x, 0), at(dy, 0), at(dx, 0));
    },

    hardSigmoidForward(size, x, slope, y) {
      const kernel = hard(simd, 'hardSigmoidForward', (v, _, s, one) => hardSigmoid(v, s, one));
      kernel(size, slope, at(x, 0), at(x, 0), at(y, 0));
    },

    hardSigmoidBackward(size, y, dy, slope, dx) {
      const kernel = hard(simd, 'hardSigmoidBackward', (h, d, s, one) => where01(h, one, f32x4.mul(s, d)));
      kernel(size, slope, at(y, 0), at(dy, 0), at(dx, 0));
    },

    hardSwishForward(size, x, y) {
      const kernel = hard(simd, 'hardSwishForward', (v, _, s, one) => f32x4.mul(v, hardSigmoid(v, s, one)));
      kernel(size, 1 / 6, at(x, 0), at(x, 0), at(y, 0));
    },

    hardSwishBackward(size, x, dy, dx) {
      // dx = dy·(h + (0 < h < 1 ? x/6 : +0)); h stays in its register
      const kernel = hard(simd, 'hardSwishBackward', (v, d, s, one, h) => {
        const first = f32x4.add(h.tee(hardSigmoid(v, s, one)), where01(h, one, f32x4.mul(s, v)));
        return f32x4.mul(d, first);
      });
      kernel(size, 1 / 6, at(x, 0), at(dy, 0), at(dx, 0));
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
