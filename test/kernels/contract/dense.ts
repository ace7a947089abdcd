/** The dense layer. */
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { check, type Subject, seeds } from './bench.ts';

/** Sizes around the blocks of 4 and 8; half of the cases are sparse. */
const small = fc.record({
  N: fc.integer({ min: 1, max: 9 }),
  I: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(64, 131)),
  O: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(64, 128, 131)),
  zeros: fc.constantFrom(0.1, 0.7, 1),
  seed: seeds,
});

/** As many samples, inputs and outputs as have tiles and panels of their own, with rows and inputs that are left over. */
const large = fc.record({
  N: fc.integer({ min: 16, max: 40 }),
  I: fc.constantFrom(64, 256, 260, 516),
  O: fc.constantFrom(32, 64, 96),
  zeros: fc.constantFrom(0, 0.3, 0.7),
  seed: seeds,
});

const layers = fc.oneof({ weight: 3, arbitrary: small }, { weight: 1, arbitrary: large });

/** The experiment's second layer, and its last batch of four. */
const examples = [
  { N: 128, I: 128, O: 5, zeros: 0.7, seed: 1 },
  { N: 4, I: 128, O: 5, zeros: 0.7, seed: 2 },
];

/** All rows by lists of so many samples that no other kernel of the layer needs as much scratch. */
const longLists = {
  layer: { N: 64, I: 64, O: 32, zeros: 0.2, seed: 1 },
  cut: [0, 64] as [number, number],
  ...{ dead: 0.7, seed: 1 },
};

export function describeDense(subject: Subject): void {
  describe('dense', () => {
    test.each([true, false])('forward sums over inputs ascending, the bias last; ReLU %s', (relu) => {
      check(
        subject,
        layers,
        ({ N, I, O, zeros }, bench) => {
          const x = bench.input(N * I, zeros);
          const w = bench.input(I * O);
          const b = bench.input(O);
          const y = bench.output(N * O);
          const scratch = bench.scratch(bench.kernels.denseScratch(N, I, O));
          bench.kernels.denseForward(N, I, O, x, w, b, relu, y, scratch);
          bench.expectWritten(y, bench.reference.denseForward(N, I, O, x, w, b, relu));
        },
        { examples },
      );
    });

    test('input gradient sums over outputs ascending', () => {
      check(
        subject,
        layers,
        ({ N, I, O, zeros }, bench) => {
          const dy = bench.input(N * O, zeros);
          const w = bench.input(I * O);
          const dx = bench.output(N * I);
          const scratch = bench.scratch(bench.kernels.denseScratch(N, I, O));
          bench.kernels.denseBackwardInput(N, I, O, dy, w, null, dx, scratch);
          bench.expectWritten(dx, bench.reference.denseBackwardInput(N, I, O, dy, w, null));
        },
        { examples },
      );
    });

    test('input gradient is +0 where the input is dead', () => {
      check(
        subject,
        layers,
        ({ N, I, O, zeros }, bench) => {
          const dy = bench.input(N * O, 0.5);
          const w = bench.input(I * O);
          const alive = bench.input(N * I, zeros);
          const dx = bench.output(N * I);
          const scratch = bench.scratch(bench.kernels.denseScratch(N, I, O));
          bench.kernels.denseBackwardInput(N, I, O, dy, w, alive, dx, scratch);
          bench.expectWritten(dx, bench.reference.denseBackwardInput(N, I, O, dy, w, alive));
        },
        { examples },
      );
    });

    test('input gradient of a row in which a single input lives, wherever it stands', () => {
      const rows = fc.record({
        I: fc.integer({ min: 1, max: 9 }),
        O: fc.integer({ min: 1, max: 9 }),
        seed: seeds,
      });
      check(subject, rows, ({ I, O }, bench) => {
        const N = I;
        const dy = bench.copy(bench.input(N * O).map((v) => v || 1));
        const w = bench.input(I * O);
        const alive = bench.copy(Array.from({ length: N * I }, (_, k) => (k % (I + 1) === 0 ? 1 : 0)));
        const dx = bench.output(N * I);
        const scratch = bench.scratch(bench.kernels.denseScratch(N, I, O));
        bench.kernels.denseBackwardInput(N, I, O, dy, w, alive, dx, scratch);
        bench.expectWritten(dx, bench.reference.denseBackwardInput(N, I, O, dy, w, alive));
      });
    });

    test('weight gradient sums over samples ascending, for the rows asked for and no others', () => {
      const parts = fc.record({
        layer: layers,
        cut: fc.tuple(fc.nat(), fc.nat()),
        dead: fc.constantFrom(0.2, 0.7),
        seed: seeds,
      });
      check(
        subject,
        parts,
        ({ layer: { N, I, O, zeros }, cut, dead }, bench) => {
          const from = cut[0] % (I + 1);
          const to = from + (cut[1] % (I + 1 - from));
          const x = bench.input(N * I, zeros);
          const dy = bench.input(N * O, dead);
          const before = bench.input(I * O);
          const dw = bench.output(I * O);
          dw.set(before);
          const scratch = bench.scratch(bench.kernels.denseScratch(N, I, O));
          bench.kernels.denseBackwardWeights(N, I, O, x, dy, from, to, dw, scratch);
          const expected = bench.reference.denseBackwardWeights(N, I, O, x, dy);
          const isRowAsked = (i: number): boolean => i >= from * O && i < to * O;
          bench.expectWritten(
            dw,
            expected.map((v, i) => (isRowAsked(i) ? v : before[i])),
          );
        },
        { examples: [longLists] },
      );
    });

    test('scratch for N samples is enough for fewer', () => {
      check(subject, layers, ({ N, I, O }, bench) => {
        const x = bench.input(I, 0.5);
        const dy = bench.input(O);
        const dw = bench.output(I * O);
        const scratch = bench.scratch(bench.kernels.denseScratch(N, I, O));
        bench.kernels.denseBackwardWeights(1, I, O, x, dy, 0, I, dw, scratch);
        bench.expectWritten(dw, bench.reference.denseBackwardWeights(1, I, O, x, dy));
      });
    });

    test('bias gradient sums over samples ascending', () => {
      check(subject, layers, ({ N, O }, bench) => {
        const dy = bench.input(N * O);
        const db = bench.output(O);
        bench.kernels.denseBackwardBias(N, O, dy, db);
        bench.expectWritten(db, bench.reference.denseBackwardBias(N, O, dy));
      });
    });
  });
}
