/** The result as JSON for programs and people: indented, but each list of numbers on one line. */
import type { TransferResult } from '../experiment/result.ts';

export function resultJson(result: TransferResult): string {
  // Line breaks in JSON are never part of a string, so what is matched is an array of plain values.
  return JSON.stringify(result, null, 2).replace(/\[\n[^[\]{}]*\n\s*\]/g, (list) =>
    list.replace(/\n\s*/g, ' ').replace('[ ', '[').replace(' ]', ']'),
  );
}
