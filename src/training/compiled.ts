/** What `compile` settles. */
import { checkWorker, threadsHere } from '#pool';
import { describe } from '../checks/describe.ts';
import { UNWRAPPED } from '../checks/handed-in.ts';
import { whole } from '../checks/properties.ts';
import { shown } from '../checks/shown.ts';
import { atLeastZero, integerFrom } from '../checks/values.ts';
import { trainingGroups } from '../kernels/groups/training.ts';
import { needKernels } from '../kernels/groups.ts';
import { chooseKernel } from '../kernels/index.ts';
import type { KernelName } from '../kernels/kernels.ts';
import { type ConvolutionChoice, checkConvolution } from '../layers/convolution.ts';
import type { Layer } from '../layers/layer.ts';
import { layers } from '../layers/registry.ts';
import { isOfWeights } from '../layers/training-only.ts';
import { type Loss, rowSize } from '../losses/loss.ts';
import { getLoss, type LossName, losses } from '../losses/registry.ts';
import { labelOf, type Metric } from '../metrics/metric.ts';
import {
  checkMetric,
  getMetric,
  type MetricChoice,
  metrics as metricKinds,
  nameOf,
} from '../metrics/registry.ts';
import type { Network, NetworkConfig } from '../model/network.ts';
import { makePlan, type Plan } from '../model/plan.ts';
import { rehearseLayer, rehearseLoss, rehearseMetric, rehearseOptimizer } from '../model/rehearsal.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { getOptimizer, type OptimizerName, optimizers } from '../optimizers/registry.ts';
import type { CompileOptions } from './options.ts';
import { OptimizerState } from './session/optimizer-state.ts';
import type { WorkerMaker } from './session/pool.ts';
import { homebound, type Parts } from './session/portable.ts';

/** What compile settled, and stays until the next compile. */
export interface Compiled {
  readonly optimizer: Optimizer;
  readonly loss: Loss;
  readonly metrics: readonly MetricChoice[];
  /** The metrics themselves. */
  readonly measures: readonly Metric[];
  readonly threads: number;
  /** Why there are none although nobody said so; null: there are, or they were said to be 0. */
  readonly threadsReason: string | null;
  /** false: nobody said how many. */
  readonly threadsAsked: boolean;
  /** What starts them; null: degelo's own. */
  readonly worker: WorkerMaker | null;
  readonly kernel: KernelName;
  readonly convolution: ConvolutionChoice;
  readonly config: NetworkConfig;
  /** Of all layers, those of models within too. */
  readonly wasTrainable: readonly boolean[];
  readonly plan: Plan;
  readonly state: OptimizerState;
}

/**
 * The optimizer that the options name or hold.
 * @throws TypeError for what is missing or of another kind, RangeError for an unknown name, or a number of threads that is none.
 */
export function checkCompileOptions(options: CompileOptions): Optimizer {
  const threads = integerFrom('compile', 'threads', options.threads ?? 0, 0);
  checkWorker(workerOf(options));
  if (threads > 0) {
    const { possible, reason } = threadsHere();
    if (!possible) throw new RangeError(`compile: threads must be 0 here: ${reason}: got ${threads}`);
  }
  chooseKernel(options.kernel ?? 'auto');
  checkConvolution(options.convolution ?? 'auto');
  const optimizer = asOptimizer(options.optimizer);
  asLoss(options.loss);
  checkMetrics(options.metrics ?? []);
  return optimizer;
}

/**
 * Settles the options for a built network, as frozen as it is now; the optimizer's state is new.
 * @throws RangeError where the loss doesn't fit the network, where what users wrote doesn't do what it should, or can't be
 *   sent to threads that were asked for.
 */
export function settle(network: Network, options: CompileOptions): Compiled {
  whole(network); // one that a class made, not `sequential` or `model`
  const loss = asLoss(options.loss);
  const optimizer = asOptimizer(options.optimizer);
  const convolution = options.convolution ?? 'auto';
  const plan = Object.freeze(makePlan(network, loss, convolution));
  rehearse(plan, loss, optimizer);
  warnOfLoneSoftmax(network);
  // One that can't measure these targets is refused here, not by a worker.
  const { outputShape } = plan;
  const { metrics = [] } = options;
  const measures = metrics.map((choice) => {
    const metric = getMetric(choice, { loss, outputShape });
    const name = nameOf(labelOf(choice));
    if (!metricKinds.isOwn(name)) rehearseMetric(name, metric, loss, outputShape);
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

/** Layers that were warned of. */
const warned = new WeakSet<Layer>();

/** Warns of a softmax over one number, which is always 1, as Keras does; once per layer. */
function warnOfLoneSoftmax(network: Network): void {
  for (const layer of network.layers) {
    const isSoftmax =
      layer.className === 'Softmax' || ('activation' in layer && layer.activation === 'softmax');
    if (!isSoftmax || layer.outputShape?.at(-1) !== 1 || warned.has(layer)) continue;
    warned.add(layer);
    console.warn(
      `compile: layer ${layer.name} has a softmax over one number, which is always 1: did you mean sigmoid?`,
    );
  }
}

/** Tries what users wrote, once, on a few numbers. */
function rehearse(plan: Plan, loss: Loss, optimizer: Optimizer): void {
  for (const { layer } of plan.stages) if (!layers.isOwn(layer.className)) rehearseLayer(layer);
  if (!losses.isOwn(loss.name)) rehearseLoss(loss, rowSize(loss, plan.outputShape));
  if (!optimizers.isOwn(optimizer.name)) rehearseOptimizer(optimizer);
}

/** Why threads were missing that should be there, as was said already. */
let said: string | null = null;

/**
 * The number of threads for these: as told, else one per core, or none where threads can't make them or can't be had; and why then.
 * @throws RangeError where threads are asked for that can't make them.
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

/** @throws TypeError where it isn't a function. */
function workerOf({ worker }: CompileOptions): WorkerMaker | null {
  if (worker === undefined) return null;
  if (typeof worker === 'function') return worker;
  throw new TypeError(
    `compile: worker must be a function that starts one, got ${describe(worker)}: () => new Worker(url, { type: 'module' })`,
  );
}

/** Warns where `trainable` was changed since compile, as Keras does: the change doesn't count yet. */
export function warnOfChanges(operation: string, network: Network, { wasTrainable }: Compiled): void {
  const changed = network.allLayers().filter(({ trainable }, i) => trainable !== wasTrainable[i]);
  if (changed.length === 0) return;
  console.warn(
    `${operation}: trainable was changed after compile (${changed.map(({ name }) => shown(name)).join(', ')}): ` +
      `it counts only once compile is called again`,
  );
}

/** Warns where training can change nothing, as Keras does: all layers were frozen when the model was compiled, or none has weights. */
export function warnOfNothingToTrain(operation: string, { plan }: Compiled): void {
  if (plan.stages.some(({ weightGradient }) => weightGradient)) return;
  console.warn(
    `${operation}: no weight is trained: all layers that have weights were frozen when compile was called`,
  );
}

/**
 * @throws Error where the network should be trained otherwise than degelo can: under Keras' regularizers or constraints, which came with a
 *   loaded model, or with layers that only training knows. Frozen weights have neither of the first two; but a penalty on outputs, and such
 *   a layer, work on whatever passes through, as in Keras.
 */
export function refuseUnsupported(operation: string, network: Network, { wasTrainable }: Compiled): void {
  for (const [i, { layer, training }] of network.nodes().entries()) {
    const all = Object.keys(layer.unsupported ?? {});
    const standing = all.filter((name) => isLeft(name, wasTrainable[i], training));
    if (standing.length === 0) continue;
    const freeze = standing.every(isOfWeights) ? 'freeze the layer (trainable = false), or ' : '';
    throw new Error(
      `${operation}: layer ${layer.name} was made with ${standing.join(', ')}, which degelo can't train with: ${freeze}set its ` +
        `unsupported to null to train without${freeze && ', then compile again'}`,
    );
  }
}

/** Whether something of Layer.unsupported does anything in training. @param training whether training mode reaches the layer */
function isLeft(name: string, trainable: boolean, training: boolean): boolean {
  if (isOfWeights(name)) return trainable;
  return training || name === 'activity_regularizer';
}

function asOptimizer(optimizer: OptimizerName | Optimizer): Optimizer {
  const made = typeof optimizer === 'string' ? getOptimizer({ name: optimizer }) : optimizer;
  expectPart('optimizer', made, ['update', 'getConfig'], optimizers.names);
  atLeastZero('compile', 'optimizer.learningRate', rateOf(made));
  const { slots } = made;
  const isNames =
    Array.isArray(slots) && slots.every((slot) => typeof slot === 'string' && /^[^/]+$/.test(slot));
  if (!isNames || new Set(slots).size < slots.length) {
    const right = Array.isArray(slots) ? ': each once, and without /' : '';
    throw new TypeError(
      `compile: optimizer.slots must be an array of names, [] for none, got ${describe(slots)}${right}`,
    );
  }
  return made;
}

function rateOf(optimizer: Optimizer): number {
  try {
    return optimizer.learningRate;
  } catch (cause) {
    throw new TypeError(
      `compile: optimizer must be the optimizer itself, got a Proxy, or an object made of it${UNWRAPPED}`,
      { cause },
    );
  }
}

function asLoss(loss: LossName | Loss): Loss {
  const made = typeof loss === 'string' ? getLoss({ name: loss }) : loss;
  expectPart('loss', made, ['compute'], losses.names);
  if (made.targetKind !== 'rows' && made.targetKind !== 'classes') {
    const got = describe(made.targetKind);
    throw new RangeError(`compile: loss.targetKind must be one of rows, classes, got ${got}`);
  }
  const range: unknown = made.targetRange ?? [0, 1];
  if (!Array.isArray(range) || range.length !== 2 || !(range[0] <= range[1])) {
    throw new RangeError(`compile: loss.targetRange must be [least, most], got ${describe(range)}`);
  }
  return made;
}

/** @throws TypeError where a part of `compile` isn't an object with a name and these methods. */
function expectPart(
  part: string,
  value: unknown,
  methods: readonly string[],
  names: readonly string[],
): void {
  const expected = `expected ${names.join(', ')}, or an object`;
  if (value === undefined) throw new TypeError(`compile: ${part} is missing: ${expected}`);
  const isObject = typeof value === 'object' && value !== null;
  const has = (name: string, kind: string): boolean => isObject && typeof Reflect.get(value, name) === kind;
  if (has('name', 'string') && methods.every((name) => has(name, 'function'))) return;
  const right = isMaker(value)
    ? `: call it: ${value.name}()`
    : `: ${expected} with ${['name', ...methods].join(', ')}`;
  throw new TypeError(`compile: ${part} must be a name or an object, got ${describe(value)}${right}`);
}

/** A function that makes an optimizer or a loss. One of two arguments is Keras' way to write a loss or a metric, (yTrue, yPred) => …. */
function isMaker(value: unknown): value is { readonly name: string } {
  return typeof value === 'function' && value.name !== '' && value.length < 2;
}

/** @throws TypeError where these are no array of names, RangeError for an unknown one, or one twice. */
function checkMetrics(metrics: unknown): void {
  if (!Array.isArray(metrics)) {
    const right = typeof metrics === 'string' ? `: ['${metrics}']` : ": ['accuracy']";
    throw new TypeError(`compile: metrics must be an array of names, got ${describe(metrics)}${right}`);
  }
  const labels = new Set<string>();
  for (const [m, metric] of metrics.entries()) {
    const label = labelOf(checkMetric(metric, `metrics[${m}]`));
    if (labels.has(label)) throw new RangeError(`compile: metrics must differ, got ${label} twice`);
    labels.add(label);
  }
}

needKernels(...trainingGroups);
