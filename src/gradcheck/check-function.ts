/**
 * The gradient of any function of arrays, of any library or none, against central differences: as checkGradients does for models,
 * with the same verdicts and the same table.
 *
 * A function of one's own doesn't say where it has kinks. One at the point itself shows by this: (f(h) − 2f(0) + f(−h))/h goes to
 * 0 with h where f is smooth, and stays what it is across a kink. One that is near leaves differences that don't agree with one
 * another, for any step that is tried, and the coordinate is undecided.
 */

import { brief, describe, listed } from '../checks/describe.ts';
import { expectMemory } from '../checks/detached.ts';
import { knownOptions, noMoreArguments } from '../checks/options.ts';
import { callable, integerAtLeastZero, nameText, oneOf, seedFrom, zeroOrMore } from '../checks/values.ts';
import { deriveKey, Purpose } from '../tensor/random.ts';
import { type NestedArray, type Shape, Tensor, tensor } from '../tensor/tensor.ts';
import type { GradientReport, GradientRow } from './check.ts';
import { chooseCoordinates, chooseDirection } from './choose.ts';
import { type Derivative, derivative, type Line } from './derivative.ts';
import { type Bounds, checkBounds, judge, type Sample } from './verdict.ts';

/** Numbers at which a function is looked at: one array, however nested, typed or not, or a tensor. */
export type ArrayValue = NestedArray | Tensor | ArrayLike<number>;

/** What `checkGradient` checks, and how closely. */
export interface FunctionCheckOptions<A extends ArrayValue | Readonly<Record<string, ArrayValue>>> {
  /** The function: from arrays to one number. It gets what `at` is, with flat Float64Arrays in place of its arrays. */
  f(at: Flat<A>): number;
  /** Its gradient at the same place: an array, or one of each name, of as many numbers as `at` has there. */
  gradient(at: Flat<A>): ArrayValue | Readonly<Record<string, ArrayValue>>;
  /** The place: an array, or several by their names. */
  at: A;
  /** What the table calls it. Default: `f`. */
  name?: string | undefined;
  /** Decides which coordinates and directions are looked at. Default: 0. */
  seed?: number | undefined;
  /** Arrays of more elements are checked in a sample of this many. Default: 200. */
  coordinates?: number | undefined;
  /** Random directions through all elements of a sampled array. Default: 2. */
  directions?: number | undefined;
  /**
   * The numbers that f computes with: differences of float32 are coarser, and so are the default bounds (1e-3 for the whole
   * gradient, 1e-2 for a coordinate, instead of 1e-8 and 1e-6). Default: `float64`.
   */
  precision?: 'float32' | 'float64' | undefined;
  /** The largest relative errors that pass. Default: 1e-8 for the whole gradient, 1e-6 for a coordinate. */
  bounds?: { gradient?: number; coordinate?: number } | undefined;
}

/** What `f` gets: a Float64Array for one array, an object of them for several. */
export type Flat<A> = A extends ArrayValue ? Float64Array : { [name in keyof A]: Float64Array };

const OPTIONS = ['f', 'gradient', 'at', 'name', 'seed', 'coordinates', 'directions', 'precision', 'bounds'];
const DEFAULT_COORDINATES = 200;
const DEFAULT_DIRECTIONS = 2;
const BOUNDS = {
  float64: { gradient: 1e-8, coordinate: 1e-6, float32: 0 },
  float32: { gradient: 1e-3, coordinate: 1e-2, float32: 0 },
} satisfies Record<string, Bounds>;
/** Rounding of a float32 against a float64: 2^-24 against 2^-53. */
const COARSER = 2 ** 29;
/** Steps to begin with: smaller ones where a kink may lie within. Powers of two, so that x ± h is exact. */
const FIRST_STEPS = [2 ** -4, 2 ** -8, 2 ** -12, 2 ** -16, 2 ** -20];
/** Step by which a kink at the place itself is looked for. */
const KINK_STEP = 2 ** -14;
/** The name that a single array has in the table. */
const SINGLE = 'x';

/** One array of the place, and the gradient that was given for it. */
interface Variable {
  readonly name: string;
  readonly shape: Shape;
  readonly values: Float64Array;
  readonly gradient: Float64Array;
}

/**
 * Checks a gradient that you wrote, for a function of your own or of another library, against central differences.
 *
 *     const report = checkGradient({
 *       f: ({ w, b }) => (w[0] * 3 + b[0]) ** 2,
 *       gradient: ({ w, b }) => ({ w: [6 * (w[0] * 3 + b[0])], b: [2 * (w[0] * 3 + b[0])] }),
 *       at: { w: [0.5], b: [-1] },
 *     });
 *     console.log(formatGradients([report])); // report.passed: true
 *
 * @throws TypeError where f or gradient is no function, or gives no numbers; RangeError where a number isn't finite, or the gradient
 *   has another size or other names than `at`.
 */
export function checkGradient<const A extends ArrayValue | Readonly<Record<string, ArrayValue>>>(
  options: FunctionCheckOptions<A>,
): GradientReport {
  noMoreArguments('checkGradient', arguments, 1);
  const precision = checkOptions(options);
  const { at, name = 'f', seed = 0 } = options;
  const single = isArrayValue(at);
  const places = Object.entries(single ? { [SINGLE]: at } : (at as Readonly<Record<string, ArrayValue>>)).map(
    ([key, value]) => ({ name: key, ...flat(value, `at${single ? '' : `.${key}`}`) }),
  );
  if (places.length === 0) throw new RangeError('checkGradient: at must hold at least one array, got none');
  /** What f and gradient get; copies, so that they may change it. */
  const place = (): Flat<A> =>
    (single
      ? places[0].values.slice()
      : Object.fromEntries(places.map((each) => [each.name, each.values.slice()]))) as Flat<A>; // by `single`
  const given = options.gradient(place());
  const variables = places.map((each): Variable => ({ ...each, gradient: gradientOf(given, each, single) }));
  if (!single)
    expectNoOthers(
      given,
      places.map((each) => each.name),
    );
  const f = (): number => {
    const value: unknown = options.f(place());
    if (typeof value !== 'number') {
      const what =
        value instanceof Promise ? 'a promise (await inside is not possible here)' : describe(value);
      throw new TypeError(`checkGradient: f must give a number, got ${what}`);
    }
    if (!Number.isFinite(value))
      throw new RangeError(`checkGradient: f must give a finite number, got ${value}`);
    return value;
  };
  const bounds: Bounds = { ...BOUNDS[precision], ...options.bounds };
  const coarse = precision === 'float32' ? COARSER : 1;
  const rows = variables.map((variable, v) => row(variable, v, { f, coarse, seed, bounds, options, name }));
  const passed = rows.every(({ result }) => result === 'pass');
  return { name, loss: 'a function', seed, samples: 1, bounds, rows, passed };
}

/** What all variables are checked by. */
interface Checking {
  readonly f: () => number;
  /** How much coarser than float64 the numbers of f are. */
  readonly coarse: number;
  readonly seed: number;
  readonly bounds: Bounds;
  readonly options: { coordinates?: number | undefined; directions?: number | undefined };
  readonly name: string;
}

/** Variable number v in the table. */
function row(
  variable: Variable,
  v: number,
  { f, coarse, seed, bounds, options, name }: Checking,
): GradientRow {
  const { values, gradient, shape } = variable;
  const { coordinates = DEFAULT_COORDINATES, directions = DEFAULT_DIRECTIONS } = options;
  const key = (stream: number) => deriveKey(seed, Purpose.gradcheck, stream, v);
  const chosen = chooseCoordinates(gradient, coordinates, key(0));
  const samples: Sample[] = [];
  const add = (index: number | null, analytic: number, move: (t: number) => void): void => {
    const result = slope(f, move, coarse);
    samples.push({
      index,
      analytic,
      numerical: result?.value ?? 0,
      noise: result?.error ?? Number.NaN,
    });
    move(0);
  };
  for (const index of chosen) {
    const value = values[index];
    add(index, gradient[index], (t) => {
      values[index] = value + t;
    });
  }
  if (chosen.length < values.length) {
    const original = values.slice();
    for (let d = 0; d < directions; d++) {
      const direction = chooseDirection(values.length, key(1 + d));
      const analytic = direction.reduce((sum, sign, i) => sum + sign * gradient[i], 0);
      add(null, analytic, (t) => {
        for (let i = 0; i < values.length; i++) values[i] = original[i] + t * direction[i];
      });
    }
  }
  return {
    layer: name,
    variable: variable.name,
    shape,
    coordinates: chosen.length,
    elements: values.length,
    directions: samples.length - chosen.length,
    float32: null,
    ...judge(samples, shape, bounds),
  };
}

/** The derivative of f along a line, by the steps whose differences agree best; null: a kink at the place itself. */
function slope(f: () => number, move: (t: number) => void, coarse: number): Derivative | null {
  const at = (t: number): number => {
    move(t);
    return f();
  };
  const line: Line = {
    terms: 1,
    at(t, terms) {
      terms[0] = at(t);
      return true;
    },
  };
  let best: Derivative | null = null;
  for (const step of FIRST_STEPS) {
    const found = derivative(line, step);
    if (!found) continue; // never: this line says of no step that a kink is within
    // derivative() knows the round-off of float64 only.
    const roundOff = coarse > 1 ? (coarse * Number.EPSILON * Math.abs(at(0))) / found.step : 0;
    const error = Math.max(found.error, roundOff);
    if (!best || error < best.error) best = { ...found, error };
    if (best.error <= 1e-9 * Math.abs(best.value)) break;
  }
  return best && isKink(at, best, coarse) ? null : best;
}

/** Whether the slopes on both sides differ, by the same amount for two steps, and by more than round-off explains. */
function isKink(at: (t: number) => number, { value }: Derivative, coarse: number): boolean {
  const h = coarse > 1 ? 2 ** -6 : KINK_STEP;
  const middle = at(0);
  const gap = (step: number): number => (at(step) - 2 * middle + at(-step)) / step;
  const [wide, narrow] = [gap(h), gap(h / 8)];
  const roundOff = (64 * coarse * Number.EPSILON * Math.abs(middle)) / h;
  return (
    Math.abs(narrow) > Math.max(roundOff, 1e-6 * Math.abs(value)) && Math.abs(narrow) > 0.9 * Math.abs(wide)
  );
}

/** Checks all options. @returns the precision that they name, or its default */
function checkOptions(options: object): 'float32' | 'float64' {
  const given = knownOptions('checkGradient', options, OPTIONS, { nullable: ['f', 'gradient', 'at'] });
  const { f, gradient, at, name, seed, coordinates, directions, precision, bounds } = given as Record<
    string,
    unknown
  >;
  const where = 'checkGradient';
  for (const [called, value] of Object.entries({ f, gradient })) callable(where, called, value);
  if (name !== undefined) nameText(where, 'name', name);
  if (seed !== undefined) seedFrom(where, seed);
  if (directions !== undefined) integerAtLeastZero(where, 'directions', directions);
  if (coordinates !== undefined) zeroOrMore(where, 'coordinates', coordinates); // Infinity: all of them
  checkBounds(where, bounds as object | undefined, ['gradient', 'coordinate']);
  if (typeof at !== 'number' && (typeof at !== 'object' || at === null)) {
    throw new TypeError(`checkGradient: at must be an array, or arrays by their names, got ${describe(at)}`);
  }
  return oneOf(where, 'precision', precision ?? 'float64', ['float32', 'float64']);
}

function isArrayValue(value: unknown): value is ArrayValue {
  return (
    typeof value === 'number' || Array.isArray(value) || ArrayBuffer.isView(value) || value instanceof Tensor
  );
}

/** Flat numbers and their shape. @throws where they are no numbers, or not finite. */
function flat(value: ArrayValue, where: string): { values: Float64Array; shape: Shape } {
  if (!isArrayValue(value))
    throw new TypeError(`checkGradient: ${where} must be an array of numbers, got ${describe(value)}`);
  expectMemory('checkGradient', where, value);
  if (value instanceof BigInt64Array || value instanceof BigUint64Array) {
    throw new TypeError(`checkGradient: ${where} must be an array of numbers, got ${describe(value)}`);
  }
  const isNested = Array.isArray(value) || typeof value === 'number';
  const whole =
    value instanceof Tensor
      ? value
      : isNested
        ? tensor(value as NestedArray, undefined, { dtype: 'float64' })
        : null;
  const values = Float64Array.from(whole ? whole.data : (value as ArrayLike<number>));
  const bad = values.findIndex((number) => !Number.isFinite(number));
  if (bad >= 0)
    throw new RangeError(`checkGradient: ${where} must be finite, got ${values[bad]} at index ${bad}`);
  return { values, shape: whole?.shape ?? [values.length] };
}

function gradientOf(
  given: unknown,
  { name, values }: { name: string; values: Float64Array },
  single: boolean,
): Float64Array {
  const where = single ? 'gradient' : `gradient.${brief(name)}`;
  const value = single ? given : (given as Record<string, unknown> | null)?.[name];
  if (value === undefined)
    throw new RangeError(`checkGradient: ${where} is missing: expected ${values.length} numbers`);
  const { values: numbers } = flat(value as ArrayValue, where);
  if (numbers.length !== values.length) {
    throw new RangeError(
      `checkGradient: ${where} must have as many numbers as at: expected ${values.length}, got ${numbers.length}`,
    );
  }
  return numbers;
}

function expectNoOthers(given: unknown, names: readonly string[]): void {
  for (const name of Object.keys(given ?? {})) {
    if (!names.includes(name)) {
      throw new RangeError(
        `checkGradient: gradient.${brief(name)} belongs to no array of at: expected ${listed(names)}`,
      );
    }
  }
}
