/** A run that `--out` keeps in a folder, and with which `--resume` continues. */
import type { JsonObject } from '../formats/json.ts';
import type { Messages } from '../report/messages.ts';
import { NonFiniteError } from '../training/errors.ts';
import { OutFolder } from './out-folder.ts';
import { warn } from './output.ts';
import type { RunFlags } from './run-flags.ts';
import { readSaved, type SavedRun } from './saver.ts';

/** What of the flags says where a run is kept. */
type FolderFlags = Pick<RunFlags, 'out' | 'force' | 'resume'>;

/**
 * Does the work of a run in its folder, or without one. The work publishes its results itself; where it fails, the folder is
 * left so that `--resume` can continue, and the error says so, except for a training that diverged, which would diverge again.
 * @param command that the folder is of
 */
export async function inFolder(
  { out: place, force, resume }: FolderFlags,
  command: 'transfer' | 'finetune',
  work: (out: OutFolder | null) => Promise<void>,
): Promise<void> {
  const out =
    resume !== undefined
      ? OutFolder.reopen(resume, { command })
      : place !== undefined
        ? OutFolder.create(place, { command, force: force ?? false })
        : null;
  try {
    await work(out);
  } catch (error) {
    const isFinal = error instanceof NonFiniteError;
    if (isFinal && resume === undefined) out?.discard();
    else {
      const words = out?.leave();
      if (words && out?.isSaved && !isFinal && error instanceof Error) error.message += `; ${words}`;
    }
    throw error;
  }
}

/**
 * What the run that continues had come to; null where a run begins. Says of damaged checkpoints that it continues from one before.
 * @throws as readSaved does
 */
export async function savedRun<C extends { readonly phase: string; readonly notes: JsonObject }>(
  { resume }: FolderFlags,
  out: OutFolder | null,
  parse: (bytes: Uint8Array, file: string) => Promise<C>,
  first: string,
): Promise<SavedRun<C> | null> {
  if (resume === undefined || !out) return null;
  const saved = await readSaved(out, parse, first);
  for (const { message } of saved.faults) warn(`degelo: ${message}: it goes on from the checkpoint before`);
  return saved;
}

/** Says where the report is, but to programs. @param report null: there is none */
export function sayWhereReportIs(report: string | null, { json }: Pick<RunFlags, 'json'>, t: Messages): void {
  if (report && (!json || process.stderr.isTTY)) warn(t.reportIn(report));
}
