/** Which images a model is for. Its layers don't tell, so the model's file keeps what the user said. */
import { describe } from '../checks/describe.ts';
import { oneOf } from '../checks/values.ts';
import type { Shape } from '../tensor/tensor.ts';
import { type ImageInput, PREPROCESSINGS } from './preprocessing.ts';

/** Kinds of images. */
const CONTENTS = ['photo', 'digit'] as const;

/**
 * A copy that can't be changed.
 * @param inputShape of the model; null: not known yet
 * @throws TypeError where it is no such object, RangeError for a word that isn't known, and for what images of this shape can't be.
 */
export function checkImageInput(given: unknown, inputShape: Shape | null): ImageInput {
  if (typeof given !== 'object' || given === null) {
    throw new TypeError(
      `imageInput: expected { content: 'photo', preprocessing: 'unit' }, got ${describe(given)}`,
    );
  }
  const { content, preprocessing, ...others } = given as Partial<ImageInput>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new RangeError(`imageInput: has content and preprocessing, got ${describe(unknown)}`);
  }
  const checked = {
    content: oneOf('imageInput', 'content', content, CONTENTS),
    preprocessing: oneOf('imageInput', 'preprocessing', preprocessing, PREPROCESSINGS),
  };
  const isColour = inputShape?.length === 3 && inputShape[2] === 3;
  if (inputShape && !isColour && ['torch', 'caffe'].includes(checked.preprocessing)) {
    throw new RangeError(
      `imageInput: preprocessing ${checked.preprocessing} is for colour images: expected input [height, width, 3], got [${inputShape}]`,
    );
  }
  if (isColour && checked.content === 'digit') {
    throw new RangeError(`imageInput: content 'digit' is for grey images: got input [${inputShape}]`);
  }
  return Object.freeze(checked);
}
