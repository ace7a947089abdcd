/** What a bundle of degelo/core holds, and what it left out. */

/** @param bringer the export of degelo/core by which what was left out comes in */
export function leftOut(what: string, bringer: string): RangeError {
  return new RangeError(
    `${what} isn't in this bundle: import { ${bringer}, register } from "degelo/core" and call register(${bringer}), or import from "degelo", which has all`,
  );
}
