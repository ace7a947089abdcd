/**
 * Max-pooling backward, of windows side by side; those that overlap are left to the plain kernel.
 *
 * Measured (Node 20, one thread, a busy machine, 8 samples, windows of 2×2, in turns): 0.04 to 0.08 of the plain kernel's time, from
 * 32×32×32 to 8×8×128.
 */
import { isWithinImage, type PoolGeometry } from '../geometry.ts';
import type { Kernels } from '../kernels.ts';
import type { ModuleBuilder } from './assembler.ts';
import { FLOAT, overlappingBlocks } from './blocks.ts';
import type { SimdCompiler } from './compiler.ts';
import { f32x4, i16x8, i32, i32x4, v128 } from './instructions.ts';
import { MOST_POSITIONS } from './max-pool.ts';

type BackwardKernel = Pick<Kernels, 'maxPool2dBackward'>;

/** @param plain for what is left to them */
export function maxPoolBackwardKernels(simd: SimdCompiler, plain: BackwardKernel): BackwardKernel {
  return {
    maxPool2dBackward(pool, N, dy, choice, dx) {
      const { H, W, C, KH, KW, OH, OW } = pool;
      if (C < 4 || !areApart(pool)) return plain.maxPool2dBackward(pool, N, dy, choice, dx);
      if (OH * KH < H || OW * KW < W) dx.fill(0, 0, N * H * W * C); // what no window reaches
      const kernel = simd.kernel(`maxPool2dBackward ${Object.values(pool)}`, (module) =>
        emitMaxPoolBackward(module, pool),
      );
      kernel(N, simd.address(dy), simd.address(choice), simd.address(dx));
    },
  };
}

/** Windows side by side within the image: no pixel has gradients of two. */
function areApart(pool: PoolGeometry): boolean {
  const { KH, KW, SH, SW } = pool;
  return SH === KH && SW === KW && KH * KW <= MOST_POSITIONS && isWithinImage(pool);
}

/** kernel(N, dy, choice, dx): dy, choice [N, OH, OW, C] → the windows' pixels of dx [N, H, W, C]. */
function emitMaxPoolBackward(module: ModuleBuilder, { H, W, C, KH, KW, OH, OW }: PoolGeometry): void {
  const signature = { samples: 'i32', dy: 'i32', choice: 'i32', dx: 'i32' } as const;
  module.func('kernel', signature, (f, { samples, dy, choice, dx }) => {
    const [row, column, channel, pixel] = f.locals('i32', 4);
    const [gradient, place] = f.locals('v128', 2);
    // for each sample, window: for each four channels: dx = the position is the chosen one ? +0 + dy : +0
    f.while(samples, () => {
      f.for(row, 0, OH, 1, () => {
        f.for(column, 0, OW, 1, () => {
          overlappingBlocks(f, channel, { count: C, size: 4, bytes: 1 }, () => {
            pixel.set(i32.add(dx, i32.shl(channel, 2)));
            gradient.set(f32x4.add(v128.zero(), v128.load(i32.add(dy, i32.shl(channel, 2)))));
            place.set(i32x4.extendLowU(i16x8.extendLowU(v128.load32Zero(i32.add(choice, channel)))));
            for (let p = 0; p < KH * KW; p++) {
              const offset = (Math.floor(p / KW) * W + (p % KW)) * C * FLOAT;
              f.store(pixel, offset, v128.and(gradient, i32x4.eq(place, i32x4.splat(p))));
            }
          });
          dy.advance(C * FLOAT);
          choice.advance(C);
          dx.advance(KW * C * FLOAT);
        });
        dx.advance((KH * W - OW * KW) * C * FLOAT);
      });
      dx.advance((H - OH * KH) * W * C * FLOAT);
      samples.advance(-1);
    });
  });
}
