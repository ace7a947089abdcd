/**
 * A worker thread's whole program: make ready for a session once, then do one's part of each job. It holds
 * nothing that isn't in shared memory, so a worker that died can be replaced by a new one.
 */

import { describe } from '../../checks/describe.ts';
import { isBag } from '../../checks/options.ts';
import { trainingGroups } from '../../kernels/groups/training.ts';
import { needKernels } from '../../kernels/groups.ts';
import { bufferOf, chooseKernel } from '../../kernels/index.ts';
import type { KernelName } from '../../kernels/kernels.ts';
import { workOf } from '../session/described-work.ts';
import { importModule } from '../session/importing.ts';
import type { SessionDescription, Task } from '../session/job.ts';
import { JobRunner } from '../session/job-runner.ts';

/**
 * A thread keeps at most so many sessions, of so many bytes together; the newest stays in any case. So models that take turns, as in
 * distillation, needn't be made again at each turn, and the memory of a model that is no longer used is soon freed.
 */
const READY = 4;
const READY_BYTES = 2 ** 28;

interface ReadyRunner {
  readonly session: number;
  readonly user: number;
  readonly runner: JobRunner;
  readonly bytes: number;
}

/** By session and worker number, since a pool gives a task to any free thread; the one used last is last. */
const ready = new Map<string, ReadyRunner>();

/**
 * Does one worker's part of a job.
 * @returns why this thread can't: a user's layer, loss or optimizer can't be made here. It is a text, because an error loses its class
 *   between threads. null: the part is done.
 */
export default function work(task: Task): string | null | Promise<string | null> {
  expectTask(task);
  const { session, user, description, memory, worker, job } = task;
  const key = `${session}/${worker}`;
  let entry = ready.get(key);
  if (!entry) {
    // It is session.ts's own JSON.
    const parsed = JSON.parse(description) as SessionDescription;
    const modules = parsed.modules.filter((url) => !imported.has(url));
    if (modules.length > 0) return importModules(modules).then((reason) => reason ?? work(task));
    expectKernel(parsed.kernel);
    try {
      const runner = new JobRunner(parsed, memory, worker, workOf(parsed));
      entry = { session, user, runner, bytes: bufferOf(memory).byteLength };
    } catch (error) {
      if (parsed.modules.length === 0) throw error;
      return refusal(parsed.modules, error);
    }
  }
  // Now it is the one used last.
  ready.delete(key);
  forget(entry);
  ready.set(key, entry);
  entry.runner.run(job);
  return null;
}

/** @throws Error where a policy forbids the kernel here, which the page's own allows: a worker's program has headers of its own. */
function expectKernel(kernel: KernelName): void {
  try {
    chooseKernel(kernel);
  } catch (error) {
    throw new Error(`in a worker thread, whose program has headers of its own, ${(error as Error).message}`);
  }
}

/** The kinds of a task's parts. */
const PARTS = {
  session: 'number',
  user: 'number',
  worker: 'number',
  description: 'string',
  memory: 'object',
  job: 'object',
};

/** @throws TypeError where somebody else than the pool calls, or writes to the worker. */
function expectTask(task: unknown): void {
  const isTask = (all: object): boolean =>
    Object.entries(PARTS).every(([name, kind]) => typeof Reflect.get(all, name) === kind);
  if (isBag(task) && isTask(task)) return;
  throw new TypeError(
    `worker: expected a task of degelo's own threads, got ${describe(task)}: start it as a worker, compile({ worker: () => new Worker(url, { type: 'module' }) })`,
  );
}

/** Makes room for one more session: the same model's earlier ones go first, then those that weren't used for longest. */
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
