/** Saves a run as it goes on, in the folder of its results, and has it end at a checkpoint when it is interrupted. */
import { join } from 'node:path';
import { writeFileAtomic } from '#files';
import { parseTransferCheckpoint, type TransferCheckpoint } from '../experiment/checkpoint.ts';
import type { SafePoint, TransferObserver } from '../experiment/observer.ts';
import { encodeCheckpoint } from '../formats/checkpoint.ts';
import type { FormatError } from '../formats/errors.ts';
import type { JsonObject } from '../formats/json.ts';
import { loadCheckpoint } from '../training/saved/checkpoint.ts';
import { onInterrupt } from './exits.ts';
import type { OutFolder } from './out-folder.ts';

export interface SaverOptions {
  /** Training steps between checkpoints, beside those of the epochs' ends. */
  readonly steps: number;
  /** Kept in every checkpoint. */
  readonly notes: JsonObject;
}

/** The methods of an observer that save the run. */
export function saver(
  out: OutFolder,
  { steps, notes }: SaverOptions,
): Required<Pick<TransferObserver, 'everyBatch' | 'onSafePoint' | 'onPhaseEnd'>> {
  let savedStep = 0;
  let memory: ArrayBuffer | null = null;
  let interrupted: (() => void) | null = null;
  let isTraining = false;
  const forget = onInterrupt(async () => {
    if (isTraining) await new Promise<void>((resolve) => (interrupted = resolve));
  });
  return {
    // A checkpoint is due after a certain step.
    everyBatch: Number.isFinite(steps),
    async onSafePoint(point: SafePoint) {
      isTraining = true;
      const isDue = point.kind !== 'batch' || point.step - savedStep >= steps;
      if (!isDue && !interrupted) return;
      const bytes = await point.encode(notes, memory);
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
      if (name === 'source') {
        await writing('the source model', async () =>
          writeFileAtomic(out.source, await encodeCheckpoint(model)),
        );
      } else {
        forget();
        await writing('the target model', () => model.save(join(out.results, 'target-model')));
      }
    },
  };
}

/**
 * The newest whole checkpoint of a run, with the faults of newer ones.
 * @throws FormatError where there is none, or where the model of the first phase, which is needed in the end, is
 *   damaged.
 */
export async function readSaved(
  out: OutFolder,
): Promise<{ checkpoint: TransferCheckpoint; faults: readonly FormatError[] }> {
  const { contents: checkpoint, faults } = await out.checkpoints.read(parseTransferCheckpoint);
  if (checkpoint.phase === 'target') await loadCheckpoint(out.source);
  return { checkpoint, faults };
}

/** Does the work, and says of what it failed that it belongs to --out. */
export async function writing<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    throw new Error(`--out: ${what} can't be written: ${reason}`, { cause: error });
  }
}
