/** Batch normalisation's sums and passes. */
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { check, type Subject, seeds } from './bench.ts';

const rowsOfChannels = fc.record({
  rows: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constant(70)),
  C: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(12, 16, 17)),
  seed: seeds,
});

export function describeNormalize(subject: Subject): void {
  describe('batch normalisation', () => {
    test('channelMoments: each channel’s mean, and its squared differences from that, in float64', () => {
      check(subject, rowsOfChannels, ({ rows, C }, bench) => {
        const x = bench.input(rows * C);
        const moments = subject.allocate('float64', 2 * C + 5).fill(99);
        bench.kernels.channelMoments(rows, C, x, moments);
        bench.expectWritten(moments, bench.reference.channelMoments(rows, C, x));
      });
    });

    test('channelSums: each channel’s sums of dy and of dy·(x − mean), in float64', () => {
      check(subject, rowsOfChannels, ({ rows, C }, bench) => {
        const [x, dy, mean] = [bench.input(rows * C), bench.input(rows * C), bench.input(C)];
        const sums = subject.allocate('float64', 2 * C + 5).fill(99);
        bench.kernels.channelSums(rows, C, x, dy, mean, sums);
        bench.expectWritten(sums, bench.reference.channelSums(rows, C, x, dy, mean));
      });
    });

    test.each([true, false, 0.5])('normalizeForward rounds after each operation; ReLU %s', (relu) => {
      check(subject, rowsOfChannels, ({ rows, C }, bench) => {
        const x = bench.input(rows * C);
        const [mean, scale, shift] = [bench.input(C), bench.input(C), bench.input(C)];
        const y = bench.output(rows * C);
        bench.kernels.normalizeForward(rows, C, x, mean, scale, shift, relu, y);
        bench.expectWritten(y, bench.reference.normalizeForward(x, mean, scale, shift, relu));
      });
    });

    test('normalizeBackward rounds after each operation', () => {
      check(subject, rowsOfChannels, ({ rows, C }, bench) => {
        const [x, dy] = [bench.input(rows * C), bench.input(rows * C)];
        const [mean, scale, a, b] = [bench.input(C), bench.input(C), bench.input(C), bench.input(C)];
        const dx = bench.output(rows * C);
        bench.kernels.normalizeBackward(rows, C, x, dy, mean, scale, a, b, dx);
        bench.expectWritten(dx, bench.reference.normalizeBackward(x, dy, mean, scale, a, b));
      });
    });
  });
}
