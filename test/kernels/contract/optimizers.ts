/** The optimizers' steps. */
import { describe, expect, test } from 'vitest';
import type { FloatArray } from '../../../src/tensor/tensor.ts';
import { check, parts, type Subject, vectors } from './bench.ts';

export function describeOptimizers(subject: Subject): void {
  describe('optimizers', () => {
    test('adadelta follows the formula step by step, each operation rounded once', () => {
      check(subject, parts, ({ size, from, to }, bench) => {
        const w = bench.input(size);
        const g = bench.input(size, 0.3);
        const G = bench.copy(bench.input(size).map(Math.abs));
        const D = bench.copy(bench.input(size).map((v) => Math.abs(v) / 1000));
        const expected = Array.from(w, (value, i) =>
          i >= from && i < to
            ? bench.reference.adadelta(value, g[i], G[i], D[i], 0.3, 0.95, 1e-7)
            : { w: value, G: G[i], D: D[i] },
        );
        bench.kernels.adadelta(from, to, w, g, G, D, 0.3, 0.95, 1e-7);
        bench.compare(
          w,
          expected.map((e) => e.w),
        );
        bench.compare(
          G,
          expected.map((e) => e.G),
        );
        bench.compare(
          D,
          expected.map((e) => e.D),
        );
      });
    });

    test('adadelta takes w = 1 with gradient 0.5 to 0.9957 in three steps of learning rate 1', () => {
      check(
        subject,
        vectors,
        (_, bench) => {
          const w = bench.copy([1]);
          const G = bench.copy([0]);
          const D = bench.copy([0]);
          for (let step = 0; step < 3; step++) {
            bench.kernels.adadelta(0, 1, w, bench.copy([0.5]), G, D, 1, 0.95, 1e-7);
          }
          expect(w[0]).toBeCloseTo(0.9957, 4);
        },
        { runs: 1 },
      );
    });

    test('sgd subtracts the scaled gradient', () => {
      check(subject, parts, ({ size, from, to }, bench) => {
        const w = bench.input(size);
        const g = bench.input(size);
        const moved = bench.reference.sgd(w, g, 0.1);
        const expected = Array.from(w, (value, i) => (i >= from && i < to ? moved[i] : value));
        bench.kernels.sgd(from, to, w, g, 0.1);
        bench.compare(w, expected);
      });
    });

    test.each([false, true])('sgdMomentum follows Keras’ formula, Nesterov: %s', (nesterov) => {
      check(subject, parts, ({ size, from, to }, bench) => {
        const [w, g, v] = [bench.input(size), bench.input(size), bench.input(size)];
        const expected = Array.from(w, (value, i) =>
          i >= from && i < to
            ? bench.reference.sgdMomentum(value, g[i], v[i], 0.1, 0.9, nesterov)
            : { w: value, v: v[i] },
        );
        bench.kernels.sgdMomentum(from, to, w, g, v, 0.1, 0.9, nesterov);
        bench.compare(
          w,
          expected.map((e) => e.w),
        );
        bench.compare(
          v,
          expected.map((e) => e.v),
        );
      });
    });

    test.each([
      [0.9, 0.999],
      [0.5, 0.25],
    ])('adam with β₁ = %d, β₂ = %d follows the formula, each operation rounded once', (beta1, beta2) => {
      check(subject, parts, ({ size, from, to }, bench) => {
        const [w, g, m] = [bench.input(size), bench.input(size, 0.3), bench.input(size)];
        const v = bench.copy(bench.input(size).map(Math.abs));
        const expected = Array.from(w, (value, i) =>
          i >= from && i < to
            ? bench.reference.adam(value, g[i], m[i], v[i], 0.03, beta1, beta2, 1e-7)
            : { w: value, m: m[i], v: v[i] },
        );
        bench.kernels.adam(from, to, w, g, m, v, 0.03, beta1, beta2, 1e-7);
        bench.compare(
          w,
          expected.map((e) => e.w),
        );
        bench.compare(
          m,
          expected.map((e) => e.m),
        );
        bench.compare(
          v,
          expected.map((e) => e.v),
        );
      });
    });

    test('adam with a peak divides by the root of the largest mean so far', () => {
      check(subject, parts, ({ size, from, to }, bench) => {
        const [w, g, m] = [bench.input(size), bench.input(size, 0.3), bench.input(size)];
        const [v, peak] = [1, 2].map(() => bench.copy(bench.input(size).map(Math.abs)));
        const [copy, before] = [bench.copy(w), Array.from(peak)];
        const means = [bench.copy(m), bench.copy(v)];
        bench.kernels.adam(from, to, copy, g, means[0], means[1], 0.03, 0.9, 0.5, 1e-7);
        bench.kernels.adam(from, to, w, g, m, v, 0.03, 0.9, 0.5, 1e-7, peak);
        bench.compare(m, Array.from(means[0])); // the means are the same
        bench.compare(v, Array.from(means[1]));
        const isInside = (i: number): boolean => i >= from && i < to;
        bench.compare(
          peak,
          before.map((value, i) => (isInside(i) ? Math.max(value, v[i]) : value)),
        );
        // Where the new mean is the largest, the step is plain Adam's; elsewhere it is smaller.
        for (const i of copy.keys()) {
          if (!isInside(i) || peak[i] === v[i]) expect(w[i]).toBe(copy[i]);
        }
      });
    });

    test.each([
      [false, 0],
      [false, 0.7],
      [true, 0],
      [true, 0.7],
    ])('rmsprop follows Keras’ formula, centred: %s, momentum: %s', (centered, momentum) => {
      check(subject, parts, ({ size, from, to }, bench) => {
        const [w, g] = [bench.input(size), bench.input(size, 0.3)];
        const numbers = { learningRate: 0.03, rho: 0.9, momentum, epsilon: 1e-3 };
        const average = centered ? bench.copy(bench.input(size).map((v) => v / 10)) : null;
        // A mean of squares is at least the square of the mean.
        const velocity = bench.copy(bench.input(size).map((v, i) => Math.abs(v) + (average?.[i] ?? 0) ** 2));
        const gathered = momentum > 0 ? bench.input(size) : null;
        const expected = Array.from(w, (value, i) =>
          i >= from && i < to
            ? bench.reference.rmsprop(value, g[i], velocity[i], average?.[i], gathered?.[i], numbers)
            : { w: value, V: velocity[i], A: average?.[i] ?? 0, M: gathered?.[i] ?? 0 },
        );
        bench.kernels.rmsprop(from, to, w, g, { velocity, average, momentum: gathered }, numbers);
        const column = (name: 'w' | 'V' | 'A' | 'M'): number[] => expected.map((each) => each[name]);
        bench.compare(w, column('w'));
        bench.compare(velocity, column('V'));
        if (average) bench.compare(average, column('A'));
        if (gathered) bench.compare(gathered, column('M'));
      });
    });

    test('nadam, adamax, adagrad and lion follow their formulas, each operation rounded once', () => {
      check(subject, parts, ({ size, from, to }, bench) => {
        const { kernels, reference } = bench;
        /** Each rule's step of an array of weights, and of what the rule keeps, against that of each element. */
        const step = (
          slots: readonly FloatArray[],
          run: (w: FloatArray, g: FloatArray) => void,
          one: (w: number, g: number, state: readonly number[]) => object,
        ): void => {
          const [w, g] = [bench.input(size), bench.input(size, 0.3)];
          const arrays = [w, ...slots];
          const expected = Array.from(w, (value, i) => {
            const state = slots.map((slot) => slot[i]);
            return i >= from && i < to ? Object.values(one(value, g[i], state)) : [value, ...state];
          });
          run(w, g);
          for (const [a, array] of arrays.entries()) {
            bench.compare(
              array,
              expected.map((numbers) => numbers[a] as number),
            );
          }
        };
        const positive = (): FloatArray => bench.copy(bench.input(size).map(Math.abs));
        const numbers = {
          ofMean: 0.03,
          ofGradient: 0.01,
          correction: 3,
          beta1: 0.9,
          beta2: 0.75,
          epsilon: 1e-7,
        };
        const [m, v, u, G] = [bench.input(size), positive(), positive(), positive()];
        const rate = { rate: 0.03, beta1: 0.9, beta2: 0.75, epsilon: 1e-7 };
        step(
          [m, v],
          (w, g) => kernels.nadam(from, to, w, g, m, v, numbers),
          (w, g, [m, v]) => reference.nadam(w, g, m, v, numbers),
        );
        step(
          [m, u],
          (w, g) => kernels.adamax(from, to, w, g, m, u, rate),
          (w, g, [m, u]) => reference.adamax(w, g, m, u, rate),
        );
        step(
          [G],
          (w, g) => kernels.adagrad(from, to, w, g, G, 0.03, 0.1, 1e-3),
          (w, g, [G]) => reference.adagrad(w, g, G, 0.03, 0.1, 1e-3),
        );
        step(
          [m],
          (w, g) => kernels.lion(from, to, w, g, m, 0.03, 0.9, 0.75),
          (w, g, [m]) => reference.lion(w, g, m, 0.03, 0.9, 0.75),
        );
      });
    });

    test('scale multiplies each element of a part', () => {
      check(subject, parts, ({ size, from, to }, bench) => {
        const g = bench.input(size);
        const expected = Array.from(g, (v, i) => (i >= from && i < to ? bench.reference.scale(v, 0.3) : v));
        bench.kernels.scale(from, to, 0.3, g);
        bench.compare(g, expected);
      });
    });

    test('clip keeps each element of a part within the limit', () => {
      check(subject, parts, ({ size, from, to }, bench) => {
        const g = bench.input(size);
        const limit = bench.reference.scale(1, 0.4);
        const within = (v: number): number => Math.max(-limit, Math.min(limit, v));
        const expected = Array.from(g, (v, i) => (i >= from && i < to ? within(v) : v));
        bench.kernels.clip(from, to, 0.4, g);
        bench.compare(g, expected);
      });
    });

    test('regularize adds the gradient of l1·Σ|w| + l2·Σw², each operation rounded', () => {
      check(subject, parts, ({ size, from, to }, bench) => {
        const [w, g] = [bench.input(size), bench.input(size)];
        const round = bench.kernels.dtype === 'float32' ? Math.fround : (v: number) => v;
        const penalty = (v: number): number =>
          round((v > 0 ? 1 : v < 0 ? -1 : 0) * round(0.03) + round(round(2 * 0.2) * v));
        const expected = Array.from(g, (v, i) => (i >= from && i < to ? round(v + penalty(w[i])) : v));
        bench.kernels.regularize(from, to, w, 0.03, 0.2, g);
        bench.compare(g, expected);
      });
    });
  });
}
