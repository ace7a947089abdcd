/**
 * A session: one plan, one memory, and whoever works in it. The model's weights and the optimizer's arrays
 * stand in the session's memory as long as it lives; the next session takes them over.
 */
import type { KernelMemory } from '../kernels/index.ts';
import type { Network } from '../model/network.ts';
import { Tensor } from '../tensor/tensor.ts';
import { Barrier } from './barrier.ts';
import type { Job, SessionDescription, Task } from './job.ts';
import { JobRunner, sessionBytes } from './job-runner.ts';
import type { OptimizerState } from './optimizer-state.ts';
import type { Pool } from './pool.ts';

/** A WebAssembly page; also the granularity of its memory. */
const PAGE = 65536;

/** Milliseconds of work on the calling thread after which others may have a turn. */
const TURN = 30;

let sessions = 0;

export class Session {
  readonly description: SessionDescription;
  /** The compile's optimizer state whose arrays stand in this session's memory. */
  readonly state: OptimizerState | null;
  /** The views of the session's memory; on the calling thread it also does the work if there is no pool. */
  readonly #runner: JobRunner;
  readonly #memory: KernelMemory;
  readonly #pool: Pool | null;
  readonly #id = sessions++;
  readonly #json: string;
  #lastTurn = performance.now();

  /**
   * Allocates the memory and moves the network's weights and the optimizer's state into it.
   * @param pool null: all work is done on the calling thread.
   * @throws RangeError where the memory needed is more than the engine gives.
   */
  constructor(
    network: Network,
    description: SessionDescription,
    pool: Pool | null,
    state: OptimizerState | null,
  ) {
    this.description = description;
    this.state = state;
    this.#json = JSON.stringify(description);
    this.#pool = pool;
    this.#memory = allocateMemory(description, pool !== null);
    this.#runner = new JobRunner(description, this.#memory, 0);
    this.#adopt(network, state);
  }

  /** Does a job, on all threads. Rejects where a worker fails; the memory is then not to be trusted. */
  async run(job: Job): Promise<void> {
    const { workers } = this.description;
    if (!this.#pool) {
      this.#runner.run(job);
      await this.#giveTurn();
      return;
    }
    const tasks = Array.from({ length: workers }, (_, worker): Task => {
      // A pool's session has shared memory; see allocateMemory.
      const memory = this.#memory as Task['memory'];
      return { session: this.#id, description: this.#json, memory, worker, job };
    });
    const { control } = this.#runner.memory;
    Barrier.reset(control);
    await this.#pool.run(tasks, () => Barrier.abort(control));
  }

  #adopt(network: Network, state: OptimizerState | null): void {
    for (const [s, { layer }] of this.#runner.plan.stages.entries()) {
      // The runner's network is a twin of the user's, made from its description: same layers, same names.
      const own = network.layers.find(({ name }) => name === layer.name);
      if (!own) continue;
      for (const [p, parameter] of own.parameters.entries()) {
        const { value, slots } = this.#runner.memory.stages[s].parameters[p];
        if (parameter.value) value.set(parameter.value.data);
        parameter.value = new Tensor(value, parameter.shape);
        state?.adopt(`${layer.name}/${parameter.name}`, slots);
      }
    }
  }

  /** Without threads: lets timers, signals and input have a turn now and then. */
  async #giveTurn(): Promise<void> {
    if (performance.now() - this.#lastTurn < TURN) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#lastTurn = performance.now();
  }
}

function allocateMemory(description: SessionDescription, shared: boolean): KernelMemory {
  const bytes = sessionBytes(description);
  try {
    if (description.kernel === 'plain') {
      return shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
    }
    const pages = Math.ceil(bytes / PAGE);
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  } catch {
    const gigabytes = (bytes / 2 ** 30).toFixed(1);
    throw new RangeError(
      `a step of ${description.batch} samples needs ${gigabytes} GB in one piece, which this engine doesn't give: lower batchSize`,
    );
  }
}
