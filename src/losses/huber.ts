/**
 * Huber's loss (P. J. Huber 1964, "Robust estimation of a location parameter"), Keras' Huber: squared near the target,
 * linear beyond δ of it, so that a few targets that are far off don't rule the rest. With e = x − t:
 *
 *   f(x, t) = e²/2 where |e| ≤ δ,  δ·|e| − δ²/2 elsewhere;   f′ = max(−δ, min(δ, e))
 */
import { describe } from '../checks/describe.ts';
import { knownOptions, unary } from '../checks/options.ts';
import type { Loss, LossConfig } from './loss.ts';
import { MeanOfElements } from './mean-of-elements.ts';
import { losses } from './registry.ts';

/** How far from its target a number counts as near. */
export interface HuberOptions {
  /** δ, where the parabola becomes a line; above 0. Default: 1, as in Keras. */
  delta?: number | undefined;
}

class Huber extends MeanOfElements {
  readonly delta: number;

  constructor(options?: HuberOptions) {
    const { delta = 1 } = knownOptions('huber', options, ['delta']);
    if (typeof delta !== 'number' || !(delta > 0 && delta < Infinity)) {
      throw new RangeError(`huber: delta must be above 0 and finite, got ${describe(delta)}`);
    }
    super('huber', {
      value(x, t) {
        const size = Math.abs(x - t);
        return size <= delta ? (size * size) / 2 : delta * size - (delta * delta) / 2;
      },
      slope: (x, t) => Math.max(-delta, Math.min(delta, x - t)),
    });
    this.delta = delta;
  }

  getConfig(): LossConfig {
    return { name: this.name, delta: this.delta };
  }
}

/**
 * For targets of any numbers, some of which may be far off: rows of the model's output shape.
 *
 *     model.compile({ optimizer: 'adam', loss: huber({ delta: 0.5 }) });
 *     huber({ delta: 1 }) // outputs [[0, 3]], targets [[0.5, 1]] → 0.8125
 *
 * @throws RangeError where delta isn't above 0 and finite.
 */
export const huber = unary('huber', (options?: HuberOptions): Loss => new Huber(options));

losses.own('huber', huber);
