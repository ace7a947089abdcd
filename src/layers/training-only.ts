/** Keras' options that change the training alone, which degelo lacks or has: predictions are right without them. */

/** Whether Keras' option of this name changes the training alone: a regularizer or a constraint. */
export function isTrainingOnly(option: string): boolean {
  return /^(\w+_)?(regularizer|constraint)$/.test(option);
}

/** Whether it is of a layer's weights, so that nothing is left of it where these are frozen. */
export function isOfWeights(option: string): boolean {
  return isTrainingOnly(option) && option !== 'activity_regularizer';
}
