/**
 * Max-pooling by itself, lanes across channels: forward of windows and global, backward of windows side by side. (Fused with a convolution:
 * conv2d-forward.ts.)
 *
 * Measured (Node 20, one thread, a busy machine, 8 samples, windows of 2×2, in turns): backward takes 0.04 to 0.08 of the plain kernel's
 * time, from 32×32×32 to 8×8×128. Windows that overlap are left to that.
 */
import { isWithinImage, type PoolGeometry } from '../geometry.ts';
import type { Kernels } from '../kernels.ts';
import { plainInARow } from '../plain/common.ts';
import type { ModuleBuilder } from './assembler.ts';
import { emitFirstMaximum, FLOAT, overlappingBlocks } from './blocks.ts';
import type { SimdCompiler } from './compiler.ts';
import { f32x4, i8x16, i16x8, i32, i32x4, v128 } from './instructions.ts';
import { type PoolRegion, poolRegions, regionOffsets } from './pool-regions.ts';

/** Windows larger than this are left to the plain kernel: their code is written out position by position. */
const MOST_POSITIONS = 16;

export function maxPoolKernels(
  simd: SimdCompiler,
): Pick<Kernels, 'maxPool2dForward' | 'maxPool2dBackward' | 'globalMaxPoolForward'> {
  return {
    maxPool2dForward(pool, N, x, y, choice) {
      if (pool.C < 4 || pool.KH * pool.KW > MOST_POSITIONS) {
        return plainInARow.maxPool2dForward(pool, N, x, y, choice);
      }
      const [xAt, yAt, choiceAt] = [simd.address(x), simd.address(y), simd.address(choice)];
      for (const region of poolRegions(pool)) {
        const key = [...Object.values(pool), ...Object.values(region)];
        const kernel = simd.kernel(`maxPool2dForward ${key}`, (module) => emitMaxPool(module, pool, region));
        const at = regionOffsets(pool, region);
        kernel(N, xAt + at.x * FLOAT, yAt + at.y * FLOAT, choiceAt + at.y);
      }
    },

    maxPool2dBackward(pool, N, dy, choice, dx) {
      const { H, W, C, KH, KW, OH, OW } = pool;
      if (C < 4 || !areApart(pool)) return plainInARow.maxPool2dBackward(pool, N, dy, choice, dx);
      if (OH * KH < H || OW * KW < W) dx.fill(0, 0, N * H * W * C); // what no window reaches
      const kernel = simd.kernel(`maxPool2dBackward ${Object.values(pool)}`, (module) =>
        emitMaxPoolBackward(module, pool),
      );
      kernel(N, simd.address(dy), simd.address(choice), simd.address(dx));
    },

    globalMaxPoolForward(N, P, C, x, y, choice) {
      if (C < 4) return plainInARow.globalMaxPoolForward(N, P, C, x, y, choice);
      const kernel = simd.kernel(`globalMaxPoolForward ${P} ${C}`, (module) =>
        emitGlobalMaxPool(module, P, C),
      );
      kernel(N, simd.address(x), simd.address(y), simd.address(choice));
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

/** kernel(N, x, y, choice): x [N, P, C] → y [N, C], choice [N, C] as 16-bit numbers, the low byte first. */
function emitGlobalMaxPool(module: ModuleBuilder, P: number, C: number): void {
  module.func(
    'kernel',
    { samples: 'i32', x: 'i32', y: 'i32', choice: 'i32' },
    (f, { samples, x, y, choice }) => {
      const [channel, pixel, p] = f.locals('i32', 3);
      const [best, better, value, position] = f.locals('v128', 4);
      // for each sample, each four channels
      f.while(samples, () => {
        overlappingBlocks(f, channel, { count: C, size: 4, bytes: FLOAT }, () => {
          pixel.set(i32.add(x, channel));
          best.set(v128.load(pixel));
          position.set(v128.zero());
          f.for(p, 1, P, 1, () => {
            pixel.advance(C * FLOAT);
            value.set(v128.load(pixel));
            // better = !(best ≥ value) && best is a number: the first maximum, or the first NaN
            better.set(v128.andnot(f32x4.eq(best, best), f32x4.ge(best, value)));
            best.set(v128.bitselect(value, best, better));
            position.set(v128.bitselect(i32x4.splat(p), position, better));
          });
          f.store(i32.add(y, channel), 0, best);
          const places = i16x8.narrowUnsigned(position, position);
          f.storeLow(8, i32.add(choice, i32.shrU(channel, 1)), 0, places);
        });
        x.advance(P * C * FLOAT);
        y.advance(C * FLOAT);
        choice.advance(2 * C);
        samples.advance(-1);
      });
    },
  );
}

/** kernel(N, x, y, choice): x [N, H, W, C] → y, choice [N, OH, OW, C], the outputs of one region; addresses are its first's. */
function emitMaxPool(module: ModuleBuilder, pool: PoolGeometry, region: PoolRegion): void {
  const { H, W, C, KW, SH, SW, OH, OW } = pool;
  const { rows, columns, khFrom, khTo, kwFrom, kwTo } = region;
  module.func(
    'kernel',
    { samples: 'i32', x: 'i32', y: 'i32', choice: 'i32' },
    (f, { samples, x, y, choice }) => {
      const [row, column, channel, xRow, xPixel] = f.locals('i32', 5);
      const [best, better, value, position] = f.locals('v128', 4);
      // for each sample, window: for each four channels
      f.while(samples, () => {
        xRow.set(x);
        f.for(row, 0, rows, 1, () => {
          xPixel.set(xRow);
          f.for(column, 0, columns, 1, () => {
            overlappingBlocks(f, channel, { count: C, size: 4, bytes: 1 }, () => {
              const window = i32.add(xPixel, i32.shl(channel, 2));
              const values = [];
              const places = [];
              for (let kh = khFrom; kh < khTo; kh++) {
                for (let kw = kwFrom; kw < kwTo; kw++) {
                  values.push(v128.load(window, ((kh - khFrom) * W + kw - kwFrom) * C * FLOAT));
                  places.push(kh * KW + kw);
                }
              }
              emitFirstMaximum(values, { best, better, value, position }, places);
              f.store(i32.add(y, i32.shl(channel, 2)), 0, best);
              const words = i16x8.narrow(position, position);
              f.storeLow(4, i32.add(choice, channel), 0, i8x16.narrow(words, words));
            });
            xPixel.advance(SW * C * FLOAT);
            y.advance(C * FLOAT);
            choice.advance(C);
          });
          xRow.advance(SH * W * C * FLOAT);
          y.advance((OW - columns) * C * FLOAT);
          choice.advance((OW - columns) * C);
        });
        x.advance(H * W * C * FLOAT);
        y.advance((OH - rows) * OW * C * FLOAT);
        choice.advance((OH - rows) * OW * C);
        samples.advance(-1);
      });
    },
  );
}
