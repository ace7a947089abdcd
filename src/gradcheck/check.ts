/**
 * Gradient checks: what the backward passes compute, against central differences of the forward passes, in float64.
 */
import { describe } from '../checks/describe.ts';
import { knownOptions, noMoreArguments } from '../checks/options.ts';
import {
  callable,
  integerAtLeastZero,
  oneOf,
  positiveInteger,
  seedFrom,
  zeroOrMore,
} from '../checks/values.ts';
import { KERNEL_CHOICES, type KernelChoice } from '../kernels/index.ts';
import type { GradientWalk, Kernels } from '../kernels/kernels.ts';
import { plain64Kernels } from '../kernels/plain64/index.ts';
import { CONVOLUTION_CHOICES, type ConvolutionChoice } from '../layers/convolution.ts';
import { Layer } from '../layers/layer.ts';
import { layers } from '../layers/registry.ts';
import type { Loss } from '../losses/loss.ts';
import type { LossName } from '../losses/registry.ts';
import { Network } from '../model/network.ts';
import { rehearseLayer } from '../model/rehearsal.ts';
import type { FloatArray, Shape } from '../tensor/tensor.ts';
import { expectFinite, gradcheckKey, makeBatch } from './batch.ts';
import { chooseCoordinates, chooseDirection } from './choose.ts';
import { type Derivative, derivative, LARGEST_STEP, type Line } from './derivative.ts';
import { compareFloat32 } from './float32.ts';
import { lossOf } from './loss-of.ts';
import { Subject, type Variable } from './subject.ts';
import { type Bounds, checkBounds, isZero, judge, type Sample, type Verdict } from './verdict.ts';
import { weightedSum } from './weighted-sum.ts';

const DEFAULT_COORDINATES = 200;
const DEFAULT_DIRECTIONS = 2;

/** What the project's own layers and losses keep; a network of several layers: NETWORK_BOUNDS. */
const LAYER_BOUNDS: Bounds = { gradient: 1e-9, coordinate: 1e-6, float32: 1e-5 };
/** Kinks are dense in a network, so that steps are smaller and round-off counts for more; float32's adds up from layer to layer. */
const NETWORK_BOUNDS: Bounds = { gradient: 1e-8, coordinate: 1e-6, float32: 1e-4 };

// Streams of random numbers within a check, beside those of the batch.
const COORDINATES = 2;
const DIRECTIONS = 3;

/** What `checkGradients` checks, and how closely. */
export interface GradientCheckOptions {
  /** A loss or its name. Unless told: the sum of all outputs, weighted at random. */
  loss?: LossName | Loss | undefined;
  /** Inputs [samples, …input shape], flat. Default: random numbers from −1 to 1, in the units that the model's first rescalings make them of. */
  x?: ArrayLike<number> | undefined;
  /** One row or one class per sample, as the loss takes them. Default: random. */
  targets?: ArrayLike<number> | undefined;
  /** Samples in the batch, where x isn't given. Default: 9. */
  samples?: number | undefined;
  /** Decides all that is random: inputs, targets, dropout's masks, the choice of coordinates. Default: 0. */
  seed?: number | undefined;
  /** Arrays of more elements are checked in a sample of this many. Default: 200. */
  coordinates?: number | undefined;
  /** Random directions through all elements of a sampled array. Default: 2. */
  directions?: number | undefined;
  /**
   * Default: 1e-8 for the whole gradient, or what round-off makes of the differences, at most 1e-6; 1e-6 for a coordinate, 1e-4 for
   * float32. Of a single layer 1e-9, 1e-6 and 1e-5.
   */
  bounds?: Partial<Bounds> | undefined;
  /** Kernels whose float32 gradients are compared with float64's. Default: `auto`; null: none. */
  kernel?: KernelChoice | null | undefined;
  /** The float64 kernels to check. Default: plain64. */
  kernels?: Kernels | undefined;
  /** How convolutions walk their gradient. Default: as the plan decides. */
  walk?: GradientWalk | undefined;
  /** How convolutions are computed. Default: `auto`. */
  convolution?: ConvolutionChoice | undefined;
  /** Called after each comparison: how many are done, and how many there will be. Large networks take minutes. */
  onProgress?: ((done: number, all: number) => void) | undefined;
}

/** What was found for one array. */
export interface GradientRow extends Verdict {
  readonly layer: string;
  readonly variable: string;
  readonly shape: Shape;
  /** Coordinates looked at, of how many. */
  readonly coordinates: number;
  readonly elements: number;
  readonly directions: number;
  /** ‖float32 − float64‖/‖float64‖ of the gradient; null: not compared. */
  readonly float32: number | null;
}

/** What was found for all arrays of a model or a layer. */
export interface GradientReport {
  readonly name: string;
  readonly loss: string;
  readonly seed: number;
  readonly samples: number;
  readonly bounds: Bounds;
  readonly rows: readonly GradientRow[];
  /** Every row passes; a row that could decide nothing doesn't. */
  readonly passed: boolean;
}

/**
 * Checks every gradient of a model (or of a layer by itself): of every parameter, of frozen layers too, and of the
 * input. The model isn't changed. A layer that is in no model yet becomes part of one, and needs its inputShape.
 *
 *     const report = checkGradients(model, { loss: 'categoricalCrossentropy' });
 *     console.log(formatGradients([report]));
 *
 * @throws Error where the model isn't built; RangeError where a weight, an input or a target isn't finite, where sizes
 *   don't fit, the loss doesn't fit the model or has no gradient, or a layer of your own writes what it shouldn't.
 */
export function checkGradients(model: Network | Layer, given?: GradientCheckOptions): GradientReport {
  noMoreArguments('checkGradients', arguments, 2, 'checkGradients(model, { loss })');
  const options = readOptions(given);
  const network = networkOf(model);
  const { seed = 0, kernels = plain64Kernels, kernel = 'auto' } = options;
  const loss = options.loss === undefined ? weightedSum : lossOf('checkGradients', options.loss);
  for (const layer of network.allLayers()) if (!layers.isOwn(layer.className)) rehearseLayer(layer);
  expectFiniteWeights(network);
  const batch = makeBatch(network, loss, seed, options);
  const bounds: Bounds = {
    ...(network.nodes().length > 1 ? NETWORK_BOUNDS : LAYER_BOUNDS),
    ...options.bounds,
  };

  const workshop = (bytes: number) => ({ kernels, buffer: new ArrayBuffer(bytes) });
  const { walk, convolution } = options;
  const examination = { network, loss, batch, seed, walk, convolution };
  const subject = new Subject(examination, kernels, workshop);
  subject.gradients();
  subject.decisions.record();
  const float32 = kernel && compareFloat32(subject, examination, kernel);

  const whole = normOf(Float64Array.from(subject.variables, ({ gradient }) => normOf(gradient)));

  const all = subject.variables.reduce((sum, { values }) => sum + comparisonsOf(values.length, options), 0);
  let done = 0;
  const compared = (): void => options.onProgress?.(++done, all);
  const rows = subject.variables.map((variable, v): GradientRow => {
    const samples = compareVariable(subject, variable, v, batch.samples, seed, options, compared);
    const verdict = judge(samples, variable.shape, bounds, options.bounds?.gradient !== undefined);
    const close = float32 === null || float32[v] === null || float32[v] <= bounds.float32;
    const relative = float32?.[v] ?? null;
    const difference = relative === null ? null : relative * normOf(variable.gradient);
    const zero = verdict.result !== 'pass' && isZero(samples, variable.gradient, difference, whole, bounds);
    return {
      layer: variable.layer,
      variable: variable.name,
      shape: variable.shape,
      coordinates: samples.filter(({ index }) => index !== null).length,
      elements: variable.values.length,
      directions: samples.filter(({ index }) => index === null).length,
      float32: float32?.[v] ?? null,
      ...verdict,
      result: zero ? 'zero' : close ? verdict.result : 'fail',
    };
  });
  const { samples } = batch;
  const passed =
    rows.every(({ result }) => result === 'pass' || result === 'zero') &&
    rows.some(({ result }) => result === 'pass');
  return { name: network.name, loss: loss.name, seed, samples, bounds, rows, passed };
}

const OPTIONS = [
  'loss',
  'x',
  'targets',
  'samples',
  'seed',
  'coordinates',
  'directions',
  'bounds',
  'kernel',
  'kernels',
  'walk',
  'convolution',
  'onProgress',
] as const satisfies readonly (keyof GradientCheckOptions)[];

const WALKS: readonly GradientWalk[] = ['dense', 'sparse'];

/** The options, each checked, and what is chosen by name under its own name. */
function readOptions(options: GradientCheckOptions | undefined): GradientCheckOptions {
  const where = 'checkGradients';
  const rules = { nullable: ['kernel'], call: 'checkGradients(model, …)' };
  const given = knownOptions(where, options, OPTIONS, rules);
  const {
    seed = 0,
    directions = 0,
    coordinates = 0,
    samples = 1,
    kernel = 'auto',
    walk,
    loss,
    onProgress,
  } = given;
  seedFrom(where, seed);
  positiveInteger(where, 'samples', samples);
  integerAtLeastZero(where, 'directions', directions);
  zeroOrMore(where, 'coordinates', coordinates); // Infinity: all of them
  if (loss !== undefined) lossOf(where, loss);
  if (onProgress !== undefined) callable(where, 'onProgress', onProgress);
  checkBounds(where, given.bounds, ['gradient', 'coordinate', 'float32']);
  return {
    ...given,
    kernel: kernel === null ? null : oneOf(where, 'kernel', kernel, KERNEL_CHOICES),
    walk: walk === undefined ? walk : oneOf(where, 'walk', walk, WALKS),
    convolution: oneOf(where, 'convolution', given.convolution ?? 'auto', CONVOLUTION_CHOICES),
  };
}

function normOf(values: FloatArray): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ** 2;
  return Math.sqrt(sum);
}

/** How often compareVariable compares: all elements, or some and the directions. */
function comparisonsOf(
  elements: number,
  { coordinates = DEFAULT_COORDINATES, directions = DEFAULT_DIRECTIONS }: GradientCheckOptions,
): number {
  return elements <= coordinates ? elements : Math.ceil(coordinates) + directions;
}

/** Analytic and numerical derivatives of one variable's coordinates, and along directions through all of them. */
function compareVariable(
  subject: Subject,
  variable: Variable,
  v: number,
  samples: number,
  seed: number,
  { coordinates = DEFAULT_COORDINATES, directions = DEFAULT_DIRECTIONS }: GradientCheckOptions,
  onCompared: () => void,
): Sample[] {
  const { values, gradient, stage } = variable;
  const chosen = chooseCoordinates(gradient, coordinates, gradcheckKey(seed, COORDINATES, v));
  const compared: Sample[] = [];
  subject.forward(); // what is below this stage is now that of the unchanged model
  const evaluate = (terms: Float64Array): boolean => {
    const losses = subject.forward(stage);
    for (let n = 0; n < samples; n++) terms[n] = losses[n] / samples;
    return subject.decisions.areAsRecorded(stage);
  };

  const largest = largestStep(variable);
  let step = largest;
  /** Steps that kinks allowed last are a good guess for the neighbour, which tries four times as much. */
  const numerical = (line: Line): Derivative | null => {
    const result = derivative(line, step);
    step = Math.min(largest, (result?.step ?? largest / 4) * 4);
    return result;
  };
  const add = (index: number | null, analytic: number, result: Derivative | null): void => {
    compared.push({ index, analytic, numerical: result?.value ?? 0, noise: result?.error ?? Number.NaN });
    onCompared();
  };

  for (const index of chosen) {
    const value = values[index];
    const at = (t: number, terms: Float64Array): boolean => {
      values[index] = value + t;
      return evaluate(terms);
    };
    add(index, gradient[index], numerical({ at, terms: samples }));
    values[index] = value;
  }
  if (chosen.length === values.length) return compared;

  const original = values.slice();
  for (let d = 0; d < directions; d++) {
    const direction = chooseDirection(values.length, gradcheckKey(seed, DIRECTIONS + d, v));
    const at = (t: number, terms: Float64Array): boolean => {
      for (let i = 0; i < values.length; i++) values[i] = original[i] + t * direction[i];
      return evaluate(terms);
    };
    const analytic = direction.reduce((sum, sign, i) => sum + sign * gradient[i], 0);
    add(null, analytic, numerical({ at, terms: samples }));
    values.set(original);
  }
  return compared;
}

/** Where to begin: of an input in larger units than 1, as pixels, in these units. */
function largestStep({ stage, values }: Variable): number {
  if (stage > 0) return LARGEST_STEP;
  let most = 1;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return LARGEST_STEP * 2 ** Math.floor(Math.log2(most));
}

function networkOf(model: Network | Layer): Network {
  if (model instanceof Network) return model;
  if (!(model instanceof Layer)) {
    throw new TypeError(`checkGradients: model must be a model or a layer, got ${describe(model)}`);
  }
  const network = new Network({ layers: [model] });
  if (!network.built) {
    throw new RangeError(
      `checkGradients: layer ${model.name} must have an inputShape to be checked by itself`,
    );
  }
  return network;
}

function expectFiniteWeights(network: Network): void {
  for (const { name, value } of network.parameters()) {
    expectFinite(`weights of ${name}`, value.data);
  }
}
