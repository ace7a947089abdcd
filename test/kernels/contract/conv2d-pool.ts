/** Convolution with the pooling fused in: the bits of the kernels one after another. */
import { describe, test } from 'vitest';
import { type Bench, check, type Subject } from './bench.ts';
import { gradientsOf, inputSize, outputSize, WALKS } from './conv2d.ts';
import { type ConvPoolCase, convPoolCases, experimentConvPools } from './shapes.ts';

/** Random inputs, and what the reference makes of them forward, step by step. */
function forwardCase(bench: Bench, { N, g, pool }: ConvPoolCase, relu: boolean) {
  const x = bench.input(N * inputSize(g));
  const w = bench.input(g.K * g.OC);
  // A bias below zero lets ReLU cut whole windows off.
  const b = bench.input(g.OC).map((v) => v - 0.5);
  const convolved = bench.reference.conv2dForward(g, N, x, w, b, relu);
  const { y, choice } = bench.reference.maxPool2dForward(pool, N, convolved);
  return { x, w, b: bench.copy(b), convolved, y, choice };
}

/** The same with a gradient from above, and what the reference makes of it backward. `chosen` and `pooled` are what the kernels made forward. */
function backwardCase(bench: Bench, p: ConvPoolCase, relu: boolean) {
  const { N, g, pool } = p;
  const { x, w, convolved, y, choice } = forwardCase(bench, p, relu);
  const dy = bench.input(y.length, 0.5);
  const chosen = bench.byteOutput(choice.length);
  chosen.set(choice);
  const pooled = bench.copy(y);
  const scratch = bench.scratch(bench.kernels.conv2dScratch(g, pool));
  const unpooled = bench.reference.maxPool2dBackward(pool, N, dy, choice);
  const dConvolved = relu ? bench.reference.reluBackward(convolved, unpooled) : unpooled;
  const expected = bench.reference.conv2dBackward(g, N, x, w, dConvolved);
  return { x, w, dy, chosen, pooled, scratch, expected };
}

export function describeConv2dPool(subject: Subject): void {
  describe.each([true, false])('conv2dPool, ReLU %s', (relu) => {
    test('forward equals convolution, then pooling', () => {
      check(
        subject,
        convPoolCases,
        (p, bench) => {
          const expected = forwardCase(bench, p, relu);
          const y = bench.output(expected.y.length);
          const choice = bench.byteOutput(expected.y.length);
          const scratch = bench.scratch(bench.kernels.conv2dScratch(p.g, p.pool));
          const { x, w, b } = expected;
          bench.kernels.conv2dPoolForward(p.g, p.pool, p.N, x, w, b, relu, y, choice, scratch);
          bench.expectWritten(y, expected.y);
          bench.expectWritten(choice, expected.choice);
        },
        { examples: relu ? experimentConvPools : [] },
      );
    });

    test('backward, dense and sparse walk, equals pooling, ReLU, convolution', () => {
      check(
        subject,
        convPoolCases,
        (p, bench) => {
          const { N, g, pool } = p;
          const { x, w, dy, chosen, pooled, scratch, expected } = backwardCase(bench, p, relu);
          for (const walk of WALKS) {
            const { dw, db, dx, expectWritten } = gradientsOf(bench, g, N);
            const rest = [dy, walk, dw, db, dx, scratch.fill(NaN)] as const;
            bench.kernels.conv2dPoolBackward(g, pool, N, x, w, relu, pooled, chosen, ...rest);
            expectWritten(expected);
          }
        },
        { examples: relu ? experimentConvPools : [] },
      );
    });

    test('backward gives each output by itself, the others null', () => {
      check(
        subject,
        convPoolCases,
        (p, bench) => {
          const { N, g, pool } = p;
          const { x, w, dy, chosen, pooled, scratch, expected } = backwardCase(bench, p, relu);
          const { dw, db, dx, expectWritten } = gradientsOf(bench, g, N);
          for (const [dwOrNull, dbOrNull, dxOrNull] of [
            [dw, null, null],
            [null, db, null],
            [null, null, dx],
          ]) {
            bench.kernels.conv2dPoolBackward(
              g,
              pool,
              N,
              x,
              w,
              relu,
              pooled,
              chosen,
              dy,
              'sparse',
              dwOrNull,
              dbOrNull,
              dxOrNull,
              scratch.fill(NaN),
            );
          }
          expectWritten(expected);
        },
        { runs: 15 },
      );
    });
  });

  test('conv2dScratch with pooling is enough for the kernels without', () => {
    check(subject, convPoolCases, ({ N, g, pool }, bench) => {
      const x = bench.input(N * inputSize(g));
      const w = bench.input(g.K * g.OC);
      const b = bench.input(g.OC);
      const y = bench.output(N * outputSize(g));
      const scratch = bench.scratch(bench.kernels.conv2dScratch(g, pool));
      bench.kernels.conv2dForward(g, N, x, w, b, false, y, scratch);
      bench.expectWritten(y, bench.reference.conv2dForward(g, N, x, w, b, false));
    });
  });
}
