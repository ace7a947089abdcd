/**
 * A worker thread's whole program: make ready for a session once, then do one's part of each job. It holds
 * nothing that isn't in shared memory, so a worker that died can be replaced by a new one.
 */

import { importModule } from '../session/importing.ts';
import type { SessionDescription, Task } from '../session/job.ts';
import { JobRunner } from '../session/job-runner.ts';

let session = -1;
let runner: JobRunner | null = null;
// Which part this thread had last: piscina hands tasks to any free thread.
let runnerWorker = -1;

/**
 * @returns why this thread can't take part: what users wrote can't be made here. In words, because an error that crosses
 *   threads loses its class.
 */
export default function work(task: Task): string | null | Promise<string | null> {
  const { session: asked, description, memory, worker, job } = task;
  if (!runner || session !== asked || worker !== runnerWorker) {
    // It is session.ts's own JSON.
    const parsed = JSON.parse(description) as SessionDescription;
    const modules = parsed.modules.filter((url) => !imported.has(url));
    if (modules.length > 0) return importModules(modules).then((reason) => reason ?? work(task));
    try {
      runner = new JobRunner(parsed, memory, worker);
    } catch (error) {
      if (parsed.modules.length === 0) throw error;
      return refusal(parsed.modules, error);
    }
    runnerWorker = worker;
    session = asked;
  }
  runner.run(job);
  return null;
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
