/**
 * A network under examination: one batch, one worker, in either dtype, with every array in reach. The passes are
 * those of training (model/step.ts), dropout included; its masks are decided by (seed, step 0) and so stay the same
 * from one forward pass to the next.
 *
 * Two things differ from training: the input is a variable too (input-probe.ts), and, unless `frozenToo` is false, frozen layers get
 * gradients as well, since freezing leaves work out and changes no formula.
 */
import type { GradientWalk, Kernels } from '../kernels/kernels.ts';
import type { ConvolutionChoice } from '../layers/convolution.ts';
import type { Parameter } from '../layers/layer.ts';
import type { Loss, Targets } from '../losses/loss.ts';
import { Arena } from '../model/arena.ts';
import type { BatchSource } from '../model/inference.ts';
import { makePlan, type Plan } from '../model/plan.ts';
import { makeStage } from '../model/planned-stage.ts';
import { type Moment, type Range, Step, type Update } from '../model/step.ts';
import { StepMemory } from '../model/step-memory.ts';
import type { FloatArray, Shape } from '../tensor/tensor.ts';
import { Decisions } from './decisions.ts';
import { InputProbe } from './input-probe.ts';

/** An array that the loss depends on: the input, or a layer's parameter. */
export interface Variable {
  /** The layer, with what the plan folds into its kernel: `conv2d + activation`. */
  readonly layer: string;
  readonly name: string;
  /** The layer's own; of the input the probe's. */
  readonly parameter: Parameter;
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

/** What a plan is made of. */
export type Planned = Parameters<typeof makePlan>[0];

/** All that decides what is computed. */
export interface Examination {
  readonly network: Planned;
  readonly loss: Loss;
  readonly batch: Batch;
  readonly seed: number;
  /** The training step whose random numbers are drawn. Default: 0. */
  readonly step?: number;
  /** How convolutions walk their gradient. Default: as planned. */
  readonly walk?: GradientWalk | undefined;
  /** How convolutions are computed. Default: `auto`. */
  readonly convolution?: ConvolutionChoice | undefined;
  /** Whether weights of frozen layers are variables too. Default: true. */
  readonly frozenToo?: boolean;
}

/** Gives the kernels of a subject their memory, once its size is known. */
export type Workshop = (bytes: number) => { kernels: Kernels; buffer: ArrayBufferLike };

/** A step that moves what a forward pass moves, and no weights. */
const MOVING: Update = {
  optimizer: { name: 'none', learningRate: 0, slots: [], update() {}, getConfig: () => ({ name: 'none' }) },
  learningRate: 0,
  iteration: 1,
};

export class Subject {
  readonly variables: readonly Variable[];
  /** What training moves otherwise than by a gradient: moving averages. */
  readonly moved: readonly Pick<Variable, 'parameter' | 'values'>[];
  readonly decisions: Decisions;
  readonly #step: Step;
  readonly #memory: StepMemory;
  readonly #range: Range;
  readonly #moment: Moment;

  /**
   * @param sizes kernels of the same kind, only asked how much scratch they need.
   * @throws RangeError where the loss doesn't fit the network's end.
   */
  constructor(examination: Examination, sizes: Kernels, workshop: Workshop) {
    const { batch, seed, step = 0 } = examination;
    const plan = planWithInput(examination);
    const options = { batch: batch.samples, workers: 1, metrics: [], optimizer: null, keepAll: true };
    const count = new Arena(sizes.dtype, null);
    new StepMemory(plan, sizes, options, count);
    const { kernels, buffer } = workshop(count.bytes);
    const memory = new StepMemory(plan, kernels, options, new Arena(kernels.dtype, buffer));
    this.#memory = memory;
    this.#range = { first: 0, end: batch.samples, batch: batch.samples };
    this.#moment = { seed, step };
    this.#step = new Step(plan, memory, kernels, [], 0, 1);
    this.decisions = new Decisions(plan, memory);
    for (const [layer, parameters] of memory.parameters) {
      for (const [p, { value }] of parameters.entries()) {
        // A network's parameters have values once it is built, and the probe's is the input.
        value.set(layer instanceof InputProbe ? batch.x : (layer.parameters[p].value?.data ?? []));
      }
    }
    this.variables = plan.stages.flatMap((stage, s) =>
      memory.stages[s].parameters.flatMap(({ role, value, gradient }, p): Variable[] => {
        if (role !== 'trained' || !gradient) return [];
        const parameter = stage.layer.parameters[p];
        const { name, shape } = parameter;
        const layer = [stage.layer, ...stage.folded].map((each) => each.name).join(' + ');
        return [{ layer, name, parameter, shape, stage: s, values: value, gradient }];
      }),
    );
    this.moved = plan.stages.flatMap((stage, s) =>
      memory.stages[s].parameters.flatMap(({ role, value }, p) =>
        role === 'moved' ? [{ parameter: stage.layer.parameters[p], values: value }] : [],
      ),
    );
    this.setTargets(batch.targets);
    this.#step.prepareWeights('fixed');
  }

  setTargets(targets: Targets): void {
    this.#memory.targets.set(targets);
  }

  /** What the last forward pass gave, before an activation that the loss computes. A view. */
  get outputs(): FloatArray {
    const { stages } = this.#memory;
    return stages[stages.length - 1].y; // the probe's, where there is no other stage
  }

  /**
   * Runs the stages from `firstStage` on; those below keep what they computed last.
   * @returns one loss per sample, the regularizers' penalty added to each, whose mean is what the gradients belong to. A view: the next call overwrites it.
   */
  forward(firstStage = 0): Float64Array {
    run(this.#step.forward(this.#range, SOURCE, this.#moment, firstStage));
    const { losses } = this.#memory;
    const penalty = this.#step.penalty();
    if (penalty !== 0) for (let n = 0; n < losses.length; n++) losses[n] += penalty;
    return losses;
  }

  /**
   * The gradient of every variable. All arrays that it goes through hold NaN before, as if an earlier step had left
   * anything there: a sum that doesn't begin at zero, or an element that isn't written, shows.
   * @param moves whether moving averages move
   * @returns the mean loss, with the regularizers' penalty
   */
  gradients(moves = false): number {
    for (const { dy, addends, parameters } of this.#memory.stages) {
      dy?.fill(Number.NaN);
      for (const addend of addends) addend?.fill(Number.NaN);
      for (const { gradient, partial } of parameters) {
        gradient?.fill(Number.NaN);
        partial?.data.fill(Number.NaN);
      }
    }
    for (const { scratch, floats } of this.#memory.workers) {
      scratch.fill(Number.NaN);
      floats.fill(Number.NaN);
    }
    let tile = 0;
    run(this.#step.train(this.#range, SOURCE, this.#moment, moves ? MOVING : null, () => tile++));
    const { losses } = this.#memory;
    const sum = losses.reduce((total, loss) => total + loss, 0);
    // As `fit` adds it, to the last bit.
    return (sum + this.#step.penalty() * losses.length) / losses.length;
  }
}

/** The input is in the probe's parameter. */
const SOURCE: BatchSource = { cached: false, load() {} };

/** Does a step's work; there is nobody to wait for. */
function run(work: Iterable<unknown>): void {
  for (const _ of work);
}

/** The network's plan of a training step, on top of a probe, whose gradient is wanted whatever is frozen. */
function planWithInput({ network, loss, batch, walk, convolution, frozenToo = true }: Examination): Plan {
  const plan = makePlan(network, loss, convolution, { everyGradient: frozenToo });
  const probe = new InputProbe(batch.samples);
  probe.build(plan.inputShape);
  const stages = plan.stages.map((stage) => ({
    ...stage,
    // The probe is at the beginning.
    inputs: stage.inputs.map((input) => input + 1),
    inputGradients: stage.inputs.map(() => true),
    inputGradient: true,
    walk: walk ?? stage.walk,
  }));
  const below = makeStage(probe, { index: network.nodes().length, inputGradients: [false] });
  return {
    ...plan,
    stages: [below, ...stages],
    tensors: { stages: [-1, ...plan.tensors.stages], inference: [] },
    cached: { stages: [false, ...stages.map(() => false)], inference: [] },
    cut: [],
    inference: [],
  };
}
