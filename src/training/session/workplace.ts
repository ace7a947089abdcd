/**
 * Where a model's work is done: its worker threads and its current session, each kept for as long as the next
 * call can use it.
 */
import type { Network } from '../../model/network.ts';
import { expectNoImport } from './importing.ts';
import type { SessionDescription } from './job.ts';
import { LentThreads } from './lent-threads.ts';
import type { OptimizerState } from './optimizer-state.ts';
import type { WorkerMaker } from './pool.ts';
import { Session } from './session.ts';
import type { Work } from './session-memory.ts';

export class Workplace {
  #threads: LentThreads | null = null;
  #session: Session | null = null;
  #key = '';

  /**
   * The session that this description asks for: the current one if it fits, else a new one that takes over the
   * weights.
   * @param threads 0: work on the calling thread.
   * @param worker what starts them; null: degelo's own.
   */
  session(
    network: Network,
    description: SessionDescription,
    { threads, worker }: { threads: number; worker: WorkerMaker | null },
    state: OptimizerState | null,
    work: Work,
  ): Session {
    expectNoImport();
    const { batch, optimizer, ...rest } = description;
    // A learning rate that is a number travels with each job.
    const rate = typeof optimizer?.learningRate === 'number' ? 0 : optimizer?.learningRate;
    const key = JSON.stringify([rest, threads, { ...optimizer, learningRate: rate }]);
    const current = this.#session;
    const fits = this.#key === key && (threads === 0 || this.#threads?.worker === worker);
    if (current && fits && current.state === state && current.description.batch >= batch) return current;
    this.#session = new Session(network, description, this.#threadsFor(threads, worker), state, work);
    this.#key = key;
    return this.#session;
  }

  isCurrent(session: Session): boolean {
    return session === this.#session;
  }

  async dispose(): Promise<void> {
    this.#session = null;
    await this.#threads?.end();
  }

  #threadsFor(threads: number, worker: WorkerMaker | null): LentThreads | null {
    if (threads === 0) return null;
    const current = this.#threads;
    if (current?.threads === threads && current.worker === worker) return current;
    // No job runs in the earlier sessions: a model does one thing at a time.
    void current?.end();
    this.#threads = new LentThreads(threads, worker);
    return this.#threads;
  }
}
