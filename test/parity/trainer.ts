/** Training on one batch, step by step, in either dtype, with every array in reach: what job-runner.ts does, without threads. */
import { bufferOf, createKernels, type KernelMemory } from '../../src/kernels/index.ts';
import type { Kernels } from '../../src/kernels/kernels.ts';
import { plain64Kernels } from '../../src/kernels/plain64/index.ts';
import type { Loss } from '../../src/losses/loss.ts';
import { Arena } from '../../src/model/arena.ts';
import type { BatchSource } from '../../src/model/inference.ts';
import type { Network } from '../../src/model/network.ts';
import { makePlan, type Plan } from '../../src/model/plan.ts';
import { Step } from '../../src/model/step.ts';
import { StepMemory } from '../../src/model/step-memory.ts';
import type { Optimizer } from '../../src/optimizers/optimizer.ts';
import type { FloatArray } from '../../src/tensor/tensor.ts';

export type TrainerKernel = 'plain64' | 'plain' | 'simd';

/** The input is in its place. */
const SOURCE: BatchSource = { cached: false, load() {} };

export class Trainer {
  readonly plan: Plan;
  readonly memory: StepMemory;
  readonly #step: Step;
  readonly #optimizer: Optimizer;
  readonly #samples: number;
  #iterations = 0;

  constructor(
    network: Network,
    loss: Loss,
    optimizer: Optimizer,
    { x, targets }: { x: Float64Array; targets: Float64Array },
    samples: number,
    kernel: TrainerKernel,
  ) {
    this.plan = makePlan(network, loss);
    const options = { batch: samples, workers: 1, metrics: [], optimizer };
    const sizes: Kernels = kernel === 'plain64' ? plain64Kernels : createKernels(kernel, null);
    const count = new Arena(sizes.dtype, null);
    new StepMemory(this.plan, sizes, options, count);
    const pages = Math.ceil(count.bytes / 65536);
    const memory: KernelMemory =
      kernel === 'simd'
        ? new WebAssembly.Memory({ initial: pages, maximum: pages })
        : new ArrayBuffer(count.bytes);
    const kernels: Kernels = kernel === 'plain64' ? plain64Kernels : createKernels(kernel, memory);
    this.memory = new StepMemory(this.plan, kernels, options, new Arena(kernels.dtype, bufferOf(memory)));
    this.#step = new Step(this.plan, this.memory, kernels, [], 0, 1);
    this.#optimizer = optimizer;
    this.#samples = samples;
    this.memory.input.set(x);
    this.memory.targets.set(targets);
    for (const [layer, parameters] of this.memory.parameters) {
      for (const [p, { value }] of parameters.entries()) value.set(layer.parameters[p].value?.data ?? []);
    }
    this.#step.prepareWeights('fixed');
  }

  /** One step, dropout by (seed, step); returns the logits, one loss per sample, and what is trained: its gradients before the update. */
  train(seed: number, step: number): { logits: FloatArray; losses: Float64Array; gradients: FloatArray[] } {
    const range = { first: 0, end: this.#samples, batch: this.#samples };
    const { learningRate } = this.#optimizer;
    const update = { optimizer: this.#optimizer, learningRate, iteration: ++this.#iterations };
    let tile = 0;
    for (const _ of this.#step.train(range, SOURCE, { seed, step }, update, () => tile++)); // nobody to wait for
    const { stages } = this.memory;
    const logits = stages[stages.length - 1].y.slice();
    const gradients = this.#parameters().flatMap(({ gradient }) => (gradient ? [gradient.slice()] : []));
    return { logits, losses: this.memory.losses.slice(), gradients };
  }

  weights(): FloatArray[] {
    return this.#parameters().map(({ value }) => value.slice());
  }

  /** Predictions, dropout off. */
  predict(): FloatArray {
    this.#step.prepareWeights('changing');
    this.#step.infer(0, this.#samples, SOURCE);
    return this.#step.predict(0, this.#samples).slice();
  }

  #parameters() {
    return this.memory.stages.flatMap(({ parameters }) => parameters);
  }
}
