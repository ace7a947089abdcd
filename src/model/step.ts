/**
 * One training step as one of several workers does it; what only goes forward is inference.ts.
 *
 * A batch is cut into shards of 8 consecutive samples, and the shards are dealt out to the workers in
 * contiguous ranges. For its range a worker runs every stage forward and backward; then, when all are done,
 * the workers share the weights' tiles: their gradient over the whole batch and the optimizer's update.
 * Which worker does what changes no bit, because every sum's order is fixed (docs/order-of-sums.md).
 *
 * Where workers must wait for one another, the step yields, and its caller waits: a worker thread at a
 * barrier, with one worker not at all, in tests by letting each worker have its turn.
 */
import type { Kernels } from '../kernels/kernels.ts';
import type { StepKey, WeightUse } from '../layers/layer.ts';
import { penaltyOf } from '../layers/regularizer.ts';
import { computeLoss, type LossRun } from '../losses/loss.ts';
import { weighLoss } from '../losses/weigh.ts';
import { type Metric, widthOf } from '../metrics/metric.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { deriveKey, Purpose } from '../tensor/random.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import { bindLosses } from './binding.ts';
import { clippingFactors, cutBlocks, needsNorm, sumSquares } from './clipping.ts';
import { type BatchSource, Inference, type Turn } from './inference.ts';
import type { Plan } from './plan.ts';
import type { Pass, Phase } from './program.ts';
import {
  type ParameterMemory,
  type ProgramMemory,
  SHARD,
  type StepMemory,
  type SumsMemory,
} from './step-memory.ts';
import { cutTiles, type Tile } from './tiles.ts';

/** Samples first ≤ n < end of a batch; `first` is a multiple of the shard. */
export interface Range {
  readonly first: number;
  readonly end: number;
  /** Samples in the whole batch. */
  readonly batch: number;
}

/** What decides all that is random in a step. */
export interface Moment {
  readonly seed: number;
  readonly step: number;
}

/** How weights follow their gradients. */
export interface Update {
  readonly optimizer: Optimizer;
  readonly learningRate: number;
  /** The update's number since compile, counted from 1. */
  readonly iteration: number;
}

/**
 * What all workers must have done before any of them continues: preparing weights; a layer's sums over the batch; the passes of all
 * samples; the gradients over the batch and their sums of squares, if the optimizer clips by norm; the update of the weights.
 * `turn` is no such wait; see Inference.turns.
 */
export type Wait = 'prepared' | 'sums' | 'samples' | 'gradients' | 'squares' | 'weights' | Turn;

/** A worker's part of every step. */
export class Step extends Inference {
  /** How much the sample at each place of the batch counts in the loss (metrics count all alike); null: all count 1. */
  weights: FloatArray | null = null;
  readonly #worker: number;
  readonly #metrics: readonly Metric[];
  readonly #trainingLoss: readonly LossRun[];
  readonly #tiles: readonly Tile[];
  /** The blocks of weights over which norms of gradients are summed. */
  readonly #blocks: readonly Tile[];
  readonly #workers: number;

  /** @param worker whose scratch to use, of so many `workers` */
  constructor(
    plan: Plan,
    memory: StepMemory,
    kernels: Kernels,
    metrics: readonly Metric[],
    worker: number,
    workers: number,
  ) {
    super(plan, memory, kernels, worker, workers);
    this.#metrics = metrics;
    this.#worker = worker;
    this.#trainingLoss = memory.training ? bindLosses(memory.training, plan, memory) : [];
    this.#tiles = cutTiles(plan, workers);
    this.#blocks = cutBlocks(plan);
    this.#workers = workers;
  }

  /**
   * One step of training on this worker's range: `samples`, then `update`. It yields wherever all workers must wait for
   * one another, the last time when it is done.
   * @param take as in update
   */
  *train(
    range: Range,
    source: BatchSource,
    moment: Moment,
    update: Update | null,
    take: () => number,
  ): Generator<Wait, void> {
    yield* this.samples(range, source, moment);
    yield 'samples';
    yield* this.#followGradients(range.batch, update, take);
    yield 'weights';
  }

  /** Forward pass, loss and backward pass of a range. */
  *samples(range: Range, source: BatchSource, moment: Moment): Generator<Wait, void> {
    yield* this.#prepare(0, ['forward', 'backward']);
    yield* this.#forward(range, source, moment, 0);
    yield* this.#run(this.#trainingMemory.backward, range, { source });
  }

  /**
   * Forward pass and loss of a range, as in training.
   * @param from the stage with which to begin: those before keep what they computed last
   */
  *forward(range: Range, source: BatchSource, moment: Moment, from = 0): Generator<Wait, void> {
    yield* this.#prepare(from, ['forward']);
    yield* this.#forward(range, source, moment, from);
  }

  *#forward(range: Range, source: BatchSource, { seed, step }: Moment, from: number): Generator<Wait, void> {
    const keys = this.plan.stages.map(({ index, training }) =>
      training ? deriveKey(seed, Purpose.layer, index, step) : null,
    );
    yield* this.#run(this.#trainingMemory.forward, range, { source, loads: true, keys, from });
  }

  /** This worker's part of the weights that the step before changed, for stages from there on. */
  *#prepare(from: number, uses: readonly WeightUse[]): Generator<Wait, void> {
    if (!this.preparations.areNeeded) return;
    for (const _ of this.preparations.ofStep(from, uses)) if (this.turns) yield 'turn';
    yield 'prepared';
  }

  /** Predictions, losses and metrics of samples first ≤ n < end from an inference, against memory.targets. */
  evaluateLoss(first: number, end: number): void {
    if (first < end && this.plan.loss) this.#loss(this.lossOf(first), end - first, first, 1);
  }

  /**
   * What the weights that are trained cost by their regularizers: float64, the parameters in the order of the plan's stages. To be
   * asked while no worker changes weights.
   */
  penalty(): number {
    let sum = 0;
    for (const { layer, roles } of this.plan.stages) {
      for (const [p, { value }] of (this.memory.parameters.get(layer) ?? []).entries()) {
        const { regularizer } = layer.parameters[p];
        if (regularizer && roles[p] === 'trained') sum += penaltyOf(regularizer, value);
      }
    }
    return sum;
  }

  /** Weights, once every worker's backward pass is done. Where norms are bounded, all wait for the gradients, and for their norms. */
  *#followGradients(batch: number, update: Update | null, take: () => number): Generator<Wait, void> {
    const clipping = update?.optimizer.clipping;
    if (!update || !clipping || !needsNorm(clipping)) {
      yield* this.update(batch, update, take);
      return;
    }
    const { memory } = this.#trainingMemory;
    const arraysOf = ({ stage, parameter }: Tile): ParameterMemory => memory[stage].parameters[parameter];
    let before = 0;
    const share = (tiles: readonly Tile[], work: (tile: Tile) => void): void => {
      for (let t = take() - before; t < tiles.length; t = take() - before) work(tiles[t]);
      // `take` goes on counting: it gave each tile's number, and to each worker one more, which told it that none was left.
      before += tiles.length + this.#workers;
    };
    share(this.#tiles, (tile) => this.#computeGradient(tile, batch, update));
    yield 'gradients';
    share(this.#blocks, (tile) => {
      const { gradient, squares } = arraysOf(tile);
      if (gradient && squares) sumSquares(gradient, tile.from, tile.to, squares);
    });
    yield 'squares';
    const factors = clippingFactors(clipping, memory);
    share(this.#tiles, (tile) => {
      const { gradient } = arraysOf(tile);
      if (!gradient) return;
      const factor = factors[tile.stage][tile.parameter];
      if (factor < 1) this.kernels.scale(tile.from, tile.to, factor, gradient);
      this.#optimize(tile, update);
    });
  }

  /**
   * Weights, once every worker's backward pass is done: their gradients over the `batch` samples, then the
   * optimizer's update (null: gradients alone, for gradient checks); and what a forward pass moves.
   * @param take gives the number of a tile that no worker has taken yet, or one past the last; each does all it takes
   */
  *update(batch: number, update: Update | null, take: () => number): Generator<Turn, void> {
    for (let t = take(); t < this.#tiles.length; t = take()) {
      this.#computeGradient(this.#tiles[t], batch, update);
      if (update) this.#optimize(this.#tiles[t], update);
      if (this.turns) yield 'turn';
    }
  }

  /** A tile's gradient over the whole batch; and, where there is an update, what a forward pass moves. */
  #computeGradient({ stage, parameter, from, to }: Tile, batch: number, update: Update | null): void {
    const { role, value, gradient, partial } = this.#trainingMemory.memory[stage].parameters[parameter];
    // The views of the first shard begin at the first sample, so N = batch is all of them.
    const { run } = this.training[0][stage];
    if (role === 'moved' && update) run.stage.layer.move(run, parameter, from, to);
    if (!gradient) return;
    if (partial) {
      const { data, stride } = partial;
      this.kernels.sumShards(Math.ceil(batch / SHARD), stride, data, from, to, gradient);
    } else {
      run.stage.layer.weightGradient(run, batch, parameter, from, to);
    }
    const { regularizer } = run.stage.layer.parameters[parameter];
    if (regularizer)
      this.kernels.regularize(from, to, value, regularizer.l1 ?? 0, regularizer.l2 ?? 0, gradient);
    const clipping = update?.optimizer.clipping;
    if (clipping?.kind === 'clipvalue') this.kernels.clip(from, to, clipping.limit, gradient);
  }

  /** The optimizer's step of a tile whose gradient is there. */
  #optimize({ stage, parameter, from, to }: Tile, { optimizer, learningRate, iteration }: Update): void {
    const { value, gradient, slots } = this.#trainingMemory.memory[stage].parameters[parameter];
    if (!gradient) return;
    const rate = optimizer.schedule ? optimizer.schedule.at(iteration - 1) : learningRate;
    optimizer.update(this.kernels, from, to, value, gradient, slots, rate, iteration);
  }

  get #trainingMemory(): ProgramMemory {
    if (!this.memory.training) throw new Error('a plan without a loss has no training');
    return this.memory.training;
  }

  /** Runs phases on a range; it yields before each that begins with sums over the batch. */
  *#run(phases: readonly Phase[], range: Range, options: Passing): Generator<Wait, void> {
    const { first, end } = range;
    const { loaded } = this.#trainingMemory;
    for (const [p, phase] of phases.entries()) {
      if (phase.merges && phase.merges.stage >= (options.from ?? 0)) {
        yield 'sums';
        this.#merge(phase.merges, range.batch);
      }
      const loads = options.loads && p === 0;
      if (phase.whole) {
        for (const pass of phase.passes) yield* this.#passAll(pass, range, options);
        continue;
      }
      for (let n = first; n < end; n += phase.block) {
        const N = Math.min(phase.block, end - n);
        if (loads && (n - first) % loaded === 0) options.source.load(this, n, Math.min(loaded, end - n));
        for (const pass of phase.passes) {
          this.#pass(pass, n, N, range.batch, options);
          if (this.turns) yield 'turn';
        }
      }
    }
  }

  /** A pass on all of a range: at once, or shard by shard where each has sums of its own. */
  *#passAll(pass: Pass, { first, end, batch }: Range, options: Passing): Generator<Turn, void> {
    if (first >= end) return;
    if (
      pass.kind === 'loss' ||
      pass.kind === 'forward' ||
      !hasParts(this.#trainingMemory, pass.stage, pass.kind)
    ) {
      this.#pass(pass, first, end - first, batch, options);
      if (this.turns) yield 'turn';
      return;
    }
    for (let n = first; n < end; n += SHARD) {
      this.#pass(pass, n, Math.min(SHARD, end - n), batch, options);
      if (this.turns) yield 'turn';
    }
  }

  #pass(pass: Pass, n: number, N: number, batch: number, { source, keys, from = 0 }: Passing): void {
    const { block, memory } = this.#trainingMemory;
    if (pass.kind === 'loss') {
      this.#loss(this.#trainingLoss[n / block], N, n, batch);
      return;
    }
    if (source.cached && this.plan.cached.stages[pass.stage]) return;
    const { run, addends } = this.training[n / block][pass.stage];
    const { layer } = run.stage;
    const { sums } = memory[pass.stage];
    if (pass.kind === 'backward') {
      layer.backward(run, N);
      for (const { addend, sum, size } of addends) this.kernels.addTo(N * size, addend, sum);
    } else if (pass.kind === 'sumBackward') {
      layer.sumBackward(run, N, sums?.backward.parts[n / SHARD] as Float64Array); // such a pass has them
    } else if (pass.stage >= from) {
      if (pass.kind === 'forward') layer.forward(run, N, keys?.[pass.stage] ?? null);
      else layer.sumForward(run, N, sums?.forward.parts[n / SHARD] as Float64Array);
    }
  }

  /** The sums over the batch, from all shards' parts. */
  #merge({ pass, stage }: NonNullable<Phase['merges']>, batch: number): void {
    const { stages, memory } = this.#trainingMemory;
    const { layer } = stages[stage];
    const { parts, results } = (memory[stage].sums as SumsMemory)[pass]; // a stage that merges has them
    const samples = Array.from({ length: Math.ceil(batch / SHARD) }, (_, shard) =>
      Math.min(SHARD, batch - shard * SHARD),
    );
    const there = parts.slice(0, samples.length);
    const result = results[this.#worker];
    if (pass === 'forward') layer.mergeForward(stages[stage], there, samples, result);
    else layer.mergeBackward(stages[stage], there, samples, result);
  }

  #loss(run: LossRun, N: number, first: number, batch: number): void {
    const { loss, outputShape } = this.plan;
    if (loss) computeLoss(loss, outputShape, run, N, batch);
    if (this.weights) weighLoss(run, N, this.weights.subarray(first));
    for (const [m, metric] of this.#metrics.entries()) {
      const values = this.memory.metrics[m].subarray(first * widthOf(metric));
      metric.measure(N, run.C, run.y, run.targets, values);
    }
  }
}

/** How phases of training are run. */
interface Passing {
  readonly source: BatchSource;
  /** The first phase loads the samples. */
  readonly loads?: boolean;
  /** The key of each stage's random numbers; null: it works as in inference. */
  readonly keys?: readonly (StepKey | null)[];
  /** Stages before keep what they computed last. */
  readonly from?: number;
}

/** Whether a pass writes something for each shard. */
function hasParts({ stages }: ProgramMemory, stage: number, kind: Pass['kind']): boolean {
  const { layer, weightGradient } = stages[stage];
  return kind !== 'backward' || (weightGradient && layer.gradientSplit === 'samples');
}
