/** What the focal losses share: a factor that leaves little of what is right already (T.-Y. Lin et al. 2017, "Focal loss", arXiv:1708.02002). */
import { exp, log } from '../tensor/exp.ts';
import type { SmoothedCrossentropyOptions } from './categorical-crossentropy.ts';

/** What both focal losses take. */
export interface FocalOptions extends SmoothedCrossentropyOptions {
  /** γ, how much less a right output counts; 0: as much as any. Default: 2, as in the paper. */
  gamma?: number | undefined;
}

/** wrong^γ for 0 ≤ wrong ≤ 1, by our own exp and log. 0^0 is 1. */
export function focus(wrong: number, gamma: number): number {
  return gamma === 0 ? 1 : exp(gamma * log(wrong));
}
