/** A tensor's numbers for people to read: the ends of what is long, in rows, as NumPy prints arrays. */

/** The most numbers that are shown. */
const MOST = 60;

/** Digits that are shown. */
const DIGITS = 6;

/**
 *     tensor of shape [2, 3], float32:
 *     [[1, 2, 3],
 *      [4, 5, 6]]
 */
export function printedTensor(data: ArrayLike<number>, shape: readonly number[], dtype: string): string {
  const head = `tensor of shape [${shape.join(', ')}], ${dtype}`;
  if (data.length === 0) return `${head}, without numbers`;
  let ends = 3;
  const shownOf = (size: number): number => Math.min(size, 2 * ends);
  while (ends > 1 && data.length > MOST && shape.reduce((n, size) => n * shownOf(size), 1) > MOST) ends--;
  const isShort = data.length <= MOST;
  let left = MOST;
  const print = (dimension: number, start: number): string => {
    if (left <= 0) return '…';
    if (dimension === shape.length) {
      left--;
      return `${Number(data[start].toPrecision(DIGITS))}`;
    }
    const size = shape[dimension];
    const stride = shape.slice(dimension + 1).reduce((product, d) => product * d, 1);
    const parts: string[] = [];
    for (let i = 0; i < size; i++) {
      if (!isShort && i === ends && size > 2 * ends) {
        parts.push('…');
        i = size - ends;
      }
      parts.push(print(dimension + 1, start + i * stride));
    }
    const isRow = dimension === shape.length - 1;
    return `[${parts.join(isRow ? ', ' : `,\n${' '.repeat(dimension + 1)}`)}]`;
  };
  return `${head}:\n${print(0, 0)}`;
}
