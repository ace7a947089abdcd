/** Options of Keras' layers that change only the training. Predictions are right without them. */

/** Whether Keras' option of this name changes only the training: a regularizer or a constraint. */
export function isTrainingOnly(option: string): boolean {
  return /^(\w+_)?(regularizer|constraint)$/.test(option);
}

/** Whether it is about the layer's weights, so that it does nothing while these are frozen. */
export function isOfWeights(option: string): boolean {
  return isTrainingOnly(option) && option !== 'activity_regularizer';
}
