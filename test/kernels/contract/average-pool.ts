/** Average pooling, and global max-pooling. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Padding, poolGeometry } from '../../../src/kernels/geometry.ts';
import { check, type Subject, seeds } from './bench.ts';
import { channels, upTo } from './shapes.ts';

/** Windows that overlap, touch, leave gaps, reach over the edges, and are the whole image. */
const cases = fc
  .tuple(upTo(8), upTo(8), channels, fc.constantFrom<Padding>('valid', 'same'))
  .chain(([H, W, C, padding]) =>
    fc.record({
      N: upTo(3),
      seed: seeds,
      pool: fc
        .tuple(
          fc.oneof(upTo(Math.min(H, 3)), fc.constant(H)),
          fc.oneof(upTo(Math.min(W, 3)), fc.constant(W)),
          upTo(3),
          upTo(3),
        )
        .map(([KH, KW, SH, SW]) => poolGeometry([H, W, C], [KH, KW], [SH, SW], padding)),
    }),
  );

/** More than 256 pixels now and then: the place then needs its second byte. */
const globals = fc.record({
  N: upTo(3),
  P: fc.oneof(upTo(40), fc.constantFrom(256, 257, 300)),
  C: channels,
  seed: seeds,
});

export function describeAveragePool(subject: Subject): void {
  describe('averagePool2d', () => {
    test('forward divides the sum of a window by the number of its pixels within the image', () => {
      check(subject, cases, ({ N, pool }, bench) => {
        const x = bench.input(N * pool.H * pool.W * pool.C);
        const y = bench.output(N * pool.OH * pool.OW * pool.C);
        bench.kernels.averagePool2dForward(pool, N, x, y);
        bench.expectWritten(y, bench.reference.averagePool2dForward(pool, N, x));
      });
    });

    test('backward adds a share of each gradient to every pixel of its window, (oh, ow) ascending', () => {
      check(subject, cases, ({ N, pool }, bench) => {
        const dy = bench.input(N * pool.OH * pool.OW * pool.C);
        const dx = bench.output(N * pool.H * pool.W * pool.C);
        bench.kernels.averagePool2dBackward(pool, N, dy, dx);
        bench.expectWritten(dx, bench.reference.averagePool2dBackward(pool, N, dy));
      });
    });

    test('backward keeps that order where windows of several rows and columns share pixels', () => {
      const shared = fc.record({ N: fc.constant(2), seed: seeds });
      check(
        subject,
        shared,
        ({ N }, bench) => {
          const pool = poolGeometry([6, 7, 5], [3, 3], [1, 1], 'same');
          const dy = bench.input(N * pool.OH * pool.OW * pool.C);
          const dx = bench.output(N * pool.H * pool.W * pool.C);
          bench.kernels.averagePool2dBackward(pool, N, dy, dx);
          bench.expectWritten(dx, bench.reference.averagePool2dBackward(pool, N, dy));
        },
        { runs: 1 },
      );
    });

    test('a corner of padding same counts its four pixels, not nine', () => {
      check(
        subject,
        cases,
        (_, bench) => {
          const pool = poolGeometry([3, 3, 1], [3, 3], [1, 1], 'same');
          const y = bench.output(9);
          bench.kernels.averagePool2dForward(pool, 1, bench.copy([1, 2, 3, 4, 5, 6, 7, 8, 9]), y);
          expect([y[0], y[1], y[4]]).toEqual([3, 3.5, 5]);
        },
        { runs: 1 },
      );
    });
  });

  describe('globalMaxPool', () => {
    test('forward takes the first maximum of each channel, the first NaN before all, and says where', () => {
      check(subject, globals, ({ N, P, C, seed }, bench) => {
        const x = bench.input(N * P * C, 0.4);
        if (seed % 3 === 0) for (let i = 0; i < x.length; i += 5) x[i] = [NaN, -Infinity, Infinity][i % 3];
        const y = bench.output(N * C);
        const choice = bench.byteOutput(N * C * 2);
        bench.kernels.globalMaxPoolForward(N, P, C, x, y, choice);
        const expected = bench.reference.globalMaxPoolForward(N, P, C, x);
        bench.expectWritten(y, expected.y);
        bench.expectWritten(choice, expected.choice);
      });
    });

    test('forward tells places beyond 32767, the largest signed 16-bit number', () => {
      const far = fc.constant({ seed: 1 });
      check(
        subject,
        far,
        (_, bench) => {
          const [P, C] = [40000, 5];
          const x = bench.copy(new Float32Array(P * C));
          x[39999 * C + 2] = 1;
          const [y, choice] = [bench.output(C), bench.byteOutput(2 * C)];
          bench.kernels.globalMaxPoolForward(1, P, C, x, y, choice);
          expect([y[2], choice[4] + 256 * choice[5]]).toEqual([1, 39999]);
        },
        { runs: 1 },
      );
    });

    test('backward hands each gradient to the chosen pixel, and +0 to the others', () => {
      check(subject, globals, ({ N, P, C }, bench) => {
        const { choice: chosen, places } = bench.reference.globalMaxPoolForward(
          N,
          P,
          C,
          bench.input(N * P * C),
        );
        const dy = bench.input(N * C);
        const choice = bench.byteOutput(chosen.length);
        choice.set(chosen);
        const dx = bench.output(N * P * C);
        bench.kernels.globalMaxPoolBackward(N, P, C, dy, choice, dx);
        bench.expectWritten(dx, bench.reference.globalMaxPoolBackward(N, P, C, dy, places));
      });
    });
  });
}
