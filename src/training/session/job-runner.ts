/**
 * Does one worker's part of a job. The same code runs in a worker thread and, without a pool, on the calling
 * thread: it knows nothing of messages.
 */
import { bufferOf, createKernels, type KernelMemory } from '../../kernels/index.ts';
import type { Targets } from '../../losses/loss.ts';
import { Arena } from '../../model/arena.ts';
import type { BatchSource } from '../../model/inference.ts';
import { outputSize, type Plan } from '../../model/plan.ts';
import type { Preparable } from '../../model/preparations.ts';
import { Step } from '../../model/step.ts';
import { StepMemory } from '../../model/step-memory.ts';
import type { Optimizer } from '../../optimizers/optimizer.ts';
import { Barrier } from './barrier.ts';
import type { DataSet, InferenceJob, Job, SessionDescription, TrainJob } from './job.ts';
import { memoryOptions, type Work } from './session-memory.ts';
import { Shares } from './shares.ts';
import { CachedSource, RowSource } from './sources.ts';

export class JobRunner {
  readonly plan: Plan;
  readonly memory: StepMemory;
  readonly #seed: number;
  readonly #optimizer: Optimizer | null;
  readonly #step: Step;
  /** Numbers a sample of each metric. */
  readonly #widths: readonly number[];
  readonly #barrier: Barrier;
  /** How jobs are divided. */
  readonly shares: Shares;
  readonly #worker: number;
  /** Takes one of the tiles that are free for all workers. @returns how many were taken before */
  readonly #takeOne = (): number => Atomics.add(this.memory.taken, 0, 1);

  constructor(description: SessionDescription, memory: KernelMemory, worker: number, work: Work) {
    const { network: config, kernel, workers } = description;
    this.plan = work.plan;
    this.#seed = config.seed;
    this.#optimizer = work.optimizer;
    const kernels = createKernels(kernel, memory);
    const options = memoryOptions(description, work);
    this.#widths = options.metrics;
    this.memory = new StepMemory(this.plan, kernels, options, new Arena('float32', bufferOf(memory)));
    this.#step = new Step(this.plan, this.memory, kernels, work.metrics, worker, workers);
    this.#barrier = new Barrier(this.memory.control, workers);
    this.shares = new Shares(this.memory.shares, worker);
    this.#worker = worker;
  }

  /** Prepares weights, as Step.prepareWeights does. One worker calls it before a job. */
  prepareWeights(which: Preparable): void {
    this.#step.prepareWeights(which);
  }

  /** Does this worker's part of a job. `taken` must be 0 before. */
  run(job: Job): void {
    this.#barrier.begin();
    for (const _ of this.#work(job));
  }

  /** The same, but it yields every few milliseconds, so that the calling thread can do other things in between. */
  *pieces(job: Job): Generator<void, void> {
    this.#step.turns = true;
    try {
      yield* this.#work(job);
    } finally {
      this.#step.turns = false;
    }
  }

  #work(job: Job): Generator<void, void> {
    return job.kind === 'train' ? this.#train(job) : this.#infer(job);
  }

  *#train(job: TrainJob): Generator<void, void> {
    const { from, to, batch } = job;
    for (let start = from, done = 0; start < to; start += batch, done++) {
      yield* this.#trainStep(job, start, Math.min(batch, to - start), done);
    }
  }

  /** One step; `done` steps of the same job come before it. */
  *#trainStep(job: TrainJob, start: number, N: number, done: number): Generator<void, void> {
    const { data, order, learningRate, results } = job;
    const sampleAt = (position: number): number => order[start + position];
    const { first, end } = this.shares.range(N);
    const moment = { seed: this.#seed, step: job.step + done };
    const update = this.#optimizer && {
      optimizer: this.#optimizer,
      learningRate,
      iteration: job.iteration + done,
    };
    let busy = 0;
    let begin = performance.now();
    // The weights stand still now: all workers waited for the last update, and the next one comes when all samples are done.
    if (results.penalties && this.#worker === 0) results.penalties[start] = this.#step.penalty();
    this.#loadTargets(data, first, end, sampleAt);
    this.#loadWeights(data, first, end, sampleAt);
    const step = this.#step.train(
      { first, end, batch: N },
      this.#source(data, sampleAt),
      moment,
      update,
      this.#takeOne,
    );
    for (const wait of step) {
      if (wait === 'turn') {
        yield;
        continue;
      }
      // Time spent waiting says nothing about this worker's speed.
      busy += performance.now() - begin;
      // Nor does the time for preparing weights, which isn't divided by samples.
      if (wait === 'prepared') busy = 0;
      if (wait === 'samples') {
        // Before the barrier: after it another worker may have these samples' places.
        this.#keepResults(results, start + first, first, end);
        this.shares.took(busy, end - first);
        if (this.#worker === 0) Atomics.store(this.memory.taken, 0, 0);
      }
      this.#barrier.wait();
      if (wait === 'samples' && this.#worker === 0) this.shares.deal();
      begin = performance.now();
    }
  }

  /**
   * In inference workers share only the weights, and no sum goes over several samples, so no worker waits. Each takes as many samples as
   * it has places in the batch's memory, again and again; fewer towards the end, so that all workers end at the same time. But first it
   * takes its share of the job, by its speed: pieces of few samples cost more. (Of eight photos two threads took 4, 2 and twice 1: by
   * 4 each MobileNetV2 takes 0.94 of the time.)
   */
  *#infer(job: InferenceJob): Generator<void, void> {
    const { data, from, to, results } = job;
    if (results.penalties && this.#worker === 0) results.penalties.fill(this.#step.penalty(), from, to);
    const { inference, workers, batch, taken } = this.memory;
    const { first, end: last } = this.shares.places(batch, inference.block);
    if (first === last) return;
    // A share of the samples that are left, but at least a block: each piece reads all weights, however few its samples are.
    const fewest = Math.min(inference.block, Math.ceil((to - from) / workers.length));
    const own = this.shares.range(to - from, fewest);
    for (let dealt = own.end - own.first; ; dealt = 0) {
      const share = Math.ceil((to - from - Atomics.load(taken, 0)) / workers.length);
      const count = Math.min(last - first, dealt || Math.max(fewest, share));
      const start = from + Atomics.add(taken, 0, count);
      if (start >= to) return;
      const begin = performance.now();
      const end = first + Math.min(count, to - start);
      const sampleAt = (position: number): number => start + position - first;
      const predicts = job.kind === 'predict';
      for (const _ of this.#step.inferring(first, end, this.#source(data, sampleAt), predicts)) yield;
      this.shares.took(performance.now() - begin, end - first);
      if (predicts) {
        const predictions = this.#step.predict(first, end);
        results.predictions.set(predictions, (start - from) * outputSize(this.plan));
      } else {
        this.#loadTargets(data, first, end, sampleAt);
        this.#loadWeights(data, first, end, sampleAt);
        this.#step.evaluateLoss(first, end);
        this.#keepResults(results, start, first, end);
      }
    }
  }

  #source(data: DataSet, sampleAt: (position: number) => number): BatchSource {
    return data.cache ? new CachedSource(data, data.cache, sampleAt) : new RowSource(data, sampleAt);
  }

  #loadTargets(data: DataSet, first: number, end: number, sampleAt: (position: number) => number): void {
    const { targets } = this.memory;
    const from = data.targets as Targets; // training and evaluation have targets; fit and evaluate checked
    const size = from.length / data.samples;
    for (let n = first; n < end; n++) {
      const sample = sampleAt(n);
      for (let c = 0; c < size; c++) targets[n * size + c] = from[sample * size + c];
    }
  }

  /** Loads the samples' weights, into this worker's places only. */
  #loadWeights(
    { weights }: DataSet,
    first: number,
    end: number,
    sampleAt: (position: number) => number,
  ): void {
    this.#step.weights = null;
    if (!weights) return;
    const placed = new Float32Array(end);
    for (let n = first; n < end; n++) placed[n] = weights[sampleAt(n)];
    this.#step.weights = placed;
  }

  #keepResults({ losses, metrics }: TrainJob['results'], to: number, first: number, end: number): void {
    losses.set(this.memory.losses.subarray(first, end), to);
    for (const [m, values] of metrics.entries()) {
      const width = this.#widths[m];
      values.set(this.memory.metrics[m].subarray(first * width, end * width), to * width);
    }
  }
}
