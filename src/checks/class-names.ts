/** Names of a model's classes, as its users and its files give them. */
import { describe } from './describe.ts';
import { isTexts } from './options.ts';

/**
 * A copy that can't be changed.
 * @param outputShape of the model; null: not known yet
 * @throws TypeError where they are no list of texts, RangeError where they aren't one per output, or one is empty or comes twice.
 */
export function checkClassNames(names: unknown, outputShape: readonly number[] | null): readonly string[] {
  if (!isTexts(names)) {
    throw new TypeError(
      `classNames: expected a list of names, such as ['cat', 'dog'], got ${describe(names)}`,
    );
  }
  const classes = outputShape?.at(-1);
  if (classes !== undefined && classes !== names.length) {
    throw new RangeError(
      `classNames: must be as many as the model's outputs: expected ${classes}, got ${names.length}`,
    );
  }
  const wrong = names.find((name, i) => name === '' || names.indexOf(name) !== i);
  if (wrong !== undefined) {
    throw new RangeError(`classNames: must differ, and none may be empty: got ${describe(wrong)}`);
  }
  return Object.freeze([...names]);
}
