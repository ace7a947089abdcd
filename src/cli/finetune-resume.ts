/** The options of a fine-tuning: of one that is resumed, of one that is done, and as the command that runs it again. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { FinetuneCheckpoint } from '../experiment/finetune/checkpoint.ts';
import type { FinetuneResult } from '../experiment/finetune/result.ts';
import { readFinetuneResult } from '../experiment/finetune/saved.ts';
import { isObject, type JsonObject } from '../formats/json.ts';
import type { FinetuneFlags } from './finetune-flags.ts';
import { placeOf, wordsOf } from './resume.ts';
import { UsageError } from './usage.ts';

/** What checkpoints keep beside the choices: where base and photos were, and whether bad ones are left out. */
export function notesOf({ base = '', images, features, skipBad = false }: FinetuneFlags): JsonObject {
  return {
    base: placeOf(base),
    ...(images !== undefined && { images: resolve(images) }),
    ...(features !== undefined && { features: resolve(features) }),
    skipBad,
  };
}

/** `given`, with the saved run's options where the command line had none. Whether they agree, the run itself checks. */
export function resumedFlags(
  given: FinetuneFlags,
  command: Command,
  { run, notes }: FinetuneCheckpoint,
): FinetuneFlags {
  const choices = isObject(run.choices) ? run.choices : {};
  const { preprocessing, cut, thaw, ...others } = choices;
  const saved: Record<string, unknown> = {
    ...others,
    preprocess: preprocessing,
    kernel: run.kernel,
    ...(cut !== null && { cut }),
    ...(thaw !== null && { thaw }),
    ...notes,
  };
  const unsaid = Object.entries(saved).filter(([name]) => command.getOptionValueSource(name) !== 'cli');
  const flags: FinetuneFlags = { ...given, ...Object.fromEntries(unsaid) };
  if (!flags.base || (!flags.images && !flags.features))
    throw new UsageError('--resume: the run must name its base and its photos: give --base and --images');
  return flags;
}

/**
 * The result of a run that is done.
 * @throws FormatError where it is damaged, RangeError where the command line asks for another run.
 */
export async function finishedFinetuning(
  folder: string,
  given: FinetuneFlags,
  command: Command,
): Promise<FinetuneResult> {
  const result = await readFinetuneResult(folder);
  const { options, features } = result;
  const saved: Readonly<Record<string, unknown>> = {
    ...{ size: features.size, preprocess: features.preprocessing, cut: features.cut },
    ...{
      testSplit: options.test_split,
      hidden: options.hidden,
      dropout: options.dropout,
      epochs: options.epochs,
    },
    ...{
      batchSize: options.batch_size,
      learningRate: options.learning_rate,
      classWeights: options.class_weights,
    },
    ...{ thaw: options.thaw, thawEpochs: options.thaw_epochs, thawLearningRate: options.thaw_learning_rate },
    ...{ seed: result.seed, convolution: result.convolution },
  };
  const settled: Readonly<Record<string, unknown>> = { ...given };
  for (const [name, expected] of Object.entries(saved)) {
    if (command.getOptionValueSource(name) !== 'cli' || `${settled[name]}` === `${expected}`) continue;
    throw new RangeError(
      `resume: ${name} must be as in the run that was saved: expected ${expected}, got ${settled[name]}`,
    );
  }
  return result;
}

/** The command that runs it again, after `degelo`. */
export function commandOf(flags: FinetuneFlags, command: Command): string[] {
  const { skipBad: _, ...places } = notesOf(flags);
  const size = flags.size?.join('x');
  return wordsOf({ ...flags, ...places, size }, command);
}
