/** The hard sigmoid and the activation made of it, and the gradient of tanh. */
import type { Kernels } from '../kernels.ts';
import type { Local } from './assembler.ts';
import { relu } from './blocks.ts';
import type { Kernel, SimdCompiler } from './compiler.ts';
import { addresses, forEachElement } from './elementwise.ts';
import { slopeOf } from './elementwise-backward.ts';
import { f32x4, type Value, v128 } from './instructions.ts';

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

export function activationKernels(
  simd: SimdCompiler,
): Pick<
  Kernels,
  'hardSigmoidForward' | 'hardSigmoidBackward' | 'hardSwishForward' | 'hardSwishBackward' | 'tanhBackward'
> {
  const at = addresses(simd);

  return {
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

    tanhBackward(size, y, dy, dx) {
      // dx = dy·(1 − y·y)
      const kernel = slopeOf(simd, 'tanhBackward', (one, y) => f32x4.sub(one, f32x4.mul(y, y)));
      kernel(size, at(y, 0), at(dy, 0), at(dx, 0));
    },
  };
}
