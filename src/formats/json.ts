/** JSON from files that nobody vouches for. */
import { describe, isPromise } from '../checks/describe.ts';
import { parentOf } from '../checks/options.ts';
import { FormatError } from './errors.ts';

/** An object as JSON has it, of whatever values. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The longest text that is read, in characters: a checkpoint of 200,000 epochs. JSON.parse makes up to thirty bytes of a
 * character, and more stack than there is of a hundred thousand brackets, so all bounds hold before it is called.
 */
export const MAX_JSON = 2 ** 24;
/** Saved models need five levels; a bound on depth spares every later walk its own. */
const MAX_DEPTH = 32;
/** Most of each in one text. An object takes some 300 bytes, a key 100, a value 24; 20,000 tensors need three times as many objects. */
const MAX_OBJECTS = 2 ** 16;
const MAX_KEYS = 2 ** 17;
const MAX_VALUES = 2 ** 21;
const BYTE_ORDER_MARK = '\ufeff';
/** Longest piece of a file that a message shows. */
const SHOWN = 60;

/** @throws FormatError where the bytes aren't UTF-8. */
export function decodeUtf8(bytes: Uint8Array, file: string): string {
  // ignoreBOM keeps the mark, which parseJsonObject takes away.
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    return decoder.decode(new Uint8Array(bytes)); // a copy: browsers decode no shared memory
  } catch (cause) {
    // Windows' shells write UTF-16, with a mark in front.
    const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    throw new FormatError(file, `text must be UTF-8: got ${isUtf16 ? 'UTF-16' : 'other bytes'}`, { cause });
  }
}

/**
 * A JSON object, whose keys differ at every level. (`JSON.parse` alone lets the last of two equal keys win, so
 * two readers may see two files.) A byte-order mark in front is skipped, as RFC 8259 allows. Keys such as `__proto__` come
 * back as own properties like any other.
 * @param most characters that the text may have
 * @throws TypeError where `given` is no text, FormatError where the text is no JSON object, too long, nested too deep, of too many parts, or says a key twice.
 */
export function parseJsonObject(given: string, file: string, most = MAX_JSON): JsonObject {
  if (typeof given !== 'string')
    throw new TypeError(`${file}: its JSON must be text, got ${describe(given)}`);
  if (given.length > most) {
    throw new FormatError(file, `too long: expected at most ${most} characters, got ${given.length}`);
  }
  const text = given.startsWith(BYTE_ORDER_MARK) ? given.slice(1) : given;
  checkBounds(text, file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new FormatError(file, `damaged JSON: ${(cause as SyntaxError).message}`, { cause });
  }
  checkKeys(text, file);
  if (!isObject(value)) throw new FormatError(file, `JSON must be an object, got ${show(value)}`);
  return value;
}

/**
 * What somebody adds to a file that is JSON. `JSON.stringify` would leave functions out, and make `{}` of a Map.
 * @param path what messages call the value: `metadata`
 * @throws TypeError where it is no plain object, or something in it has no place in JSON; RangeError where it is nested too deep.
 */
export function expectJson(where: string, path: string, value: unknown): void {
  if (!isObject(value) || isPromise(value)) {
    throw new TypeError(`${where}: ${path} must be an object, got ${describe(value)}`);
  }
  const walk = (part: unknown, at: string, depth: number): void => {
    if (part === null || part === undefined || ['string', 'boolean'].includes(typeof part)) return;
    // JSON.stringify makes null of the others.
    if (typeof part === 'number' && Number.isFinite(part)) return;
    const isPlain = typeof part === 'object' && (Array.isArray(part) || parentOf(part) === null);
    if (!isPlain || isPromise(part)) {
      throw new TypeError(
        `${where}: ${at} must be what JSON can hold (texts, finite numbers, true, false, null, lists and objects of these), got ${describe(part)}`,
      );
    }
    if (depth >= MAX_DEPTH) {
      throw new RangeError(`${where}: ${path} is nested too deep: expected at most ${MAX_DEPTH - 1} levels`);
    }
    for (const [key, inner] of Object.entries(part)) {
      walk(inner, Array.isArray(part) ? `${at}[${key}]` : `${at}.${key}`, depth + 1);
    }
  };
  walk(value, path, 1);
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

/** A value from a file as a word: a string itself, anything else as JSON. (String() fails for `{ "toString": 1 }`.) */
export function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : show(value);
}

/** A value from a file, for a message: as JSON, cut where it is long. */
export function show(value: unknown): string {
  const text = JSON.stringify(value, shortened) ?? 'nothing';
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

/** What is cut off doesn't have to be made: a value may have megabytes. */
function shortened(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return value.slice(0, SHOWN);
  return Array.isArray(value) ? value.slice(0, SHOWN) : value;
}

/** Counts what a text would become, whether it is valid JSON or not. */
function checkBounds(text: string, file: string): void {
  let [depth, objects, keys, values] = [0, 0, 0, 1];
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case OPEN_OBJECT:
      case OPEN_LIST:
        objects++;
        if (++depth > MAX_DEPTH) {
          throw new FormatError(file, `JSON is nested too deep: expected at most ${MAX_DEPTH} levels`);
        }
        break;
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        depth--;
        break;
      case COLON:
        keys++;
        break;
      case COMMA:
        values++;
        break;
      case QUOTE:
        i = endOfString(text, i);
    }
  }
  if (objects > MAX_OBJECTS || keys > MAX_KEYS || values > MAX_VALUES) {
    throw new FormatError(
      file,
      `JSON has too many parts: expected at most ${MAX_OBJECTS} objects and lists, ${MAX_KEYS} keys and ` +
        `${MAX_VALUES} values, got ${objects}, ${keys} and ${values}`,
    );
  }
}

/** Walks the keys of a text that is known to be valid JSON, so no other fault needs a thought. */
function checkKeys(text: string, file: string): void {
  /** The keys so far of every object that is open; null for a list. */
  const open: (Set<string> | null)[] = [];
  let keyIsNext = false;
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case OPEN_OBJECT:
        open.push(new Set());
        keyIsNext = true;
        break;
      case OPEN_LIST:
        open.push(null);
        keyIsNext = false;
        break;
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        open.pop();
        break;
      case COMMA:
        keyIsNext = open[open.length - 1] !== null;
        break;
      case QUOTE: {
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

const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST, COLON, COMMA, QUOTE] = Array.from(
  '{}[]:,"',
  (character) => character.charCodeAt(0),
);

/**
 * Index of the quote that ends the string that begins at `start`: one after an even number of backslashes; the text's
 * length where there is none.
 */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); ; quote = text.indexOf('"', quote + 1)) {
    if (quote < 0) return text.length;
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return quote;
  }
}
