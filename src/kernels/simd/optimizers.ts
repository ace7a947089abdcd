/**
 * The optimizers' steps, four elements at once. Never fused: they give the same bits in both modes. Adadelta and Adam are
 * bound by their roots and divisions, the others by memory.
 */
import type { Kernels } from '../kernels.ts';
import { FLOAT } from './blocks.ts';
import type { SimdCompiler } from './compiler.ts';
import { forEachElement } from './elementwise.ts';
import { f32x4, type Value } from './instructions.ts';

const { add, sub, mul, div, sqrt, neg } = f32x4;

/** The address of element `from`. */
function addresses(simd: SimdCompiler): (array: ArrayBufferView, from: number) => number {
  return (array, from) => simd.address(array) + from * FLOAT;
}

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

export function adamKernels(simd: SimdCompiler): Pick<Kernels, 'adam'> {
  const at = addresses(simd);
  return {
    adam(from, to, w, g, m, v, rate, beta1, beta2, epsilon) {
      // biome-ignore format: addresses, then numbers
      const signature = {
        count: 'i32', w: 'i32', g: 'i32', m: 'i32', v: 'i32',
        rate: 'f32', share1: 'f32', share2: 'f32', epsilon: 'f32',
      } as const;
      const kernel = simd.kernel('adam', (module) =>
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
          forEachElement(f, count, [w, g, m, v], [], ({ load, store }) => {
            gradient.set(load(g));
            mean.set(load(m));
            mean.set(running(mean, share1, gradient));
            store(m, mean);
            square.set(load(v));
            square.set(running(square, share2, mul(gradient, gradient)));
            store(v, square);
            // w = w − (rate·m)/(√v + ε)
            store(w, sub(load(w), div(mul(alpha, mean), add(sqrt(square), eps))));
          });
        }),
      );
      // 1 − β is rounded once, from float64.
      const shares = [1 - beta1, 1 - beta2];
      kernel(to - from, at(w, from), at(g, from), at(m, from), at(v, from), rate, ...shares, epsilon);
    },
  };
}

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
