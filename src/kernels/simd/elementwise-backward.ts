/** Gradients of single elements, and the sum of shards: what most networks need of that in training. */
import type { Kernels } from '../kernels.ts';
import { FLOAT } from './blocks.ts';
import type { Kernel, SimdCompiler } from './compiler.ts';
import { addresses, forEachElement } from './elementwise.ts';
import { f32x4, type Value, v128 } from './instructions.ts';

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

/** kernel(count, y, dy, dx): dx = dy·slope(y), the derivative being a function of the output only. */
export function slopeOf(
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

export function elementwiseBackwardKernels(
  simd: SimdCompiler,
): Pick<Kernels, 'reluBackward' | 'sigmoidBackward' | 'sumShards'> {
  const at = addresses(simd);

  return {
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

    sigmoidBackward(size, y, dy, dx) {
      // dx = dy·(y·(1 − y))
      const kernel = slopeOf(simd, 'sigmoidBackward', (one, y) => f32x4.mul(y, f32x4.sub(one, y)));
      kernel(size, at(y, 0), at(dy, 0), at(dx, 0));
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
