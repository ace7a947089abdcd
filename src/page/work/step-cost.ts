/** What a training step costs, layer by layer, as the page shows it. */

/** One stage of the plan that has weights, with multiplications of one sample. */
export interface PlanRow {
  readonly layer: string;
  /** Keras' name of its kind. */
  readonly kind: string;
  /** The shape of its weights: [3, 3, 1, 32]. */
  readonly kernel: readonly number[];
  readonly params: number;
  readonly trained: boolean;
  /** Its output never changes, and is computed once a sample. */
  readonly cached: boolean;
  /** Multiplications of each of a step's three parts, were nothing left out. */
  readonly each: number;
  readonly parts: {
    readonly forward: boolean;
    readonly weightGradient: boolean;
    readonly inputGradient: boolean;
  };
}

/** Multiplications of a step, one sample: those that are done, and all that there could be. */
export function multiplications(rows: readonly PlanRow[]): { readonly done: number; readonly all: number } {
  let [done, all] = [0, 0];
  for (const { each, parts } of rows) {
    const flags = Object.values(parts);
    all += each * flags.length;
    done += each * flags.filter(Boolean).length;
  }
  return { done, all };
}
