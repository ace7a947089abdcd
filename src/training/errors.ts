/** Errors of training that a caller may want to tell apart. */

/** The loss or a weight became NaN or infinite: the learning rate is too high, or the data isn't finite. */
export class NonFiniteError extends Error {
  override readonly name = 'NonFiniteError';
}

/** Whether an optimizer has an epsilon that is 0 in float32: where a gradient is 0 it then divides 0 by 0. */
export function lacksEpsilon(optimizer: object): boolean {
  return Math.fround(Reflect.get(optimizer, 'epsilon')) === 0;
}

/** Worker threads failed again and again; the message says how the last one did. */
export class WorkerError extends Error {
  override readonly name = 'WorkerError';
}

/** A module of yours, which worker threads import, failed there, or didn't register what it should. */
export class ModuleError extends Error {
  override readonly name = 'ModuleError';
}

/** A worker stopped waiting for another one that failed. */
export class StepAborted extends Error {
  override readonly name = 'StepAborted';
}
