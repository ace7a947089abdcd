/** Errors of training that a caller may want to tell apart. */

/** The loss or a weight became NaN or infinite: the learning rate is too high, or the data isn't finite. */
export class NonFiniteError extends Error {
  override readonly name = 'NonFiniteError';
}
