/**
 * A checkpoint: all that it takes to continue with a training as if it had never stopped, in one safetensors file.
 *
 *   8 bytes | {"__metadata__":{"sha256":"…","checkpoint":"{…}"},"weights/dense/kernel":{…},
 *              "optimizer/dense/kernel/accumulatedGradient":{…},…} | numbers
 *
 * The checksum is that of the whole file with zeros for its own 64 digits, so no bit can change unnoticed.
 * docs/model-format.md defines the rest. Here checkpoints are made, and read into plain contents that have been
 * checked; training/saved/checkpoint.ts makes a model of those.
 */
import { describe } from '../checks/describe.ts';
import { expectModel } from '../checks/handed-in.ts';
import { noMoreArguments } from '../checks/options.ts';
import { isArrayBuffer } from '../checks/realms.ts';
import { CONVOLUTION_CHOICES, type ConvolutionChoice } from '../layers/convolution.ts';
import { betweenSteps } from '../layers/turns.ts';
import type { MetricConfig } from '../metrics/metric.ts';
import { sumsOf } from '../metrics/sums.ts';
import { getOptimizer } from '../optimizers/registry.ts';
import { type FloatArray, Tensor } from '../tensor/tensor.ts';
import { asFormatError, FormatError } from './errors.ts';
import { expectedTensors, expectTensor } from './expected-tensors.ts';
import { type FieldReader, fieldReader, isList, isString } from './fields.ts';
import { expectJson, isCount, isObject, type JsonObject, parseJsonObject } from './json.ts';
import { formatVersionOf, type ModelConfig, modelConfig, namedWeights, type SavableModel } from './model.ts';
import { checkFormatVersion, expectFormatVersion, readModelConfig } from './read-model.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';
import { checkSeal, NO_SEAL, seal } from './seal.ts';
import { VERSION } from './version.ts';

const FORMAT = 'degelo-checkpoint';

/** What a checkpoint begins with, after the eight bytes of its header's length; the checksum's digits follow. */
const OPENING = '{"__metadata__":{"sha256":"';
const HEADER_AT = 8;

/** The most numbers that a user's own metric may gather in a checkpoint. */
const MOST_SUMS = 100_000;

const WEIGHTS = 'weights/';
const OPTIMIZER = 'optimizer/';

/** Sums over the samples of an epoch's first batches, from which its running loss and metrics are made. */
export interface RunningSums {
  readonly samples: number;
  readonly loss: number;
  /** In the order of compile's metrics. */
  readonly metrics: readonly number[];
}

/** A moment between two steps of `fit`: what, beside the model, it takes to continue from there. */
export interface FitPosition {
  /** Number of the epoch at hand, or of the next one, counted from 0. */
  readonly epoch: number;
  /** Its batches that are done. */
  readonly batch: number;
  readonly sums: RunningSums;
  /** Of the epochs before. */
  readonly history: {
    readonly epoch: readonly number[];
    readonly history: Readonly<Record<string, readonly number[]>>;
  };
}

/** What a checkpoint is made of; Sequential has it all. */
export interface CheckpointModel extends SavableModel {
  readonly compiled:
    | (NonNullable<SavableModel['compiled']> & { readonly convolution: ConvolutionChoice })
    | null;
  readonly fitPosition: FitPosition | null;
  optimizerState(): { readonly iterations: number; entries(): Iterable<[string, readonly FloatArray[]]> };
}

/** A checkpoint's contents, checked against one another. */
export interface CheckpointContents extends ModelConfig {
  /** Version of the package that wrote it. */
  readonly version: string;
  /** The compiled model's way of convolution, which decides the last bits. */
  readonly convolution: ConvolutionChoice;
  /** One a parameter, in layer order. */
  readonly weights: readonly Tensor[];
  /** The optimizer's arrays by parameter; empty where it had made no step. */
  readonly slots: ReadonlyMap<string, readonly Tensor[]>;
  /** The optimizer's updates since compile. */
  readonly iterations: number;
  /** null: the model wasn't in training. */
  readonly position: FitPosition | null;
  /** What the user added. */
  readonly metadata: JsonObject;
}

/**
 * The bytes of a model's checkpoint. What it holds at the call is saved, whatever happens until the promise
 * settles; while `fit` is at work, what it holds once a step has ended.
 *
 *     const bytes = await encodeCheckpoint(model, { run: 'first' });
 *     const { model: again, position } = await decodeCheckpoint(bytes);
 *
 * @param metadata what else is to be found with it: anything that JSON can hold; NaN and infinities come back as texts
 * @param memory of an earlier checkpoint that nobody needs any more, to be used again: encoding then takes a third of
 *   the time
 * @throws as encodeModel does, and FormatError where one of the optimizer's numbers isn't finite.
 */
export async function encodeCheckpoint(
  model: CheckpointModel,
  metadata: JsonObject = {},
  memory: ArrayBuffer | null = null,
): Promise<Uint8Array<ArrayBuffer>> {
  noMoreArguments('encodeCheckpoint', arguments, 3);
  expectModel('encodeCheckpoint', model);
  return checkpointBytes(model, 'encodeCheckpoint', metadata, memory);
}

/** The same for an operation of another name. */
export async function checkpointBytes(
  model: CheckpointModel,
  operation: string,
  metadata: JsonObject,
  memory: ArrayBuffer | null = null,
): Promise<Uint8Array<ArrayBuffer>> {
  expectJson('encodeCheckpoint', 'metadata', metadata);
  if (memory !== null && !isArrayBuffer(memory)) {
    throw new TypeError(`encodeCheckpoint: memory must be an ArrayBuffer or null, got ${describe(memory)}`);
  }
  const bytes = await betweenSteps(operation, model, () => unsealed(model, metadata, memory));
  return seal(bytes, HEADER_AT + OPENING.length);
}

/** A checkpoint without its checksum. */
function unsealed(
  model: CheckpointModel,
  metadata: JsonObject,
  memory: ArrayBuffer | null,
): Uint8Array<ArrayBuffer> {
  const config = modelConfig(model);
  // The training continues with the layers that compile found trainable.
  const layers = model.compiled?.config.layers ?? config.network.layers;
  const network = { ...config.network, layers };
  const tensors = new Map<string, Tensor>();
  for (const [name, value] of namedWeights(model)) tensors.set(WEIGHTS + name, value);
  if (config.compile) {
    const { slots: slotNames } = getOptimizer(config.compile.optimizer);
    for (const [parameter, slots] of model.optimizerState().entries()) {
      for (const [i, data] of slots.entries()) {
        const { shape } = tensors.get(WEIGHTS + parameter) as Tensor; // slots belong to parameters
        tensors.set(`${OPTIMIZER}${parameter}/${slotNames[i]}`, new Tensor(data, shape));
      }
    }
  }
  const { fitPosition: fit } = model;
  const description = {
    format: FORMAT,
    formatVersion: formatVersionOf(network),
    degelo: VERSION,
    ...config,
    network,
    convolution: model.compiled?.convolution ?? 'auto',
    iterations: model.compiled ? model.optimizerState().iterations : 0,
    fit,
    metadata,
  };
  return encodeSafetensors(tensors, {
    file: 'checkpoint',
    memory,
    metadata: new Map([
      ['sha256', NO_SEAL],
      ['checkpoint', JSON.stringify(description, nameNonFinite)],
    ]),
  });
}

/**
 * Reads a checkpoint, from whoever it may come: nothing in it is run, and no more memory is taken than its bytes
 * account for.
 * @param file what messages call it
 * @throws FormatError where it is damaged, no checkpoint, or not one that fits together.
 */
export async function parseCheckpoint(bytes: Uint8Array, file = 'checkpoint'): Promise<CheckpointContents> {
  await checkSeal(bytes, { start: HEADER_AT, opening: OPENING, kind: 'a checkpoint', file });
  const { tensors, metadata } = decodeSafetensors(bytes, file);
  const root = parseJsonObject(metadata.get('checkpoint') ?? '', file);
  const field = fieldReader(file);
  field('format', root.format, `"${FORMAT}"`, (value) => value === FORMAT);
  checkFormatVersion(root, field);
  const config = readModelConfig(root, field);
  expectFormatVersion(root, config.network, field);
  return {
    ...config,
    ...readTensors(config, tensors, file),
    convolution: field('convolution', root.convolution, CONVOLUTION_CHOICES.join(', '), isConvolution),
    iterations: field('iterations', root.iterations, 'an integer ≥ 0', isCount),
    version: field('degelo', root.degelo, 'a string', isString),
    position: root.fit === null ? null : readPosition(root.fit, config, field),
    metadata: field('metadata', root.metadata, 'an object', isObject),
  };
}

/** Weights and slots; all of the file's tensors must be one or the other. */
function readTensors(
  config: ModelConfig,
  tensors: ReadonlyMap<string, Tensor>,
  file: string,
): Pick<CheckpointContents, 'weights' | 'slots'> {
  const { compile } = config;
  const expected = asFormatError(file, () => expectedTensors(config));
  const slotNames = compile ? asFormatError(file, () => getOptimizer(compile.optimizer).slots) : [];
  const weights = Array.from(expected, ([name, shape]) => expectTensor(tensors, WEIGHTS + name, shape, file));
  const slots = new Map<string, Tensor[]>();
  let used = weights.length;
  for (const [name, shape] of expected) {
    const names = slotNames.map((slot) => `${OPTIMIZER}${name}/${slot}`);
    if (!names.some((slot) => tensors.has(slot))) continue; // frozen, or without a step so far
    slots.set(
      name,
      names.map((slot) => expectTensor(tensors, slot, shape, file)),
    );
    used += names.length;
  }
  if (used !== tensors.size) {
    throw new FormatError(
      file,
      `tensors must be the model's or its optimizer's: expected ${used}, got ${tensors.size}`,
    );
  }
  return { weights, slots };
}

function readPosition(value: unknown, { compile }: ModelConfig, field: FieldReader): FitPosition {
  const fit = field('fit', value, 'null or an object', isObject);
  const sums = field('fit.sums', fit.sums, 'an object', isObject);
  const record = field('fit.history', fit.history, 'an object', isObject);
  const epochs = field('fit.history.epoch', record.epoch, 'a list of integers ≥ 0', isEpochs);
  const history = field('fit.history.history', record.history, 'an object', isObject);
  const epoch = field('fit.epoch', fit.epoch, 'an integer ≥ 0', isCount);
  const first = epoch - epochs.length;
  const areBefore = (numbers: unknown): numbers is readonly number[] =>
    isEpochs(numbers) && numbers.every((number, i) => number === first + i);
  field('fit.history.epoch', epochs, `the epochs before epoch ${epoch}, one after another`, areBefore);
  return {
    epoch,
    batch: field('fit.batch', fit.batch, 'an integer ≥ 0', isCount),
    sums: {
      samples: field('fit.sums.samples', sums.samples, 'an integer ≥ 0', isCount),
      loss: readNumber(field, 'fit.sums.loss', sums.loss),
      metrics: readSums(field, sums.metrics, compile?.metrics ?? []),
    },
    history: {
      epoch: epochs,
      history: Object.fromEntries(
        Object.entries(history).map(([name, list]) => [
          name,
          readNumbers(field, `fit.history.history.${name}`, list, epochs.length),
        ]),
      ),
    },
  };
}

/** A number of a checkpoint's JSON, where NaN and infinities are written as names. */
export function readNumber(field: FieldReader, path: string, value: unknown): number {
  return Number(field(path, value, 'a number', isNumberOrName));
}

/** A list of so many of them, or of what else `toNumber` reads. */
/** What these metrics have gathered; whether a user's own metric gathers as much, `fit` looks at. */
function readSums(field: FieldReader, value: unknown, metrics: readonly (string | MetricConfig)[]): number[] {
  const sizes = metrics.map((metric) => {
    try {
      return sumsOf(metric);
    } catch {
      return null; // what is wrong with its options is said where the model is compiled
    }
  });
  const known = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  if (!sizes.includes(null)) return readNumbers(field, 'fit.sums.metrics', value, known);
  const most = known + metrics.length * MOST_SUMS;
  const isSums = (value: unknown): value is readonly unknown[] => isList(value) && value.length <= most;
  const sums = field('fit.sums.metrics', value, `a list of at most ${most} numbers`, isSums);
  return readNumbers(field, 'fit.sums.metrics', sums, sums.length);
}

export function readNumbers(
  field: FieldReader,
  path: string,
  value: unknown,
  length: number,
  toNumber = readNumber,
): number[] {
  const isRightList = (value: unknown): value is readonly unknown[] =>
    isList(value) && value.length === length;
  const list = field(path, value, `a list of ${length} numbers`, isRightList);
  return list.map((entry, i) => toNumber(field, `${path}[${i}]`, entry));
}

function isNumberOrName(value: unknown): value is number | string {
  return typeof value === 'number' || value === 'NaN' || value === 'Infinity' || value === '-Infinity';
}

/** JSON.stringify makes null of NaN and infinities; a validation's loss may be one of them. */
function nameNonFinite(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

function isEpochs(value: unknown): value is readonly number[] {
  return isList(value) && value.every(isCount);
}

export function isConvolution(value: unknown): value is ConvolutionChoice {
  return (CONVOLUTION_CHOICES as readonly unknown[]).includes(value);
}
