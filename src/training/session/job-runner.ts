/**
 * Does one worker's part of a job. The same code runs in a worker thread and, without a pool, on the calling
 * thread: it knows nothing of messages.
 */
import { bufferOf, createKernels, type KernelMemory } from '../../kernels/index.ts';
import type { Targets } from '../../losses/loss.ts';
import { widthOf } from '../../metrics/metric.ts';
import { Arena } from '../../model/arena.ts';
import type { BatchSource } from '../../model/inference.ts';
import { outputSize, type Plan } from '../../model/plan.ts';
import type { Preparable } from '../../model/preparations.ts';
import { Step } from '../../model/step.ts';
import { StepMemory } from '../../model/step-memory.ts';
import type { Optimizer } from '../../optimizers/optimizer.ts';
import { Barrier } from './barrier.ts';
import type { DataSet, InferenceJob, Job, SessionDescription, TrainJob } from './job.ts';
import type { Work } from './session-memory.ts';
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
  readonly #shares: Shares;
  readonly #worker: number;
  /** Takes so many of what all workers take from. @returns how many were taken before */
  readonly #take: (count: number) => number;
  readonly #takeOne = (): number => this.#take(1);
  /** How many are taken by now. */
  readonly #taken: () => number;

  constructor(description: SessionDescription, memory: KernelMemory, worker: number, work: Work) {
    const { network: config, kernel, batch, workers } = description;
    this.plan = work.plan;
    this.#seed = config.seed;
    this.#optimizer = work.optimizer;
    const kernels = createKernels(kernel, memory);
    this.#widths = work.metrics.map(widthOf);
    const options = { batch, workers, metrics: this.#widths, optimizer: this.#optimizer };
    this.memory = new StepMemory(this.plan, kernels, options, new Arena('float32', bufferOf(memory)));
    this.#step = new Step(this.plan, this.memory, kernels, work.metrics, worker, workers);
    this.#barrier = new Barrier(this.memory.control, workers);
    this.#shares = new Shares(this.memory.shares, worker);
    this.#worker = worker;
    const { taken } = this.memory;
    this.#take = (count) => Atomics.add(taken, 0, count);
    this.#taken = () => Atomics.load(taken, 0);
  }

  /** Makes weights ready, as Step.prepareWeights does; to be called by one worker before a job. */
  prepareWeights(which: Preparable): void {
    this.#step.prepareWeights(which);
  }

  /** `taken` must be 0. */
  run(job: Job): void {
    for (const _ of this.#work(job));
  }

  /** The same in pieces of some milliseconds, for a thread that has other things to do in between. */
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

  /** The step after so many of the same job. */
  *#trainStep(job: TrainJob, start: number, N: number, done: number): Generator<void, void> {
    const { data, order, learningRate, results } = job;
    const sampleAt = (position: number): number => order[start + position];
    const { first, end } = this.#shares.range(N);
    const moment = { seed: this.#seed, step: job.step + done };
    const update = this.#optimizer && {
      optimizer: this.#optimizer,
      learningRate,
      iteration: job.iteration + done,
    };
    let busy = 0;
    let begin = performance.now();
    // Everybody waited for the last step's weights, and nobody changes them before all samples are done.
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
      // Waiting for others isn't work: it says nothing of this worker's pace.
      busy += performance.now() - begin;
      // Nor is what is dealt out by layers.
      if (wait === 'prepared') busy = 0;
      if (wait === 'samples') {
        // While these samples' places are still this worker's.
        this.#keepResults(results, start + first, first, end);
        this.#shares.took(busy, end - first);
        if (this.#worker === 0) Atomics.store(this.memory.taken, 0, 0);
      }
      this.#barrier.wait();
      if (wait === 'samples' && this.#worker === 0) this.#shares.deal();
      begin = performance.now();
    }
  }

  /**
   * In inference workers share nothing but the weights, and no sum crosses samples. Nobody waits: each takes as many samples as it
   * has places in the batch's memory, and then some more; fewer towards the end, so that all end together.
   */
  *#infer(job: InferenceJob): Generator<void, void> {
    const { data, from, to, results } = job;
    if (results.penalties && this.#worker === 0) results.penalties.fill(this.#step.penalty(), from, to);
    const { inference, workers, batch } = this.memory;
    const { first, end: last } = this.#shares.places(batch, inference.block);
    if (first === last) return;
    /** A share of what is left, but no less than a block: small pieces read all weights for few samples. */
    const fewest = Math.min(inference.block, Math.ceil((to - from) / workers.length));
    const piece = (): number => {
      const share = Math.ceil((to - from - this.#taken()) / workers.length);
      return Math.min(last - first, Math.max(fewest, share));
    };
    for (;;) {
      const count = piece();
      const start = from + this.#take(count);
      if (start >= to) return;
      const end = first + Math.min(count, to - start);
      const sampleAt = (position: number): number => start + position - first;
      const predicts = job.kind === 'predict';
      for (const _ of this.#step.inferring(first, end, this.#source(data, sampleAt), predicts)) yield;
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

  /** How much each sample counts. Only this worker's own places are looked at. */
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
