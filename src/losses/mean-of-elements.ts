/**
 * Losses that are the mean of a number for each of a sample's outputs, by its target:
 *
 *   loss[n] = (Σ_c f(x[n, c], t[n, c])) / C,   ∂(mean loss)/∂x[n, c] = f′(x[n, c], t[n, c]) / (C·batch)
 *
 * Computed in float64, c ascending from +0; the gradient is rounded once, when it is stored.
 */
import { knownOptions, unary } from '../checks/options.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import type { Loss, LossRun } from './loss.ts';
import { type LossOwnName, losses } from './registry.ts';

/** Of one output x and its target t. */
export interface ElementRule {
  value(x: number, t: number): number;
  /** Its derivative by x. */
  slope(x: number, t: number): number;
  readonly targetRange?: readonly [number, number];
  /** See Loss.hasKinks. */
  readonly hasKinks?: boolean;
}

/** A loss of such a rule. */
export class MeanOfElements implements Loss {
  readonly name: string;
  readonly targetKind = 'rows';
  readonly targetRange?: readonly [number, number];
  readonly hasKinks: boolean;
  readonly #rule: ElementRule;

  constructor(name: string, rule: ElementRule) {
    this.name = name;
    this.#rule = rule;
    if (rule.targetRange) this.targetRange = rule.targetRange;
    this.hasKinks = rule.hasKinks ?? false;
  }

  compute({ C, x, targets, losses, dx }: LossRun, N: number, batch: number): void {
    const { value, slope } = this.#rule;
    const t = targets as FloatArray; // compile() checked that these are rows
    for (let n = 0; n < N; n++) {
      let sum = 0;
      for (let i = n * C; i < (n + 1) * C; i++) {
        sum += value(x[i], t[i]);
        if (dx) dx[i] = slope(x[i], t[i]) / (C * batch);
      }
      losses[n] = sum / C;
    }
  }
}

/** Makes a loss of this rule known by its name. @returns what makes it */
export function elementLoss(name: LossOwnName, rule: ElementRule): () => Loss {
  const make = unary(name, (options?: object): Loss => {
    knownOptions(name, options, []);
    return new MeanOfElements(name, rule);
  });
  losses.own(name, make);
  return make;
}
