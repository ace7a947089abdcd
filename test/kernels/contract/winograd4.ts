/** Convolution by Winograd's F(4×4, 3×3). */
import { describe, test } from 'vitest';
import { type PoolGeometry, poolGeometry } from '../../../src/kernels/geometry.ts';
import type { FloatArray } from '../../../src/tensor/tensor.ts';
import { expectClose } from '../../matchers.ts';
import { type Bench, check, type Subject } from './bench.ts';
import { inputSize, outputSize } from './conv2d.ts';
import { type ConvPoolCase, winogradCases } from './shapes.ts';
import { almostOneColour } from './winograd.ts';

/** x, u and b, and w that u was made of. */
function inputs(bench: Bench, { N, g }: ConvPoolCase) {
  const x = bench.input(N * inputSize(g));
  const w = bench.input(g.K * g.OC);
  const b = bench.copy(bench.input(g.OC).map((v) => v - 0.5));
  const u = bench.output(bench.kernels.winogradFilterSize(g, 4));
  bench.kernels.winogradFilters(g, 4, w, u);
  return { x, w, b, u };
}

/** Its output, from scratch full of NaN. */
function run(
  bench: Bench,
  { N, g }: ConvPoolCase,
  pool: PoolGeometry | null,
  relu: boolean | number,
  { x, u, b }: Record<'x' | 'u' | 'b', FloatArray>,
): FloatArray {
  const y = bench.output(N * (pool ? pool.OH * pool.OW * pool.C : outputSize(g)));
  const scratch = bench.scratch(bench.kernels.winograd4Scratch(g, pool));
  bench.kernels.winograd4Forward(g, pool, N, x, u, b, relu, y, scratch);
  return y;
}

export function describeWinograd4(subject: Subject): void {
  describe('Winograd F(4×4, 3×3)', () => {
    test.each([true, false, 0.5])('forward has the bits of its definition; ReLU %s', (relu) => {
      check(
        subject,
        winogradCases,
        (p, bench) => {
          const given = inputs(bench, p);
          const expected = bench.reference.winograd4Forward(p.g, p.N, given.x, given.w, given.b, relu);
          bench.expectWritten(run(bench, p, null, relu, given), expected);
        },
        { runs: 10 },
      );
    });

    test('forward has the bits of its definition where an image has hardly more than one colour', () => {
      check(subject, winogradCases, (p, bench) => {
        const given = { ...inputs(bench, p), x: almostOneColour(bench, p) };
        const expected = bench.reference.winograd4Forward(p.g, p.N, given.x, given.w, given.b, false);
        bench.expectWritten(run(bench, p, null, false, given), expected);
      });
    });

    test.each([true, false])('with pooling it equals forward, then pooling; ReLU %s', (relu) => {
      const largeEnough = winogradCases.filter(({ g }) => Math.min(g.OH, g.OW) > 1);
      check(
        subject,
        largeEnough,
        (p, bench) => {
          const { N, g } = p;
          const pool = poolGeometry([g.OH, g.OW, g.OC], [2, 2], [2, 2]);
          const given = inputs(bench, p);
          const convolved = bench.reference.winograd4Forward(g, N, given.x, given.w, given.b, relu);
          const expected = bench.reference.maxPool2dForward(pool, N, convolved);
          bench.expectWritten(run(bench, p, pool, relu, given), expected.y);
        },
        { runs: 10 },
      );
    });

    test('differs from the direct convolution by less than 1e-5 (float64: 1e-13) of the largest output', () => {
      const tolerance = subject.kernels.dtype === 'float32' ? 1e-5 : 1e-13;
      check(
        subject,
        winogradCases,
        (p, bench) => {
          const given = inputs(bench, p);
          const y = run(bench, p, null, false, given);
          const direct = bench.reference.conv2dForward(p.g, p.N, given.x, given.w, given.b, false);
          const largest = direct.reduce((most, v) => Math.max(most, Math.abs(v)), 1);
          expectClose(y.subarray(0, direct.length), direct, { absolute: tolerance * largest });
        },
        { runs: 8 },
      );
    });
  });
}
