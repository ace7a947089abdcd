/** Global max-pooling, lanes across channels. */
import type { Kernels } from '../kernels.ts';
import type { ModuleBuilder } from './assembler.ts';
import { FLOAT, overlappingBlocks } from './blocks.ts';
import type { SimdCompiler } from './compiler.ts';
import { f32x4, i16x8, i32, i32x4, v128 } from './instructions.ts';

type ForwardKernel = Pick<Kernels, 'globalMaxPoolForward'>;

/** @param plain for what is left to them */
export function globalMaxPoolKernels(simd: SimdCompiler, plain: ForwardKernel): ForwardKernel {
  return {
    globalMaxPoolForward(N, P, C, x, y, choice) {
      if (C < 4) return plain.globalMaxPoolForward(N, P, C, x, y, choice);
      const kernel = simd.kernel(`globalMaxPoolForward ${P} ${C}`, (module) =>
        emitGlobalMaxPool(module, P, C),
      );
      kernel(N, simd.address(x), simd.address(y), simd.address(choice));
    },
  };
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
