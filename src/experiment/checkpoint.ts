/** What a checkpoint of a run holds beside the model: which run it is of, and how far that has come. */
import {
  type CheckpointContents,
  isConvolution,
  parseCheckpoint,
  readNumber,
  readNumbers,
} from '../formats/checkpoint.ts';
import { FormatError } from '../formats/errors.ts';
import { type FieldReader, fieldReader, isString } from '../formats/fields.ts';
import { isCount, isCounts, isObject, type JsonObject } from '../formats/json.ts';
import { VERSION } from '../formats/version.ts';
import type { KernelName } from '../kernels/kernels.ts';
import type { ConvolutionChoice } from '../layers/convolution.ts';
import type { Phase } from './observer.ts';
import type { PhaseFigures, PhaseResult } from './result.ts';
import { refuseOtherRun } from './same-run.ts';

/** All options of a run, as they were settled. */
export interface RunOptions {
  readonly reverse: boolean;
  readonly sourceClasses: readonly number[];
  readonly targetClasses: readonly number[];
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly seed: number;
  readonly kernel: KernelName;
  readonly convolution: ConvolutionChoice;
  readonly threads: number;
  readonly featureCacheMB: number;
}

/** The options that decide the result. Threads and cache change no bit. */
const DECIDING = [
  ...(['reverse', 'sourceClasses', 'targetClasses'] as const),
  ...(['epochs', 'batchSize', 'learningRate', 'seed', 'convolution'] as const),
];
const KERNELS: readonly unknown[] = ['plain', 'simd', 'fma'] satisfies KernelName[];

/** How long a phase took so far, breaks left out. */
export interface PhaseSeconds {
  /** Each epoch that is done. */
  readonly epochs: readonly number[];
  /** The current one. */
  readonly epoch: number;
  /** All of `fit`. */
  readonly fit: number;
}

export interface TransferCheckpoint {
  /** What messages call the file. */
  readonly file: string;
  readonly options: RunOptions;
  readonly data: { readonly source: string; readonly sha256: string };
  /** The pretrained network; absent: the features are the experiment's own. */
  readonly base?: { readonly sha256: string };
  readonly phase: Phase['name'];
  readonly seconds: PhaseSeconds;
  /** The result of the first phase, once that is over. */
  readonly source: PhaseResult | null;
  readonly contents: CheckpointContents;
  /** What the command added when it saved. */
  readonly notes: JsonObject;
}

/** The fields of an object that are a run's options. */
export function runOptions(options: RunOptions): RunOptions {
  const { reverse, sourceClasses, targetClasses, epochs, batchSize, learningRate, seed } = options;
  const { kernel, convolution, threads, featureCacheMB } = options;
  const choice = { reverse, sourceClasses, targetClasses };
  return { ...choice, epochs, batchSize, learningRate, seed, kernel, convolution, threads, featureCacheMB };
}

/** @throws RangeError with the reason where these options, this data or this version would end in another result. */
export function checkSameRun(
  { options, data, base, contents }: Pick<TransferCheckpoint, 'options' | 'data' | 'base' | 'contents'>,
  run: Pick<TransferCheckpoint, 'options' | 'data' | 'base'>,
): void {
  if (contents.version !== VERSION) refuseOtherRun('the version of degelo', contents.version, VERSION);
  for (const name of DECIDING) {
    const [saved, now] = [String(options[name]), String(run.options[name])];
    if (saved !== now) refuseOtherRun(name, saved, now);
  }
  const [saved, now] = [options.kernel, run.options.kernel];
  // All others have the same bits.
  if (saved !== now && (saved === 'fma' || now === 'fma')) refuseOtherRun('kernel', saved, now);
  if (base?.sha256 !== run.base?.sha256) {
    refuseOtherRun('the base', base ? `sha256 ${base.sha256}` : 'none', run.base?.sha256 ?? 'none');
  }
  if (data.sha256 !== run.data.sha256) {
    refuseOtherRun(
      'the data',
      `sha256 ${data.sha256} (${data.source})`,
      `${run.data.sha256} (${run.data.source})`,
    );
  }
}

/**
 * A checkpoint of a run, as `SafePoint.encode` made it.
 * @param file what messages call it
 * @throws FormatError where it is damaged, or a checkpoint of something else.
 */
export async function parseTransferCheckpoint(bytes: Uint8Array, file: string): Promise<TransferCheckpoint> {
  const contents = await parseCheckpoint(bytes, file);
  const field = fieldReader(file);
  const { metadata } = contents;
  if (metadata.command === 'finetune') {
    throw new FormatError(
      file,
      'this is a checkpoint of degelo finetune: degelo finetune --resume continues it',
    );
  }
  const options = field('metadata.options', metadata.options, 'an object', isObject);
  const data = field('metadata.data', metadata.data, 'an object', isObject);
  const phase = field('metadata.phase', metadata.phase, '"source" or "target"', isPhase);
  const epochs = field('metadata.options.epochs', options.epochs, 'an integer ≥ 0', isCount);
  const done = contents.position?.history.epoch.length ?? 0;
  const isDone = (epoch: unknown): epoch is number => epoch === done && done <= epochs;
  field(
    'fit.epoch',
    contents.position?.epoch ?? 0,
    `${done}, as in its history, and at most ${epochs}`,
    isDone,
  );
  return {
    file,
    contents,
    options: {
      epochs,
      reverse: field('metadata.options.reverse', options.reverse, 'true or false', isBoolean),
      sourceClasses: field(
        'metadata.options.sourceClasses',
        options.sourceClasses,
        'a list of classes',
        isCounts,
      ),
      targetClasses: field(
        'metadata.options.targetClasses',
        options.targetClasses,
        'a list of classes',
        isCounts,
      ),
      batchSize: field('metadata.options.batchSize', options.batchSize, 'an integer ≥ 0', isCount),
      learningRate: readNumber(field, 'metadata.options.learningRate', options.learningRate),
      seed: field('metadata.options.seed', options.seed, 'an integer ≥ 0', isCount),
      kernel: field('metadata.options.kernel', options.kernel, 'plain, simd or fma', isKernel),
      convolution: field('metadata.options.convolution', options.convolution, 'a convolution', isConvolution),
      threads: field('metadata.options.threads', options.threads, 'an integer ≥ 0', isCount),
      featureCacheMB: readNumber(field, 'metadata.options.featureCacheMB', options.featureCacheMB),
    },
    data: {
      source: field('metadata.data.source', data.source, 'a string', isString),
      sha256: field('metadata.data.sha256', data.sha256, 'a string', isString),
    },
    ...(metadata.base !== undefined && { base: readBase(field, metadata.base) }),
    phase,
    seconds: readSeconds(field, metadata.seconds, done),
    source: phase === 'target' ? readPhaseResult(field, 'metadata.source', metadata.source, epochs) : null,
    notes: field('metadata.notes', metadata.notes, 'an object', isObject),
  };
}

function readBase(field: FieldReader, value: unknown): { sha256: string } {
  const base = field('metadata.base', value, 'an object', isObject);
  return { sha256: field('metadata.base.sha256', base.sha256, 'a string', isString) };
}

/** How long a phase took, of a checkpoint. @param done epochs that it has behind it */
export function readSeconds(field: FieldReader, value: unknown, done: number): PhaseSeconds {
  const seconds = field('metadata.seconds', value, 'an object', isObject);
  return {
    epochs: readNumbers(field, 'metadata.seconds.epochs', seconds.epochs, done),
    epoch: readNumber(field, 'metadata.seconds.epoch', seconds.epoch),
    fit: readNumber(field, 'metadata.seconds.fit', seconds.fit),
  };
}

/**
 * One phase's part of a result, from a file.
 * @param path of the value, for messages
 * @param epochs the length that each list of its history must have
 * @param toNumber reads a number; by default one that may be NaN or infinite
 */
export function readPhaseResult(
  field: FieldReader,
  path: string,
  value: unknown,
  epochs: number,
  toNumber: typeof readNumber = readNumber,
): PhaseResult {
  const phase = field(path, value, 'an object', isObject);
  const digits = field(`${path}.digits`, phase.digits, 'a list of digits', isCounts);
  return { digits, ...readFigures(field, path, phase, epochs, toNumber) };
}

/** The figures of a phase, from a file. Parameters as readPhaseResult's. */
export function readFigures(
  field: FieldReader,
  path: string,
  phase: JsonObject,
  epochs: number,
  toNumber: typeof readNumber = readNumber,
): PhaseFigures {
  const part = (name: string): JsonObject => field(`${path}.${name}`, phase[name], 'an object', isObject);
  const [samples, params, history, test] = ['samples', 'params', 'history', 'test'].map(part);
  const number = (name: string, value: unknown): number => toNumber(field, `${path}.${name}`, value);
  const list = (name: string): number[] =>
    readNumbers(field, `${path}.history.${name}`, history[name], epochs, toNumber);
  return {
    samples: {
      train: number('samples.train', samples.train),
      test: number('samples.test', samples.test),
    },
    params: {
      total: number('params.total', params.total),
      trainable: number('params.trainable', params.trainable),
      non_trainable: number('params.non_trainable', params.non_trainable),
    },
    history: {
      loss: list('loss'),
      accuracy: list('accuracy'),
      val_loss: list('val_loss'),
      val_accuracy: list('val_accuracy'),
      seconds: list('seconds'),
    },
    test: { loss: number('test.loss', test.loss), accuracy: number('test.accuracy', test.accuracy) },
    seconds: number('seconds', phase.seconds),
  };
}

function isPhase(value: unknown): value is Phase['name'] {
  return value === 'source' || value === 'target';
}

export function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

export function isKernel(value: unknown): value is KernelName {
  return KERNELS.includes(value);
}
