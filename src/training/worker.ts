/**
 * A worker thread's whole program: make ready for a session once, then do one's part of each job. It holds
 * nothing that isn't in shared memory, so a worker that died can be replaced by a new one.
 */

import type { Task } from './job.ts';
import { JobRunner } from './job-runner.ts';

let session = -1;
let runner: JobRunner | null = null;

export default function work({ session: asked, description, memory, worker, job }: Task): void {
  if (!runner || session !== asked || worker !== runnerWorker) {
    runner = new JobRunner(JSON.parse(description), memory, worker);
    runnerWorker = worker;
    session = asked;
  }
  runner.run(job);
}

// Which part this thread had last: piscina hands tasks to any free thread.
let runnerWorker = -1;
