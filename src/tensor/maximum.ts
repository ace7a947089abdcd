/**
 * The largest of any number of values, and of `atLeast`. `Math.max(...values)` puts them all on the stack, which has room
 * for some 120,000.
 */
export function maximum(values: Iterable<number>, atLeast = Number.NEGATIVE_INFINITY): number {
  let most = atLeast;
  for (const value of values) if (value > most) most = value;
  return most;
}
