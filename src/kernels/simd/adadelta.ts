/** Adadelta's step, four elements at once; bound by its roots and divisions. Never fused, so it gives the same bits in both modes. */
import type { Kernels } from '../kernels.ts';
import type { SimdCompiler } from './compiler.ts';
import { addresses, forEachElement } from './elementwise.ts';
import { f32x4, type Value } from './instructions.ts';

const { add, mul, div, sqrt, neg } = f32x4;

export function adadeltaKernels(simd: SimdCompiler): Pick<Kernels, 'adadelta'> {
  const at = addresses(simd);
  return {
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
  };
}
