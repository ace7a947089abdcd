/** A curve in the height of a line: `▁▃▅▆▇█`. */

const LEVELS = '▁▂▃▄▅▆▇█';

/**
 * One character a value, or fewer of them evenly spread, the last among them.
 * @param range of the values of all curves that are to be compared; what lies outside is cut off
 * @param columns the most characters
 */
export function sparkline(
  values: readonly number[],
  [least, most]: readonly [number, number] = extent(values),
  columns = 16,
): string {
  const span = most - least;
  return spread(values.length, columns)
    .map((i) => {
      // Where all is the same, nothing rises.
      const share = span > 0 ? (values[i] - least) / span : 0;
      return LEVELS[Math.round(Math.min(1, Math.max(0, share)) * (LEVELS.length - 1))] ?? '·';
    })
    .join('');
}

/** Least and largest of the values that are finite; [0, 0] where there is none. */
export function extent(values: readonly number[]): [number, number] {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [0, 0];
  return finite.reduce<[number, number]>(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [finite[0], finite[0]],
  );
}

/** At most `most` of the places 0 … count − 1, evenly spread, the first and the last among them. */
export function spread(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, i) => i);
  if (most < 2) return [count - 1];
  return Array.from({ length: most }, (_, i) => Math.round((i * (count - 1)) / (most - 1)));
}
