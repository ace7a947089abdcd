/**
 * cos(π·x) from exact operations only, so that every engine gives the same bits (ECMAScript lets engines approximate Math.cos as
 * they please). Float64; absolute error < 3e-16 (tested).
 */

/** Taylor's coefficients of cos t and of sin t / t, in t², the highest first. */
const COSINE = [
  1 / 20922789888000,
  -1 / 87178291200,
  1 / 479001600,
  -1 / 3628800,
  1 / 40320,
  -1 / 720,
  1 / 24,
  -1 / 2,
  1,
];
const SINE = [-1 / 1307674368000, 1 / 6227020800, -1 / 39916800, 1 / 362880, -1 / 5040, 1 / 120, -1 / 6, 1];

/**
 * cos(π·x) for 0 ≤ x ≤ 1. By symmetry t never exceeds π/4: cos(π·x) = −cos(π·(1 − x)), and = sin(π·(½ − x)) near ½. The first
 * terms left out are t^18/18! < 3e-18 and t^17/17! < 5e-17.
 */
export function cosPi(x: number): number {
  if (x > 0.5) return -cosPi(1 - x);
  const t = Math.PI * (x <= 0.25 ? x : 0.5 - x);
  return x <= 0.25 ? horner(COSINE, t * t) : t * horner(SINE, t * t);
}

/** c₀·z^n + … + cₙ. */
function horner(coefficients: readonly number[], z: number): number {
  let sum = 0;
  for (const c of coefficients) sum = sum * z + c;
  return sum;
}

/** cos(2π·t) for any finite t, in turns: its part of a whole turn is exact. cosTurn(¼) is 0, cosTurn(½) is −1, exactly. */
export function cosTurn(t: number): number {
  const x = 2 * (t - Math.floor(t));
  return cosPi(x <= 1 ? x : 2 - x);
}

/** sin(2π·t), likewise: cos(2π·(t − ¼)). */
export function sinTurn(t: number): number {
  return cosTurn(t - Math.floor(t) - 0.25);
}
