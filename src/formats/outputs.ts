/** What is wanted of a file: sizes that it leaves open, and which output, where it has several. */
import type { Shape } from '../tensor/tensor.ts';
import { show } from './json.ts';

/** An output, by its name or by its place among them, from 0. */
export type Output = string | number;

/** What is wanted of a file. */
export interface Wanted {
  /** Sizes of an input sample for those that a file of Keras or TensorFlow.js leaves open; null: none may be. */
  readonly fill: Shape | null;
  /** null: there must be one. */
  readonly output: Output | null;
}

/** All of it, as it is. */
export const WHOLE: Wanted = { fill: null, output: null };

/**
 * The place of the output that is wanted.
 * @param names those of each output
 * @throws RangeError where there is none of that name, or place.
 */
export function chosenOutput(names: readonly (readonly string[])[], wanted: Output): number {
  const at = typeof wanted === 'number' ? wanted : names.findIndex((own) => own.includes(wanted));
  if (names[at]) return at;
  const known = names.map(([first]) => show(first)).join(', ');
  throw new RangeError(`loadModel: output must be one of ${known}, or its place from 0, got ${show(wanted)}`);
}

/** What to do where a file has several outputs. */
export function severalOutputs(first: string): string {
  return `choose one: loadModel(place, { output: ${show(first)} }), or degelo convert FROM TO --output ${show(first)}`;
}
