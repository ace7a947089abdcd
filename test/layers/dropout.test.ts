import { describe, expect, it } from 'vitest';
import { dropout } from '../../src/layers/dropout.ts';
import { bench, expectGradients } from './harness.ts';

describe('dropout', () => {
  it('keeps each element or drops it, and scales what it keeps by 1/(1 − rate)', () => {
    const test = bench(dropout({ rate: 0.25 }), [1000], 10);
    const y = test.forward();
    const scale = Math.fround(1 / 0.75);
    let kept = 0;
    for (const [i, value] of y.entries()) {
      if (value === 0) continue;
      expect(value).toBe(test.x[i] * scale);
      kept++;
    }
    // 10,000 draws with probability 3/4: the standard deviation is 43.
    expect(Math.abs(kept - 7500)).toBeLessThan(5 * 43);
  });

  it('has the gradients of central differences under a fixed mask', () => {
    expectGradients(bench(dropout({ rate: 0.5 }), [3, 3, 2], 4));
  });

  it('draws another mask for another key, and the same for the same', () => {
    const first = bench(dropout({ rate: 0.5 }), [64], 2, [1, 2]).forward();
    expect(bench(dropout({ rate: 0.5 }), [64], 2, [1, 2]).forward()).toEqual(first);
    expect(bench(dropout({ rate: 0.5 }), [64], 2, [1, 3]).forward()).not.toEqual(first);
  });

  it('is no pass at all in inference, nor with rate 0', () => {
    expect(dropout({ rate: 0.5 }).isIdentity(false)).toBe(true);
    expect(dropout({ rate: 0.5 }).isIdentity(true)).toBe(false);
    expect(dropout({ rate: 0 }).isIdentity(true)).toBe(true);
    expect(() => bench(dropout({ rate: 0.5 }), [4], 1, null).forward()).toThrow(/inference has no dropout/);
  });

  it.each([1, -0.1, Number.NaN, '0.5'])('refuses rate %j', (rate) => {
    expect(() => dropout({ rate: rate as number })).toThrow(/rate must be (at least 0 and below 1|a number)/);
  });

  it('refuses an option that it does not know', () => {
    expect(() => dropout({ rate: 0.1, seed: 3 } as Parameters<typeof dropout>[0])).toThrow(
      /unknown option seed/,
    );
  });
});
