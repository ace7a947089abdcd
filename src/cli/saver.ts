/** Saves a run while it works, in the folder of its results, and has it end at a checkpoint when it is interrupted. */

import { join } from 'node:path';
import { readWholeFile, writeFileAtomic } from '#files';
import { faultOfFile } from '../data/file-fault.ts';
import type { AnyPhase, RunObserver, SafePoint } from '../experiment/observer.ts';
import type { PhaseFigures } from '../experiment/result.ts';
import { encodeCheckpoint } from '../formats/checkpoint.ts';
import { FormatError } from '../formats/errors.ts';
import { type JsonObject, show } from '../formats/json.ts';
import { sha256 } from '../formats/sha256.ts';
import type { Model } from '../training/model.ts';
import { decodeCheckpoint } from '../training/saved/checkpoint.ts';
import { onInterrupt } from './exits.ts';
import type { OutFolder } from './out-folder.ts';

export interface SaverOptions {
  /** Training steps between checkpoints, beside those of the epochs' ends. */
  readonly steps: number;
  /** Kept in every checkpoint. */
  readonly notes: JsonObject;
  /** The phase whose model is needed once more in the end; null: none. */
  readonly first: string | null;
  /** Writes results that are ready with a phase. */
  finish(phase: string, model: Model): Promise<void>;
}

/** The methods of an observer that save the run, and what its end needs of them. */
export interface Saver
  extends Required<Pick<RunObserver<AnyPhase, PhaseFigures>, 'everyBatch' | 'onSafePoint' | 'onPhaseEnd'>> {
  /** The model after the first phase, as a checkpoint; null before that. */
  readonly source: Uint8Array | null;
}

/** @param source the model after the first phase, of a run that is resumed after it */
export function saver(
  out: OutFolder,
  { steps, notes, first, finish }: SaverOptions,
  source: Uint8Array | null = null,
): Saver {
  let savedStep = 0;
  let memory: ArrayBuffer | null = null;
  let interrupted: (() => void) | null = null;
  let isTraining = false;
  const forget = onInterrupt(async () => {
    if (isTraining) await new Promise<void>((resolve) => (interrupted = resolve));
  });
  return {
    get source() {
      return source;
    },
    // A checkpoint is due after a certain step.
    everyBatch: Number.isFinite(steps),
    async onSafePoint(point: SafePoint) {
      isTraining = true;
      const isDue = point.kind !== 'batch' || point.step - savedStep >= steps;
      if (!isDue && !interrupted) return;
      const ofSource = source && { source_sha256: await sha256(source) };
      if (source) await keepSource(out, source);
      const bytes = await point.encode({ ...notes, ...ofSource }, memory);
      memory = bytes.buffer;
      await writing('the checkpoint', () => out.checkpoints.write(bytes));
      await out.keep();
      savedStep = point.step;
      if (!interrupted) return;
      interrupted();
      // The program ends here.
      await new Promise(() => {});
    },
    async onPhaseEnd({ name }, _result, model) {
      if (name === first) {
        source = await encodeCheckpoint(model);
        await keepSource(out, source);
      } else {
        forget();
      }
      await finish(name, model);
    },
  };
}

/** Has the first phase's model, which is needed in the end, in its file: it is written again where that was damaged. */
async function keepSource(out: OutFolder, source: Uint8Array): Promise<void> {
  const there = await readWholeFile(out.source, source.length).catch(() => null);
  if (there && Buffer.compare(there, source) === 0) return;
  await writing('the source model', () => writeFileAtomic(out.source, source));
}

/** What `transfer` writes with its second phase. */
export function savesTarget(out: OutFolder): Pick<SaverOptions, 'first' | 'finish'> {
  return {
    first: 'source',
    async finish(phase, model) {
      if (phase === 'source') return;
      await writing('the target model', () => model.save(join(out.results, 'target-model')));
    },
  };
}

/** What a stopped run left. */
export interface SavedRun<C> {
  readonly checkpoint: C;
  /** What is wrong with newer checkpoints. */
  readonly faults: readonly FormatError[];
  /** The model after the first phase, as a checkpoint; null in the first. */
  readonly source: Uint8Array | null;
}

/**
 * The newest whole checkpoint of a run, with the faults of newer ones.
 * @param first the phase whose model is needed once more in the end
 * @throws FormatError where there is none, or where the model of the first phase, which is needed in the end, is
 *   missing, damaged, or another run's.
 */
export async function readSaved<C extends { readonly phase: string; readonly notes: JsonObject }>(
  out: OutFolder,
  parse: (bytes: Uint8Array, file: string) => Promise<C>,
  first: string,
): Promise<SavedRun<C>> {
  const { contents: checkpoint, faults } = await out.checkpoints.read(parse);
  if (checkpoint.phase === first) return { checkpoint, faults, source: null };
  const source = await readWholeFile(out.source);
  await decodeCheckpoint(source, {}, out.source);
  const { source_sha256: expected } = checkpoint.notes;
  const got = await sha256(source);
  if (got !== expected) {
    throw new FormatError(
      out.source,
      `must be the first phase of this run: expected sha256 ${show(expected)}, got ${got}`,
    );
  }
  return { checkpoint, faults, source };
}

/** Does the work, and says of what it failed that it belongs to --out. */
export async function writing<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // Where a file system said no, its reason alone: which file it was is said already.
    const isFault = error instanceof Error && 'code' in error && error.cause instanceof Error;
    const reason = faultOfFile(isFault ? error.cause : error);
    throw new Error(`--out: ${what} can't be written: ${reason}`, { cause: error });
  }
}
