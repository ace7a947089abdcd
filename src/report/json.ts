/** Results as JSON for programs and people: indented, but each list of plain values on one line. */
import type { RunDetails } from '../experiment/details.ts';
import type { TransferResult } from '../experiment/result.ts';

export function resultJson(result: TransferResult): string {
  return indentedJson(result);
}

export function detailsJson(details: RunDetails): string {
  return indentedJson(details);
}

/** Anything that JSON can hold. */
export function indentedJson(value: object): string {
  // Line breaks in JSON are never part of a string, so what is matched is an array of plain values.
  return JSON.stringify(value, null, 2).replace(/\[\n[^[\]{}]*\n\s*\]/g, (list) =>
    list.replace(/\n\s*/g, ' ').replace('[ ', '[').replace(' ]', ']'),
  );
}
