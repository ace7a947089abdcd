/**
 * Inference, as one of several workers does it: forward passes of its samples only, in the blocks that the program has. No sum crosses
 * samples, so nobody waits. Training (step.ts) stands on top of this.
 */
import type { Kernels } from '../kernels/kernels.ts';
import { softmaxForward } from '../kernels/softmax.ts';
import type { LossRun } from '../losses/loss.ts';
import { type FloatArray, sizeOf } from '../tensor/tensor.ts';
import { type BlockRun, bindLosses, bindPredictions, bindRuns } from './binding.ts';
import type { Plan } from './plan.ts';
import { type Preparable, Preparations } from './preparations.ts';
import type { Phase } from './program.ts';
import type { StepMemory } from './step-memory.ts';

/** Puts samples into a step's memory. */
export interface BatchSource {
  /** It provides the plan's cut, so that cached stages are left out; else the model's input. */
  readonly cached: boolean;
  /** Provides N samples of the batch from position `first` on. */
  load(step: Inference, first: number, N: number): void;
}

/** A moment at which the calling thread may do other things, such as to draw the page. No worker waits for another here. */
export type Turn = 'turn';

/** A worker's part of every inference. */
export class Inference {
  readonly plan: Plan;
  readonly memory: StepMemory;
  readonly kernels: Kernels;
  /** Whether turns are yielded: after every pass of a block and every tile of weights, every few milliseconds. */
  turns = false;
  /** The runs of training: [block][stage]; empty for predictions only. */
  protected readonly training: readonly (readonly BlockRun[])[];
  protected readonly preparations: Preparations;
  readonly #runs: readonly (readonly BlockRun[])[];
  readonly #predictions: readonly (readonly BlockRun[])[];
  readonly #losses: readonly LossRun[];

  /** @param worker whose scratch to use, of so many `workers` */
  constructor(plan: Plan, memory: StepMemory, kernels: Kernels, worker: number, workers: number) {
    this.plan = plan;
    this.memory = memory;
    this.kernels = kernels;
    const { training, inference } = memory;
    this.training = training ? bindRuns(training, memory, kernels, worker) : [];
    const runs = bindRuns(inference, memory, kernels, worker);
    this.#runs = runs;
    this.#predictions = bindPredictions(runs, inference);
    this.#losses = bindLosses(inference, plan, memory);
    const firsts = { training: this.training[0] ?? [], predictions: this.#predictions[0] };
    this.preparations = new Preparations(memory, firsts, worker, workers);
  }

  /**
   * Prepares weights: first those into which other layers are folded, then those that kernels take in another form. One worker calls it,
   * before a pass that may read changed weights.
   * @param which `fixed`: weights that training doesn't change, for all passes; `changing`: the others, for inference (a training step
   *   prepares its own)
   */
  prepareWeights(which: Preparable): void {
    this.preparations.prepareAll(which);
  }

  /** Inference on samples first ≤ n < end of the batch's memory; `first` is a multiple of the block (program.ts). */
  infer(first: number, end: number, source: BatchSource): void {
    for (const _ of this.inferring(first, end, source)); // nobody to wait for
  }

  /**
   * The same, with turns in between.
   * @param predicts true: computed as `predict` does, which may give other last bits than `evaluate`
   */
  *inferring(first: number, end: number, source: BatchSource, predicts = false): Generator<Turn, void> {
    const { forward, loaded } = this.memory.inference;
    for (const [p, phase] of forward.entries()) {
      // In a `whole` phase each pass goes through all samples.
      const block = phase.whole ? Math.max(1, end - first) : phase.block;
      for (let n = first; n < end; n += block) {
        if (p === 0 && (n - first) % loaded === 0) source.load(this, n, Math.min(loaded, end - n));
        yield* this.#forward(phase, n, Math.min(block, end - n), source.cached, predicts);
      }
    }
  }

  *#forward(phase: Phase, n: number, N: number, cached: boolean, predicts: boolean): Generator<Turn, void> {
    const { block } = this.memory.inference;
    const runs = (predicts ? this.#predictions : this.#runs)[n / block];
    for (const pass of phase.passes) {
      if (pass.kind !== 'forward' || (cached && this.plan.cached.inference[pass.stage])) continue;
      const { run } = runs[pass.stage];
      run.stage.layer.forward(run, N, null);
      if (this.turns) yield 'turn';
    }
  }

  /** Computes the plan's cut for N samples at position `first`, from the model's input there. */
  computeCut(first: number, N: number): void {
    const { block, forward } = this.memory.inference;
    for (const phase of forward) {
      for (let n = first; n < first + N; n += phase.block) {
        for (const pass of phase.passes) {
          if (pass.kind !== 'forward' || !this.plan.cached.inference[pass.stage]) continue;
          const { run } = this.#runs[n / block][pass.stage];
          run.stage.layer.forward(run, Math.min(phase.block, first + N - n), null);
        }
      }
    }
  }

  /** The model's input for samples from position `first` on. */
  input(first: number): FloatArray {
    return this.memory.input.subarray(first * sizeOf(this.plan.inputShape));
  }

  /** Tensor number c of the plan's cut, likewise. */
  cut(c: number, first: number): FloatArray {
    return this.memory.cut[c].subarray(first * sizeOf(this.plan.cut[c].shape));
  }

  /**
   * Predictions [end − first, C] of samples first ≤ n < end from an inference. A view: the next pass overwrites it.
   */
  predict(first: number, end: number): FloatArray {
    const { C, x, y } = this.lossOf(first);
    const classes = this.plan.outputShape.at(-1) ?? C;
    if (this.plan.folded === 'softmax') softmaxForward(((end - first) * C) / classes, classes, x, y);
    if (this.plan.folded === 'sigmoid') this.kernels.sigmoidForward((end - first) * C, x, y);
    return y.subarray(0, (end - first) * C);
  }

  /** What the loss works on, of samples from position `first` on. */
  protected lossOf(first: number): LossRun {
    return this.#losses[first / this.memory.inference.block];
  }
}
