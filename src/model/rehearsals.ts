/**
 * Whether what users have written is tried before it trains. `degelo` does that (everything.ts); a bundle of `degelo/core` holds the code for it
 * (rehearsal.ts) only where it asks.
 */
import type { Layer } from '../layers/layer.ts';
import type { Loss } from '../losses/loss.ts';
import type { Metric } from '../metrics/metric.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import type { Shape } from '../tensor/tensor.ts';

/** One for each kind of what users write; rehearsal.ts says what is wrong where it throws. */
export interface Rehearsals {
  layer(layer: Layer): void;
  loss(loss: Loss, C: number): void;
  metric(name: string, metric: Metric, loss: Loss, outputShape: Shape): void;
  optimizer(optimizer: Optimizer): void;
}

/** null in a bundle that hasn't them. */
export let rehearsals: Rehearsals | null = null;

/** From now on these are there. */
export function knowRehearsals(known: Rehearsals): void {
  rehearsals = known;
}
