/**
 * Where the loops of `fit`, `evaluate` and `predict` get memory and threads from: one model's session, made from what
 * `compile` settled.
 */
import { expectWorkers } from '#pool';
import { aboveZero, atLeastZero } from '../../checks/values.ts';
import { chooseKernel } from '../../kernels/index.ts';
import { lossConfig } from '../../losses/loss.ts';
import { widthOf } from '../../metrics/metric.ts';
import type { Network } from '../../model/network.ts';
import { hasPenalty, makePlan, type Plan } from '../../model/plan.ts';
import { allocate } from '../../tensor/memory.ts';
import type { TrainingModel } from '../callbacks/callback.ts';
import { type Compiled, threadsFor } from '../compiled.ts';
import { WorkerError } from '../errors.ts';
import type { Job, Results } from '../session/job.ts';
import type { WorkerMaker } from '../session/pool.ts';
import { modulesOf, type Parts } from '../session/portable.ts';
import type { Session } from '../session/session.ts';
import { Workplace } from '../session/workplace.ts';

/** A model as the loops see it: layers and weights, what callbacks may ask, and a count of steps. */
export type Trainee = Network & TrainingModel & { step: number };

/** Why threads that these start do nothing: what one model waited for, the next needn't. null: degelo's own. */
const silent = new Map<WorkerMaker | null, Promise<string>>();

export class Engine {
  #memoryMB = Infinity;
  /** Why worker threads can't be used, where `compile` was told no number; null: they can, or weren't needed yet. */
  #stranded: string | null = null;
  readonly #model: Network;
  readonly #workplace = new Workplace();

  constructor(model: Network) {
    this.#model = model;
  }

  /** The most memory that a step may take, in units of 2^20 bytes. */
  get memoryMB(): number {
    return this.#memoryMB;
  }

  /** @throws TypeError where it isn't a number, RangeError where it isn't above 0. */
  set memoryMB(value: number) {
    this.#memoryMB = aboveZero('model', 'memoryMB', value);
  }

  /**
   * The session for steps of so many samples: the current one if it fits, else a new one that takes over the weights.
   * Memory for training comes with the first step, and serves predictions from then on too, where there is as much.
   * @param compiled null: for predictions only.
   * @param plan for predictions, where nothing is compiled
   * @throws RangeError where a step needs more than memoryMB, or than the engine gives, or the learning rate is no number ≥ 0.
   */
  session(compiled: Compiled | null, batch: number, kind: Job['kind'], plan?: Plan): Session {
    // Checked for evaluations too: each worker makes the optimizer, and would fail there.
    if (compiled) atLeastZero('model', 'optimizer.learningRate', compiled.optimizer.learningRate);
    const trained = compiled && (kind === 'train' || compiled.state.iterations > 0) ? compiled : null;
    try {
      return this.#sessionFor(compiled, batch, trained, plan);
    } catch (error) {
      // Where the memory for a training step of so many samples isn't there, that for predictions alone may be.
      if (kind === 'train' || !trained) throw error;
      return this.#sessionFor(compiled, batch, null, plan);
    }
  }

  /** @param trained null: for predictions and figures alone */
  #sessionFor(compiled: Compiled | null, batch: number, trained: Compiled | null, plan?: Plan): Session {
    const { threads } = this.threads(compiled);
    const optimizer = trained?.optimizer ?? null;
    const description = {
      network: compiled?.config ?? this.#model.toConfig(),
      loss: compiled ? lossConfig(compiled.loss) : null,
      metrics: compiled?.metrics ?? [],
      optimizer: optimizer?.getConfig() ?? null,
      kernel: compiled?.kernel ?? chooseKernel('auto'),
      convolution: compiled?.convolution ?? ('auto' as const),
      modules: threads > 0 ? modulesOf(this.#parts(compiled)) : [],
      batch,
      workers: Math.max(1, threads),
    };
    const work = {
      plan: compiled?.plan ?? plan ?? makePlan(this.#model, null),
      optimizer,
      metrics: compiled?.measures ?? [],
      memoryMB: this.#memoryMB,
    };
    const hands = { threads, worker: compiled?.worker ?? null };
    return this.#workplace.session(this.#model, description, hands, trained?.state ?? null, work);
  }

  /**
   * Does a job in this session, or in the one that has the model's weights since then. Where threads fail again and again, and `compile`
   * was told no number, it is done on the calling thread, with a warning.
   * @throws as Session.run does.
   */
  async run(session: Session, job: Job, compiled: Compiled | null, plan?: Plan): Promise<void> {
    let jobs: readonly Job[] = [job];
    if (this.isCurrent(session)) {
      try {
        await session.run(job);
        return;
      } catch (error) {
        if (!session.undone || compiled?.threadsAsked) throw error;
        const { reason, isSilent } = session.undone;
        jobs = session.undone.jobs;
        if (isSilent) silent.set(compiled?.worker ?? null, Promise.resolve(reason));
        this.#strand(reason);
      }
    }
    const here = this.session(compiled, session.description.batch, job.kind, plan);
    for (const each of jobs) await here.run(each);
  }

  /** Whether the weights and the optimizer's arrays are in this session: a callback may have made another one. */
  isCurrent(session: Session): boolean {
    return this.#workplace.isCurrent(session);
  }

  /** Threads that work for the model: compile's, else as many as its layers allow; and why none do that could. */
  threads(compiled: Compiled | null): { threads: number; reason: string | null } {
    if (this.#stranded !== null && !compiled?.threadsAsked) return { threads: 0, reason: this.#stranded };
    if (compiled) return { threads: compiled.threads, reason: compiled.threadsReason };
    return threadsFor(this.#parts(null));
  }

  /**
   * To be awaited before the first session, unless it is null: whether worker threads start here. Where they don't, a warning says
   * so, and the work is done on the calling thread.
   * @throws WorkerError where threads were asked for.
   */
  ready(compiled: Compiled | null): Promise<void> | null {
    if (this.threads(compiled).threads === 0) return null;
    const worker = compiled?.worker ?? null;
    // Those that are asked for are tried again.
    const waiting = (!compiled?.threadsAsked && silent.get(worker)) || expectWorkers(worker);
    return waiting && this.#expect(waiting, compiled);
  }

  async #expect(waiting: Promise<string | null>, compiled: Compiled | null): Promise<void> {
    const reason = await waiting;
    if (reason === null) return;
    if (compiled?.threadsAsked) throw new WorkerError(`a worker thread can't start: ${reason}`);
    this.#strand(reason);
  }

  #strand(reason: string): void {
    if (this.#stranded === null) {
      console.warn(`worker threads can't be used, so all work is done on the calling thread: ${reason}`);
    }
    this.#stranded = reason;
  }

  /** Ends the worker threads at once; the next session starts new ones. */
  async dispose(): Promise<void> {
    await this.#workplace.dispose();
  }

  #parts(compiled: Compiled | null): Parts {
    return {
      layers: this.#model.allLayers(),
      loss: compiled?.loss ?? null,
      optimizer: compiled?.optimizer ?? null,
      metrics: compiled?.metrics ?? [],
    };
  }
}

/** Room for the losses and metrics of so many samples, where the workers see it. */
export function makeResults({ plan, measures, threads }: Compiled, samples: number): Results {
  const column = (size: number): Float64Array =>
    allocate(size, { dtype: 'float64', shared: threads > 0 }) as Float64Array; // by its dtype
  const columns = measures.map((metric) => column(samples * widthOf(metric)));
  const penalties = hasPenalty(plan) ? column(samples) : null;
  return { losses: column(samples), metrics: columns, penalties, predictions: new Float32Array(0) };
}
