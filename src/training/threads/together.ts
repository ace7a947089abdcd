/** The parts of one job, each done by a thread: waits for all of them, and notices the first that fails. */
import { ModuleError } from '../errors.ts';

/**
 * Rejects with the first failure, once all parts have ended, `patience` milliseconds have passed, or `fail` was called.
 * @param start starts the parts, and may keep `fail`, which gives them all up. A part says why its thread can't take part; null: it did.
 * @param onFailure called at the first failure.
 */
export async function together(
  start: (fail: (error: unknown) => void) => readonly Promise<string | null>[],
  patience: number,
  onFailure: () => void,
): Promise<void> {
  let failure: unknown = null;
  const note = (error: unknown): void => {
    // The first is the reason: the others stop because onFailure tells them to.
    if (failure === null) onFailure();
    failure ??= error;
  };
  const refuse = (reason: string | null): void => {
    if (reason !== null) note(new ModuleError(reason));
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await new Promise<void>((resolve) => {
      const giveUp = (error: unknown): void => {
        note(error);
        resolve();
      };
      const late = new Error(`a worker gave no answer for ${patience / 1000} seconds`);
      timer = setTimeout(() => giveUp(late), patience);
      void Promise.all(start(giveUp).map((part) => part.then(refuse, note))).then(() => resolve());
    });
  } finally {
    clearTimeout(timer);
  }
  if (failure) throw failure;
}
