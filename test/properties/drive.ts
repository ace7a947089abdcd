/** Training a network on one batch, step by step on one thread: every worker's part in turn. */
import { createKernels } from '../../src/kernels/index.ts';
import type { Targets } from '../../src/losses/loss.ts';
import { Arena } from '../../src/model/arena.ts';
import type { BatchSource } from '../../src/model/inference.ts';
import type { Plan } from '../../src/model/plan.ts';
import { Step } from '../../src/model/step.ts';
import { StepMemory } from '../../src/model/step-memory.ts';
import type { Optimizer } from '../../src/optimizers/optimizer.ts';
import { sizeOf } from '../../src/tensor/tensor.ts';
import { Shares } from '../../src/training/session/shares.ts';

export interface Driver {
  /** Of a built network, whose weights are where the training begins. */
  readonly plan: Plan;
  readonly optimizer: Optimizer;
  /** [batch, …input shape] */
  readonly x: Float32Array;
  readonly targets: Targets;
  readonly batch: number;
  readonly seed: number;
  readonly steps: number;
  readonly workers: number;
  readonly dealing?: Dealing | undefined;
  readonly kernel: 'plain' | 'simd';
}

/** Who does what; equal shares and everything by the first, unless told. */
export interface Dealing {
  /** Where each worker's share of the samples ends, ascending from 0 to 1. */
  readonly ends: readonly number[];
  /** Who takes the next tile of the weights, one after the other; the first worker takes what is left. */
  readonly takers: readonly number[];
}

/** All numbers that a training leaves behind, by the layers with parameters. */
export interface Driven {
  readonly losses: readonly number[];
  readonly layers: readonly {
    readonly weights: readonly (readonly number[])[];
    /** Of the last step; null for frozen layers. */
    readonly gradients: readonly (readonly number[] | null)[];
  }[];
}

/** Trains for some steps: each worker's samples, then the weights. */
export function drivePlan({
  plan,
  optimizer,
  x,
  targets,
  batch,
  seed,
  steps,
  workers,
  dealing = { ends: [], takers: [] },
  kernel,
}: Driver): Driven {
  const options = { batch, workers, metrics: [], optimizer };
  const counted = new Arena('float32', null);
  new StepMemory(plan, createKernels(kernel, null), options, counted);
  const pages = Math.ceil(counted.bytes / 65536);
  const wasm = new WebAssembly.Memory({ initial: pages });
  const kernels = createKernels(kernel, wasm);
  const memory = new StepMemory(plan, kernels, options, new Arena('float32', wasm.buffer));
  for (const [layer, parameters] of memory.parameters) {
    for (const [p, { value }] of parameters.entries()) value.set(layer.parameters[p].value?.data ?? []);
  }
  memory.targets.set(targets);
  const source: BatchSource = {
    cached: false,
    load(step, first, N) {
      const size = sizeOf(plan.inputShape);
      step.input(first).set(x.subarray(first * size, (first + N) * size));
    },
  };

  const losses: number[] = [];
  const team = Array.from({ length: workers }, (_, w) => new Step(plan, memory, kernels, [], w, workers));
  team[0].prepareWeights('fixed');
  memory.shares.ends.set(dealing.ends);
  for (let step = 0; step < steps; step++) {
    let working = team.map((worker, w) =>
      worker.samples({ ...new Shares(memory.shares, w).range(batch), batch }, source, { seed, step }),
    );
    // Each continues to where all wait for one another; then they continue together.
    while (working.length > 0) working = working.filter((each) => !each.next().done);
    let taken = 0;
    const { learningRate } = optimizer;
    const update = (worker: Step, most: number): void => {
      const take = (): number => (most-- > 0 ? taken++ : Number.POSITIVE_INFINITY);
      for (const _ of worker.update(batch, { optimizer, learningRate, iteration: step + 1 }, take)); // nobody to wait for
    };
    for (const taker of dealing.takers) update(team[taker % workers], 1);
    update(team[0], Number.POSITIVE_INFINITY);
    losses.push(...memory.losses);
  }
  const layers = plan.stages.flatMap(({ layer }, s) => {
    if (layer.parameters.length === 0) return [];
    const { parameters } = memory.stages[s];
    return {
      weights: parameters.map(({ value }) => Array.from(value)),
      gradients: parameters.map(({ gradient }) => gradient && Array.from(gradient)),
    };
  });
  return { losses, layers };
}
