/**
 * Kernels that treat every element by itself: how they walk, and those that most networks need. All are bound by memory. Sigmoid and tanh go
 * forward in plain TypeScript: they are float64, which two lanes would hardly speed up.
 */
import type { Kernels } from '../kernels.ts';
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

/** kernel(count, x, y): y = operation(y, x) */
export function inPlace(
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

export function elementwiseKernels(simd: SimdCompiler): Pick<Kernels, 'reluForward' | 'addBias' | 'addTo'> {
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
  };
}
