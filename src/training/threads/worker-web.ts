/**
 * Where a Web Worker of the pool begins: it takes tasks, one after the other, and says how each ended. `degelo/worker` is this file
 * with all that it imports, for those whose bundler makes no file of a worker's program; and for Node's threads, which take the
 * work itself from it (worker-entry.cts) and have no messages of this kind.
 */
import type { Task } from '../session/job.ts';
import type { Answer } from './web-thread.ts';
import work from './worker.ts';

export default work;

if ('addEventListener' in globalThis) listen();

function listen(): void {
  addEventListener('message', (event) => void take((event as MessageEvent<Task>).data)); // the pool sends nothing else
  /** A name that no other worker has. */
  const name = `degelo ${crypto.getRandomValues(new Uint32Array(4)).join('-')}`;
  const { locks } = navigator;
  if (locks) {
    // Held for as long as this worker lives.
    void locks.request(name, () => {
      answer({ kind: 'ready', lock: name });
      return new Promise(() => {});
    });
  } else answer({ kind: 'ready', lock: null });
}

async function take(task: Task): Promise<void> {
  try {
    answer({ kind: 'done', reason: await work(task) });
  } catch (error) {
    // In words: not every browser sends errors whole.
    answer({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}

function answer(message: Answer): void {
  postMessage(message);
}
