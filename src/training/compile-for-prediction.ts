/** Compiling a model that only predicts. */
import { meanSquaredError } from '../losses/mean-squared-error.ts';
import { sgd } from '../optimizers/sgd.ts';
import type { Model } from './model.ts';
import type { CompileOptions } from './options.ts';

/**
 * Settles where and how a model computes that only predicts. `compile` needs an optimizer and a loss too, which predictions don't use.
 * These keep no state, and fit any output.
 * @throws as compile does
 */
export function compileForPrediction(
  model: Model,
  work: Pick<CompileOptions, 'threads' | 'kernel' | 'convolution'>,
): void {
  model.compile({ optimizer: sgd(), loss: meanSquaredError(), ...work });
}
