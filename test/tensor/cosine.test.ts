import { describe, expect, it } from 'vitest';
import { cosPi } from '../../src/tensor/cosine.ts';

describe('cosPi', () => {
  it('is within 3e-16 of cos(π·x) from 0 to 1', () => {
    let worst = 0;
    for (let i = 0; i <= 4000; i++) {
      const x = i / 4000;
      worst = Math.max(worst, Math.abs(cosPi(x) - reference(x)));
    }
    expect(worst).toBeLessThan(3e-16);
  });

  it('is exact where the cosine is', () => {
    expect([0, 0.5, 1].map(cosPi)).toEqual([1, 0, -1]);
  });
});

/** Math.cos and Math.sin, each where its argument's rounding matters least. */
function reference(x: number): number {
  if (x > 0.5) return -reference(1 - x);
  return x <= 0.25 ? Math.cos(Math.PI * x) : Math.sin(Math.PI * (0.5 - x));
}
