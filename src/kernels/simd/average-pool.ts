/** Average pooling, lanes across channels, one region of windows with the same pixels within the image at a time. */
import type { PoolGeometry } from '../geometry.ts';
import type { Kernels } from '../kernels.ts';
import type { FunctionBuilder, Local, ModuleBuilder } from './assembler.ts';
import { FLOAT, overlappingBlocks, VECTOR, zeroAll } from './blocks.ts';
import type { SimdCompiler } from './compiler.ts';
import { f32x4, i32, shuffle32, type Value, v128 } from './instructions.ts';
import { f64x2 } from './pair-instructions.ts';
import { type PoolRegion, poolRegions, regionOffsets } from './pool-regions.ts';

type AveragePoolKernels = Pick<Kernels, 'averagePool2dForward' | 'averagePool2dBackward'>;

/** @param plain for what is left to them */
export function averagePoolKernels(simd: SimdCompiler, plain: AveragePoolKernels): AveragePoolKernels {
  return {
    averagePool2dForward(pool, N, x, y) {
      if (pool.C < 4) return plain.averagePool2dForward(pool, N, x, y);
      for (const region of poolRegions(pool)) {
        const key = keyOf('averagePool2dForward', pool, region);
        const kernel = simd.kernel(key, (module) => emitForward(module, pool, region));
        const at = regionOffsets(pool, region);
        kernel(N, simd.address(x) + at.x * FLOAT, simd.address(y) + at.y * FLOAT);
      }
    },

    averagePool2dBackward(pool, N, dy, dx) {
      if (pool.C < 4) return plain.averagePool2dBackward(pool, N, dy, dx);
      const [inputs, outputs] = [pool.H * pool.W * pool.C, pool.OH * pool.OW * pool.C];
      const [dxAt, dyAt] = [simd.address(dx), simd.address(dy)];
      dx.fill(0, 0, N * inputs);
      // Windows add to what others share, (oh, ow) ascending: regions of several rows would be out of order, all but a single one.
      const whole = poolRegions(pool);
      const regions = whole.length === 1 ? whole : poolRegions(pool, true);
      for (let n = 0; n < N; n++) {
        for (const region of regions) {
          // Code doesn't depend on where a region is.
          const key = keyOf('averagePool2dBackward', pool, { ...region, row: 0, column: 0 });
          const kernel = simd.kernel(key, (module) => emitBackward(module, pool, region));
          const at = regionOffsets(pool, region);
          kernel(1, dxAt + (n * inputs + at.x) * FLOAT, dyAt + (n * outputs + at.y) * FLOAT);
        }
      }
    },
  };
}

function keyOf(name: string, pool: PoolGeometry, region: PoolRegion): string {
  return `${name} ${[...Object.values(pool), ...Object.values(region)]}`;
}

/** kernel(N, x, y): x [N, H, W, C] → y [N, OH, OW, C]. */
function emitForward(module: ModuleBuilder, pool: PoolGeometry, region: PoolRegion): void {
  const { C } = pool;
  module.func('kernel', { samples: 'i32', x: 'i32', y: 'i32' }, (f, { samples, x, y }) => {
    const channel = f.local('i32');
    const sums = f.locals('v128', 2);
    const count = f.local('v128', f64x2.splat(pixelsOf(region)));
    forEachWindow(f, pool, region, samples, x, y, (window, pixels) => {
      // for each four channels, in two pairs of float64: y = (Σ x) / count
      overlappingBlocks(f, channel, { count: C, size: 4, bytes: FLOAT }, () => {
        zeroAll(sums);
        pixels(i32.add(window, channel), (pixel) => {
          sums.forEach((sum, pair) => {
            sum.set(f64x2.add(sum, f64x2.promoteLow(v128.load64Zero(pixel, pair * 2 * FLOAT))));
          });
        });
        const [low, high] = sums.map((sum) => f64x2.demoteZero(f64x2.div(sum, count)));
        f.store(i32.add(y, channel), 0, shuffle32(low, high, [0, 1, 4, 5]));
      });
    });
  });
}

/** kernel(N, dx, dy): dy [N, OH, OW, C] is added to dx [N, H, W, C], a share to each pixel of a window. */
function emitBackward(module: ModuleBuilder, pool: PoolGeometry, region: PoolRegion): void {
  const { C } = pool;
  module.func('kernel', { samples: 'i32', dx: 'i32', dy: 'i32' }, (f, { samples, dx, dy }) => {
    const channel = f.local('i32');
    const share = f.local('v128');
    const count = f.local('v128', f32x4.splat(pixelsOf(region)));
    forEachWindow(f, pool, region, samples, dx, dy, (window, pixels) => {
      // for each four channels, and those that are left over one by one: dx = dx + dy / count
      const blocks = (C - (C % 4)) * FLOAT;
      f.for(channel, 0, blocks, VECTOR, () => {
        share.set(f32x4.div(v128.load(i32.add(dy, channel)), count));
        pixels(i32.add(window, channel), (pixel) => f.store(pixel, 0, f32x4.add(v128.load(pixel), share)));
      });
      if (C % 4 === 0) return;
      f.for(channel, blocks, C * FLOAT, FLOAT, () => {
        share.set(f32x4.div(v128.load32Zero(i32.add(dy, channel)), count));
        pixels(i32.add(window, channel), (pixel) =>
          f.storeLow(4, pixel, 0, f32x4.add(v128.load32Zero(pixel), share)),
        );
      });
    });
  });
}

/** Walks the pixels of a window, row by row, from the address of its first one on. */
type Pixels = (first: Value<'i32'>, body: (pixel: Local<'i32'>) => void) => void;

/** Pixels of a region's windows within the image. */
function pixelsOf({ khFrom, khTo, kwFrom, kwTo }: PoolRegion): number {
  return (khTo - khFrom) * (kwTo - kwFrom);
}

/** for each sample and window of the region: `image` is at the sample, `output` at the window's place in the output. */
function forEachWindow(
  f: FunctionBuilder,
  { H, W, C, SH, SW, OH, OW }: PoolGeometry,
  { rows, columns, khFrom, khTo, kwFrom, kwTo }: PoolRegion,
  samples: Local<'i32'>,
  image: Local<'i32'>,
  output: Local<'i32'>,
  body: (window: Local<'i32'>, pixels: Pixels) => void,
): void {
  const [row, column, rowAt, window, kh, kw, pixel] = f.locals('i32', 7);
  const width = kwTo - kwFrom;
  const pixels: Pixels = (first, each) => {
    pixel.set(first);
    f.for(kh, khFrom, khTo, 1, () => {
      f.for(kw, 0, width, 1, () => {
        each(pixel);
        pixel.advance(C * FLOAT);
      });
      pixel.advance((W - width) * C * FLOAT);
    });
  };
  f.while(samples, () => {
    rowAt.set(image);
    f.for(row, 0, rows, 1, () => {
      window.set(rowAt);
      f.for(column, 0, columns, 1, () => {
        body(window, pixels);
        window.advance(SW * C * FLOAT);
        output.advance(C * FLOAT);
      });
      rowAt.advance(SH * W * C * FLOAT);
      output.advance((OW - columns) * C * FLOAT);
    });
    image.advance(H * W * C * FLOAT);
    output.advance((OH - rows) * OW * C * FLOAT);
    samples.advance(-1);
  });
}
