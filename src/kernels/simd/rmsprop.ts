/** RMSprop's step, four elements at once; bound by memory. Never fused, so it gives the same bits in both modes. */
import type { Kernels } from '../kernels.ts';
import type { SimdCompiler } from './compiler.ts';
import { addresses, forEachElement } from './elementwise.ts';
import { f32x4, type Value } from './instructions.ts';

const { add, sub, mul, div, sqrt } = f32x4;

export function rmspropKernels(simd: SimdCompiler): Pick<Kernels, 'rmsprop'> {
  const at = addresses(simd);
  return {
    rmsprop(from, to, w, g, { velocity, average, momentum }, numbers) {
      // biome-ignore format: addresses, then numbers
      const signature = {
        count: 'i32', w: 'i32', g: 'i32', V: 'i32', A: 'i32', M: 'i32',
        learningRate: 'f32', rho: 'f32', share: 'f32', momentum: 'f32', epsilon: 'f32',
      } as const;
      const kernel = simd.kernel(`rmsprop ${average !== null} ${momentum !== null}`, (module) =>
        module.func('kernel', signature, (f, p) => {
          const { count, w, g, V, A, M } = p;
          const lr = f.local('v128', f32x4.splat(p.learningRate));
          const decay = f.local('v128', f32x4.splat(p.rho));
          const share = f.local('v128', f32x4.splat(p.share));
          const along = f.local('v128', f32x4.splat(p.momentum));
          const eps = f.local('v128', f32x4.splat(p.epsilon));
          const gradient = f.local('v128');
          const below = f.local('v128');
          const mean = f.local('v128');
          const step = f.local('v128');
          /** ρ·mean + (1−ρ)·value */
          const running = (mean: Value<'v128'>, value: Value<'v128'>) =>
            add(mul(decay, mean), mul(share, value));
          const kept = [V, ...(average ? [A] : []), ...(momentum ? [M] : [])];
          forEachElement(f, count, [w, g, ...kept], [], ({ load, store }) => {
            gradient.set(load(g));
            // V = ρ·V + (1−ρ)·g²
            below.set(running(load(V), mul(gradient, gradient)));
            store(V, below);
            if (average) {
              // A = ρ·A + (1−ρ)·g;  V − A²
              mean.set(running(load(A), gradient));
              store(A, mean);
              below.set(sub(below, mul(mean, mean)));
            }
            // s = (lr·g)/√(… + ε)
            step.set(div(mul(lr, gradient), sqrt(add(below, eps))));
            if (momentum) {
              // M = momentum·M + s
              step.set(add(mul(along, load(M)), step));
              store(M, step);
            }
            store(w, sub(load(w), step));
          });
        }),
      );
      const { learningRate, rho, momentum: along, epsilon } = numbers;
      const slots = [velocity, average, momentum].map((slot) => (slot ? at(slot, from) : 0));
      // 1 − ρ is rounded once, from float64.
      kernel(to - from, at(w, from), at(g, from), ...slots, learningRate, rho, 1 - rho, along, epsilon);
    },
  };
}
