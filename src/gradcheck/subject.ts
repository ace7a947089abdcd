/**
 * A network under examination: one batch, one worker, in either dtype, with every array in reach. The passes are
 * those of training (model/step.ts), dropout included; its masks are decided by (seed, step 0) and so stay the same
 * from one forward pass to the next.
 *
 * Two things differ from training: the input is a variable too (input-probe.ts), and frozen layers get gradients
 * as well, since freezing leaves work out and changes no formula.
 */
import type { GradientWalk, Kernels } from '../kernels/kernels.ts';
import type { Loss, Targets } from '../losses/loss.ts';
import { Arena } from '../model/arena.ts';
import type { ConvolutionChoice } from '../model/convolution.ts';
import type { Network } from '../model/network.ts';
import { makePlan, type Plan } from '../model/plan.ts';
import { type BatchSource, Step } from '../model/step.ts';
import { StepMemory } from '../model/step-memory.ts';
import type { FloatArray, Shape } from '../tensor/tensor.ts';
import { Decisions } from './decisions.ts';
import { InputProbe, probeStage } from './input-probe.ts';

/** An array that the loss depends on: the input, or a layer's parameter. */
export interface Variable {
  /** The layer, with what the plan folds into its kernel: `conv2d + activation`. */
  readonly layer: string;
  readonly name: string;
  readonly shape: Shape;
  /** The stage that reads it; those below don't change with it. */
  readonly stage: number;
  readonly values: FloatArray;
  /** What `gradients` computes. */
  readonly gradient: FloatArray;
}

export interface Batch {
  readonly samples: number;
  /** [samples, …input shape] */
  readonly x: FloatArray;
  readonly targets: Targets;
}

/** All that decides what is computed. */
export interface Examination {
  readonly network: Network;
  readonly loss: Loss;
  readonly batch: Batch;
  readonly seed: number;
  /** How convolutions walk their gradient; as planned unless told. */
  readonly walk?: GradientWalk | undefined;
  /** How convolutions are computed forward; `auto` unless told. */
  readonly convolution?: ConvolutionChoice | undefined;
}

/** Gives the kernels of a subject their memory, once its size is known. */
export type Workshop = (bytes: number) => { kernels: Kernels; buffer: ArrayBufferLike };

export class Subject {
  readonly variables: readonly Variable[];
  readonly decisions: Decisions;
  readonly #step: Step;
  readonly #memory: StepMemory;
  readonly #samples: number;
  readonly #seed: number;

  /**
   * @param sizes kernels of the same kind, only asked how much scratch they need.
   * @throws RangeError where the loss doesn't fit the network's end.
   */
  constructor(examination: Examination, sizes: Kernels, workshop: Workshop) {
    const { batch, seed } = examination;
    const plan = planWithInput(examination);
    const options = { batch: batch.samples, workers: 1, metrics: 0, optimizer: null };
    const count = new Arena(sizes.dtype, null);
    new StepMemory(plan, sizes, options, count);
    const { kernels, buffer } = workshop(count.bytes);
    const memory = new StepMemory(plan, kernels, options, new Arena(kernels.dtype, buffer));
    this.#memory = memory;
    this.#samples = batch.samples;
    this.#seed = seed;
    this.#step = new Step(plan, memory, kernels, [], 0, 1);
    this.decisions = new Decisions(plan, memory);
    this.variables = plan.stages.flatMap((stage, s) =>
      stage.layer.parameters.map(({ name, shape, value }, p): Variable => {
        const { value: values, gradient } = memory.stages[s].parameters[p];
        // A network's parameters have values once it is built, and the probe's is the input.
        values.set(s === 0 ? batch.x : (value?.data ?? []));
        const layer = [stage.layer, ...stage.folded].map((each) => each.name).join(' + ');
        // planWithInput gives every parameter a gradient.
        return { layer, name, shape, stage: s, values, gradient: gradient as FloatArray };
      }),
    );
    memory.targets.set(batch.targets);
  }

  /**
   * Runs the stages from `firstStage` on; those below keep what they computed last.
   * @returns one loss a sample, whose mean is what the gradients belong to. A view: the next call overwrites it.
   */
  forward(firstStage = 0): Float64Array {
    const source: BatchSource = { firstStage, load() {} }; // the input stands in the probe's parameter
    this.#step.forward(0, this.#samples, source, { seed: this.#seed, step: 0 });
    this.#step.evaluateLoss(0, this.#samples, this.#samples);
    return this.#memory.losses;
  }

  /**
   * The gradient of every variable. All arrays that it goes through hold NaN before, as if an earlier step had left
   * anything there: a sum that doesn't begin at zero, or an element that isn't written, shows.
   */
  gradients(): void {
    for (const { dy, parameters } of this.#memory.stages) {
      dy?.fill(Number.NaN);
      for (const { gradient, partial } of parameters) {
        gradient?.fill(Number.NaN);
        partial?.data.fill(Number.NaN);
      }
    }
    for (const scratch of this.#memory.scratch) scratch.fill(Number.NaN);
    this.forward(); // the loss writes the first of these arrays
    this.#step.backward(0, this.#samples);
    let tile = 0;
    this.#step.updateWeights(this.#samples, null, 0, 1, () => tile++);
  }
}

/** The network's plan of a training step, on top of a probe, and with every gradient wanted. */
function planWithInput({ network, loss, batch, walk, convolution }: Examination): Plan {
  const plan = makePlan(network, loss, convolution);
  const probe = new InputProbe(batch.samples);
  probe.build(plan.inputShape);
  const stages = plan.stages.map((stage) => ({
    ...stage,
    inputGradient: true,
    weightGradient: stage.layer.parameters.length > 0,
    walk: walk ?? stage.walk,
  }));
  return {
    ...plan,
    prefix: 0,
    stages: [probeStage(probe, network.layers.length, plan.inputShape), ...stages],
  };
}
