/** JSON from files that nobody vouches for. */
import { FormatError } from './errors.ts';

/** An object as JSON has it, of whatever values. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Saved models need five levels; a bound on depth spares every later walk its own. */
const MAX_DEPTH = 32;
const BYTE_ORDER_MARK = '\ufeff';
/** Longest piece of a file that a message shows. */
const SHOWN = 60;

/** @throws FormatError where the bytes aren't UTF-8. */
export function decodeUtf8(bytes: Uint8Array, file: string): string {
  try {
    // A copy: browsers decode no shared memory. ignoreBOM keeps the mark, which parseJsonObject takes away.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(new Uint8Array(bytes));
  } catch (cause) {
    // Windows' shells write UTF-16, with a mark in front.
    const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    throw new FormatError(file, `text must be UTF-8: got ${isUtf16 ? 'UTF-16' : 'other bytes'}`, { cause });
  }
}

/**
 * A JSON object, whose keys differ at every level. (`JSON.parse` alone lets the last of two equal keys win, so
 * two readers may see two files.) A byte-order mark in front is skipped, as RFC 8259 allows. Keys such as `__proto__` come back as own properties like any other.
 * @throws FormatError where the text is no JSON object, says a key twice, or is nested too deep.
 */
export function parseJsonObject(given: string, file: string): JsonObject {
  const text = given.startsWith(BYTE_ORDER_MARK) ? given.slice(1) : given;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new FormatError(file, `damaged JSON: ${(cause as SyntaxError).message}`, { cause });
  }
  // First of all: to show a value that is nested too deep would take more stack than there is.
  checkNesting(text, file);
  if (!isObject(value)) throw new FormatError(file, `JSON must be an object, got ${show(value)}`);
  return value;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A size, an offset, a number of things. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0; // a safe integer is a number
}

export function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(isCount);
}

/** A value from a file, for a message: as JSON, cut where it is long. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

/** Walks the brackets and keys of a text that is known to be valid JSON, so no other fault needs a thought. */
function checkNesting(text: string, file: string): void {
  /** The keys so far of every object that is open; null for a list. */
  const open: (Set<string> | null)[] = [];
  let keyIsNext = false;
  for (let i = 0; i < text.length; i++) {
    switch (text[i]) {
      case '{':
      case '[':
        keyIsNext = text[i] === '{';
        if (open.push(keyIsNext ? new Set() : null) > MAX_DEPTH) {
          throw new FormatError(file, `JSON is nested too deep: expected at most ${MAX_DEPTH} levels`);
        }
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case ',':
        keyIsNext = open[open.length - 1] !== null;
        break;
      case '"': {
        const end = endOfString(text, i);
        const keys = open[open.length - 1];
        if (keyIsNext && keys) {
          const key = JSON.parse(text.slice(i, end + 1)) as string; // it is a string's JSON
          if (keys.has(key)) throw new FormatError(file, `keys must differ, got ${show(key)} twice`);
          keys.add(key);
        }
        keyIsNext = false;
        i = end;
      }
    }
  }
}

/** Index of the quote that ends the string that begins at `start`: one behind an even number of backslashes. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); ; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return quote;
  }
}
