/**
 * When two gradients are the same: the criterion, and the figures by which people judge.
 *
 *   relative error of a coordinate = |a − n|/(|a| + |n|),  of a whole gradient = ‖a − n‖/(‖a‖ + ‖n‖)
 *
 * The relative criterion decides. Beside the bound of a whole gradient counts what the differences themselves can't tell, up to the
 * bound of a coordinate, unless the user gave that bound. A coordinate is excused only where both values are too small for central differences to
 * tell (below their own error divided by the bound) and no further apart than that error; such coordinates are
 * counted apart, as undecided. Coordinates on a kink have no derivative to compare, and are counted too.
 */
import { knownOptions } from '../checks/options.ts';
import { atLeastZero } from '../checks/values.ts';

/** The largest errors that pass. */
export interface Bounds {
  /** Relative error of an array's whole gradient, over all coordinates and directions that were compared. */
  readonly gradient: number;
  /** Relative error of any one coordinate or direction. */
  readonly coordinate: number;
  /** Float32's gradient against float64's: ‖difference‖/‖float64‖. */
  readonly float32: number;
}

/** @throws where the bounds that were given are no object of numbers ≥ 0 by these names. */
export function checkBounds(where: string, bounds: object | undefined, names: readonly string[]): void {
  const given = knownOptions(`${where}: bounds`, bounds, names, { call: 'bounds: …' });
  for (const [name, bound] of Object.entries(given)) atLeastZero(where, `bounds.${name}`, bound);
}

/** One comparison: a coordinate, or a direction. */
export interface Sample {
  /** Flat index into the array; null for a direction. */
  readonly index: number | null;
  readonly analytic: number;
  readonly numerical: number;
  /** Error of `numerical`, judged by itself. NaN: the coordinate is on a kink, and `numerical` is nothing. */
  readonly noise: number;
}

/** The coordinate or direction with the largest error. */
export interface Coordinate {
  /** One index per dimension; null for a direction. */
  readonly at: readonly number[] | null;
  readonly error: number;
  readonly analytic: number;
  readonly numerical: number;
}

/** What the comparisons of one array come to. */
export interface Verdict {
  /** Relative error of the whole gradient: of the coordinates, or of the directions, whichever is larger. */
  readonly gradient: number;
  /** null: nothing was decided. */
  readonly worst: Coordinate | null;
  readonly median: number | null;
  readonly decided: number;
  readonly undecided: number;
  readonly kinks: number;
  /** Where the first kink is. */
  readonly kinkAt: readonly number[] | null;
  /**
   * `undecided`: nothing but zeros, kinks and noise, which proves nothing. `zero`: what was computed and what was measured are
   * both noise beside the gradient of the whole model, which is right where the loss doesn't depend on the array: a
   * convolution's bias before batch normalisation.
   */
  readonly result: 'pass' | 'fail' | 'undecided' | 'zero';
}

/** Errors of differences are estimates. In networks of a dozen kinds the truth was at most 3.7 times as far. */
const FARTHEST = 4;

/**
 * Judges the comparisons made for one array of this shape.
 * @param strict the bound of the whole gradient is the user's, and holds whatever the differences can tell
 */
export function judge(
  samples: readonly Sample[],
  shape: readonly number[],
  bounds: Bounds,
  strict = true,
): Verdict {
  const onKinks = samples.filter(({ noise }) => Number.isNaN(noise));
  const compared = samples.filter(({ noise }) => !Number.isNaN(noise));
  const decided = compared.filter((sample) => !isExcused(sample, bounds.coordinate));
  const errors = decided.map((sample) => relativeError([sample]));
  const sorted = [...errors].sort((a, b) => a - b);
  const worstAt = errors.reduce((worst, error, i) => (!(error <= errors[worst]) ? i : worst), 0);
  const worst = decided.length > 0 ? coordinateOf(decided[worstAt], errors[worstAt], shape) : null;
  const kinds = [
    compared.filter(({ index }) => index !== null),
    compared.filter(({ index }) => index === null),
  ];
  const ofKinds = kinds.map(relativeError);
  const gradient = Math.max(ofKinds[0], ofKinds[1]);
  const passes =
    kinds.every((each, k) => ofKinds[k] <= bounds.gradient || (!strict && isNoise(each, bounds))) &&
    errors.every((error) => error <= bounds.coordinate);
  const proves = decided.some(({ analytic, numerical }) => analytic !== 0 || numerical !== 0);
  const kinkIndex = onKinks.find(({ index }) => index !== null)?.index ?? null;
  return {
    gradient,
    worst,
    median: sorted.length > 0 ? sorted[sorted.length >> 1] : null,
    decided: decided.length,
    undecided: compared.length - decided.length,
    kinks: onKinks.length,
    kinkAt: kinkIndex === null ? null : unravel(kinkIndex, shape),
    result: !passes ? 'fail' : proves ? 'pass' : 'undecided',
  };
}

/** What passes for zero, beside the norm of the whole model's gradient: round-off is some 1e-15 of it, differences of losses more. */
const ZERO_ANALYTIC = 1e-12;
const ZERO_NUMERICAL = 1e-8;

/**
 * Whether an array's gradient is zero within noise.
 * @param gradient the array's whole gradient, `difference` the norm of float32's from it (null: not compared)
 * @param whole norm of the gradient of the whole model
 */
export function isZero(
  samples: readonly Sample[],
  gradient: ArrayLike<number>,
  difference: number | null,
  whole: number,
  bounds: Bounds,
): boolean {
  let norm = 0;
  for (let i = 0; i < gradient.length; i++) norm += gradient[i] ** 2;
  const compared = samples.filter(({ noise }) => !Number.isNaN(noise));
  // A direction sums up as many elements.
  const most = (index: number | null): number => (index === null ? Math.sqrt(gradient.length) : 1);
  return (
    whole > 0 &&
    Math.sqrt(norm) <= ZERO_ANALYTIC * whole &&
    compared.length > 0 &&
    compared.every(({ index, numerical }) => Math.abs(numerical) <= ZERO_NUMERICAL * whole * most(index)) &&
    (difference === null || difference <= bounds.float32 * whole)
  );
}

/** ‖a − n‖/(‖a‖ + ‖n‖); 0 where both are 0, NaN where anything is NaN. */
export function relativeError(samples: readonly Sample[]): number {
  const difference = norm(samples, differenceOf);
  return difference === 0 ? 0 : difference / sizeOf(samples);
}

/**
 * Whether the errors of the differences explain how far apart the gradients are, and are small enough to prove something. Where kinks
 * are dense, steps are so small that round-off is more than the bound of a whole gradient.
 */
function isNoise(samples: readonly Sample[], bounds: Bounds): boolean {
  const noise = FARTHEST * norm(samples, (sample) => sample.noise);
  return norm(samples, differenceOf) <= noise && noise <= bounds.coordinate * sizeOf(samples);
}

const differenceOf = ({ analytic, numerical }: Sample): number => analytic - numerical;

/** ‖a‖ + ‖n‖ */
function sizeOf(samples: readonly Sample[]): number {
  return norm(samples, ({ analytic }) => analytic) + norm(samples, ({ numerical }) => numerical);
}

function norm(samples: readonly Sample[], value: (sample: Sample) => number): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + value(sample) ** 2, 0));
}

/** Both values can't be told to within the bound, and the difference is what the numerical error explains. */
function isExcused({ analytic, numerical, noise }: Sample, bound: number): boolean {
  const farthest = FARTHEST * noise;
  const smallest = farthest / bound;
  return (
    // Two exact zeros agree: nothing that was computed depends on the coordinate.
    !(analytic === 0 && numerical === 0) &&
    Math.abs(analytic) < smallest &&
    Math.abs(numerical) < smallest &&
    Math.abs(analytic - numerical) <= farthest
  );
}

function coordinateOf(
  { index, analytic, numerical }: Sample,
  error: number,
  shape: readonly number[],
): Coordinate {
  return { at: index === null ? null : unravel(index, shape), error, analytic, numerical };
}

/** One index per dimension, of a flat index. */
function unravel(index: number, shape: readonly number[]): number[] {
  const at: number[] = [];
  for (let d = shape.length - 1, rest = index; d >= 0; d--) {
    at[d] = rest % shape[d];
    rest = Math.floor(rest / shape[d]);
  }
  return at;
}
