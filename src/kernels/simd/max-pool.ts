/** Max-pooling of windows by itself, lanes across channels. (Fused with a convolution: conv2d-forward.ts.) */
import type { PoolGeometry } from '../geometry.ts';
import type { Kernels } from '../kernels.ts';
import { plainInARow } from '../plain/common.ts';
import type { ModuleBuilder } from './assembler.ts';
import { emitFirstMaximum, FLOAT, overlappingBlocks } from './blocks.ts';
import type { SimdCompiler } from './compiler.ts';
import { i8x16, i16x8, i32, v128 } from './instructions.ts';
import { type PoolRegion, poolRegions, regionOffsets } from './pool-regions.ts';

/** Windows larger than this are left to the plain kernel: their code is written out position by position. */
export const MOST_POSITIONS = 16;

export function maxPoolKernels(simd: SimdCompiler): Pick<Kernels, 'maxPool2dForward'> {
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
  };
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
