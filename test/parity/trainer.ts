/** Training on one batch, step by step, in either dtype, with every array in reach: what job-runner.ts does, without threads. */
import { bufferOf, createKernels, type KernelMemory } from '../../src/kernels/index.ts';
import type { Kernels } from '../../src/kernels/kernels.ts';
import { plain64Kernels } from '../../src/kernels/plain64/index.ts';
import type { Loss } from '../../src/losses/loss.ts';
import { Arena } from '../../src/model/arena.ts';
import type { Network } from '../../src/model/network.ts';
import { makePlan, type Plan } from '../../src/model/plan.ts';
import { type BatchSource, Step } from '../../src/model/step.ts';
import { StepMemory } from '../../src/model/step-memory.ts';
import type { Optimizer } from '../../src/optimizers/optimizer.ts';
import type { FloatArray } from '../../src/tensor/tensor.ts';

export type TrainerKernel = 'plain64' | 'plain' | 'simd';

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
    const options = { batch: samples, workers: 1, metrics: 0, optimizer };
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
    for (const [s, { layer }] of this.plan.stages.entries()) {
      for (const [p, { value }] of layer.parameters.entries()) {
        this.memory.stages[s].parameters[p].value.set(value?.data ?? []);
      }
    }
  }

  /** One step, dropout by (seed, step); returns the logits, one loss a sample, and the gradients before the update. */
  train(seed: number, step: number): { logits: FloatArray; losses: Float64Array; gradients: FloatArray[] } {
    const N = this.#samples;
    const source: BatchSource = { firstStage: 0, load() {} }; // the input stands in its place
    this.#step.forward(0, N, source, { seed, step });
    this.#step.evaluateLoss(0, N, N);
    const { stages } = this.memory;
    const logits = stages[stages.length - 1].y.slice();
    this.#step.backward(0, N);
    let tile = 0;
    const rate = this.#optimizer.learningRate;
    this.#step.updateWeights(N, this.#optimizer, rate, ++this.#iterations, () => tile++);
    const gradients = this.#parameters().map(({ gradient }) => (gradient as FloatArray).slice()); // nothing is frozen
    return { logits, losses: this.memory.losses.slice(), gradients };
  }

  weights(): FloatArray[] {
    return this.#parameters().map(({ value }) => value.slice());
  }

  /** Predictions, dropout off. */
  predict(): FloatArray {
    this.#step.forward(0, this.#samples, { firstStage: 0, load() {} }, null);
    return this.#step.predict(0, this.#samples).slice();
  }

  #parameters() {
    return this.memory.stages.flatMap(({ parameters }) => parameters);
  }
}
