/**
 * A worker thread's whole program: make ready for a session once, then do one's part of each job. It holds
 * nothing that isn't in shared memory, so a worker that died can be replaced by a new one.
 */

import { trainingGroups } from '../../kernels/groups/training.ts';
import { needKernels } from '../../kernels/groups.ts';
import { bufferOf } from '../../kernels/index.ts';
import { workOf } from '../session/described-work.ts';
import { importModule } from '../session/importing.ts';
import type { SessionDescription, Task } from '../session/job.ts';
import { JobRunner } from '../session/job-runner.ts';

/**
 * For how many sessions a thread stays ready, and of how many bytes together, the newest aside. Models that take turns, as in
 * distillation, doesn't have to be made again at every turn; and the memory of models that nobody has any more isn't held for long.
 */
const READY = 4;
const READY_BYTES = 2 ** 28;

interface ReadyRunner {
  readonly session: number;
  readonly user: number;
  readonly runner: JobRunner;
  readonly bytes: number;
}

/** By session and part, the newest last: piscina hands tasks to any free thread. */
const ready = new Map<string, ReadyRunner>();

/**
 * @returns why this thread can't take part: what users wrote can't be made here. In words, because an error that crosses
 *   threads loses its class.
 */
export default function work(task: Task): string | null | Promise<string | null> {
  const { session, user, description, memory, worker, job } = task;
  const key = `${session}/${worker}`;
  let entry = ready.get(key);
  if (!entry) {
    // It is session.ts's own JSON.
    const parsed = JSON.parse(description) as SessionDescription;
    const modules = parsed.modules.filter((url) => !imported.has(url));
    if (modules.length > 0) return importModules(modules).then((reason) => reason ?? work(task));
    try {
      const runner = new JobRunner(parsed, memory, worker, workOf(parsed));
      entry = { session, user, runner, bytes: bufferOf(memory).byteLength };
    } catch (error) {
      if (parsed.modules.length === 0) throw error;
      return refusal(parsed.modules, error);
    }
  }
  // Last again.
  ready.delete(key);
  forget(entry);
  ready.set(key, entry);
  entry.runner.run(job);
  return null;
}

/** Makes room for one more: its user's sessions before it go, and then the oldest. */
function forget({ session, user, bytes }: ReadyRunner): void {
  let [count, sum] = [1, bytes];
  for (const [key, entry] of [...ready].reverse()) {
    const isOver = entry.user === user && entry.session !== session;
    if (!isOver) {
      sum += entry.bytes;
      count++;
    }
    if (isOver || count > READY || sum > READY_BYTES) ready.delete(key);
  }
}

const imported = new Set<string>();

async function importModules(urls: readonly string[]): Promise<string | null> {
  try {
    for (const url of urls) await importModule(url);
  } catch (error) {
    return refusal(urls, error);
  }
  for (const url of urls) imported.add(url);
  return null;
}

function refusal(urls: readonly string[], error: unknown): string {
  return `worker threads can't use ${urls.join(', ')}: ${error instanceof Error ? error.message : String(error)}`;
}

needKernels(...trainingGroups);
