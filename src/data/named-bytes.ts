/** An array of bytes as a file holds it, under the name that messages call it. */
export interface NamedBytes {
  readonly file: string;
  readonly shape: readonly number[];
  /** Row-major, as many as the shape says. */
  readonly data: Uint8Array;
}
