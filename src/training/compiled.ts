/** What `compile` settles. */
import { defaultThreads } from '#pool';
import { chooseKernel } from '../kernels/index.ts';
import type { KernelName } from '../kernels/kernels.ts';
import { type ConvolutionChoice, checkConvolution } from '../layers/convolution.ts';
import { layers } from '../layers/registry.ts';
import type { Loss } from '../losses/loss.ts';
import { getLoss, type LossName, losses } from '../losses/registry.ts';
import { checkMetric } from '../metrics/registry.ts';
import type { Network, NetworkConfig } from '../model/network.ts';
import { makePlan, outputSize, type Plan } from '../model/plan.ts';
import { rehearseLayer, rehearseLoss, rehearseOptimizer } from '../model/rehearsal.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { getOptimizer, type OptimizerName, optimizers } from '../optimizers/registry.ts';
import type { CompileOptions } from './options.ts';
import { OptimizerState } from './session/optimizer-state.ts';
import { homebound, type Parts } from './session/portable.ts';

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

/**
 * The optimizer that the options name or hold.
 * @throws RangeError for an unknown name, or a number of threads that is none.
 */
export function checkCompileOptions(options: CompileOptions): Optimizer {
  const threads = options.threads ?? defaultThreads();
  if (!Number.isInteger(threads) || threads < 0) {
    throw new RangeError(`compile: threads must be an integer ≥ 0, got ${threads}`);
  }
  chooseKernel(options.kernel ?? 'auto');
  checkConvolution(options.convolution ?? 'auto');
  const optimizer = asOptimizer(options.optimizer);
  asLoss(options.loss);
  for (const metric of options.metrics ?? []) checkMetric(metric);
  const twice = options.metrics?.find((metric, i) => options.metrics?.indexOf(metric) !== i);
  if (twice !== undefined) throw new RangeError(`compile: metrics must differ, got ${twice} twice`);
  return optimizer;
}

/**
 * Settles the options for a built network, as frozen as it is now; the optimizer's state is new.
 * @throws RangeError where the loss doesn't fit the network, where what users wrote doesn't do what it should, or can't be
 *   sent to threads that were asked for.
 */
export function settle(network: Network, options: CompileOptions): Compiled {
  const loss = asLoss(options.loss);
  const optimizer = asOptimizer(options.optimizer);
  const convolution = options.convolution ?? 'auto';
  const plan = makePlan(network, loss, convolution);
  rehearse(plan, loss, optimizer);
  return {
    optimizer,
    loss,
    metrics: options.metrics ?? [],
    threads: threadsFor({ layers: network.layers, loss, optimizer }, options.threads),
    kernel: chooseKernel(options.kernel ?? 'auto'),
    convolution,
    config: network.toConfig(),
    plan,
    state: new OptimizerState(),
  };
}

/** Tries what users wrote, once, on a few numbers. */
function rehearse(plan: Plan, loss: Loss, optimizer: Optimizer): void {
  for (const { layer } of plan.stages) if (!layers.isOwn(layer.className)) rehearseLayer(layer);
  if (!losses.isOwn(loss.name)) rehearseLoss(loss, outputSize(plan));
  if (!optimizers.isOwn(optimizer.name)) rehearseOptimizer(optimizer);
}

/**
 * The number of threads for these: as told, else one a core, or none where threads can't make them.
 * @throws RangeError where threads are asked for that can't make them.
 */
export function threadsFor(parts: Parts, asked?: number): number {
  const stuck = homebound(parts);
  if (stuck === null) return asked ?? defaultThreads();
  if (asked === undefined || asked === 0) return 0;
  throw new RangeError(
    `compile: ${stuck} can't be sent to worker threads: register it with the URL of its module, or use threads: 0`,
  );
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

/**
 * @throws Error where a layer that is trained should be trained otherwise than degelo can: under Keras' regularizers or
 *   constraints, which came with a loaded model.
 */
export function refuseUnsupported(operation: string, network: Network, { config }: Compiled): void {
  const layer = network.layers.find(({ unsupported }, i) => unsupported && config.layers[i].config.trainable);
  if (!layer) return;
  const names = Object.keys(layer.unsupported ?? {}).join(', ');
  throw new Error(
    `${operation}: layer ${layer.name} was made with ${names}, which degelo can't train with: freeze the layer ` +
      `(trainable = false), or set its unsupported to null to train without, then compile again`,
  );
}

function asOptimizer(optimizer: OptimizerName | Optimizer): Optimizer {
  return typeof optimizer === 'string' ? getOptimizer({ name: optimizer }) : optimizer;
}

function asLoss(loss: LossName | Loss): Loss {
  return typeof loss === 'string' ? getLoss({ name: loss }) : loss;
}
