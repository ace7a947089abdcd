import { describe, expect, it } from 'vitest';
import { erf, erfc } from '../../src/tensor/erf.ts';
import { inverseNormal, normalOf, truncatedNormalOf } from '../../src/tensor/normal.ts';

/** x, erf(x), erfc(x), computed with 40 digits by mpmath 1.3. */
const TABLE: readonly (readonly [number, number, number])[] = [
  [1e-300, 1.1283791670955126e-300, 1.0],
  [1e-10, 1.1283791670955126e-10, 0.999999999887162],
  [0.001, 0.0011283787909692365, 0.9988716212090307],
  [0.1, 0.1124629160182849, 0.887537083981715],
  [0.3, 0.3286267594591274, 0.6713732405408726],
  [0.49, 0.511668261188523, 0.4883317388114769],
  [0.5, 0.5204998778130465, 0.4795001221869535],
  [0.51, 0.5292436198411704, 0.4707563801588296],
  [0.75, 0.7111556336535151, 0.28884436634648486],
  [0.99, 0.8385080695553698, 0.1614919304446302],
  [1.0, 0.8427007929497149, 0.15729920705028513],
  [1.01, 0.8468104962282768, 0.1531895037717233],
  [1.3, 0.9340079449406524, 0.06599205505934755],
  [1.9, 0.9927904292352575, 0.0072095707647425325],
  [2.5, 0.999593047982555, 0.0004069520174449589],
  [3.2, 0.9999939742388483, 6.025761151762088e-6],
  [4.4, 0.999999999510829, 4.891710270605872e-10],
  [5.9, 0.9999999999999999, 7.190409783550478e-17],
  [8.3, 1.0, 8.141478353024893e-32],
  [12.7, 1.0, 3.9712599756985404e-72],
  [19.1, 1.0, 1.0834990761703294e-160],
  [25.9, 1.0, 1.0202833184732667e-293],
];

const relative = (actual: number, expected: number): number => Math.abs(actual / expected - 1);

describe('erf and erfc', () => {
  it.each(TABLE)('of %d: relative error of erf < 1e-15, of erfc < 2e-15', (x, expected, complement) => {
    expect(relative(erf(x), expected)).toBeLessThan(1e-15);
    expect(erf(-x)).toBe(-erf(x));
    expect(relative(erfc(x), complement)).toBeLessThan(2e-15);
    expect(Math.abs(erfc(-x) - (2 - complement))).toBeLessThan(5e-16);
  });

  it('have their limits, their signs of zero, and NaN', () => {
    expect([erf(Infinity), erf(-Infinity), erfc(Infinity), erfc(-Infinity)]).toEqual([1, -1, 0, 2]);
    expect([erf(0), erf(-0), erfc(0)]).toEqual([0, -0, 1]);
    expect([erf(NaN), erfc(NaN)]).toEqual([NaN, NaN]);
    expect([erf(40), erfc(40), erfc(-40)]).toEqual([1, 0, 2]);
  });

  it('rise and fall without a step where one formula takes over from another', () => {
    for (let i = -4000; i < 4000; i++) {
      const [a, b] = [i / 1000, (i + 1) / 1000];
      expect(erf(b)).toBeGreaterThanOrEqual(erf(a));
      expect(erfc(b)).toBeLessThanOrEqual(erfc(a));
    }
  });
});

describe('inverseNormal', () => {
  it.each([
    [2e-11, -6.604077590405634],
    [1e-9, -5.9978070150076865],
    [1e-6, -4.753424308822899],
    [0.001, -3.0902323061678136],
    [0.02, -2.053748910631823],
    [0.074, -1.4466320671589785],
    [0.076, -1.4325027208258116],
    [0.2, -0.8416212335729142],
    [0.4, -0.2533471031357997],
    [0.6, 0.2533471031357997],
    [0.9, 1.2815515655446006],
    [0.926, 1.4466320671589787],
    [0.99, 2.3263478740408408],
    [0.999999, 4.753424308817087],
  ] as const)('of %d: relative error < 1e-13', (p, z) => {
    expect(relative(inverseNormal(p), z)).toBeLessThan(1e-13);
  });

  it('is the inverse of Φ(z) = erfc(−z/√2)/2', () => {
    for (let i = 1; i < 400; i++) {
      const p = i / 400;
      expect(Math.abs(erfc(-inverseNormal(p) * Math.SQRT1_2) / 2 - p)).toBeLessThan(1e-15);
    }
  });

  it('gives numbers within 6.4 deviations for every word, and within 2 where it is truncated', () => {
    expect(normalOf(0)).toBeCloseTo(-6.33, 1);
    expect(normalOf(0)).toBeCloseTo(-normalOf(0xffffffff), 6);
    expect(truncatedNormalOf(0)).toBeCloseTo(-2, 6);
    expect(truncatedNormalOf(0)).toBeGreaterThanOrEqual(-2);
    expect(truncatedNormalOf(0xffffffff)).toBeLessThanOrEqual(2);
    expect(truncatedNormalOf(0x80000000)).toBeCloseTo(0, 8);
  });
});
