/** Gradient descent's steps, four elements at once; bound by memory. Never fused, so they give the same bits in both modes. */
import type { Kernels } from '../kernels.ts';
import type { SimdCompiler } from './compiler.ts';
import { addresses, forEachElement } from './elementwise.ts';
import { f32x4 } from './instructions.ts';

const { add, sub, mul } = f32x4;

export function sgdKernels(simd: SimdCompiler): Pick<Kernels, 'sgd' | 'sgdMomentum'> {
  const at = addresses(simd);
  return {
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

    sgdMomentum(from, to, w, g, v, learningRate, momentum, nesterov) {
      // biome-ignore format: addresses, then numbers
      const signature = {
        count: 'i32', w: 'i32', g: 'i32', v: 'i32', learningRate: 'f32', momentum: 'f32',
      } as const;
      const kernel = simd.kernel(`sgdMomentum ${nesterov}`, (module) =>
        module.func('kernel', signature, (f, { count, w, g, v, learningRate, momentum }) => {
          const lr = f.local('v128', f32x4.splat(learningRate));
          const decay = f.local('v128', f32x4.splat(momentum));
          const step = f.local('v128');
          const velocity = f.local('v128');
          forEachElement(f, count, [w, g, v], [], ({ load, store }) => {
            // v = momentum·v − lr·g
            step.set(mul(lr, load(g)));
            velocity.set(sub(mul(decay, load(v)), step));
            store(v, velocity);
            // w = w + v, or (w + momentum·v) − lr·g
            store(w, nesterov ? sub(add(load(w), mul(decay, velocity)), step) : add(load(w), velocity));
          });
        }),
      );
      kernel(to - from, at(w, from), at(g, from), at(v, from), learningRate, momentum);
    },
  };
}
