/** Which classes the two phases tell apart. */

/** Classes of the notebook's two halves: the digits 0–4, and 5–9. */
export const LOW: readonly number[] = [0, 1, 2, 3, 4];
export const HIGH: readonly number[] = [5, 6, 7, 8, 9];

export interface ClassOptions {
  /** The notebook's exercise: exchange the two. */
  readonly reverse?: boolean;
  /** Classes of the first phase, before `reverse` exchanges them. Default: 5–9. */
  readonly sourceClasses?: readonly number[];
  /** Classes of the second phase, as many as in the first. Default: 0–4. */
  readonly targetClasses?: readonly number[];
}

/**
 * The classes of the first phase and of the second.
 * @throws RangeError where a list holds fewer than two classes or one twice, where one has more classes than the other
 *   (the classifier stays), or where they have one in common (it would be no transfer).
 */
export function phaseClasses({ reverse = false, sourceClasses = HIGH, targetClasses = LOW }: ClassOptions): {
  source: readonly number[];
  target: readonly number[];
} {
  for (const [name, classes] of Object.entries({ sourceClasses, targetClasses })) {
    if (classes.length < 2 || new Set(classes).size < classes.length) {
      throw new RangeError(
        `${name}: must be at least two different classes, each once: got ${classes.join(', ') || 'none'}`,
      );
    }
  }
  if (targetClasses.length !== sourceClasses.length) {
    throw new RangeError(
      `targetClasses: must be as many as sourceClasses, since the classifier stays: expected ${sourceClasses.length}, ` +
        `got ${targetClasses.length}`,
    );
  }
  const common = targetClasses.filter((label) => sourceClasses.includes(label));
  if (common.length > 0) {
    throw new RangeError(`targetClasses: must differ from sourceClasses: got ${common.join(', ')} in both`);
  }
  return reverse
    ? { source: targetClasses, target: sourceClasses }
    : { source: sourceClasses, target: targetClasses };
}
