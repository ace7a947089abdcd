/** What gives values one by one, now or later. */

import { TypedArray } from './options.ts';

/** Begins to read: an iterator, or what came in its place; undefined where there is nothing to read. */
export function begin(given: unknown): unknown {
  // A typed array holds numbers, and throws where its memory is gone.
  if (typeof given !== 'object' || given === null || given instanceof TypedArray) return undefined;
  const symbol = [Symbol.asyncIterator, Symbol.iterator].find((each) => each in given);
  const method: unknown = symbol && Reflect.get(given, symbol);
  return typeof method === 'function' ? method.call(given) : method;
}

/** Whether it has a method `next`, as iterators have. */
export function isIterator<T>(value: unknown): value is AsyncIterator<T> | Iterator<T> {
  return typeof value === 'object' && value !== null && 'next' in value && typeof value.next === 'function';
}
