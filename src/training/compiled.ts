/** What `compile` decides, and keeps until the next `compile`. */
import { threadsHere } from '#pool';
import { whole } from '../checks/properties.ts';
import { trainingGroups } from '../kernels/groups/training.ts';
import { needKernels } from '../kernels/groups.ts';
import { chooseKernel } from '../kernels/index.ts';
import type { KernelName } from '../kernels/kernels.ts';
import { type ConvolutionChoice, checkConvolution } from '../layers/convolution.ts';
import type { Layer } from '../layers/layer.ts';
import { layers } from '../layers/registry.ts';
import { type Loss, rowSize } from '../losses/loss.ts';
import { losses } from '../losses/registry.ts';
import { kindOf, type Metric } from '../metrics/metric.ts';
import {
  getMetric,
  type MetricChoice,
  metricChoice,
  metrics as metricKinds,
  nameOf,
} from '../metrics/registry.ts';
import type { Network, NetworkConfig } from '../model/network.ts';
import { makePlan, type Plan } from '../model/plan.ts';
import { rehearsals } from '../model/rehearsals.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { optimizers } from '../optimizers/registry.ts';
import { asLoss, asOptimizer, workerOf } from './compile-options.ts';
import type { CompileOptions } from './options.ts';
import { OptimizerState } from './session/optimizer-state.ts';
import type { WorkerMaker } from './session/pool.ts';
import { homebound, type Parts } from './session/portable.ts';

/** A compiled model's optimizer, loss, metrics and threads. */
export interface Compiled {
  readonly optimizer: Optimizer;
  readonly loss: Loss;
  readonly metrics: readonly MetricChoice[];
  /** The metrics, made for this network. */
  readonly measures: readonly Metric[];
  readonly threads: number;
  /** Why no threads work although `compile` didn't say `threads: 0`; null: some do, or it did. */
  readonly threadsReason: string | null;
  /** Whether `compile` was told a number of threads. */
  readonly threadsAsked: boolean;
  /** What starts them; null: degelo's own. */
  readonly worker: WorkerMaker | null;
  readonly kernel: KernelName;
  readonly convolution: ConvolutionChoice;
  readonly config: NetworkConfig;
  /** `trainable` of all layers when the model was compiled, in the order of `allLayers`. */
  readonly wasTrainable: readonly boolean[];
  readonly plan: Plan;
  readonly state: OptimizerState;
}

/**
 * Compiles a built network, whose frozen layers are those that are frozen now. The optimizer's state is new.
 * @throws RangeError where the loss doesn't fit the network, where a user's own layer, loss, metric or optimizer is wrong, or where it
 *   can't be sent to the threads that `compile` asks for.
 */
export function settle(network: Network, options: CompileOptions): Compiled {
  whole(network); // made by `new`, it isn't closed yet; `sequential` and `model` close theirs
  const loss = asLoss(options.loss);
  const optimizer = asOptimizer(options.optimizer);
  const convolution = checkConvolution(options.convolution ?? 'auto');
  const plan = Object.freeze(makePlan(network, loss, convolution));
  rehearse(plan, loss, optimizer);
  warnOfLoneSoftmax(network);
  // A metric that can't measure these targets is to fail here, not in a worker.
  const { outputShape } = plan;
  const metrics = (options.metrics ?? []).map(metricChoice);
  const measures = metrics.map((choice) => {
    const metric = getMetric(choice, { loss, outputShape });
    const name = nameOf(kindOf(choice));
    if (!metricKinds.isOwn(name) && !losses.isOwn(name)) rehearsals?.metric(name, metric, loss, outputShape);
    return metric;
  });
  const parts = { layers: network.allLayers(), loss, optimizer, metrics };
  const { threads, reason } = threadsFor(parts, options.threads);
  const settled: Compiled = {
    optimizer,
    loss,
    metrics,
    measures,
    threads,
    threadsReason: reason,
    threadsAsked: options.threads !== undefined,
    worker: workerOf(options),
    kernel: chooseKernel(options.kernel ?? 'auto'),
    convolution,
    config: network.toConfig(),
    wasTrainable: network.allLayers().map(({ trainable }) => trainable),
    plan,
    state: new OptimizerState(),
  };
  return Object.freeze(settled);
}

/** Layers about which a warning was given. */
const warned = new WeakSet<Layer>();

/** Warns of a softmax over one number, which is always 1 (its logarithm 0), as Keras does; once per layer. */
function warnOfLoneSoftmax(network: Network): void {
  for (const layer of network.layers) {
    const name = layer.className === 'Softmax' ? 'softmax' : 'activation' in layer && layer.activation;
    const always = name === 'softmax' ? 1 : name === 'logSoftmax' ? 0 : null;
    if (always === null || layer.outputShape?.at(-1) !== 1 || warned.has(layer)) continue;
    warned.add(layer);
    console.warn(
      `compile: layer ${layer.name} has a ${name} over one number, which is always ${always}: did you mean sigmoid?`,
    );
  }
}

/** Tries users' own layers, loss and optimizer once, on a few numbers. */
function rehearse(plan: Plan, loss: Loss, optimizer: Optimizer): void {
  for (const { layer } of plan.stages) if (!layers.isOwn(layer.className)) rehearsals?.layer(layer);
  if (!losses.isOwn(loss.name)) rehearsals?.loss(loss, rowSize(loss, plan.outputShape));
  if (!optimizers.isOwn(optimizer.name)) rehearsals?.optimizer(optimizer);
}

/** The last warning's reason why there are no threads, so that it is given once. */
let said: string | null = null;

/**
 * The number of threads: `asked`, else one per core, or 0 with a reason where threads can't start, or can't make a part of the model.
 * @throws RangeError where threads are asked for, and can't make a part of the model.
 */
export function threadsFor(parts: Parts, asked?: number): { threads: number; reason: string | null } {
  if (asked === 0) return { threads: 0, reason: null };
  const stuck = homebound(parts);
  if (stuck !== null) {
    const reason = `${stuck} can't be sent to worker threads: register it with the URL of its module`;
    if (asked === undefined) return { threads: 0, reason };
    throw new RangeError(`compile: ${reason}, or use threads: 0`);
  }
  if (asked !== undefined) return { threads: asked, reason: null };
  const { threads, reason, unexpected } = threadsHere();
  if (unexpected && said !== reason) {
    said = reason;
    console.warn(`${reason} (until then all work is done on the calling thread, with the same result)`);
  }
  return { threads, reason };
}

needKernels(...trainingGroups);
