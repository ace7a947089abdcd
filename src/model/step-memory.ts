/**
 * All arrays of a training step: parameters and what the optimizer keeps for them, activations and their
 * gradients for a whole batch, targets, losses, and each thread's scratch.
 */
import type { Kernels } from '../kernels/kernels.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { maximum } from '../tensor/maximum.ts';
import { type FloatArray, sizeOf } from '../tensor/tensor.ts';
import type { Arena } from './arena.ts';
import { needsBackward, outputSize, type Plan } from './plan.ts';

/**
 * Consecutive samples whose weight gradients are added up first, whatever the number of threads; see
 * docs/order-of-sums.md.
 */
export const SHARD = 8;

export interface StepMemoryOptions {
  /** The most samples that one step has. */
  readonly batch: number;
  readonly workers: number;
  readonly metrics: number;
  /** null: for predictions alone. */
  readonly optimizer: Optimizer | null;
}

/** How samples are dealt out to the threads; see training/session/shares.ts. All zeros at first. */
export interface SharesMemory {
  /** Milliseconds a sample, for each worker; 0: not known. */
  readonly paces: Float64Array;
  /** Where each worker's share of a batch ends, from 0 to 1; all 0: equal shares. */
  readonly ends: Float64Array;
}

/** The arrays of one parameter. */
export interface ParameterMemory {
  readonly value: FloatArray;
  /** Over the whole batch; null for frozen layers. */
  readonly gradient: FloatArray | null;
  readonly slots: readonly FloatArray[];
  /** One gradient a shard, `stride` elements apart; null where the layer splits by weights, or is frozen. */
  readonly partial: { readonly data: FloatArray; readonly stride: number } | null;
}

/** The arrays of one stage, each for a whole batch. */
export interface StageMemory {
  readonly parameters: readonly ParameterMemory[];
  readonly y: FloatArray;
  /** null where nobody needs it. */
  readonly dy: FloatArray | null;
  readonly kept: Uint8Array;
}

export class StepMemory {
  readonly batch: number;
  readonly input: FloatArray;
  readonly stages: readonly StageMemory[];
  /** Where a loss that folds an activation writes its values. */
  readonly probabilities: FloatArray;
  readonly targets: FloatArray | Int32Array;
  readonly losses: Float64Array;
  readonly metrics: readonly Float64Array[];
  /** One a thread. */
  readonly scratch: readonly FloatArray[];
  /** Words by which threads wait for one another; see training/session/barrier.ts. */
  readonly control: Int32Array;
  readonly shares: SharesMemory;
  /** One word: how much of what anybody may take is taken. */
  readonly taken: Int32Array;

  constructor(plan: Plan, kernels: Kernels, options: StepMemoryOptions, arena: Arena) {
    const { batch, workers, optimizer } = options;
    const shards = Math.ceil(batch / SHARD);
    this.batch = batch;
    this.control = arena.ints(16);
    this.shares = { paces: arena.doubles(workers), ends: arena.doubles(workers) };
    this.taken = arena.ints(1);
    const parametersByLayer = plan.stages.map(({ layer, weightGradient }) =>
      layer.parameters.map(({ shape }): ParameterMemory => {
        const size = sizeOf(shape);
        const stride = Math.ceil(size / 16) * 16 + 16;
        return {
          value: arena.floats(size),
          gradient: weightGradient ? arena.floats(size) : null,
          slots: weightGradient ? (optimizer?.slots ?? []).map(() => arena.floats(size)) : [],
          partial:
            weightGradient && layer.gradientSplit === 'samples'
              ? { data: arena.floats(shards * stride), stride }
              : null,
        };
      }),
    );
    this.input = arena.floats(batch * sizeOf(plan.inputShape));
    this.stages = plan.stages.map((stage, i) => {
      const size = batch * sizeOf(stage.outputShape);
      // The gradient of an output is what the stage behind it (or the loss) computes for its input.
      const behind = plan.stages[i + 1];
      const wanted = plan.loss !== null && needsBackward(stage) && (behind ? behind.inputGradient : true);
      return {
        parameters: parametersByLayer[i],
        y: arena.floats(size),
        dy: wanted ? arena.floats(size) : null,
        kept: arena.bytesArray(batch * stage.layer.keptBytes(stage)),
      };
    });
    const outputs = batch * outputSize(plan);
    this.probabilities = arena.floats(plan.loss?.folds ? outputs : 0);
    this.targets =
      plan.loss?.targetKind === 'classes' ? arena.ints(batch) : arena.floats(plan.loss ? outputs : 0);
    this.losses = arena.doubles(batch);
    this.metrics = Array.from({ length: options.metrics }, () => arena.doubles(batch));
    const scratch = maximum(
      plan.stages.map((stage) => stage.layer.scratchSize(stage, kernels, batch)),
      0,
    );
    this.scratch = Array.from({ length: workers }, () => arena.floats(scratch));
  }
}
