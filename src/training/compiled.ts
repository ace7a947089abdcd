/** What `compile` settles. */
import { defaultThreads } from '#pool';
import { chooseKernel } from '../kernels/index.ts';
import type { KernelName } from '../kernels/kernels.ts';
import type { Loss } from '../losses/loss.ts';
import { getLoss, type LossName } from '../losses/registry.ts';
import { getMetric } from '../metrics/registry.ts';
import { type ConvolutionChoice, checkConvolution } from '../model/convolution.ts';
import type { Network, NetworkConfig } from '../model/network.ts';
import { makePlan, type Plan } from '../model/plan.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { getOptimizer, type OptimizerName } from '../optimizers/registry.ts';
import { OptimizerState } from './optimizer-state.ts';
import type { CompileOptions } from './options.ts';

/** What compile settled, and stays until the next compile. */
export interface Compiled {
  readonly optimizer: Optimizer;
  readonly loss: Loss;
  readonly metrics: readonly string[];
  readonly threads: number;
  readonly kernel: KernelName;
  readonly convolution: ConvolutionChoice;
  readonly config: NetworkConfig;
  readonly plan: Plan;
  readonly state: OptimizerState;
}

/** @throws RangeError for an unknown name, or a number of threads that is none. */
export function checkCompileOptions(options: CompileOptions): void {
  const threads = options.threads ?? defaultThreads();
  if (!Number.isInteger(threads) || threads < 0) {
    throw new RangeError(`compile: threads must be an integer ≥ 0, got ${threads}`);
  }
  chooseKernel(options.kernel ?? 'auto');
  checkConvolution(options.convolution ?? 'auto');
  asOptimizer(options.optimizer);
  asLoss(options.loss);
  for (const metric of options.metrics ?? []) getMetric(metric);
}

/**
 * Settles the options for a built network, as frozen as it is now; the optimizer's state is new.
 * @throws RangeError where the loss doesn't fit the network.
 */
export function settle(network: Network, options: CompileOptions): Compiled {
  const loss = asLoss(options.loss);
  const convolution = options.convolution ?? 'auto';
  return {
    optimizer: asOptimizer(options.optimizer),
    loss,
    metrics: options.metrics ?? [],
    threads: options.threads ?? defaultThreads(),
    kernel: chooseKernel(options.kernel ?? 'auto'),
    convolution,
    config: network.toConfig(),
    plan: makePlan(network, loss, convolution),
    state: new OptimizerState(),
  };
}

/** Warns where `trainable` was changed since compile, as Keras does: the change doesn't count yet. */
export function warnOfChanges(operation: string, network: Network, { config }: Compiled): void {
  const changed = network.layers.filter(
    ({ trainable }, i) => trainable !== config.layers[i].config.trainable,
  );
  if (changed.length === 0) return;
  console.warn(
    `${operation}: trainable was changed after compile (${changed.map(({ name }) => name).join(', ')}): ` +
      `it counts only once compile is called again`,
  );
}

function asOptimizer(optimizer: OptimizerName | Optimizer): Optimizer {
  return typeof optimizer === 'string' ? getOptimizer({ name: optimizer }) : optimizer;
}

function asLoss(loss: LossName | Loss): Loss {
  return typeof loss === 'string' ? getLoss({ name: loss }) : loss;
}
