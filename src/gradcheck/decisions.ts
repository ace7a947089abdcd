/**
 * What a forward pass decided: on which side of each kink an output is (for ReLU: its sign), the place of each window's
 * maximum, on which side of its target an output is where the loss has a kink there, and the signs of weights whose size costs (l1).
 *
 * Between two points with the same decisions the network is smooth. Where they differ, a kink lies in between: a
 * difference quotient across it says nothing about the gradient on either side.
 */
import type { Plan } from '../model/plan.ts';
import type { PlannedStage } from '../model/planned-stage.ts';
import type { StageMemory, StepMemory } from '../model/step-memory.ts';
import type { FloatArray } from '../tensor/tensor.ts';

export class Decisions {
  readonly #stages: readonly StageDecisions[];
  readonly #loss: LossDecisions | null;

  constructor(plan: Plan, memory: StepMemory) {
    this.#stages = plan.stages.map((stage, s) => new StageDecisions(stage, memory.stages[s]));
    this.#loss = plan.loss?.hasKinks ? new LossDecisions(memory) : null;
  }

  /** Remembers those of the last forward pass. */
  record(): void {
    for (const stage of this.#stages) stage.record();
    this.#loss?.record();
  }

  /** Whether the last forward pass, from stage `from` on, decided everything as the recorded one. */
  areAsRecorded(from: number): boolean {
    for (let s = from; s < this.#stages.length; s++) if (!this.#stages[s].areAsRecorded()) return false;
    return this.#loss?.areAsRecorded() ?? true;
  }

  /** Whether another network's recorded decisions (of the same plan, in another dtype) are the same. */
  equal(other: Decisions): boolean {
    const sameLoss = !this.#loss || !other.#loss || this.#loss.equals(other.#loss);
    return sameLoss && this.#stages.every((stage, s) => stage.equals(other.#stages[s]));
  }
}

/** Of a loss of rows: which outputs are above their targets. */
class LossDecisions {
  readonly #memory: StepMemory;
  readonly #above: Uint8Array;

  constructor(memory: StepMemory) {
    this.#memory = memory;
    this.#above = new Uint8Array(memory.targets.length);
  }

  record(): void {
    for (let i = 0; i < this.#above.length; i++) this.#above[i] = this.#isAbove(i);
  }

  areAsRecorded(): boolean {
    return this.#above.every((above, i) => above === this.#isAbove(i));
  }

  equals(other: LossDecisions): boolean {
    return sameBytes(this.#above, other.#above);
  }

  #isAbove(i: number): number {
    const outputs = this.#memory.stages[this.#memory.stages.length - 1].y;
    return outputs[i] > this.#memory.targets[i] ? 1 : 0;
  }
}

class StageDecisions {
  readonly #memory: StageMemory;
  readonly #kinks: readonly number[];
  readonly #sides: Uint8Array;
  /** Of layers that keep bytes: the maximum's place, or the dropout mask, which never changes. */
  readonly #kept: Uint8Array;
  /** Weights whose penalty has a kink at 0, and their recorded signs. */
  readonly #weights: readonly { readonly value: FloatArray; readonly signs: Int8Array }[];

  constructor({ layer, relu, roles }: PlannedStage, memory: StageMemory) {
    this.#memory = memory;
    this.#kinks = relu === false ? layer.kinks() : relu === true ? [0] : [0, relu];
    this.#sides = new Uint8Array(this.#kinks.length > 0 ? memory.y.length : 0);
    this.#kept = new Uint8Array(memory.kept.length);
    this.#weights = memory.parameters.flatMap(({ value }, p) => {
      const hasKink = (layer.parameters[p].regularizer?.l1 ?? 0) > 0 && roles[p] === 'trained';
      return hasKink ? [{ value, signs: new Int8Array(value.length) }] : [];
    });
  }

  record(): void {
    const { y, kept } = this.#memory;
    for (let i = 0; i < this.#sides.length; i++) this.#sides[i] = side(y[i], this.#kinks);
    this.#kept.set(kept);
    for (const { value, signs } of this.#weights) {
      for (let i = 0; i < signs.length; i++) signs[i] = Math.sign(value[i]);
    }
  }

  areAsRecorded(): boolean {
    const { y, kept } = this.#memory;
    const sides = this.#sides;
    for (let i = 0; i < sides.length; i++) if (side(y[i], this.#kinks) !== sides[i]) return false;
    // Around a weight of exactly 0 differences to both sides give the slope 0, which is the gradient there.
    for (const { value, signs } of this.#weights) {
      for (let i = 0; i < signs.length; i++) if (signs[i] * value[i] < 0) return false;
    }
    return sameBytes(kept, this.#kept);
  }

  equals(other: StageDecisions): boolean {
    return sameBytes(this.#sides, other.#sides) && sameBytes(this.#kept, other.#kept);
  }
}

/** Between which of the ascending kinks an output is, or on which: a function that is cut off stays on the kink. */
function side(y: number, kinks: readonly number[]): number {
  let s = 0;
  for (const kink of kinks) s += (y > kink ? 1 : 0) + (y >= kink ? 1 : 0);
  return s;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
