/** ReLU with a slope below zero, and with bounds. */
import type { Kernels } from '../kernels.ts';
import type { Kernel, SimdCompiler } from './compiler.ts';
import { addresses, forEachElement } from './elementwise.ts';
import { f32x4, type Value, v128 } from './instructions.ts';

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

export function leakyReluKernels(
  simd: SimdCompiler,
): Pick<Kernels, 'leakyReluForward' | 'leakyReluBackward'> {
  const at = addresses(simd);

  return {
    leakyReluForward(size, x, slope, y) {
      leaky(simd)(size, slope, at(x, 0), at(x, 0), at(y, 0));
    },

    leakyReluBackward(size, y, dy, slope, dx) {
      leaky(simd)(size, slope, at(y, 0), at(dy, 0), at(dx, 0));
    },
  };
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

export function clippedReluKernels(
  simd: SimdCompiler,
): Pick<Kernels, 'clippedReluForward' | 'clippedReluBackward'> {
  const at = addresses(simd);

  return {
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
  };
}
