/** Fields of a file's JSON, each checked where it is read, so that a message names file, field and what it must be. */
import { FormatError } from './errors.ts';
import { show } from './json.ts';

/** Checks one field of a file. @throws FormatError naming the file, the field, and what it must be. */
export type FieldReader = <T>(
  path: string,
  value: unknown,
  expected: string,
  is: (value: unknown) => value is T,
) => T;

/** Reads fields of one file, so that each message names it. */
export function fieldReader(file: string): FieldReader {
  return (path, value, expected, is) => {
    if (!is(value)) throw new FormatError(file, `${path} must be ${expected}, got ${show(value)}`);
    return value;
  };
}

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

export function isString(value: unknown): value is string {
  return typeof value === 'string';
}

/** A check whether a value is one of these texts. */
export function isOneOf<T extends string>(choices: readonly T[]): (value: unknown) => value is T {
  return (value): value is T => (choices as readonly unknown[]).includes(value);
}

export function isNames(value: unknown): value is readonly string[] {
  return isList(value) && value.every(isString);
}

export function isFileName(value: unknown): value is string {
  return isString(value) && /^\w[\w.-]{0,99}$/.test(value);
}
