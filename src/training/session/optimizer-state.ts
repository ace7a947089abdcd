/** What an optimizer keeps across sessions: its arrays for each parameter, its count of updates; new with every compile. */
import type { FloatArray } from '../../tensor/tensor.ts';

/** An optimizer's arrays by parameter, and how often it has updated them. */
export class OptimizerState {
  /** Updates so far. */
  iterations = 0;
  readonly #slots = new Map<string, readonly FloatArray[]>();

  /** Moves a parameter's arrays into new memory, which becomes their place. */
  adopt(parameter: string, slots: readonly FloatArray[]): void {
    const old = this.#slots.get(parameter);
    if (old) for (const [i, slot] of slots.entries()) slot.set(old[i]);
    this.#slots.set(parameter, slots);
  }

  /** Sets a parameter's arrays to these numbers, wherever they are. */
  restore(parameter: string, slots: readonly FloatArray[]): void {
    const own = this.#slots.get(parameter);
    if (own) for (const [i, slot] of own.entries()) slot.set(slots[i]);
    else this.#slots.set(parameter, slots);
  }

  /** The arrays by parameter: `dense/kernel` → one a slot of the optimizer. Empty before the first step. */
  entries(): IterableIterator<[string, readonly FloatArray[]]> {
    return this.#slots.entries();
  }
}
