/**
 * What a forward pass decided: the sign of each ReLU's input, the place of each window's maximum.
 *
 * Between two points with the same decisions the network is smooth. Where they differ, a kink lies in between: a
 * difference quotient across it says nothing about the gradient on either side.
 */
import type { Stage } from '../layers/layer.ts';
import type { Plan } from '../model/plan.ts';
import type { StageMemory, StepMemory } from '../model/step-memory.ts';

export class Decisions {
  readonly #stages: readonly StageDecisions[];

  constructor(plan: Plan, memory: StepMemory) {
    this.#stages = plan.stages.map((stage, s) => new StageDecisions(stage, memory.stages[s]));
  }

  /** Remembers those of the last forward pass. */
  record(): void {
    for (const stage of this.#stages) stage.record();
  }

  /** Whether the last forward pass, from stage `from` on, decided everything as the recorded one. */
  areAsRecorded(from: number): boolean {
    for (let s = from; s < this.#stages.length; s++) if (!this.#stages[s].areAsRecorded()) return false;
    return true;
  }

  /** Whether another network's recorded decisions (of the same plan, in another dtype) are the same. */
  equal(other: Decisions): boolean {
    return this.#stages.every((stage, s) => stage.equals(other.#stages[s]));
  }
}

class StageDecisions {
  readonly #memory: StageMemory;
  readonly #hasRelu: boolean;
  readonly #positive: Uint8Array;
  /** Of layers that keep bytes: the maximum's place, or the dropout mask, which never changes. */
  readonly #kept: Uint8Array;

  constructor({ layer, relu }: Stage, memory: StageMemory) {
    this.#memory = memory;
    this.#hasRelu = relu || layer.hasKinks();
    this.#positive = new Uint8Array(this.#hasRelu ? memory.y.length : 0);
    this.#kept = new Uint8Array(memory.kept.length);
  }

  record(): void {
    const { y, kept } = this.#memory;
    for (let i = 0; i < this.#positive.length; i++) this.#positive[i] = y[i] > 0 ? 1 : 0;
    this.#kept.set(kept);
  }

  areAsRecorded(): boolean {
    const { y, kept } = this.#memory;
    const positive = this.#positive;
    for (let i = 0; i < positive.length; i++) if (y[i] > 0 !== (positive[i] === 1)) return false;
    return sameBytes(kept, this.#kept);
  }

  equals(other: StageDecisions): boolean {
    return sameBytes(this.#positive, other.#positive) && sameBytes(this.#kept, other.#kept);
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
