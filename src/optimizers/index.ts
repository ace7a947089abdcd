/** Where optimizers and schedules are listed, one line each: it makes one public, and known by its name. */
export { type AdadeltaOptions, adadelta } from './adadelta.ts';
export { type AdagradOptions, adagrad } from './adagrad.ts';
export { type AdamOptions, type AmsgradOptions, adam } from './adam.ts';
export { type AdamWOptions, adamW } from './adam-w.ts';
export { type AdamaxOptions, adamax } from './adamax.ts';
export { type LionOptions, lion } from './lion.ts';
export { type NadamOptions, nadam } from './nadam.ts';
export { type RmspropOptions, rmsprop } from './rmsprop.ts';
export { type CosineDecayOptions, cosineDecay } from './schedules/cosine-decay.ts';
export { type CosineDecayRestartsOptions, cosineDecayRestarts } from './schedules/cosine-decay-restarts.ts';
export { type ExponentialDecayOptions, exponentialDecay } from './schedules/exponential-decay.ts';
export { type InverseTimeDecayOptions, inverseTimeDecay } from './schedules/inverse-time-decay.ts';
export {
  type PiecewiseConstantDecayOptions,
  piecewiseConstantDecay,
} from './schedules/piecewise-constant-decay.ts';
export { type PolynomialDecayOptions, polynomialDecay } from './schedules/polynomial-decay.ts';
export type { StaircaseOptions } from './schedules/staircase-decay.ts';
export { type SgdOptions, sgd } from './sgd.ts';
