/** A run that `--out` keeps in a folder, and with which `--resume` continues. */
import type { JsonObject } from '../formats/json.ts';
import { LANGUAGES, type Messages } from '../report/messages.ts';
import { NonFiniteError } from '../training/errors.ts';
import { OutFolder } from './out-folder.ts';
import { translated, warn } from './output.ts';
import type { RunFlags } from './run-flags.ts';
import { readSaved, type SavedRun } from './saver.ts';

/** What of the flags says where a run is kept. */
type FolderFlags = Pick<RunFlags, 'out' | 'force' | 'resume'>;

/** What a run gave. */
export interface KeptResult<R> {
  readonly result: R;
  /** Where its report is; null: there is none. */
  readonly report: string | null;
  /** What the rest of the folder is good for; nothing is said of it by default. */
  readonly next?: string | null;
}

/** What `transfer` and `finetune` do each in their own way. F: the flags, C: what a checkpoint holds, R: the result. */
export interface KeptCommand<F, C, R> {
  readonly command: 'transfer' | 'finetune';
  /** The phase whose model is needed once more in the end. */
  readonly first: string;
  /** The result of a run that is done. */
  finished(folder: string): Promise<R>;
  parse(bytes: Uint8Array, file: string): Promise<C>;
  /** The given flags, with the saved run's where the command line had none. */
  resumed(checkpoint: C): Promise<F>;
  /** Trains, and publishes the results in the folder if there is one. */
  run(flags: F, out: OutFolder | null, saved: SavedRun<C> | null): Promise<KeptResult<R>>;
  /** Prints a result. */
  tell(result: R, flags: F): Promise<void>;
}

/** Runs a command that trains, from the start or from its last checkpoint; of a run that is done it only prints the result. */
export async function runKept<
  F extends RunFlags,
  C extends { readonly phase: string; readonly notes: JsonObject },
  R,
>(given: F, { command, first, finished, parse, resumed, run, tell }: KeptCommand<F, C, R>): Promise<void> {
  const { resume } = given;
  if (resume !== undefined && OutFolder.isFinished(resume)) {
    // A job that is queued again only has to print its result.
    return tell(await finished(resume), given);
  }
  await inFolder(given, command, async (out) => {
    const saved = await savedRun(given, out, parse, first);
    const flags = saved ? await resumed(saved.checkpoint) : given;
    const { result, ...places } = await run(flags, out, saved);
    // Results last: who stops reading them loses nothing else.
    await tell(result, given);
    sayWhereItIs(places, flags, LANGUAGES[given.lang]);
  });
}

/**
 * Does the work of a run in its folder, or without one. The work publishes its results itself; where it fails, the folder is
 * left so that `--resume` can continue, and the error says so, except for a training that diverged, which would diverge again.
 * @param command that the folder is of
 */
async function inFolder(
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
async function savedRun<C extends { readonly phase: string; readonly notes: JsonObject }>(
  { resume }: FolderFlags,
  out: OutFolder | null,
  parse: (bytes: Uint8Array, file: string) => Promise<C>,
  first: string,
): Promise<SavedRun<C> | null> {
  if (resume === undefined || !out) return null;
  const saved = await readSaved(out, parse, first);
  for (const { message } of saved.faults) {
    warn(`degelo: ${translated(`${message}: it continues from the checkpoint before`)}`);
  }
  return saved;
}

/** Says where the report is, and what comes next, but to programs. */
function sayWhereItIs(
  { report, next }: Omit<KeptResult<unknown>, 'result'>,
  { json }: Pick<RunFlags, 'json'>,
  t: Messages,
): void {
  if (!report || (json && !process.stderr.isTTY)) return;
  warn(t.reportIn(report));
  if (next) warn(next);
}
