/** Several callbacks as one. */
import type { BatchInfo, Callback, Figures, ProgressInfo, TrainingModel } from './callback.ts';

/** Calls every callback's method of one name, in order, each after the one before has settled. */
export class CallbackList {
  readonly #callbacks: readonly Callback[];
  readonly #between: (work: () => Promise<void>) => Promise<void>;

  /** @param between does the calls where they may use the model */
  constructor(
    callbacks: readonly Callback[],
    model: TrainingModel,
    between: (work: () => Promise<void>) => Promise<void>,
  ) {
    this.#callbacks = callbacks;
    this.#between = between;
    for (const callback of callbacks) callback.setModel?.(model);
  }

  /** Whether a callback wants to be called after every batch: then a job may have one batch only. */
  get everyBatch(): boolean {
    return this.#callbacks.some(({ onBatchEnd, onTestBatchEnd }) => onBatchEnd ?? onTestBatchEnd);
  }

  async call(method: 'onTrainBegin'): Promise<void>;
  async call(method: 'onTrainEnd', logs: Figures): Promise<void>;
  async call(method: 'onEpochBegin', epoch: number): Promise<void>;
  async call(method: 'onEpochEnd', epoch: number, logs: Figures): Promise<void>;
  async call(method: 'onBatchEnd', batch: number, logs: Figures, info: BatchInfo): Promise<void>;
  async call(method: 'onTestBatchEnd', info: BatchInfo): Promise<void>;
  async call(method: 'onProgress', info: ProgressInfo, logs: Figures): Promise<void>;
  async call(method: Exclude<keyof Callback, 'setModel'>, ...args: unknown[]): Promise<void> {
    // Figures that one of them adds would reach some of the others, no history and no checkpoint.
    for (const each of args) Object.freeze(each);
    await this.#between(async () => {
      for (const callback of this.#callbacks) {
        // The overloads above tie each method to its arguments.
        const hook = callback[method] as ((...args: unknown[]) => void | Promise<void>) | undefined;
        await hook?.apply(callback, args);
      }
    });
  }
}
