/** What a look at a finished fine-tuning shows beside its result; kept in details.json, so that a report can be drawn again. */
import { VERSION } from '../../formats/version.ts';
import { machine, type RunDetails } from '../details.ts';
import { type BadPhoto, thumbnail } from './photos.ts';
import type { FinetuneLook, FinetuneResult, PhotoMistake } from './result.ts';

export const FINETUNE_DETAILS = 'degelo-finetune-details';
/** Pixels of the longer side of a photo in a report. */
const SIDE = 112;
const NO_PHOTO = { height: 0, width: 0, data: new Uint8Array(0) };
/** Files that were left out, of which a report names so many. */
const MOST_SKIPPED = 100;

/** A test photo that was taken for another class, made small. */
export interface PhotoDetails extends PhotoMistake {
  /** 0 where the photos weren't at hand. */
  readonly height: number;
  readonly width: number;
  /** height × width × 3 bytes in base64. */
  readonly pixels: string;
}

export interface FinetuneDetails
  extends Pick<RunDetails, 'degelo' | 'finished' | 'arguments' | 'machine' | 'weights_sha256'> {
  readonly format: typeof FINETUNE_DETAILS;
  readonly confusion: FinetuneLook['confusion'];
  readonly mistakes: readonly PhotoDetails[];
  readonly skipped: readonly BadPhoto[];
}

/** @param command the command that runs it again, after `degelo` */
export async function describeFinetuning(
  result: FinetuneResult,
  { confusion, mistakes, skipped, hasPhotos }: FinetuneLook,
  command: readonly string[],
): Promise<FinetuneDetails> {
  const photos: PhotoDetails[] = [];
  for (const mistake of mistakes) {
    const { height, width, data } = hasPhotos ? await thumbnail(mistake.file, SIDE) : NO_PHOTO;
    const probabilities = mistake.probabilities.map((share) => Math.round(share * 1e6) / 1e6);
    photos.push({ ...mistake, probabilities, height, width, pixels: Buffer.from(data).toString('base64') });
  }
  return {
    format: FINETUNE_DETAILS,
    degelo: VERSION,
    finished: new Date().toISOString(),
    arguments: command,
    machine: machine(),
    confusion,
    mistakes: photos,
    skipped: skipped.slice(0, MOST_SKIPPED),
    weights_sha256: result.weights_sha256,
  };
}
