/** What a file's bytes say of it before a reader is chosen: its first characters, its JSON, the names in an archive. */
import { DataError } from '../data/errors.ts';
import { characters } from '../data/text.ts';
import { memberNames } from '../data/zip.ts';
import { dataAsFormatError } from './errors.ts';
import { decodeUtf8, type JsonObject, MAX_JSON, parseJsonObject } from './json.ts';

/** A file that nobody has vouched for, each part looked at when it is asked for, and once. */
export class Look {
  readonly bytes: Uint8Array;
  /** What messages call the file. */
  readonly name: string;
  #json: JsonObject | null | undefined;
  #members: readonly string[] | undefined;

  constructor(bytes: Uint8Array, name: string) {
    this.bytes = bytes;
    this.name = name;
  }

  /** Whether these characters (one a byte) are at `at`. */
  has(sign: string, at = 0): boolean {
    return characters(this.bytes.subarray(at, at + sign.length)) === sign;
  }

  /** Its JSON object; null where it doesn't begin as one. @throws FormatError where what begins as one is none. */
  get json(): JsonObject | null {
    if (this.#json !== undefined) return this.#json;
    // Behind marks of UTF-8 and UTF-16, and what JSON takes for a space.
    const begin = /^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*[{[]/;
    this.#json = begin.test(characters(this.bytes.subarray(0, 64)))
      ? parseJsonObject(decodeUtf8(this.bytes, this.name), this.name, MAX_JSON)
      : null;
    return this.#json;
  }

  /** Names of its members, where it is a zip archive; none where it is none, or a damaged one. */
  get members(): readonly string[] {
    if (this.#members) return this.#members;
    this.#members = [];
    if (!this.has('PK')) return this.#members;
    try {
      this.#members = memberNames(this.bytes, this.name);
    } catch (error) {
      if (!(error instanceof DataError)) throw error; // else the reader says what is wrong
    }
    return this.#members;
  }

  /** @throws FormatError where it begins as a zip archive and its end, which lists the members, is cut off or damaged. */
  expectWholeArchive(): void {
    if (this.has('PK\x03\x04')) dataAsFormatError(() => memberNames(this.bytes, this.name));
  }
}
