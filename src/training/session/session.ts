/**
 * A session: one plan, one memory, and the threads that work in it. The model's weights and the optimizer's arrays
 * are in the session's memory until another session takes them over: the model's next, or that of a model which
 * shares layers. The session that works next takes the weights back.
 */
import type { KernelMemory } from '../../kernels/index.ts';
import { parameterName } from '../../model/graph.ts';
import type { Network } from '../../model/network.ts';
import { ModuleError, WorkerError } from '../errors.ts';
import { Barrier } from './barrier.ts';
import { dropOldRows } from './feature-cache.ts';
import type { Job, SessionDescription, Task } from './job.ts';
import { JobRunner } from './job-runner.ts';
import { Journal } from './journal.ts';
import type { LentThreads } from './lent-threads.ts';
import { Pauses } from './next-turn.ts';
import type { OptimizerState } from './optimizer-state.ts';
import { Pace } from './pace.ts';
import { NO_THREAD } from './pool.ts';
import { allocateMemory, takeWeights, type Work } from './session-memory.ts';

/** Milliseconds that a job should take in worker threads. */
const TURN = 100;
/** The same on the calling thread. It is shorter, since callbacks and signals have to wait for it. */
const TURN_HERE = 25;

/** Times that a job is done again after a failure before training gives up. */
const RETRIES = 3;

/**
 * Milliseconds after which a worker counts as hung: this, or a hundred times the longest job so far, whichever
 * is more. Generous, because a machine may sleep or swap; a false alarm costs only time.
 */
const PATIENCE = 60_000;

/** After a failure PATIENCE is multiplied by this: perhaps the worker only was slow, with a huge batch or on an emulated machine. */
const MORE_PATIENCE = 4;

/** The longest time that timers count to, in milliseconds: three weeks. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Jobs that threads couldn't do, and why. */
interface Undone {
  readonly jobs: readonly Job[];
  readonly reason: string;
  /** Whether the threads did nothing at all: those of another session will do no more. */
  readonly isSilent: boolean;
}

let sessions = 0;

export class Session {
  readonly description: SessionDescription;
  /** The optimizer state whose arrays are in this session's memory. */
  readonly state: OptimizerState | null;
  /** How long a sample takes in each kind of job. */
  readonly paces: Readonly<Record<Job['kind'], Pace>>;
  /** Has the views of the session's memory. Without threads it also does the work. */
  readonly #runner: JobRunner;
  readonly #memory: KernelMemory;
  readonly #network: Network;
  readonly #threads: LentThreads | null;
  readonly #journal: Journal;
  readonly #id = sessions++;
  readonly #json: string;
  /** Counts the times that weights were taken over from another session. */
  #takeovers = 0;
  /** The version of the weights that were prepared last. */
  #prepared = -1;
  /** Whether the weights that training changes are prepared for inference. */
  #ready = false;
  readonly #pauses = new Pauses();
  #longest = 0;
  /** What is to be done elsewhere, once the threads failed at the last job; null: they didn't. */
  undone: Undone | null = null;
  #patience = PATIENCE;

  /**
   * Allocates the memory and moves the network's weights and the optimizer's state into it.
   * @param threads null: all work is done on the calling thread.
   * @throws RangeError where the memory needed is more than `work` allows or the engine gives.
   */
  constructor(
    network: Network,
    description: SessionDescription,
    threads: LentThreads | null,
    state: OptimizerState | null,
    work: Work,
  ) {
    this.description = description;
    this.state = state;
    this.#network = network;
    this.#json = JSON.stringify(description);
    this.#threads = threads;
    const pace = (): Pace => new Pace(threads ? TURN : TURN_HERE);
    this.paces = { train: pace(), evaluate: pace(), predict: pace() };
    this.#memory = allocateMemory(description, work, threads !== null);
    this.#runner = new JobRunner(description, this.#memory, 0, work);
    this.#takeovers += takeWeights(this.#runner.memory.parameters);
    for (const node of network.nodes()) {
      for (const [p, { role, slots }] of (this.#runner.memory.parameters.get(node.layer) ?? []).entries()) {
        if (role === 'trained') state?.adopt(parameterName(node, node.layer.parameters[p].name), slots);
      }
    }
    this.#journal = new Journal(this.#runner.memory);
  }

  /**
   * Does a job, on all threads. Where a worker fails, its work is done again on new threads, with the same
   * result and a warning.
   * @throws WorkerError where workers fail again and again, ModuleError where they can't make what users wrote.
   */
  async run(job: Job): Promise<void> {
    this.#takeovers += takeWeights(this.#runner.memory.parameters);
    this.#prepareWeights(job);
    this.#dropOldFeatures(job);
    if (!this.#threads) {
      this.#runner.memory.taken[0] = 0;
      for (const _ of this.#runner.pieces(job)) {
        if (this.#pauses.areDue) await this.#pauses.take();
      }
      return;
    }
    if (job.kind === 'train') this.#journal.begin(this.#network.weightsVersion + this.#takeovers);
    /** What to say once it isn't why there are no threads. */
    let unsaid: string | null = null;
    for (let failures = 0; ; ) {
      const start = performance.now();
      try {
        if (failures > 0) await this.#redo(this.#threads);
        await this.#dispatch(job, this.#threads);
        this.#patience = PATIENCE;
        if (unsaid !== null) console.warn(unsaid);
        break;
      } catch (error) {
        if (error instanceof ModuleError) {
          this.#threads.giveBack();
          throw error;
        }
        const reason = error instanceof Error ? error.message : String(error);
        const couldNotStart = Reflect.get(Object(error), 'code') === NO_THREAD;
        // A slow thread has begun at least. One that hasn't in all that time won't, and more patience would be an hour more.
        const isSilent =
          performance.now() - start >= PATIENCE &&
          Barrier.begun(this.#runner.memory.control) < this.description.workers;
        if (++failures > RETRIES || isSilent) {
          await this.#startAnew(this.#threads);
          const times = failures > 1 ? ` ${failures} times in a row, the last time` : '';
          const message = `workers failed${times} with: ${reason}`;
          // A worker may have changed a part of the weights only, so they go back to the last snapshot.
          const again = job.kind === 'train' ? [...this.#journal.restore(), job] : null;
          const kept = again ? `; the weights are those of step ${again[0].step}` : '';
          this.undone = { jobs: again ?? [job], reason, isSilent };
          throw new WorkerError(`${message}${kept}: threads: 0 does without workers`, { cause: error });
        }
        this.#patience *= MORE_PATIENCE;
        const line = `a worker failed (${reason}): its work is done again, with the same result`;
        if (this.#longest > 0 && !couldNotStart) console.warn(line);
        else if (!couldNotStart) unsaid = line;
      }
    }
    if (job.kind === 'train') this.#journal.end(job);
    else this.#runner.shares.deal();
  }

  /**
   * Prepares weights again that may have changed: all of them after they were set from outside; after training, before an inference,
   * those that training changes. Not each time: folding batch normalisation takes a tenth of the time in which MobileNetV2 predicts 8 photos.
   */
  #prepareWeights(job: Job): void {
    const version = this.#network.weightsVersion + this.#takeovers;
    if (this.#prepared !== version) {
      this.#runner.prepareWeights('fixed');
      this.#prepared = version;
      this.#ready = false;
    }
    if (job.kind === 'train') this.#ready = false;
    else if (!this.#ready) {
      this.#runner.prepareWeights('changing');
      this.#ready = true;
    }
  }

  /** Drops the cached features if the weights of their frozen layers were set since, by a callback for example. */
  #dropOldFeatures({ data: { cache } }: Job): void {
    if (!cache) return;
    const { stages, cached } = this.#runner.plan;
    const layers = stages
      .filter((_, s) => cached.stages[s])
      .flatMap(({ layer, folded }) => [layer, ...folded]);
    const version = layers.reduce((sum, { weightsVersion }) => sum + weightsVersion, 0);
    dropOldRows(cache, version);
  }

  /** Goes back to the last snapshot, and does all jobs since then again, on new threads. */
  async #redo(threads: LentThreads): Promise<void> {
    await this.#startAnew(threads);
    for (const job of this.#journal.restore()) await this.#dispatch(job, threads);
  }

  /** Replaces all threads. An old one may still be running, or may have died while it wrote the shares, so these are reset too. */
  async #startAnew(threads: LentThreads): Promise<void> {
    await threads.replace();
    this.#runner.memory.shares.ends.fill(0);
  }

  async #dispatch(job: Job, threads: LentThreads): Promise<void> {
    const tasks = Array.from({ length: this.description.workers }, (_, worker): Task => {
      // A pool's session has shared memory; see allocateMemory.
      const memory = this.#memory as Task['memory'];
      return {
        ...{ session: this.#id, user: threads.user },
        ...{ description: this.#json, hasModules: this.description.modules.length > 0 },
        ...{ memory, worker, job },
      };
    });
    const { control, taken } = this.#runner.memory;
    Barrier.reset(control);
    taken[0] = 0;
    const start = performance.now();
    const patience = Math.min(LONGEST_TIMER, Math.max(this.#patience, 100 * this.#longest));
    await threads.take().run(tasks, patience, () => Barrier.abort(control));
    threads.giveBack();
    this.#longest = Math.max(this.#longest, performance.now() - start);
  }
}
