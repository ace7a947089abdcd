/**
 * Tries what users have written: a layer's passes, a loss, a metric or an optimizer's update, on two samples of random numbers. Our own
 * have tests. A user's mistake shows here, before any training, in one line that says what should have been written.
 *
 * Each function runs twice, with different numbers in its output arrays before. An element that still has the number from before was
 * not written. An element that differs between the two runs was added to, not overwritten.
 */
import { describe, isPromise } from '../checks/describe.ts';
import { createKernels } from '../kernels/index.ts';
import type { Layer } from '../layers/layer.ts';
import { type Loss, type LossRun, type Targets, targetSize } from '../losses/loss.ts';
import { gather, type Metric, resultOf, stateSizeOf, widthOf } from '../metrics/metric.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { allocate } from '../tensor/memory.ts';
import { deriveKey, Purpose, uniform } from '../tensor/random.ts';
import { type FloatArray, type Shape, sizeOf } from '../tensor/tensor.ts';
import { makeStage, type PlannedRun } from './planned-stage.ts';
import { knowRehearsals } from './rehearsals.ts';
import { backwardAlone, forwardAlone, makePrepared, makeSums } from './solo.ts';

const SAMPLES = 2;
/** Guard elements behind each array. In training other samples are there, so nothing may be written to them. */
const MARGIN = 64;
const KEY = [1, 2] as const;
const OTHER_KEY = [3, 4] as const;
/** The numbers in the arrays before each run: unlikely as results. Not NaN, which a wrong formula may give. */
const FILLS = [-7919.25, 104729.5] as const;

/** An array that a rehearsed function is to fill. */
interface Output {
  /** What messages call it: `dx of shape [2, 3]`. */
  readonly what: string;
  /** Elements that are to be written: from 0 on. */
  readonly size: number;
  /** One for each of the two runs. */
  readonly arrays: readonly (Float32Array | Float64Array)[];
}

/**
 * Runs a built layer's passes.
 * @throws RangeError where one fails, leaves out elements, writes others, or adds to what it should overwrite.
 */
export function rehearseLayer(layer: Layer): void {
  if (layer.isIdentity(true)) return;
  const who = `layer ${layer.name}`;
  const stage = makeStage(layer);
  const { inputShapes, outputShape } = stage;
  const batchOf = (shape: Shape): Shape => [SAMPLES, ...shape];
  const y = outputOf('y', batchOf(outputShape));
  const dxs = inputShapes.map((shape, i) => outputOf(i === 0 ? 'dx' : `dxs[${i}]`, batchOf(shape)));
  const gradients = layer.parameters.flatMap(({ name, shape, role = 'trained' }, p) =>
    role === 'trained' && layer.trainable ? [{ p, ...outputOf(`the gradient of ${name}`, shape) }] : [],
  );
  const nothing = new Float32Array(0);
  const kernels = createKernels('plain', null);
  const runs = FILLS.map((_, r): PlannedRun => {
    const xs = inputShapes.map((shape, i) => random(sizeOf(batchOf(shape)), i === 0 ? 0 : 100 + i));
    const dx = dxs.map(({ arrays }) => arrays[r] as Float32Array); // only losses are float64
    return {
      ...{ stage, kernels, first: 0, training: true, sums: makeSums(stage) },
      prepared: makePrepared(stage, kernels),
      ...{ xs, x: xs[0], dxs: dx, dx: dx[0] },
      y: y.arrays[r] as Float32Array,
      dy: random(sizeOf(batchOf(outputShape)), 1),
      // Parameters have no guard elements: in training, too, each is an array of its own.
      parameters: layer.parameters.map(({ shape }, p) =>
        random(sizeOf(shape), 2 + p).slice(0, sizeOf(shape)),
      ),
      // As in training: null where there is nothing to write.
      gradients: gradients[0]
        ? layer.parameters.map(
            (_, p) => (gradients.find((each) => each.p === p)?.arrays[r] as Float32Array) ?? nothing,
          )
        : null,
      kept: new Uint8Array(SAMPLES * layer.keptBytes(stage)),
      scratch: new Float32Array(layer.scratchSize(stage, kernels, SAMPLES)),
    };
  });
  const givens = runs.map((run) =>
    givenTo([
      ...run.xs.map((x, i): Given => [i === 0 ? 'x' : `xs[${i}]`, x]),
      ['dy', run.dy as FloatArray],
      ...layer.parameters.flatMap(({ name, role = 'trained' }, p): Given[] =>
        role === 'moved' ? [] : [[`the parameter ${name}`, run.parameters[p]]],
      ),
    ]),
  );
  for (const run of runs) attempt(who, 'forward', () => forwardAlone(run, SAMPLES, KEY));
  expectWritten(who, 'forward', y);
  for (const given of givens) expectAsGiven(who, 'forward', given);
  expectDeclaredRandom(who, layer, runs[0], y.size);
  for (const run of runs) attempt(who, 'backward', () => backwardAlone(run, SAMPLES));
  for (const output of [...dxs, ...gradients]) expectWritten(who, 'backward', output);
  for (const given of givens) expectAsGiven(who, 'backward', given);
}

/** What a layer gives by another key must be what it gave: else its output could not be kept, and it must say so. */
function expectDeclaredRandom(who: string, layer: Layer, run: PlannedRun, size: number): void {
  if (layer.isRandom()) return;
  const before = run.y.slice(0, size);
  forwardAlone(run, SAMPLES, OTHER_KEY);
  const isSame = before.every((v, i) => Object.is(v, run.y[i]));
  if (isSame) return;
  throw new RangeError(
    `${who}: forward gives another output for another key: expected isRandom() to return true, got false`,
  );
}

/** Computes a loss of rows of C numbers. @throws as rehearseLayer does. */
export function rehearseLoss(loss: Loss, C: number): void {
  const who = `loss ${loss.name}`;
  const losses: Output = {
    ...outputOf('losses', [SAMPLES]),
    arrays: FILLS.map((fill) => filled64(SAMPLES, fill)),
  };
  const dx = outputOf('dx', [SAMPLES, C]);
  for (const r of FILLS.keys()) {
    const x = random(SAMPLES * C, 0);
    const targets = makeTargets(loss, [C]);
    const run: LossRun = {
      ...{ C, x, folded: false, probabilities: new Float32Array(x.length), y: x, targets },
      losses: losses.arrays[r] as Float64Array, // made so above
      dx: dx.arrays[r] as Float32Array,
    };
    const given = givenTo([
      ['x', x],
      ['targets', targets],
    ]);
    attempt(who, 'compute', () => loss.compute(run, SAMPLES, SAMPLES));
    expectAsGiven(who, 'compute', given);
  }
  for (const output of [losses, dx]) expectWritten(who, 'compute', output);
}

function makeTargets(loss: Loss, outputShape: Shape): Targets {
  const count = SAMPLES * targetSize(loss, outputShape);
  return loss.targetKind === 'classes' ? new Int32Array(count) : random(count, 1).map(Math.abs);
}

/**
 * Measures outputs of this shape, and makes a figure of that.
 * @throws as rehearseLayer does, and where the figure is no number.
 */
export function rehearseMetric(name: string, metric: Metric, loss: Loss, outputShape: Shape): void {
  const who = `metric ${name}`;
  const C = sizeOf(outputShape);
  const width = widthOf(metric);
  const size = SAMPLES * width;
  const values = {
    what: `values of shape [${SAMPLES}, ${width}]`,
    size,
    arrays: FILLS.map((fill) => filled64(size, fill)),
  };
  for (const array of values.arrays) {
    const predictions = random(SAMPLES * C, 0).map(Math.abs);
    const targets = makeTargets(loss, outputShape);
    const given = givenTo([
      ['predictions', predictions],
      ['targets', targets],
    ]);
    attempt(who, 'measure', () => metric.measure(SAMPLES, C, predictions, targets, array));
    expectAsGiven(who, 'measure', given);
  }
  expectWritten(who, 'measure', values);
  const state = new Array<number>(stateSizeOf(metric)).fill(0);
  for (let n = 0; n < SAMPLES; n++)
    attempt(who, 'gather', () => gather(metric, state, values.arrays[0], n * width));
  const figure: unknown = attempt(who, 'result', () => resultOf(metric, state, SAMPLES));
  if (typeof figure === 'number') return;
  throw new RangeError(`${who}: result must give a number, got ${describe(figure)}`);
}

/** Updates the middle of a parameter. @throws RangeError where that fails or touches what isn't its own. */
export function rehearseOptimizer(optimizer: Optimizer): void {
  const who = `optimizer ${optimizer.name}`;
  const [size, from, to] = [10, 3, 7];
  const w = random(size, 0);
  const arrays = [w, ...optimizer.slots.map(() => new Float32Array(size))];
  const before = arrays.map((array) => array.slice());
  const kernels = createKernels('plain', null);
  const given = attempt(who, 'update', () =>
    optimizer.update(kernels, from, to, w, random(size, 1), arrays.slice(1), optimizer.learningRate, 1),
  );
  if (given !== undefined && w.every((v, i) => Object.is(v, before[0][i]))) {
    throw new RangeError(
      `${who}: update must change the weights in place, got weights as they were, and ${describe(given)}`,
    );
  }
  for (const [a, array] of arrays.entries()) {
    const stray = array.findIndex((v, i) => (i < from || i >= to) && !Object.is(v, before[a][i]));
    if (stray >= 0) {
      const name = a === 0 ? 'the weights' : optimizer.slots[a - 1];
      throw new RangeError(
        `${who}: update must leave elements outside of from ≤ i < to alone: expected ${from} ≤ i < ${to} of ${name}, got ${stray}`,
      );
    }
  }
}

/** @returns what the work gave. @throws RangeError where it fails, or isn't done when it returns. */
function attempt(who: string, pass: string, work: () => unknown): unknown {
  let given: unknown;
  try {
    given = work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RangeError(`${who}: ${pass} fails on ${SAMPLES} samples: ${reason}`, { cause });
  }
  if (!isPromise(given)) return given;
  Promise.resolve(given).catch(() => {}); // a later failure of it would otherwise end the process
  throw new RangeError(`${who}: ${pass} must be done when it returns, got a promise: it can't be async`);
}

/** What a function reads, and a copy of it from before. */
type Given = readonly [what: string, array: FloatArray | Int32Array];

function givenTo(
  arrays: readonly Given[],
): readonly (readonly [...Given, before: FloatArray | Int32Array])[] {
  return arrays.map(([what, array]) => [what, array, array.slice()]);
}

/** @throws RangeError where something was written that is to be read: others read it too. */
function expectAsGiven(who: string, pass: string, given: ReturnType<typeof givenTo>): void {
  for (const [what, array, before] of given) {
    const at = array.findIndex((v, i) => !Object.is(v, before[i]));
    if (at < 0) continue;
    throw new RangeError(
      `${who}: ${pass} must leave ${what} as it is: expected ${before[at]} at index ${at}, got ${array[at]}`,
    );
  }
}

function outputOf(name: string, shape: Shape): Output {
  const size = sizeOf(shape);
  const what = `${name} of shape [${shape.join(', ')}]`;
  const arrays = FILLS.map((fill) => allocate(size + MARGIN, {}, what).fill(fill));
  return { what, size, arrays };
}

function filled64(size: number, fill: number): Float64Array {
  return new Float64Array(size + MARGIN).fill(fill);
}

function expectWritten(who: string, pass: string, { what, size, arrays }: Output): void {
  const wasWritten = (i: number): boolean => arrays.some((array, r) => array[i] !== FILLS[r]);
  const written = Array.from(arrays[0].keys()).filter(wasWritten);
  const stray = written.find((i) => i >= size);
  if (stray !== undefined || written.length < size) {
    const got = stray === undefined ? `${written.length}` : `one at index ${stray}`;
    throw new RangeError(
      `${who}: ${pass} must write all of ${what} and no more: expected ${size} numbers, got ${got}`,
    );
  }
  const [first, second] = arrays;
  const added = written.find((i) => !Object.is(first[i], second[i]));
  if (added !== undefined) {
    throw new RangeError(
      `${who}: ${pass} must overwrite ${what}: expected the same number whatever was there, got another at index ${added}`,
    );
  }
}

/** Numbers between −1 and 1, the same for the same stream. */
function random(size: number, stream: number): Float32Array {
  const numbers = new Float32Array(size + MARGIN);
  uniform(deriveKey(0, Purpose.gradcheck, stream, 1), -1, 1, numbers);
  return numbers;
}

/**
 * Brings into a bundle of `degelo/core` what `degelo` always has: `compile` tries layers, losses, metrics and optimizers of your own on two
 * samples, and says in one line what is wrong.
 *
 *     import { allRehearsals, Layer, register } from 'degelo/core';
 *
 *     register(allRehearsals);
 */
export function allRehearsals(): void {}

knowRehearsals({
  layer: rehearseLayer,
  loss: rehearseLoss,
  metric: rehearseMetric,
  optimizer: rehearseOptimizer,
});
