/**
 * Label smoothing (C. Szegedy et al. 2016, "Rethinking the Inception architecture", arXiv:1512.00567, section 7), as in Keras: targets
 * t become t·(1 − s) + s·u, where u is what a model that knows nothing would say. In float64.
 */
import { describe } from '../checks/describe.ts';
import type { FloatArray } from '../tensor/tensor.ts';

export class LabelSmoothing {
  readonly #share: number;
  #smoothed = new Float64Array(0);

  /** @throws RangeError where the share isn't at least 0 and below 1. */
  constructor(loss: string, share: unknown = 0) {
    if (typeof share !== 'number' || !(share >= 0 && share < 1)) {
      throw new RangeError(`${loss}: labelSmoothing must be at least 0 and below 1, got ${describe(share)}`);
    }
    this.#share = share;
  }

  /** The first `count` targets, smoothed; themselves where nothing is to be done. The next call overwrites them. */
  apply(targets: FloatArray, count: number, evenly: number): FloatArray {
    const s = this.#share;
    if (s === 0) return targets;
    if (this.#smoothed.length < count) this.#smoothed = new Float64Array(count);
    for (let i = 0; i < count; i++) this.#smoothed[i] = targets[i] * (1 - s) + s * evenly;
    return this.#smoothed;
  }

  getConfig(): { labelSmoothing?: number } {
    return this.#share === 0 ? {} : { labelSmoothing: this.#share };
  }
}
