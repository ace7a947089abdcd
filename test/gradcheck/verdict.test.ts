import { describe, expect, it } from 'vitest';
import { type Bounds, isZero, judge, relativeError, type Sample } from '../../src/gradcheck/verdict.ts';

const BOUNDS: Bounds = { gradient: 1e-9, coordinate: 1e-6, float32: 1e-5 };

function sample(index: number | null, analytic: number, numerical: number, noise = 1e-15): Sample {
  return { index, analytic, numerical, noise };
}

describe('judge', () => {
  it('passes equal gradients and says where the worst coordinate is', () => {
    const verdict = judge([sample(0, 1, 1), sample(5, 2, 2 + 4e-11), sample(3, -3, -3)], [2, 3], BOUNDS);
    expect(verdict).toMatchObject({ result: 'pass', decided: 3, undecided: 0, kinks: 0, median: 0 });
    expect(verdict.worst?.at).toEqual([1, 2]);
    expect(verdict.worst?.error).toBeCloseTo(1e-11, 15);
  });

  it.each([
    ['a wrong sign', sample(1, -0.5, 0.5)],
    ['a missing gradient', sample(1, 0, 0.5)],
    ['a gradient where there is none', sample(1, 0.5, 0)],
    ['NaN', sample(1, Number.NaN, 0.5)],
    ['a small wrong value among large ones', sample(1, 2e-7, 1e-7)],
  ])('fails %s', (_, wrong) => {
    const verdict = judge([sample(0, 1, 1), wrong], [2], BOUNDS);
    expect(verdict.result).toBe('fail');
    expect(verdict.worst?.at).toEqual([1]);
  });

  it('fails a gradient of which every coordinate is a little off', () => {
    const off = [0, 1, 2].map((i) => sample(i, 1 + 1e-8, 1));
    expect(judge(off, [3], BOUNDS)).toMatchObject({ result: 'fail' });
  });

  it('passes a gradient that is off by what the differences can’t tell, unless its bound is the user’s', () => {
    const noisy = [0, 1, 2].map((i) => sample(i, 1 + 3e-8, 1, 1e-8));
    expect(judge(noisy, [3], BOUNDS, false).result).toBe('pass');
    expect(judge(noisy, [3], BOUNDS, true).result).toBe('fail');
    const more = [0, 1, 2].map((i) => sample(i, 1 + 5e-8, 1, 1e-8));
    expect(judge(more, [3], BOUNDS, false).result).toBe('fail');
    // Differences that can tell nothing prove nothing.
    const blind = [0, 1, 2].map((i) => sample(i, 1 + 1e-6, 1, 1e-6));
    expect(judge(blind, [3], BOUNDS, false).result).toBe('fail');
  });

  it('excuses and counts what both sides place below the noise', () => {
    const verdict = judge([sample(0, 1, 1), sample(1, 1e-14, 3e-14, 1e-13)], [2], BOUNDS);
    expect(verdict).toMatchObject({ result: 'pass', decided: 1, undecided: 1 });
  });

  it('excuses no difference that is larger than the noise', () => {
    expect(judge([sample(0, 1, 1), sample(1, 1e-8, -1e-8, 1e-13)], [2], BOUNDS).result).toBe('fail');
  });

  it('counts kinks, says where the first is, and compares nothing there', () => {
    const verdict = judge([sample(0, 1, 1), sample(4, 7, 0, Number.NaN)], [2, 3], BOUNDS);
    expect(verdict).toMatchObject({ result: 'pass', decided: 1, kinks: 1, kinkAt: [1, 1] });
  });

  it.each([
    ['zeros', sample(0, 0, 0)],
    ['kinks', sample(0, 1, 0, Number.NaN)],
    ['noise', sample(0, 1e-14, 0, 1e-13)],
  ])('leaves an array of nothing but %s undecided', (_, only) => {
    expect(judge([only], [1], { ...BOUNDS, gradient: 1 }).result).toBe('undecided');
  });

  it('measures directions apart from coordinates', () => {
    // A hundred times smaller, so that its error would drown in the coordinates' norm.
    const verdict = judge([sample(0, 100, 100), sample(null, 1, 1 + 1e-7)], [1], BOUNDS);
    expect(verdict).toMatchObject({ result: 'fail', decided: 2 });
    expect(verdict.worst?.at).toBeNull();
  });
});

describe('isZero', () => {
  const none = sample(0, 0, 0);

  it.each([
    ['nothing', true, [none], [0], null, 100],
    ['a gradient of 1e-12 of the whole', true, [none], [1e-10], null, 100],
    ['a larger one', false, [none], [1.1e-10], null, 100],
    ['differences of losses of 1e-8 of the whole', true, [sample(0, 0, -1e-6)], [0], null, 100],
    ['larger ones', false, [sample(0, 0, -1.1e-6)], [0], null, 100],
    ['a direction, which sums up four elements', true, [sample(null, 0, 2e-6)], [0, 0, 0, 0], null, 100],
    ['one coordinate of four', false, [sample(0, 0, 2e-6)], [0, 0, 0, 0], null, 100],
    ['float32’s round-off, beside the whole', true, [none], [0], 1e-3, 100],
    ['more than float32’s round-off', false, [none], [0], 1.1e-3, 100],
    ['what was compared nowhere', false, [sample(0, 0, 0, Number.NaN)], [0], null, 100],
    ['a model whose whole gradient is zero', false, [none], [0], null, 0],
  ] as const)('%s: %s', (_, expected, samples, gradient, difference, whole) => {
    expect(isZero(samples, gradient, difference, whole, BOUNDS)).toBe(expected);
  });
});

describe('relativeError', () => {
  it('is the norm of the difference over the sum of the norms', () => {
    expect(relativeError([sample(0, 3, 0), sample(1, 0, 4)])).toBeCloseTo(5 / 7, 15);
    expect(relativeError([sample(0, 0, 0)])).toBe(0);
    expect(relativeError([sample(0, Number.NaN, 0)])).toBeNaN();
  });
});
