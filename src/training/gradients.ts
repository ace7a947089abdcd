/**
 * Gradients of a model's input and weights, to look at them or to train otherwise than `fit` does (apply-gradients.ts). The passes are those of a training
 * step (gradcheck/subject.ts), on the calling thread and in memory of their own: the model isn't changed.
 */
import { describe } from '../checks/describe.ts';
import { expectModel } from '../checks/handed-in.ts';
import { knownOptions, noMoreArguments } from '../checks/options.ts';
import { flag } from '../checks/values.ts';
import { newWorkshop } from '../gradcheck/float32.ts';
import { lossOf } from '../gradcheck/loss-of.ts';
import { type Batch, Subject, type Workshop } from '../gradcheck/subject.ts';
import { weightedSum } from '../gradcheck/weighted-sum.ts';
import { chooseKernel, createKernels } from '../kernels/index.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Parameter } from '../layers/layer.ts';
import { layers } from '../layers/registry.ts';
import { inference, type Turn } from '../layers/turns.ts';
import { type Loss, rowSize } from '../losses/loss.ts';
import { type LossName, losses } from '../losses/registry.ts';
import { rehearsals } from '../model/rehearsals.ts';
import { unitNumbers } from '../tensor/byte-images.ts';
import { allocate } from '../tensor/memory.ts';
import { type FloatArray, type Shape, sizeOf, Tensor } from '../tensor/tensor.ts';
import { toDataSet } from './data-set.ts';
import { toInputs } from './input-set.ts';
import { checkFinite, type Samples, sampleShape, type TargetValues, toRows } from './inputs.ts';
import type { Model } from './model.ts';
import { refuseUnsupported } from './ready-to-train.ts';

/** How `gradients` and `backward` work. */
export interface BackwardOptions {
  /**
   * Whether layers work as in training: dropout drops what it would drop in step `model.step`, and batch normalisation takes the batch's
   * mean and deviation. Default: false.
   */
  training?: boolean | undefined;
}

/** What `gradients` takes. */
export interface GradientsOptions extends BackwardOptions {
  /** A loss or its name. Default: the one that the model is compiled with. */
  loss?: LossName | Loss | undefined;
}

/** The gradients of one batch. */
export interface InputAndWeights {
  /** By the input: [n, …input shape]. */
  readonly input: Tensor;
  /** By each weight that is trainable now, with what its regularizer adds, under the names of `namedWeights`. */
  readonly weights: Map<string, Tensor>;
  /** Moving averages as this batch moves them, under such names, where `training` is true: for `applyGradients`. */
  readonly moved: Map<string, Tensor>;
}

/** What `gradients` gives. */
export interface Gradients extends InputAndWeights {
  /** The mean loss of the samples, with what regularizers add. */
  readonly loss: number;
}

/** What `backward` gives. */
export interface BackwardResult extends InputAndWeights {
  /** The model's output: [n, …output shape]. */
  readonly output: Tensor;
}

/** A gradient by the model's output, or what makes it of the output. */
export type OutputGradient = TargetValues | ((output: Tensor) => TargetValues | Promise<TargetValues>);

/**
 * The mean loss of some samples, and its gradient by the input and by every weight that is trainable. All samples are one batch. The model
 * isn't changed.
 *
 *     // Goodfellow et al. 2015, arXiv:1412.6572: an image that the network takes for something else
 *     const { input } = await gradients(model, x, [7], { loss: 'sparseCategoricalCrossentropy' });
 *     const fooling = tensor(x.data.map((v, i) => v + 0.1 * Math.sign(input.data[i])), x.shape);
 *
 * @throws TypeError or RangeError where samples, targets or options don't fit, as `evaluate` does; Error where no loss is given and the
 *   model isn't compiled.
 */
export async function gradients(
  model: Model,
  x: Samples,
  y: TargetValues,
  options?: GradientsOptions,
): Promise<Gradients> {
  const where = 'gradients';
  noMoreArguments(where, arguments, 4, 'gradients(model, x, y, { loss, training })');
  expectModel(where, model);
  if (y === undefined || y === null) {
    throw new TypeError(
      `${where}: y is missing: expected one target per sample, gradients(model, x, y, { … })`,
    );
  }
  const given = knownOptions(where, options, ['loss', 'training'], { call: 'gradients(model, x, y, …)' });
  const training = flag(where, 'training', given.training ?? false);
  return inference(model, where, async () => {
    buildFor(where, model, x); // what is compiled before it is built has its loss from then on
    const chosen = given.loss ?? model.compiled?.loss;
    if (chosen === undefined) {
      throw new Error(
        `${where}: the model isn't compiled, so loss must be given: gradients(model, x, y, { loss })`,
      );
    }
    const loss = lossOf(where, chosen);
    const batch = batchOf(where, model, x, y, loss);
    return withSubject(where, model, { batch, loss, training }, async (subject) => {
      const mean = subject.gradients(true);
      return { loss: mean, ...gradientsOf(model, subject, batch.samples) };
    });
  });
}

/**
 * Back-propagation alone: from the gradient of anything by the model's output to its gradient by the input and by every weight that is
 * trainable. Nothing is divided by the number of samples. The model isn't changed.
 *
 *     // How much each pixel matters for class 3 (Simonyan et al. 2014, arXiv:1312.6034)
 *     const { input } = await backward(model, x, toCategorical([3], 10));
 *
 * A function gets the output, and gives the gradient by it, or a promise of it: a loss that looks at another model, for instance.
 *
 *     const fromCritic = async (images) => (await gradients(critic, images, real, { loss })).input;
 *     const { weights } = await backward(generator, noise, fromCritic, { training: true });
 *
 * @throws TypeError or RangeError where samples, the gradient or options don't fit.
 */
export async function backward(
  model: Model,
  x: Samples,
  outputGradient: OutputGradient,
  options?: BackwardOptions,
): Promise<BackwardResult> {
  const where = 'backward';
  noMoreArguments(where, arguments, 4, 'backward(model, x, outputGradient, { training })');
  expectModel(where, model);
  if (outputGradient === undefined || outputGradient === null) {
    throw new TypeError(
      `${where}: outputGradient is missing: expected a tensor of the output's shape, or a function that makes it of the output`,
    );
  }
  const given = knownOptions(where, options, ['training'], { call: 'backward(model, x, outputGradient, …)' });
  const training = flag(where, 'training', given.training ?? false);
  return inference(model, where, async (turn) => {
    buildFor(where, model, x);
    const batch = batchOf(where, model, x, null, TOTAL);
    return withSubject(where, model, { batch, loss: TOTAL, training }, async (subject) => {
      const { samples } = batch;
      subject.forward();
      const output = tensorOf(subject.outputs, samples, model.outputShape);
      const dy = await gradientBy(outputGradient, output, turn);
      const rows = toRows(where, 'outputGradient', dy, model.outputShape);
      checkFinite(where, 'outputGradient', rows);
      if (rows.shape[0] !== samples) {
        throw new RangeError(
          `${where}: x and outputGradient must have the same number of samples, got ${samples} and ${rows.shape[0]}`,
        );
      }
      subject.setTargets(rows.data);
      subject.gradients(true);
      return { output, ...gradientsOf(model, subject, samples) };
    });
  });
}

/** A loss is a mean over the batch, and what `backward` is asked for a sum. */
const TOTAL: Loss = { ...weightedSum, compute: (run, N) => weightedSum.compute(run, N, 1) };

/** The function may use the model. */
async function gradientBy(given: OutputGradient, output: Tensor, turn: Turn): Promise<TargetValues> {
  if (typeof given !== 'function') return given;
  let made: TargetValues | undefined;
  await turn.pause(async () => {
    made = await given(new Tensor(output.data.slice(), output.shape));
  });
  if (made !== undefined && made !== null) return made;
  throw new TypeError(`backward: outputGradient must return a gradient of the output, got ${describe(made)}`);
}

function buildFor(where: string, model: Model, x: Samples): void {
  if (!model.built) model.build(sampleShape(where, x));
}

/** @param y null: none, zeros at first */
function batchOf(where: string, model: Model, given: Samples, y: TargetValues | null, loss: Loss): Batch {
  const shapes = { input: model.inputShape, output: model.outputShape };
  const { samples, x, targets } =
    y === null
      ? toInputs(where, given, model.inputShape, false)
      : toDataSet(where, given, y, shapes, loss, false);
  if (samples === 0) throw new RangeError(`${where}: x must hold at least one sample, got none`);
  return {
    samples,
    x: x instanceof Uint8Array ? fromBytes(x) : x,
    targets: targets ?? allocate(samples * sizeOf(model.outputShape)),
  };
}

function fromBytes(bytes: Uint8Array): FloatArray {
  const numbers = allocate(bytes.length);
  unitNumbers(bytes, numbers);
  return numbers;
}

interface Work {
  readonly batch: Batch;
  readonly loss: Loss;
  readonly training: boolean;
}

async function withSubject<T>(
  where: string,
  model: Model,
  { batch, loss, training }: Work,
  use: (subject: Subject) => Promise<T>,
): Promise<T> {
  for (const layer of model.allLayers()) if (!layers.isOwn(layer.className)) rehearsals?.layer(layer);
  if (!losses.isOwn(loss.name) && loss !== TOTAL) rehearsals?.loss(loss, rowSize(loss, model.outputShape));
  const network = {
    inputShape: model.inputShape,
    outputShape: model.outputShape,
    nodes: () => model.nodes().map((node) => ({ ...node, training: node.training && training })),
  };
  if (training)
    refuseUnsupported(where, model, { wasTrainable: model.nodes().map((node) => node.trainable) });
  const { seed, step } = model;
  let lent: Bench | null = null;
  const examination = { network, loss, batch, seed, step, frozenToo: false };
  const subject = new Subject(examination, sizes(), (bytes) => {
    expectAllowed(where, bytes, batch.samples, model.memoryMB);
    lent = lend(bytes);
    return lent;
  });
  try {
    return await use(subject);
  } finally {
    spare = lent && new WeakRef(lent);
  }
}

function expectAllowed(where: string, bytes: number, samples: number, memoryMB: number): void {
  if (bytes <= memoryMB * 2 ** 20) return;
  const fewer = samples > 1 ? 'give fewer samples, or ' : '';
  throw new RangeError(
    `${where}: ${samples} ${samples === 1 ? 'sample' : 'samples'} in one step need ${(bytes / 2 ** 30).toFixed(1)} GB, and may take ${memoryMB} MB: ${fewer}raise model.memoryMB`,
  );
}

/** Kernels and their memory. */
type Bench = ReturnType<Workshop>;

/**
 * Those of the last call, as long as the engine keeps them. Calls come in loops, and engines reserve gigabytes of addresses for each memory
 * of WebAssembly until they have found out that nobody needs it.
 */
let spare: WeakRef<Bench> | null = null;

function lend(bytes: number): Bench {
  const bench = spare?.deref();
  spare = null;
  if (!bench || bench.buffer.byteLength < bytes) return newWorkshop(chooseKernel('auto'), bytes);
  new Uint8Array(bench.buffer).fill(0);
  return bench;
}

let ofSizes: Kernels | null = null;

/** Kernels without memory, which say how much they need. */
function sizes(): Kernels {
  ofSizes ??= createKernels(chooseKernel('auto'), null);
  return ofSizes;
}

/** Copies of what was computed. */
function gradientsOf(model: Model, subject: Subject, samples: number): InputAndWeights {
  const [input] = subject.variables; // the probe is at the beginning
  const byParameter = new Map(subject.variables.map(({ parameter, gradient }) => [parameter, gradient]));
  const moved = new Map(subject.moved.map(({ parameter, values }) => [parameter, values]));
  const named = (arrayOf: (parameter: Parameter) => FloatArray | undefined): Map<string, Tensor> =>
    new Map(
      model.parameters().flatMap(({ name, parameter }): [string, Tensor][] => {
        const values = arrayOf(parameter);
        return values ? [[name, new Tensor(Float32Array.from(values), parameter.shape)]] : [];
      }),
    );
  return {
    input: tensorOf(input.gradient, samples, model.inputShape),
    weights: named((parameter) => byParameter.get(parameter)),
    moved: named((parameter) => moved.get(parameter)),
  };
}

/** A copy of so many samples. */
function tensorOf(values: FloatArray, samples: number, shape: Shape): Tensor {
  return new Tensor(Float32Array.from(values.subarray(0, samples * sizeOf(shape))), [samples, ...shape]);
}
