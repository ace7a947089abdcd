/** Threads that are asked for where none can start. */
import { threadsHere } from '#pool';

/** @throws RangeError with the reason. */
export function expectThreads(where: string, threads: number): void {
  if (threads === 0) return;
  const { possible, reason } = threadsHere();
  if (!possible) throw new RangeError(`${where}: threads must be 0 here: ${reason}: got ${threads}`);
}
