/**
 * The derivative of a function along a line, by central differences of a step that fits the place.
 *
 *   D(h) = (f(h) − f(−h))/2h = f′(0) + c₂h² + c₄h⁴ + …
 *
 * A large h leaves truncation, a small one round-off, some ε·|f|/h. Extrapolation to h = 0 (Richardson 1911) takes the
 * powers of h² out one by one, so that h may stay large:
 *
 *   T[i][0] = D(h/2^i),   T[i][j] = (4^j·T[i][j−1] − T[i−1][j−1])/(4^j − 1)
 *
 * and the entry that its neighbours agree with best is taken, with their disagreement as its error (Ridders 1982,
 * "Accurate computation of F′(x) and F′(x)F″(x)"). Before that h shrinks until no kink lies within.
 */

/** Where to begin. Powers of two: x ± h is then exact for any x that came from float32. */
export const LARGEST_STEP = 2 ** -4;
/** A kink that is nearer than this can't be kept out: round-off alone would be 1e-6 of the values. */
const SMALLEST_STEP = 2 ** -31;
const MOST_ROWS = 6;
/** The relative disagreement that is good enough: a hundredth of the strictest bound. */
const ENOUGH = 1e-11;
/** A relative error that may matter: a tenth of a network's bound. */
const COARSE = 1e-9;
/** A relative error that says nothing. */
const UNKNOWN = 0.1;
/** By how much steps are smaller that see less of a curve. */
const NARROWER = 8;

export interface Derivative {
  readonly value: number;
  /** How far from the truth it may be, judged from the numerical side only. */
  readonly error: number;
  /** The step that was small enough to keep kinks out. */
  readonly step: number;
}

/**
 * A function along a line through the point of interest, as terms that add up to it: their differences are added,
 * not their sums subtracted, so that what doesn't change costs no digits.
 */
export interface Line {
  /** Writes the terms at distance t; false: a kink lies between 0 and t. */
  at(t: number, terms: Float64Array): boolean;
  readonly terms: number;
}

/**
 * @param step where to begin, a power of two.
 * @returns null: the point is on a kink, or nearer to one than the differences can resolve.
 */
export function derivative(line: Line, step = LARGEST_STEP): Derivative | null {
  const terms: Terms = [new Float64Array(line.terms), new Float64Array(line.terms)];
  let h = step;
  while (!(line.at(h, terms[0]) && line.at(-h, terms[1]))) {
    h /= 4;
    if (h < SMALLEST_STEP) return null;
  }
  let best = extrapolated(line, h, terms);
  // Where the curve bends too much within h, less of it is looked at, as long as that helps, or nothing is known yet: far from where
  // tanh bends, its differences agree on nothing.
  for (let hi = h / NARROWER; hi >= SMALLEST_STEP && isCoarse(best); hi /= NARROWER) {
    line.at(hi, terms[0]);
    line.at(-hi, terms[1]);
    const next = extrapolated(line, hi, terms);
    if (next.error < best.error) best = next;
    else if (best.error < UNKNOWN * Math.abs(best.value)) break;
  }
  return { value: best.value, error: best.error, step: h };
}

/** f(h) and f(−h), term by term: room for them. */
type Terms = readonly [above: Float64Array, below: Float64Array];

interface Extrapolated {
  readonly value: number;
  /** Never less than the round-off. */
  readonly error: number;
  readonly roundOff: number;
}

/** Truncation, and not round-off, is most of an error that may matter. */
function isCoarse({ value, error, roundOff }: Extrapolated): boolean {
  return error > 2 * roundOff && error > COARSE * Math.abs(value);
}

/**
 * By steps h, h/2, h/4 …, none of which has a kink within.
 * @param terms those of h and −h, which are overwritten
 */
function extrapolated(line: Line, h: number, [above, below]: Terms): Extrapolated {
  const roundOff = (Number.EPSILON * changed(above, below)) / h;
  let value = quotient(above, below, h);
  let error = Infinity;
  let previous = [value];
  for (let i = 1, hi = h / 2; i < MOST_ROWS; i++, hi /= 2) {
    // Nearer to 0 than h, where no kink was: none is now. (A line may leave a piece and come back; that would be
    // an error that shows, not one that hides.)
    line.at(hi, above);
    line.at(-hi, below);
    const row = [quotient(above, below, hi)];
    let improved = false;
    for (let j = 1; j <= i; j++) {
      const power = 4 ** j;
      row.push((power * row[j - 1] - previous[j - 1]) / (power - 1));
      const apart = Math.max(Math.abs(row[j] - row[j - 1]), Math.abs(row[j] - previous[j - 1]));
      if (apart < error) {
        [value, error] = [row[j], apart];
        improved = true;
      }
    }
    // The first column alone: what it lost to truncation is no more than what halving the step changed.
    const change = Math.abs(row[0] - previous[0]);
    if (i === 1 && change < error) [value, error] = [previous[0], change];
    // Smaller steps only add round-off, once that is what is left.
    if (!improved || error <= Math.max(ENOUGH * Math.abs(value), 2 * roundOff)) break;
    previous = row;
  }
  return { value, error: Math.max(error, roundOff), roundOff };
}

/** (f(h) − f(−h))/2h */
function quotient(above: Float64Array, below: Float64Array, h: number): number {
  let sum = 0;
  for (let i = 0; i < above.length; i++) sum += above[i] - below[i];
  return sum / (2 * h);
}

/** Size of the terms that changed: only they bring round-off. Where none did, a change below the digits of the largest may hide. */
function changed(above: Float64Array, below: Float64Array): number {
  let sum = 0;
  let largest = 0;
  for (let i = 0; i < above.length; i++) {
    if (above[i] !== below[i]) sum += Math.abs(above[i]);
    largest = Math.max(largest, Math.abs(above[i]));
  }
  return sum > 0 ? sum : largest;
}
