/**
 * Batch normalisation's passes over the activations, lanes across channels, row by row. The sums that come before them: channel-sums.ts.
 */
import type { Kernels } from '../kernels.ts';
import type { FunctionBuilder, Local } from './assembler.ts';
import { rectify } from './blocks.ts';
import type { SimdCompiler } from './compiler.ts';
import { type Access, forEachElement } from './elementwise.ts';
import { f32x4 } from './instructions.ts';

type NormalizeKernels = Pick<Kernels, 'normalizeForward' | 'normalizeBackward'>;

export function normalizeKernels(simd: SimdCompiler): NormalizeKernels {
  return {
    normalizeForward(rows, C, x, mean, scale, shift, relu, y) {
      const coefficients = { mean: 'i32', scale: 'i32', shift: 'i32' } as const;
      const signature = { rows: 'i32', x: 'i32', ...coefficients, y: 'i32' } as const;
      const kernel = simd.kernel(`normalizeForward ${C} ${relu}`, (module) =>
        module.func('kernel', signature, (f, { rows, x, mean, scale, shift, y }) => {
          // y = tail((x − mean)·scale + shift)
          forEachRow(f, rows, C, [mean, scale, shift], [x, y], ([mean, scale, shift], { load, store }) => {
            const v = f32x4.add(f32x4.mul(f32x4.sub(load(x), load(mean)), load(scale)), load(shift));
            store(y, rectify(v, relu));
          });
        }),
      );
      const [xAt, meanAt, scaleAt, shiftAt, yAt] = [x, mean, scale, shift, y].map((a) => simd.address(a));
      kernel(rows, xAt, meanAt, scaleAt, shiftAt, yAt);
    },

    normalizeBackward(rows, C, x, dy, mean, scale, a, b, dx) {
      const coefficients = { mean: 'i32', scale: 'i32', a: 'i32', b: 'i32' } as const;
      const signature = { rows: 'i32', x: 'i32', dy: 'i32', ...coefficients, dx: 'i32' } as const;
      const kernel = simd.kernel(`normalizeBackward ${C}`, (module) =>
        module.func('kernel', signature, (f, { rows, x, dy, mean, scale, a, b, dx }) => {
          // dx = scale·((dy − a) − (x − mean)·b)
          forEachRow(f, rows, C, [mean, scale, a, b], [x, dy, dx], ([mean, scale, a, b], { load, store }) => {
            const centred = f32x4.mul(f32x4.sub(load(x), load(mean)), load(b));
            store(dx, f32x4.mul(load(scale), f32x4.sub(f32x4.sub(load(dy), load(a)), centred)));
          });
        }),
      );
      const [xAt, dyAt, meanAt, scaleAt] = [x, dy, mean, scale].map((array) => simd.address(array));
      kernel(rows, xAt, dyAt, meanAt, scaleAt, simd.address(a), simd.address(b), simd.address(dx));
    },
  };
}

/** For each row of C elements: `body`, with `channels` from the row's first channel on; `pointers` continue from row to row. */
function forEachRow(
  f: FunctionBuilder,
  rows: Local<'i32'>,
  C: number,
  channels: readonly Local<'i32'>[],
  pointers: readonly Local<'i32'>[],
  body: (channels: readonly Local<'i32'>[], access: Access) => void,
): void {
  const count = f.local('i32');
  const own = f.locals('i32', channels.length);
  f.while(rows, () => {
    count.set(C);
    for (const [i, channel] of own.entries()) channel.set(channels[i]);
    forEachElement(f, count, [...own, ...pointers], [], (access) => body(own, access));
    rows.advance(-1);
  });
}
