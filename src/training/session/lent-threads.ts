/**
 * The process's worker threads, lent to one model at a time.
 *
 * The threads of a job wait for one another, so they must all be there at once: pools are lent whole, and two models that
 * train at the same time have one each. A pool that is given back waits for its next user: the same model, or any other that
 * wants as many threads. So a program that makes a thousand models one after the other, and disposes of none, needs the
 * threads of one. Idle threads end by themselves after a while (see pool-node.ts and pool-web.ts), and don't keep the process alive.
 */
import { createPool } from '#pool';
import type { Pool, WorkerMaker } from './pool.ts';

/** Milliseconds after which an idle pool makes room for one of another size. */
const STALE = 1000;

interface IdlePool {
  readonly pool: Pool;
  readonly lastUser: LentThreads;
  readonly since: number;
}

/** Least recently used first. */
const idle: IdlePool[] = [];

let users = 0;

/** One model's right to a pool of so many threads. */
export class LentThreads {
  /** This model's number, by which threads know its sessions. */
  readonly user = users++;
  readonly threads: number;
  /** What starts the threads; null: degelo's own. */
  readonly worker: WorkerMaker | null;
  #pool: Pool | null = null;

  constructor(threads: number, worker: WorkerMaker | null = null) {
    this.threads = threads;
    this.worker = worker;
  }

  /** The pool, until it is given back or ended. */
  take(): Pool {
    this.#pool ??= takeIdle(this) ?? newPool(this.threads, this.worker);
    return this.#pool;
  }

  /** Gives the pool back; no job may be running in it. */
  giveBack(): void {
    if (!this.#pool) return;
    idle.push({ pool: this.#pool, lastUser: this, since: performance.now() });
    this.#pool = null;
  }

  /** Ends threads after a failure; `take` gives new ones. */
  async replace(): Promise<void> {
    const broken = this.#pool;
    this.#pool = null;
    await broken?.destroy();
  }

  /** Ends the threads that this model had last, even in the middle of a job, unless another model has them now; `take` gives new ones. */
  async end(): Promise<void> {
    const own = idle.findIndex(({ lastUser }) => lastUser === this);
    if (own >= 0) this.#pool ??= idle.splice(own, 1)[0].pool;
    await this.replace();
  }
}

/** The pool that this model had last, whose threads know its session; else the one that has been idle for longest. */
function takeIdle(user: LentThreads): Pool | null {
  const fits = idle.filter(({ pool }) => pool.threads === user.threads && pool.worker === user.worker);
  const found = fits.find(({ lastUser }) => lastUser === user) ?? fits[0];
  if (!found) return null;
  idle.splice(idle.indexOf(found), 1);
  return found.pool;
}

function newPool(threads: number, worker: WorkerMaker | null): Pool {
  const now = performance.now();
  while (idle.length > 0 && now - idle[0].since > STALE) void idle.shift()?.pool.destroy();
  return createPool(threads, worker);
}
