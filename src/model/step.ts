/**
 * One training step, or one prediction, as one of several workers does it.
 *
 * A batch is cut into shards of 8 consecutive samples, and the shards are dealt out to the workers in
 * contiguous ranges. For its range a worker runs every stage forward and backward; then, when all are done,
 * the workers share the weights' tiles: their gradient over the whole batch and the optimizer's update.
 * Which worker does what changes no bit, because every sum's order is fixed (docs/order-of-sums.md).
 */
import type { Kernels } from '../kernels/kernels.ts';
import { softmaxForward } from '../kernels/softmax.ts';
import type { Run, Stage } from '../layers/layer.ts';
import type { LossRun } from '../losses/loss.ts';
import type { Metric } from '../metrics/registry.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { deriveKey, Purpose } from '../tensor/random.ts';
import { type FloatArray, sizeOf } from '../tensor/tensor.ts';
import { needsBackward, outputSize, type Plan } from './plan.ts';
import { SHARD, type StepMemory } from './step-memory.ts';

/**
 * Weights are updated in tiles of about this many elements (64 KB), so that the gradient is still in the cache
 * when the optimizer reads it.
 */
const TILE = 16384;
/** So many tiles a worker, at least, of a large parameter: whoever is done sooner takes one more. */
const TILES_A_WORKER = 4;

/** Puts samples into a step's memory. */
export interface BatchSource {
  /** The stage that goes on from what `load` provides: 0, or the first one behind cached features. */
  readonly firstStage: number;
  /** Provides N samples of the batch from position `first` on: the input of stage `firstStage`. */
  load(step: Step, first: number, N: number): void;
}

export class Step {
  readonly plan: Plan;
  readonly memory: StepMemory;
  readonly kernels: Kernels;
  readonly #worker: number;
  readonly #metrics: readonly Metric[];
  /** Bound once, so that a step allocates nothing: [shard][stage]. */
  readonly #training: readonly (readonly Run[])[];
  readonly #inference: readonly (readonly Run[])[];
  readonly #trainingLoss: readonly LossRun[];
  readonly #inferenceLoss: readonly LossRun[];
  /** Stages before this index work shard by shard, whose activations stay in the cache. */
  readonly #wholeRangeFrom: number;
  readonly #tiles: readonly Tile[];

  /** @param worker whose scratch to use, of so many `workers` */
  constructor(
    plan: Plan,
    memory: StepMemory,
    kernels: Kernels,
    metrics: readonly Metric[],
    worker: number,
    workers: number,
  ) {
    this.plan = plan;
    this.memory = memory;
    this.kernels = kernels;
    this.#metrics = metrics;
    this.#worker = worker;
    const shards = Array.from({ length: Math.ceil(memory.batch / SHARD) }, (_, shard) => shard);
    this.#training = shards.map((shard) => this.#bind(shard, true));
    this.#inference = shards.map((shard) => this.#bind(shard, false));
    this.#trainingLoss = shards.map((shard) => this.#bindLoss(shard, true));
    this.#inferenceLoss = shards.map((shard) => this.#bindLoss(shard, false));
    // Dense layers stream megabytes of weights: once for the whole range, not once a shard.
    const lastBySamples = plan.stages.findLastIndex(
      ({ layer }) => layer.parameters.length > 0 && layer.gradientSplit === 'samples',
    );
    const firstDense = plan.stages.findIndex(
      ({ layer }, i) => i > lastBySamples && layer.gradientSplit === 'weights',
    );
    this.#wholeRangeFrom = firstDense < 0 ? plan.stages.length : firstDense;
    this.#tiles = this.#cutTiles(workers);
  }

  /**
   * Forward pass of samples first ≤ n < end of the batch (`first` a multiple of the shard).
   * @param randomness seed and step, which decide dropout's masks; null: inference.
   */
  forward(
    first: number,
    end: number,
    source: BatchSource,
    randomness: { seed: number; step: number } | null,
  ): void {
    const runs = randomness ? this.#training : this.#inference;
    const keys = this.plan.stages.map(
      ({ index }) => randomness && deriveKey(randomness.seed, Purpose.dropout, index, randomness.step),
    );
    const forwardStages = (from: number, to: number, n: number, N: number): void => {
      for (let s = from; s < to; s++) {
        const run = runs[n / SHARD][s];
        if (!run.stage.layer.isIdentity(randomness !== null)) run.stage.layer.forward(run, N, keys[s]);
      }
    };
    const shardwise = Math.max(source.firstStage, this.#wholeRangeFrom);
    for (let n = first; n < end; n += SHARD) {
      const N = Math.min(SHARD, end - n);
      source.load(this, n, N);
      forwardStages(source.firstStage, shardwise, n, N);
    }
    if (first < end) forwardStages(shardwise, this.plan.stages.length, first, end - first);
  }

  /** Runs stages from ≤ s < to forward on N samples at position `first`, in inference: a cache's frozen prefix. */
  forwardPrefix(to: number, first: number, N: number): void {
    for (let s = 0; s < to; s++) {
      const run = this.#inference[first / SHARD][s];
      run.stage.layer.forward(run, N, null);
    }
  }

  /** The input that stage `stage` reads for samples from position `first` on. */
  stageInput(stage: number, first: number): FloatArray {
    const { stages, inputShape } = this.plan;
    return stage === 0
      ? this.memory.input.subarray(first * sizeOf(inputShape))
      : this.memory.stages[stage - 1].y.subarray(first * sizeOf(stages[stage - 1].outputShape));
  }

  /**
   * Predictions [end − first, C] of samples first ≤ n < end from an inference's forward pass. A view: the next
   * forward pass overwrites it.
   */
  predict(first: number, end: number): FloatArray {
    const { C, x, y } = this.#inferenceLoss[first / SHARD];
    if (this.plan.folded === 'softmax') softmaxForward(end - first, C, x, y);
    if (this.plan.folded === 'sigmoid') this.kernels.sigmoidForward((end - first) * C, x, y);
    return y.subarray(0, (end - first) * C);
  }

  /**
   * Predictions, losses and metrics of samples first ≤ n < end, against memory.targets; and, for a batch of
   * `batch` samples, the gradient of its mean loss by the last stage's output (null: evaluation, none).
   */
  evaluateLoss(first: number, end: number, batch: number | null): void {
    if (first >= end || !this.plan.loss) return;
    const run = (batch === null ? this.#inferenceLoss : this.#trainingLoss)[first / SHARD];
    this.plan.loss.compute(run, end - first, batch ?? 1);
    for (const [m, metric] of this.#metrics.entries()) {
      metric(end - first, run.C, run.y, run.targets, this.memory.metrics[m].subarray(first));
    }
  }

  /** Backward pass of samples first ≤ n < end, from the gradient that evaluateLoss left. */
  backward(first: number, end: number): void {
    if (first >= end) return;
    const { stages } = this.plan;
    for (let s = stages.length - 1; s >= this.#wholeRangeFrom; s--) {
      if (needsBackward(stages[s])) stages[s].layer.backward(this.#training[first / SHARD][s], end - first);
    }
    for (let n = first; n < end; n += SHARD) {
      for (let s = this.#wholeRangeFrom - 1; s >= 0; s--) {
        if (needsBackward(stages[s])) {
          stages[s].layer.backward(this.#training[n / SHARD][s], Math.min(SHARD, end - n));
        }
      }
    }
  }

  /**
   * Weights, once every worker's backward pass is done: their gradients over the `batch` samples, then the
   * optimizer's update (null: gradients alone, for gradient checks).
   * @param iteration the update's number since compile, counted from 1
   * @param take gives the number of a tile that no worker has taken yet, or one past the last; each does all it takes
   */
  updateWeights(
    batch: number,
    optimizer: Optimizer | null,
    learningRate: number,
    iteration: number,
    take: () => number,
  ): void {
    for (let t = take(); t < this.#tiles.length; t = take()) {
      const { stage, parameter, from, to } = this.#tiles[t];
      const { value, gradient, partial, slots } = this.memory.stages[stage].parameters[parameter];
      if (!gradient) continue;
      if (partial) {
        const { data, stride } = partial;
        this.kernels.sumShards(Math.ceil(batch / SHARD), stride, data, from, to, gradient);
      } else {
        // The views of the first shard begin at the first sample, so N = batch is all of them.
        const run = this.#training[0][stage];
        run.stage.layer.weightGradient(run, batch, parameter, from, to);
      }
      optimizer?.update(this.kernels, from, to, value, gradient, slots, learningRate, iteration);
    }
  }

  /** All trainable weights, in tiles of whole rows of 16. */
  #cutTiles(workers: number): Tile[] {
    return this.plan.stages.flatMap((stage, s) => {
      if (!stage.weightGradient) return [];
      return stage.layer.parameters.flatMap(({ shape }, parameter) => {
        const size = sizeOf(shape);
        const unit = tileUnit(stage, shape);
        const wanted = Math.min(TILE, size / (TILES_A_WORKER * workers));
        const tile = Math.max(1, Math.floor(wanted / unit)) * unit;
        return Array.from({ length: Math.ceil(size / tile) }, (_, t): Tile => {
          const from = t * tile;
          return { stage: s, parameter, from, to: Math.min(size, from + tile) };
        });
      });
    });
  }

  /** The views of one shard's first sample and all behind it, for every stage. */
  #bind(shard: number, training: boolean): Run[] {
    const first = shard * SHARD;
    const { plan, memory } = this;
    let x = memory.input.subarray(first * sizeOf(plan.inputShape));
    let dx: FloatArray | null = null;
    return plan.stages.map((stage, s): Run => {
      const { y, dy, kept, parameters } = memory.stages[s];
      const offset = first * sizeOf(stage.outputShape);
      const keptOffset = first * stage.layer.keptBytes(stage);
      const identity = stage.layer.isIdentity(training);
      const run: Run = {
        stage,
        kernels: this.kernels,
        x,
        y: identity ? x : y.subarray(offset),
        dy: dy ? dy.subarray(offset) : NOTHING,
        dx: stage.inputGradient ? dx : null,
        parameters: parameters.map(({ value }) => value),
        gradients: stage.weightGradient
          ? parameters.map(({ gradient, partial }) =>
              // The plan gives every parameter of such a stage a gradient.
              partial ? partial.data.subarray(shard * partial.stride) : (gradient as FloatArray),
            )
          : null,
        kept: kept.subarray(keptOffset),
        scratch: memory.scratch[this.#worker],
        first,
      };
      x = run.y;
      dx = dy ? run.dy : null;
      return run;
    });
  }

  #bindLoss(shard: number, training: boolean): LossRun {
    const { plan, memory } = this;
    const first = shard * SHARD;
    const C = outputSize(plan);
    const last = (training ? this.#training : this.#inference)[shard].at(-1);
    const x = last ? last.y : memory.input.subarray(first * C);
    const wanted = training && memory.stages.at(-1)?.dy;
    const probabilities = memory.probabilities.subarray(first * C);
    return {
      C,
      x,
      folded: plan.folded !== null,
      probabilities,
      y: plan.folded ? probabilities : x,
      targets: memory.targets.subarray(plan.loss?.targetKind === 'classes' ? first : first * C),
      losses: memory.losses.subarray(first),
      dx: wanted && last ? last.dy : null,
    };
  }
}

interface Tile {
  readonly stage: number;
  readonly parameter: number;
  readonly from: number;
  readonly to: number;
}

const NOTHING = new Float32Array(0);

/** Elements that stay together when weights are dealt out. */
function tileUnit({ layer }: Stage, shape: readonly number[]): number {
  // Shard sums go element by element; 64 fill a few cache lines, which no two workers then share.
  if (layer.gradientSplit === 'samples') return 64;
  // Weight gradients go row by row; a vector (a bias) is one piece.
  const row = shape[shape.length - 1];
  return shape.length === 1 ? row : row * 16;
}
