/** Average pooling without padding, lanes across channels. Windows over the edge are left to the plain kernels. */
import type { AveragePoolGeometry } from '../geometry.ts';
import type { Kernels } from '../kernels.ts';
import { plainKernels } from '../plain/index.ts';
import type { FunctionBuilder, Local, ModuleBuilder } from './assembler.ts';
import { FLOAT, overlappingBlocks, VECTOR } from './blocks.ts';
import type { SimdCompiler } from './compiler.ts';
import { f32x4, i32, type Value, v128 } from './instructions.ts';

type AveragePoolKernels = Pick<Kernels, 'averagePool2dForward' | 'averagePool2dBackward'>;

export function averagePoolKernels(simd: SimdCompiler): AveragePoolKernels {
  return {
    averagePool2dForward(pool, N, x, y) {
      if (!isSuitable(pool)) return plainKernels.averagePool2dForward(pool, N, x, y);
      const kernel = simd.kernel(keyOf('averagePool2dForward', pool), (module) => emitForward(module, pool));
      kernel(N, simd.address(x), simd.address(y));
    },

    averagePool2dBackward(pool, N, dy, dx) {
      if (!isSuitable(pool)) return plainKernels.averagePool2dBackward(pool, N, dy, dx);
      const kernel = simd.kernel(keyOf('averagePool2dBackward', pool), (module) =>
        emitBackward(module, pool),
      );
      dx.fill(0, 0, N * pool.H * pool.W * pool.C);
      kernel(N, simd.address(dx), simd.address(dy));
    },
  };
}

/** Every window lies within the image, and there are channels for four lanes. */
function isSuitable({ H, W, C, KH, KW, SH, SW, OH, OW, padTop, padLeft }: AveragePoolGeometry): boolean {
  return C >= 4 && padTop === 0 && padLeft === 0 && (OH - 1) * SH + KH <= H && (OW - 1) * SW + KW <= W;
}

function keyOf(name: string, { H, W, C, KH, KW, SH, SW, OH, OW }: AveragePoolGeometry): string {
  return `${name} ${[H, W, C, KH, KW, SH, SW, OH, OW]}`;
}

/** kernel(N, x, y): x [N, H, W, C] → y [N, OH, OW, C]. */
function emitForward(module: ModuleBuilder, pool: AveragePoolGeometry): void {
  const { C } = pool;
  module.func('kernel', { samples: 'i32', x: 'i32', y: 'i32' }, (f, { samples, x, y }) => {
    const channel = f.local('i32');
    const sum = f.local('v128');
    const count = f.local('v128', f32x4.splat(pool.KH * pool.KW));
    forEachWindow(f, pool, samples, x, y, (window, pixels) => {
      // for each four channels: y = (Σ x) / count
      overlappingBlocks(f, channel, { count: C, size: 4, bytes: FLOAT }, () => {
        sum.set(v128.zero());
        pixels(i32.add(window, channel), (pixel) => sum.set(f32x4.add(sum, v128.load(pixel))));
        f.store(i32.add(y, channel), 0, f32x4.div(sum, count));
      });
    });
  });
}

/** kernel(N, dx, dy): dy [N, OH, OW, C] is added to dx [N, H, W, C], a share to each pixel of a window. */
function emitBackward(module: ModuleBuilder, pool: AveragePoolGeometry): void {
  const { C } = pool;
  module.func('kernel', { samples: 'i32', dx: 'i32', dy: 'i32' }, (f, { samples, dx, dy }) => {
    const channel = f.local('i32');
    const share = f.local('v128');
    const count = f.local('v128', f32x4.splat(pool.KH * pool.KW));
    forEachWindow(f, pool, samples, dx, dy, (window, pixels) => {
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

/** for each sample and window: `image` stands at the sample, `output` at the window's place in the output. */
function forEachWindow(
  f: FunctionBuilder,
  { H, W, C, KH, KW, SH, SW, OH, OW }: AveragePoolGeometry,
  samples: Local<'i32'>,
  image: Local<'i32'>,
  output: Local<'i32'>,
  body: (window: Local<'i32'>, pixels: Pixels) => void,
): void {
  const [row, column, rowAt, window, kh, kw, pixel] = f.locals('i32', 7);
  const pixels: Pixels = (first, each) => {
    pixel.set(first);
    f.for(kh, 0, KH, 1, () => {
      f.for(kw, 0, KW, 1, () => {
        each(pixel);
        pixel.advance(C * FLOAT);
      });
      pixel.advance((W - KW) * C * FLOAT);
    });
  };
  f.while(samples, () => {
    rowAt.set(image);
    f.for(row, 0, OH, 1, () => {
      window.set(rowAt);
      f.for(column, 0, OW, 1, () => {
        body(window, pixels);
        window.advance(SW * C * FLOAT);
        output.advance(C * FLOAT);
      });
      rowAt.advance(SH * W * C * FLOAT);
    });
    image.advance(H * W * C * FLOAT);
    samples.advance(-1);
  });
}
