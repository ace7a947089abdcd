/** checkGradient: functions of one's own, and gradients that are right, wrong, or can't be told. */
import { describe, expect, it } from 'vitest';
import { checkGradient, formatGradients, tensor } from '../../src/index.ts';

const sum = (values: Float64Array, term: (value: number, i: number) => number): number =>
  values.reduce((total, value, i) => total + term(value, i), 0);

describe('checkGradient', () => {
  it('passes a right gradient, of one array or of several by their names', () => {
    const single = checkGradient({
      f: (x) => sum(x, (value, i) => (i + 1) * value ** 3),
      gradient: (x) => x.map((value, i) => 3 * (i + 1) * value ** 2),
      at: [[0.5, -1], [2, 0.25]], // biome-ignore format: a matrix
    });
    expect(single.passed).toBe(true);
    expect(single.rows).toMatchObject([{ variable: 'x', shape: [2, 2], coordinates: 4, result: 'pass' }]);
    const named = checkGradient({
      name: 'line',
      f: ({ w, b }) => (w[0] * 3 + b[0]) ** 2,
      gradient: ({ w, b }) => ({ w: [6 * (w[0] * 3 + b[0])], b: tensor([2 * (w[0] * 3 + b[0])]) }),
      at: { w: [0.5], b: Float32Array.of(-1) },
    });
    expect(named.rows.map(({ variable, result }) => [variable, result])).toEqual([
      ['w', 'pass'],
      ['b', 'pass'],
    ]);
    expect(formatGradients([named])).toMatch(/line \(a function, 1 sample\)\n +line \/ w +all 1 .* pass/);
  });

  it('fails a gradient that is wrong in one coordinate, or by one part in a hundred thousand, and says where', () => {
    const f = (x: Float64Array) => sum(x, (value) => Math.exp(value));
    const right = (x: Float64Array) => x.map((value) => Math.exp(value));
    const at = [0.1, 0.2, 0.3];
    const wrong = checkGradient({ f, gradient: (x) => right(x).with(1, 0), at });
    expect(wrong).toMatchObject({
      passed: false,
      rows: [{ result: 'fail', worst: { at: [1], analytic: 0 } }],
    });
    const near = checkGradient({ f, gradient: (x) => right(x).map((value) => value * 1.00001), at });
    expect(near.passed).toBe(false);
    expect(
      checkGradient({
        f,
        gradient: (x) => right(x).map((value) => value * 1.00001),
        at,
        bounds: { gradient: 1e-4, coordinate: 1e-4 },
      }).passed,
    ).toBe(true);
  });

  it('of float32 fails a gradient that is wrong by five parts in a hundred in one place, or by three in a thousand in all', () => {
    const f = (x: Float64Array) => Math.fround(sum(x, (value) => value ** 2) / 2);
    const check = (gradient: (x: Float64Array) => Float64Array) =>
      checkGradient({ f, gradient, at: [1, 0.02], precision: 'float32' });
    expect(check((x) => x).passed).toBe(true);
    // So small a part of the whole gradient that only the bound of a coordinate finds it.
    expect(check((x) => x.with(1, 0.021)).passed).toBe(false);
    expect(check((x) => x.map((value) => value * 1.003)).passed).toBe(false);
    expect(check((x) => x.map((value) => value * 1.0005)).passed).toBe(true);
  });

  it('looks at a sample of a large array and along directions through all of it, which find one wrong number', () => {
    const at = Float64Array.from({ length: 1000 }, (_, i) => Math.sin(i));
    const f = (x: Float64Array) => sum(x, (value) => value ** 2) / 2;
    const report = checkGradient({ f, gradient: (x) => x, at, coordinates: 10 });
    expect(report.rows[0]).toMatchObject({ coordinates: 10, elements: 1000, directions: 2, result: 'pass' });
    const wrong = checkGradient({
      f,
      gradient: (x) => x.map((v, i) => (i === 777 ? v + 1 : v)),
      at,
      coordinates: 10,
    });
    expect(wrong.passed).toBe(false);
  });

  it('counts a kink at the place itself, and takes the side of one that is near', () => {
    const relu = {
      f: (x: Float64Array) => sum(x, (value) => Math.max(0, value)),
      gradient: (x: Float64Array) => x.map((value) => (value > 0 ? 1 : 0)),
    };
    expect(checkGradient({ ...relu, at: [0, 0.5, -0.5] }).rows[0]).toMatchObject({
      kinks: 1,
      kinkAt: [0],
      decided: 2,
      result: 'pass',
    });
    expect(checkGradient({ ...relu, at: [0.001, -0.001, 1e-5] }).rows[0]).toMatchObject({
      kinks: 0,
      result: 'pass',
    });
  });

  it('allows for float32 where it is told that f computes with it', () => {
    const f = (x: Float64Array) =>
      Math.fround(x.reduce((total, value) => Math.fround(total + Math.fround(value ** 2)), 0));
    const options = { f, at: [0.3, 0.7, -1.1], precision: 'float32' as const };
    expect(checkGradient({ ...options, gradient: (x) => x.map((value) => 2 * value) }).passed).toBe(true);
    expect(checkGradient({ ...options, gradient: (x) => x.map((value) => 2.2 * value) }).passed).toBe(false);
    const gradient = (x: Float64Array) => x.map((value) => 2 * value);
    const called = 'Float32' as 'float32'; // as JavaScript may write it
    expect(checkGradient({ ...options, gradient, precision: called })).toEqual(
      checkGradient({ ...options, gradient }),
    );
  });

  it('doesn’t let f or gradient change the place', () => {
    const at = Float64Array.of(1, 2);
    const report = checkGradient({
      f: (x) => {
        const value = x[0] * x[1];
        x.fill(0);
        return value;
      },
      gradient: (x) => {
        const value = [x[1], x[0]];
        x.fill(9);
        return value;
      },
      at,
    });
    expect(report.passed).toBe(true);
    expect(at).toEqual(Float64Array.of(1, 2));
  });

  const fine = { f: () => 1, gradient: () => [0], at: [1] };
  it.each<[object, string]>([
    [{ ...fine, x: [1] }, 'checkGradient: unknown option x: expected one of f, gradient, at'],
    [{ ...fine, f: 3 }, 'checkGradient: f must be a function, got 3'],
    [{ ...fine, gradient: null }, 'gradient must be a function, got null'],
    [{ ...fine, at: 'x' }, "at must be an array, or arrays by their names, got 'x'"],
    [{ ...fine, at: {} }, 'at must hold at least one array, got none'],
    [{ ...fine, at: [Number.NaN] }, 'at must be finite, got NaN at index 0'],
    [{ ...fine, at: { w: 'x' } }, "at.w must be an array of numbers, got 'x'"],
    [{ ...fine, gradient: () => [1, 2] }, 'gradient must have as many numbers as at: expected 1, got 2'],
    [{ ...fine, gradient: () => undefined }, 'gradient is missing: expected 1 numbers'],
    [
      { ...fine, at: { w: [1], b: [2] }, gradient: () => ({ w: [0] }) },
      'gradient.b is missing: expected 1 numbers',
    ],
    [
      { ...fine, at: { w: [1] }, gradient: () => ({ w: [0], v: [0] }) },
      'gradient.v belongs to no array of at: expected w',
    ],
    [{ ...fine, f: () => '1' }, "f must give a number, got '1'"],
    [{ ...fine, f: async () => 1 }, 'f must give a number, got a promise'],
    [{ ...fine, f: () => Number.POSITIVE_INFINITY }, 'f must give a finite number, got Infinity'],
    [{ ...fine, precision: 'half' }, "precision must be one of float32, float64, got 'half'"],
  ])('refuses %j', (options, message) => {
    expect(() => checkGradient(options as typeof fine)).toThrow(message);
  });
});
