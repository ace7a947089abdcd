/** The options of `compile`, checked: each may be a name, or an object of the user's own. */
import { checkWorker } from '#pool';
import { describe, howToCall, WRAPPED } from '../checks/describe.ts';
import { advice } from '../checks/suggest.ts';
import { atLeastZero, integerFrom, nameText } from '../checks/values.ts';
import { chooseKernel } from '../kernels/index.ts';
import { checkConvolution } from '../layers/convolution.ts';
import type { Loss } from '../losses/loss.ts';
import { getLoss, type LossName, losses } from '../losses/registry.ts';
import { labelOf } from '../metrics/metric.ts';
import { checkMetric } from '../metrics/registry.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { getOptimizer, type OptimizerName, optimizers } from '../optimizers/registry.ts';
import { expectThreads } from './expect-threads.ts';
import type { CompileOptions } from './options.ts';
import type { WorkerMaker } from './session/pool.ts';

/**
 * Checks all options. @returns the optimizer that they name or hold
 * @throws TypeError where one is missing or of a wrong type, RangeError for an unknown name or a wrong number of threads.
 */
export function checkCompileOptions(options: CompileOptions): Optimizer {
  checkWorker(workerOf(options));
  checkMachine(options);
  checkConvolution(options.convolution ?? 'auto');
  const optimizer = asOptimizer(options.optimizer);
  asLoss(options.loss);
  checkMetrics(options.metrics ?? []);
  return optimizer;
}

/** Checks what belongs to the machine. @throws TypeError or RangeError, as checkCompileOptions does. */
export function checkMachine({ threads, kernel }: Pick<CompileOptions, 'threads' | 'kernel'>): void {
  expectThreads('compile', integerFrom('compile', 'threads', threads ?? 0, 0));
  chooseKernel(kernel ?? 'auto');
}

/** What starts worker threads; null: degelo's own. @throws TypeError where it isn't a function. */
export function workerOf({ worker }: CompileOptions): WorkerMaker | null {
  if (worker === undefined) return null;
  if (typeof worker === 'function') return worker;
  throw new TypeError(
    `compile: worker must be a function that starts one, got ${describe(worker)}: () => new Worker(url, { type: 'module' })`,
  );
}

/** The optimizer of that name, or the one that was given. @throws TypeError or RangeError where it is none. */
export function asOptimizer(optimizer: OptimizerName | Optimizer): Optimizer {
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
    throw new TypeError(`compile: optimizer must be the optimizer itself, got ${WRAPPED}`, { cause });
  }
}

/** The loss of that name, or the one that was given. @throws TypeError or RangeError where it is none. */
export function asLoss(loss: LossName | Loss): Loss {
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
    ? howToCall(value)
    : `: ${expected} with ${['name', ...methods].join(', ')}${advice(`${part} ${typeof value}`)}`;
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
  const labels = new Set(['loss']); // which logs have without being asked
  for (const [m, metric] of metrics.entries()) {
    const label = labelOf(checkMetric(metric, `metrics[${m}]`));
    if (metric.as !== undefined) nameText('compile', `metrics[${m}].as`, metric.as);
    if (labels.has(label))
      throw new RangeError(`compile: metrics must differ, got ${label} twice${advice('twoOfAKind')}`);
    labels.add(label);
  }
}
