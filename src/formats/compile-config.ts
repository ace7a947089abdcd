/** How a saved model was compiled: whether a file's words for it have the right kinds. */
import type { LossConfig } from '../losses/loss.ts';
import { labelOf, type MetricConfig } from '../metrics/metric.ts';
import type { OptimizerConfig } from '../optimizers/optimizer.ts';
import { isObject, type JsonObject } from './json.ts';

/** Optimizer, loss and metrics; whether there are such is theirs to say. */
export interface CompileConfig {
  readonly optimizer: OptimizerConfig;
  readonly loss: LossConfig;
  readonly metrics: readonly (string | MetricConfig)[];
}

/** What `compile` must be, for messages. */
export const COMPILE =
  'null or { optimizer: { name }, loss: { name, fromLogits }, metrics: [name or { name, … }], each once }';

export function isCompile(value: unknown): value is CompileConfig {
  return (
    isObject(value) &&
    isNamed(value.optimizer) &&
    isNamed(value.loss) &&
    typeof value.loss.fromLogits === 'boolean' &&
    Array.isArray(value.metrics) &&
    value.metrics.every(isMetric) &&
    new Set(value.metrics.map(labelOf)).size === value.metrics.length
  );
}

function isMetric(value: unknown): value is string | MetricConfig {
  return typeof value === 'string' || isNamed(value);
}

/** Whether it is an object that is called something. */
export function isNamed(value: unknown): value is JsonObject & { readonly name: string } {
  return isObject(value) && typeof value.name === 'string';
}
