/**
 * What operators compute of shapes only, for one sample: SHAPE gives [1, 8, 8, 4], GATHER picks from it, REDUCE_PROD multiplies. So
 * a RESHAPE by such numbers is known where the file leaves its sizes open.
 */
import { OPTIONS } from './options.ts';
import type { OperatorInfo } from './schema.ts';

/** Operators of which shapes are computed, from the batch's size: what each makes of its inputs' numbers. null: it isn't known. */
const COMPUTED: Readonly<
  Record<string, (inputs: readonly (readonly number[])[], operator: OperatorInfo) => readonly number[] | null>
> = {
  SHAPE: () => null, // of a tensor, not of numbers
  STRIDED_SLICE: ([from, [begin], [end], [step]], operator) => {
    const options = operator.options(OPTIONS.stridedSlice);
    const [beginMask, endMask, , , shrink] = [0, 1, 2, 3, 4].map((i) => options.int(i));
    if (step !== 1) return null;
    const first = beginMask & 1 ? 0 : begin;
    return from.slice(
      first,
      shrink & 1 ? (first === -1 ? undefined : first + 1) : endMask & 1 ? undefined : end,
    );
  },
  SLICE: ([from, [begin], [size]]) => from.slice(begin, size < 0 ? undefined : begin + size),
  PACK: (inputs) => inputs.flat(),
  CONCATENATION: (inputs) => inputs.flat(),
  GATHER: ([from, indices]) => indices.map((i) => from[i] ?? Number.NaN),
  CAST: ([from]) => from,
  // One number, or a list of one.
  RESHAPE: ([from]) => from,
  SQUEEZE: ([from]) => from,
  EXPAND_DIMS: ([from]) => from,
  REDUCE_PROD: ([from]) => [from.reduce((product, size) => product * size, 1)],
  MUL: ([a, b]) => (a.length >= b.length ? products(a, b) : products(b, a)),
};

export const SHAPES: readonly string[] = Object.keys(COMPUTED);

/** The numbers that such an operator gives. @param inputs those of its inputs; null: they aren't known */
export function computedNumbers(
  operator: OperatorInfo,
  inputs: readonly (readonly number[] | null)[],
): readonly number[] | null {
  const known = inputs.flatMap((numbers) => (numbers ? [numbers] : []));
  if (known.length < inputs.length || !Object.hasOwn(COMPUTED, operator.name)) return null;
  const numbers = COMPUTED[operator.name](known, operator);
  return numbers?.every((size) => Number.isSafeInteger(size)) ? numbers : null;
}

function products(a: readonly number[], b: readonly number[]): number[] | null {
  return b.length === 1 || b.length === a.length
    ? a.map((size, i) => size * b[b.length === 1 ? 0 : i])
    : null;
}
