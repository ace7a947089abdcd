import { describe, expect, it } from 'vitest';
import { derivative, type Line } from '../../src/gradcheck/derivative.ts';

/** The line of a smooth function of one term, around x. */
function lineOf(f: (x: number) => number, x: number, kink: number | null = null): Line {
  return {
    terms: 1,
    at(t, terms) {
      terms[0] = f(x + t);
      return kink === null || x + t > kink === x > kink;
    },
  };
}

describe('derivative', () => {
  it.each([
    ['sin', Math.sin, Math.cos],
    ['exp', Math.exp, Math.exp],
    ['1/(1 + x²)', (x: number) => 1 / (1 + x * x), (x: number) => (-2 * x) / (1 + x * x) ** 2],
  ])('is within 1e-11 of the true one, and within its own error: %s', (_, f, df) => {
    for (const x of [-2, -0.3, 0.7, 3]) {
      const result = derivative(lineOf(f, x));
      expect(Math.abs((result?.value ?? Number.NaN) - df(x))).toBeLessThan(1e-11);
      expect(Math.abs((result?.value ?? Number.NaN) - df(x))).toBeLessThanOrEqual(10 * (result?.error ?? 0));
    }
  });

  it('of a curve that bends within the first step is taken by smaller ones', () => {
    for (const rate of [30, 300, 3000]) {
      const f = (x: number): number => Math.tanh(rate * x);
      const result = derivative(lineOf(f, 0.001));
      expect((result?.value ?? Number.NaN) / (rate * (1 - f(0.001) ** 2))).toBeCloseTo(1, 9);
    }
  });

  it('where nothing changes, may be what the digits of the value hide', () => {
    const result = derivative({ terms: 2, at: (_, terms) => Boolean(terms.fill(4)) });
    expect(result).toMatchObject({ value: 0, error: (4 * Number.EPSILON) / 2 ** -4 });
  });

  it('of a linear function has no error but round-off', () => {
    expect(derivative(lineOf((x) => 3 * x + 1, 0.5))?.value).toBe(3);
  });

  it('where round-off is all that changes, is that of the largest step: extrapolation would only make more of it', () => {
    const noise = new Map([
      [2 ** -4, 1e-9],
      [2 ** -5, -1e-9],
    ]);
    const line: Line = {
      terms: 1,
      at(t, terms) {
        terms[0] = 3 * t + Math.sign(t) * (noise.get(Math.abs(t)) ?? 1e-9);
        return true;
      },
    };
    const result = derivative(line);
    expect(result?.value).toBe((3 * 2 ** -4 + 1e-9) / 2 ** -4);
    expect(Math.abs((result?.value ?? Number.NaN) - 3)).toBeLessThanOrEqual(result?.error ?? 0);
  });

  it('keeps to the side of a kink on which the point stands', () => {
    const relu = (x: number): number => (x > 0 ? x : 0);
    expect(derivative(lineOf(relu, 1e-4, 0))?.value).toBeCloseTo(1, 9);
    expect(derivative(lineOf(relu, -1e-4, 0))?.value).toBe(0);
    expect(derivative(lineOf(relu, 1e-4, 0))?.step).toBeLessThan(1e-4);
  });

  it('is null on a kink', () => {
    expect(derivative(lineOf((x) => Math.max(x, 0), 0, 0))).toBeNull();
    expect(derivative(lineOf((x) => Math.max(x, 0), 1e-13, 0))).toBeNull();
  });

  it('loses no digits to terms that do not change', () => {
    const line: Line = {
      terms: 2,
      at(t, terms) {
        terms[0] = 1e12;
        terms[1] = Math.sin(1 + t);
        return true;
      },
    };
    expect(derivative(line)?.value).toBeCloseTo(Math.cos(1), 11);
  });
});
