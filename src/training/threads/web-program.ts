/** What a Web Worker of the pool does: it takes tasks, one after the other, and says how each ended. */
import { VERSION } from '../../formats/version.ts';
import type { Task } from '../session/job.ts';
import type { Answer } from './web-thread.ts';
import work from './worker.ts';

const answer = (message: Answer): void => postMessage(message);

async function take(task: Task): Promise<void> {
  try {
    answer({ kind: 'done', reason: await work(task) });
  } catch (error) {
    // In words: not every browser sends errors whole.
    answer({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}

/** Begins to take tasks, and says that it is ready. */
export function takeTasks(): void {
  addEventListener('message', (event) => void take((event as MessageEvent<Task>).data)); // the pool sends nothing else
  /** A name that no other worker has. */
  const name = `degelo ${crypto.getRandomValues(new Uint32Array(4)).join('-')}`;
  const { locks } = navigator;
  if (locks) {
    // Held for as long as this worker lives.
    void locks.request(name, () => {
      answer({ kind: 'ready', lock: name, version: VERSION });
      return new Promise(() => {});
    });
  } else answer({ kind: 'ready', lock: null, version: VERSION });
}
