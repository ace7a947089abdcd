/** A network that predicts on the calling thread: a memory for that, and no more of a session than that needs. */
import { bufferOf, chooseKernel, createKernels } from '../../kernels/index.ts';
import { Arena } from '../../model/arena.ts';
import { Inference } from '../../model/inference.ts';
import type { Network } from '../../model/network.ts';
import { makePlan, outputSize } from '../../model/plan.ts';
import { StepMemory } from '../../model/step-memory.ts';
import type { DataSet } from './job.ts';
import { Pauses } from './next-turn.ts';
import { allocateMemory, takeWeights } from './session-memory.ts';
import { RowSource } from './sources.ts';

export class InferenceSession {
  /** The most samples that are computed together. */
  readonly batch: number;
  readonly #network: Network;
  readonly #inference: Inference;
  readonly #pauses = new Pauses();
  /** The version of the weights that are made ready; null: they aren't yet. */
  #prepared: number | null = null;

  /**
   * @param memoryMB the most that it may take, in units of 2^20 bytes
   * @throws RangeError where it needs more than that, or than the engine gives.
   */
  constructor(network: Network, batch: number, memoryMB: number) {
    this.batch = batch;
    this.#network = network;
    const plan = makePlan(network, null);
    const kernel = chooseKernel('auto');
    const options = { batch, workers: 1, metrics: [], optimizer: null };
    const work = { plan, metrics: [], optimizer: null, memoryMB };
    const memory = allocateMemory({ kernel, batch, workers: 1 }, work, false);
    const kernels = createKernels(kernel, memory);
    const arrays = new StepMemory(plan, kernels, options, new Arena('float32', bufferOf(memory)));
    this.#inference = new Inference(plan, arrays, kernels, 0, 1);
    this.#inference.turns = true;
  }

  /** [samples, …output shape], of batches of at most so many samples. */
  async predict(data: DataSet, batch: number): Promise<Float32Array> {
    this.#prepareWeights();
    const size = outputSize(this.#inference.plan);
    const predictions = new Float32Array(data.samples * size);
    for (let from = 0; from < data.samples; from += batch) {
      const N = Math.min(batch, data.samples - from);
      const source = new RowSource(data, (position) => from + position);
      for (const _ of this.#inference.inferring(0, N, source, true)) {
        if (this.#pauses.areDue) await this.#pauses.take();
      }
      predictions.set(this.#inference.predict(0, N), from * size);
    }
    return predictions;
  }

  /** Moves the weights here from a memory that was too small, and makes them ready wherever they may have changed. */
  #prepareWeights(): void {
    const taken = takeWeights(this.#inference.memory.parameters);
    const version = this.#network.weightsVersion;
    if (taken === 0 && this.#prepared === version) return;
    this.#inference.prepareWeights('fixed');
    this.#inference.prepareWeights('changing');
    this.#prepared = version;
  }
}
