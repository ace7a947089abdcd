/** Adam's step, four elements at once; bound by its root and division. Never fused, so it gives the same bits in both modes. */
import type { Kernels } from '../kernels.ts';
import type { SimdCompiler } from './compiler.ts';
import { addresses, forEachElement } from './elementwise.ts';
import { f32x4, type Value } from './instructions.ts';

const { add, sub, mul, div, sqrt } = f32x4;

export function adamKernels(simd: SimdCompiler): Pick<Kernels, 'adam'> {
  const at = addresses(simd);
  return {
    adam(from, to, w, g, m, v, rate, beta1, beta2, epsilon, peak = null) {
      // biome-ignore format: addresses, then numbers
      const signature = {
        count: 'i32', w: 'i32', g: 'i32', m: 'i32', v: 'i32', peak: 'i32',
        rate: 'f32', share1: 'f32', share2: 'f32', epsilon: 'f32',
      } as const;
      const kernel = simd.kernel(peak ? 'amsgrad' : 'adam', (module) =>
        module.func('kernel', signature, (f, p) => {
          const { count, w, g, m, v } = p;
          const alpha = f.local('v128', f32x4.splat(p.rate));
          const share1 = f.local('v128', f32x4.splat(p.share1));
          const share2 = f.local('v128', f32x4.splat(p.share2));
          const eps = f.local('v128', f32x4.splat(p.epsilon));
          const gradient = f.local('v128');
          const mean = f.local('v128');
          const square = f.local('v128');
          /** mean + share·(value − mean) */
          const running = (mean: Value<'v128'>, share: Value<'v128'>, value: Value<'v128'>) =>
            add(mean, mul(share, sub(value, mean)));
          forEachElement(f, count, peak ? [w, g, m, v, p.peak] : [w, g, m, v], [], ({ load, store }) => {
            gradient.set(load(g));
            mean.set(load(m));
            mean.set(running(mean, share1, gradient));
            store(m, mean);
            square.set(load(v));
            square.set(running(square, share2, mul(gradient, gradient)));
            store(v, square);
            if (peak) {
              square.set(f32x4.pmax(load(p.peak), square));
              store(p.peak, square);
            }
            // w = w − (rate·m)/(√v + ε)
            store(w, sub(load(w), div(mul(alpha, mean), add(sqrt(square), eps))));
          });
        }),
      );
      // 1 − β is rounded once, from float64.
      const shares = [1 - beta1, 1 - beta2];
      kernel(
        to - from,
        at(w, from),
        at(g, from),
        at(m, from),
        at(v, from),
        peak ? at(peak, from) : 0,
        rate,
        ...shares,
        epsilon,
      );
    },
  };
}
