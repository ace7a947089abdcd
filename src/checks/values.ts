/** Checks of single values, so that every function's messages read alike. Each returns the value. */
import { describe, isClass } from './describe.ts';
import { didYouMean, sameLetters } from './suggest.ts';

/** @throws TypeError where `value` isn't a number. */
export function numeric(where: string, name: string, value: unknown, expected = 'a number'): number {
  if (typeof value !== 'number') {
    throw new TypeError(`${where}: ${name} must be ${expected}, got ${describe(value)}`);
  }
  return value;
}

/** @throws TypeError where `value` isn't a number, RangeError where it isn't an integer ≥ `min`. */
export function integerFrom(where: string, name: string, value: unknown, min: number): number {
  const integer = numeric(where, name, value, `an integer ≥ ${min}`);
  if (!Number.isInteger(integer) || integer < min) {
    throw new RangeError(`${where}: ${name} must be an integer ≥ ${min}, got ${integer}`);
  }
  return integer;
}

/** An integer ≥ 1. Throws as integerFrom does. */
export function positiveInteger(where: string, name: string, value: unknown): number {
  return integerFrom(where, name, value, 1);
}

/** An integer ≥ 0. Throws as integerFrom does. */
export function integerAtLeastZero(where: string, name: string, value: unknown): number {
  return integerFrom(where, name, value, 0);
}

/** @throws TypeError where `value` isn't a number, RangeError where it isn't finite and min ≤ value < below. */
export function numberWithin(
  where: string,
  name: string,
  value: unknown,
  min: number,
  below = Number.POSITIVE_INFINITY,
): number {
  const bounds = below === Infinity ? `at least ${min} and finite` : `at least ${min} and below ${below}`;
  const number = numeric(where, name, value);
  if (!(number >= min && number < below)) {
    throw new RangeError(`${where}: ${name} must be ${bounds}, got ${number}`);
  }
  return number;
}

/** A number > 0; Infinity is one. @throws TypeError where `value` isn't a number, RangeError where it isn't above 0. */
export function aboveZero(where: string, name: string, value: unknown): number {
  const number = numeric(where, name, value);
  if (!(number > 0)) throw new RangeError(`${where}: ${name} must be above 0, got ${number}`);
  return number;
}

/** A number ≥ 0; Infinity is one. @throws TypeError where `value` isn't a number, RangeError where it isn't at least 0. */
export function zeroOrMore(where: string, name: string, value: unknown): number {
  const number = numeric(where, name, value);
  if (!(number >= 0)) throw new RangeError(`${where}: ${name} must be a number ≥ 0, got ${number}`);
  return number;
}

/** A share: both ends are included. @throws TypeError where `value` isn't a number, RangeError where it isn't from 0 to 1. */
export function zeroToOne(where: string, name: string, value: unknown): number {
  const number = numeric(where, name, value);
  if (!(number >= 0 && number <= 1))
    throw new RangeError(`${where}: ${name} must be from 0 to 1, got ${number}`);
  return number;
}

/** What random numbers begin with: an integer that a number holds exactly. Throws as integerFrom does. */
export function seedFrom(where: string, value: unknown): number {
  const seed = numeric(where, 'seed', value, 'an integer from 0 to 2^53 − 1');
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`${where}: seed must be an integer from 0 to 2^53 − 1, got ${seed}`);
  }
  return seed;
}

/** A finite number ≥ 0. Throws as numberWithin does. */
export function atLeastZero(where: string, name: string, value: unknown): number {
  return numberWithin(where, name, value, 0);
}

/** One size for both axes, or [height, width]. Throws as positiveInteger does. */
export function sizePair(where: string, name: string, value: unknown): [number, number] {
  if (!Array.isArray(value)) {
    const size = positiveInteger(where, name, value);
    return [size, size];
  }
  if (value.length !== 2) {
    throw new RangeError(`${where}: ${name} must be one number or two, got ${describe(value)}`);
  }
  return [positiveInteger(where, name, value[0]), positiveInteger(where, name, value[1])];
}

/** Two numbers per side: [[above, below], [left, right]]. */
export type Margins = readonly [readonly [number, number], readonly [number, number]];

/** Margins from one number for all sides, one per axis, or two per axis. Throws as integerAtLeastZero does. */
export function margins(where: string, name: string, value: unknown): Margins {
  const sides = (side: unknown): [number, number] => {
    const pair = Array.isArray(side) ? side : [side, side];
    if (pair.length !== 2) {
      throw new RangeError(`${where}: ${name} must be one number or two per side, got ${describe(pair)}`);
    }
    return [integerAtLeastZero(where, name, pair[0]), integerAtLeastZero(where, name, pair[1])];
  };
  if (!Array.isArray(value)) return [sides(value), sides(value)];
  if (value.length !== 2) {
    throw new RangeError(`${where}: ${name} must be one number or two, got ${describe(value)}`);
  }
  return [sides(value[0]), sides(value[1])];
}

/** @throws TypeError where `value` isn't a number, RangeError where it isn't finite. */
export function finite(where: string, name: string, value: unknown): number {
  const number = numeric(where, name, value);
  if (!Number.isFinite(number)) throw new RangeError(`${where}: ${name} must be finite, got ${number}`);
  return number;
}

/** @throws TypeError where `value` isn't true or false. */
export function flag(where: string, name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') {
    throw new TypeError(`${where}: ${name} must be true or false, got ${describe(value)}`);
  }
  return value;
}

/** Generator functions: to call one only makes a generator, and runs nothing. */
const GENERATORS = /^(Async)?GeneratorFunction$/;

/** @throws TypeError where `value` can't be called for what it does: it is no function, a class, or a generator function. */
export function callable(where: string, name: string, value: unknown): void {
  if (typeof value !== 'function') {
    throw new TypeError(`${where}: ${name} must be a function, got ${describe(value)}`);
  }
  if (isClass(value)) {
    throw new TypeError(`${where}: ${name} must be a function that can be called, got ${describe(value)}`);
  }
  if (GENERATORS.test(value.constructor?.name ?? '')) {
    throw new TypeError(
      `${where}: ${name} must be a function that runs when it is called, got a generator function: leave out its *`,
    );
  }
}

/** @throws TypeError where `value` isn't a string, or is an empty one. */
export function text(where: string, name: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') {
    throw new TypeError(`${where}: ${name} must be a string that isn't empty, got ${describe(value)}`);
  }
  return value;
}

/** The most characters of a name: messages say names whole, so that each can be found. */
const LONGEST_NAME = 1000;

/** What a layer, a model, a metric … is called. Throws as text does, and a RangeError where it is longer than any name. */
export function nameText(where: string, name: string, value: unknown): string {
  const given = text(where, name, value);
  if (given.length > LONGEST_NAME) {
    throw new RangeError(`${where}: ${name} must have at most ${LONGEST_NAME} characters`);
  }
  return given;
}

/**
 * The one of `choices` that `value` names, be it with other capitals or underscores, as Keras and TensorFlow.js write it: `hard_swish`, `SAME`.
 * @throws RangeError where it is none of them; it says which may have been meant.
 */
export function oneOf<T extends string>(
  where: string,
  name: string,
  value: unknown,
  choices: readonly T[],
): T {
  const meant =
    typeof value === 'string' && !choices.includes(value as T) ? sameLetters(value, choices) : value;
  const choice = choices.find((c) => c === meant);
  if (choice !== undefined) return choice;
  throw new RangeError(
    `${where}: ${name} must be one of ${choices.join(', ')}, got ${describe(value)}${didYouMean(value, choices)}`,
  );
}

/**
 * The shape of one sample: known sizes, the outermost first, without the batch.
 * @throws TypeError where it is no array of numbers, RangeError where a size isn't an integer ≥ 1.
 */
export function sampleSizes(where: string, name: string, value: unknown): readonly number[] {
  if (!Array.isArray(value)) {
    const right = typeof value === 'number' ? `: [${value}]` : '';
    throw new TypeError(
      `${where}: ${name} must be an array of sizes, without the batch, got ${describe(value)}${right}`,
    );
  }
  for (const size of value) {
    if (size === null || size === undefined || size === -1) {
      const rule = 'must have known sizes, and none for the batch';
      throw new RangeError(`${where}: ${name} ${rule}, got ${describe(value)}`);
    }
    if (typeof size !== 'number') {
      throw new TypeError(`${where}: ${name} must hold integers ≥ 1, got ${describe(size)}`);
    }
    if (!Number.isInteger(size) || size < 1) {
      throw new RangeError(`${where}: ${name} must hold integers ≥ 1, got ${describe(value)}`);
    }
  }
  return value;
}
