/**
 * Options, as every function of degelo takes them: an object with names that it knows. Whatever else is handed in is
 * refused, with what was meant beside it; so nothing is ignored in silence.
 */
import { brief, describe, isLayerLike, isPromise, isTensorLike } from './describe.ts';
import { fixFields } from './properties.ts';
import { shown } from './shown.ts';
import { absence, sameLetters, suggest } from './suggest.ts';
import { text } from './values.ts';

/** What differs from one function to the next. */
export interface OptionRules {
  /** Names that only this function's users may have in mind, and what they are called here. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Options that may be null. Any other is left out to take its default. */
  readonly nullable?: readonly string[];
  /** How the function is called with options, where they aren't its only argument: `fit(x, y, …)`. */
  readonly call?: string;
}

/** Options with all defaults in place. */
export type Settled<T> = { [K in keyof T]-?: Exclude<T[K], undefined> };

/**
 * Checks that `options` is an object and has no other names than `known`.
 *
 *     adadelta(1)             TypeError: adadelta: options must be an object, got 1: adadelta({ learningRate: 1 })
 *     adadelta({ lr: 1 })     RangeError: adadelta: unknown option lr (did you mean learningRate?): expected one of …
 *
 * Names count wherever they are: in the object, in its prototypes, or as getters. `undefined` counts as not given.
 * @param where the function, as users write it
 * @param known all names; the first is what a single value was probably meant for
 * @returns the options that were given, read once, in a plain object
 * @throws TypeError where `options` is no object, RangeError for a name that isn't known, or null.
 */
export function knownOptions<T extends object>(
  where: string,
  options: T | undefined,
  known: readonly string[],
  rules: OptionRules = {},
): T {
  expectRules(where, known, rules);
  const { aliases = {}, nullable = [], call } = rules;
  const given = readOptions(where, options, known[0], call);
  for (const [name, value] of Object.entries(given)) {
    if (!known.includes(name)) refuseName(where, name, known, aliases);
    if (value === null && !nullable.includes(name)) {
      throw new RangeError(`${where}: ${brief(name)} must not be null: leave it out to take its default`);
    }
  }
  return given;
}

/**
 * The options that were given, read once, in a plain object, whatever their names.
 * @throws TypeError where `options` is no object that could hold options.
 */
export function readOptions<T extends object>(
  where: string,
  options: T | undefined,
  first?: string,
  call?: string,
): T {
  if (typeof where !== 'string') text('Layer', 'where', where); // a class without a name has an empty one
  if (options === undefined) return {} as T; // what is missing is for the options' own checks to say
  expectOptions(where, options, first, call);
  const given: Record<string, unknown> = {};
  for (const name of namesOf(options)) {
    const value = readOption(where, options, name);
    if (value !== undefined) given[name] = value;
  }
  return given as T; // its names are T's, and so were its values
}

/** @throws TypeError where the author of a layer, say, didn't give what knownOptions takes. */
function expectRules(where: string, known: unknown, rules: unknown): void {
  text('knownOptions', 'where', where);
  if (!isTexts(known)) {
    throw new TypeError(
      `${where}: the options that are known must be an array of names, got ${describe(known)}`,
    );
  }
  const { aliases = {}, nullable = [], call = '' } = (isBag(rules) ? rules : {}) as OptionRules;
  if (!isBag(rules) || !isBag(aliases) || !isTexts(nullable) || typeof call !== 'string') {
    throw new TypeError(
      `${where}: rules of options must be { aliases: { name: 'name' }, nullable: ['name'], call: 'f(x, …)' }, got ${describe(rules)}`,
    );
  }
}

/** Whether it is a list of texts, without holes. */
export function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && Array.from(value).every((each) => typeof each === 'string');
}

/** @throws TypeError where a getter or a Proxy throws, or an array has a hole, which `every` and `map` would pass over. */
function readOption(where: string, options: object, name: string): unknown {
  let value: unknown;
  let list: readonly unknown[];
  try {
    value = Reflect.get(options, name);
    list = Array.isArray(value) ? value : []; // throws for a Proxy that was revoked
  } catch (cause) {
    const reason = shown(cause instanceof Error ? cause.message : describe(cause));
    throw new TypeError(`${where}: ${brief(name)} can't be read (${reason})`, { cause });
  }
  for (let i = 0; i < list.length; i++) {
    if (i in list) continue;
    throw new TypeError(`${where}: ${brief(name)} must have no holes: ${brief(name)}[${i}] is missing`);
  }
  return value;
}

/**
 * Refuses names that are others of `known` except for their letters' case and underscores, where there may be more names than
 * these: `input_shape` of a layer of one's own.
 */
export function refuseNearMiss(where: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (!known.includes(name) && sameLetters(name, known) !== null) refuseName(where, name, known);
  }
}

/** @throws RangeError for this name, saying what was meant where that can be told. */
export function refuseName(
  where: string,
  name: string,
  known: readonly string[],
  aliases: Readonly<Record<string, string>> = {},
): never {
  const meant = Object.hasOwn(aliases, name) ? aliases[name] : suggest(name, known);
  const instead = meant === null ? absence(where, name) : null;
  if (instead) throw new RangeError(`${where}: unknown option ${brief(name)}: ${instead}`);
  const hint = meant === null ? '' : ` (did you mean ${meant}?)`;
  const expected = known.length === 0 ? 'it takes no options' : `expected one of ${known.join(', ')}`;
  throw new RangeError(`${where}: unknown option ${brief(name)}${hint}: ${expected}`);
}

/** @throws TypeError where `options` isn't an object that could hold options. */
function expectOptions(where: string, options: unknown, first?: string, call = `${where}(…)`): void {
  if (isBag(options)) return;
  const isValue = ['number', 'string', 'boolean'].includes(typeof options);
  const value = isValue ? describe(options) : '…';
  const right = call.replace('…', first === undefined ? '{}' : `{ ${first}: ${value} }`);
  throw new TypeError(`${where}: options must be an object, got ${describe(options)}: ${right}`);
}

/** What all typed arrays derive from. */
export const TypedArray: new () => object = Object.getPrototypeOf(Uint8Array);

/** Whether it is an object that holds things by name, and isn't something else. */
export function isBag(value: unknown): value is object {
  try {
    const isPlain = typeof value === 'object' && Object.prototype.toString.call(value) === '[object Object]';
    // A Proxy around a typed array, or an object made of its prototype, says that it is an object.
    return (
      isPlain &&
      !(value instanceof TypedArray) &&
      !isLayerLike(value) &&
      !isTensorLike(value) &&
      !isPromise(value)
    );
  } catch {
    return false; // a Proxy that was revoked
  }
}

/** Names of an object's properties, and of its prototypes' except for their methods. */
function namesOf(object: object): Set<string> {
  const names = new Set(Object.keys(object));
  const inherited = (level: object): void => {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
      if (typeof value !== 'function') names.add(name);
    }
  };
  for (let level = parentOf(object); level; level = parentOf(level)) inherited(level);
  return names;
}

/** The object's prototype, unless it is every object's. */
export function parentOf(object: object): object | null {
  const parent: object | null = Object.getPrototypeOf(object);
  // An object of another realm (a worker's, a test's) has an Object.prototype of its own: the one without a parent.
  return parent === null ||
    (Object.getPrototypeOf(parent) === null && Object.hasOwn(parent, 'hasOwnProperty'))
    ? null
    : parent;
}

/**
 * Refuses arguments beyond those that a function takes: JavaScript would drop them.
 * @param given the function's arguments, all of them
 * @param most how many it takes
 * @param hint how it is called
 * @throws TypeError where there are more.
 */
export function noMoreArguments(where: string, given: ArrayLike<unknown>, most: number, hint = ''): void {
  for (let i = most; i < given.length; i++) {
    if (given[i] === undefined) continue;
    const count = ['no arguments', 'one argument'][most] ?? `${most} arguments`;
    const right = hint && `: ${hint}`;
    throw new TypeError(
      `${where}: expected ${most === 0 ? '' : 'at most '}${count}, got ${describe(given[i])} behind${right}`,
    );
  }
}

/** What to do with an argument behind the options. */
export const PUT_INTO_OPTIONS = 'put it into the options';

/** A function of one argument that refuses a second one: `dense({ units: 3 }, 'relu')`. Fields of what it makes can't be set. */
export function unary<A extends [unknown?], R>(where: string, make: (...given: A) => R): (...given: A) => R {
  const call = (...given: A): R => {
    noMoreArguments(where, given, 1, PUT_INTO_OPTIONS);
    return fixFields(make(...given), where);
  };
  // Messages name functions that were handed in without their brackets.
  return Object.defineProperty(call, 'name', { value: where });
}
