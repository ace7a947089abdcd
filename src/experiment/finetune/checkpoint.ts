/** What a checkpoint of a fine-tuning holds beside the model in training: which run it is of, and how far that has come. */
import { parseCheckpoint } from '../../formats/checkpoint.ts';
import { FormatError } from '../../formats/errors.ts';
import { fieldReader, isNames } from '../../formats/fields.ts';
import { isCount, isObject, type JsonObject, show } from '../../formats/json.ts';
import { VERSION } from '../../formats/version.ts';
import { readFigures, readSeconds } from '../checkpoint.ts';
import type { SavedPhase } from '../phase.ts';
import type { FinetuneChoices } from './options.ts';
import type { FinetunePhaseResult } from './result.ts';

/** Says of a checkpoint's metadata whose it is. */
const COMMAND = 'finetune';

/** What makes two runs the same. */
export interface FinetuneRun {
  readonly choices: FinetuneChoices;
  readonly base: { readonly sha256: string };
  /** null: not known yet. */
  readonly data: { readonly sha256: string } | null;
  readonly kernel: string;
}

/** The photos' hash in a checkpoint, as long as not all have been read. */
export const NOT_KNOWN = '';

export interface FinetuneCheckpoint extends SavedPhase {
  readonly phase: 'head' | 'thawed';
  readonly run: JsonObject;
  /** It is from before the first phase, when features were computed. */
  readonly isEarly: boolean;
  /** The result of the first phase, once that is over. */
  readonly head: FinetunePhaseResult | null;
  /** What the command added when it saved: where base and photos were. */
  readonly notes: JsonObject;
}

/** A run as a checkpoint keeps it. */
export function runMetadata(run: FinetuneRun): JsonObject {
  return {
    command: COMMAND,
    choices: { ...run.choices },
    base: run.base,
    data: run.data,
    kernel: run.kernel,
  };
}

/** @throws RangeError with the reason where this run would end in another result than the one that was saved. */
export function checkSameFinetuning({ run: saved, contents }: FinetuneCheckpoint, run: FinetuneRun): void {
  const refuse = (what: string, expected: unknown, got: unknown): never => {
    throw new RangeError(
      `resume: ${what} must be as in the run that was saved: expected ${show(expected)}, got ${show(got)}`,
    );
  };
  if (contents.version !== VERSION) refuse('the version of degelo', contents.version, VERSION);
  const choices = isObject(saved.choices) ? saved.choices : {};
  for (const [name, now] of Object.entries(run.choices)) {
    if (JSON.stringify(choices[name]) !== JSON.stringify(now)) refuse(name, choices[name], now);
  }
  const hashOf = (part: unknown): unknown => (isObject(part) ? part.sha256 : undefined);
  if (hashOf(saved.base) !== run.base.sha256) refuse('the base', hashOf(saved.base), run.base.sha256);
  const photos = hashOf(saved.data);
  if (run.data && photos !== NOT_KNOWN && photos !== run.data.sha256)
    refuse('the photos', photos, run.data.sha256);
  // All others have the same bits.
  if (saved.kernel !== run.kernel && [saved.kernel, run.kernel].includes('fma'))
    refuse('kernel', saved.kernel, run.kernel);
}

/**
 * A checkpoint of a fine-tuning.
 * @throws FormatError where it is damaged, or a checkpoint of something else.
 */
export async function parseFinetuneCheckpoint(bytes: Uint8Array, file: string): Promise<FinetuneCheckpoint> {
  const contents = await parseCheckpoint(bytes, file);
  const field = fieldReader(file);
  const { metadata } = contents;
  if (metadata.command !== COMMAND) {
    throw new FormatError(
      file,
      'this is not a checkpoint of degelo finetune: degelo transfer --resume continues its own',
    );
  }
  const phase = field('metadata.phase', metadata.phase, '"head" or "thawed"', isPhase);
  const done = contents.position?.history.epoch.length ?? 0;
  const choices = field('metadata.choices', metadata.choices, 'an object', isObject);
  const epochs = field('metadata.choices.epochs', choices.epochs, 'an integer ≥ 0', isCount);
  return {
    file,
    contents,
    phase,
    seconds: readSeconds(field, metadata.seconds, done),
    run: metadata,
    isEarly: isObject(metadata.data) && metadata.data.sha256 === NOT_KNOWN,
    head: phase === 'thawed' ? readFinetunePhase(field, 'metadata.head', metadata.head, epochs) : null,
    notes: field('metadata.notes', metadata.notes, 'an object', isObject),
  };
}

/** One phase of a result, from a file. */
export function readFinetunePhase(
  field: ReturnType<typeof fieldReader>,
  path: string,
  value: unknown,
  epochs: number,
): FinetunePhaseResult {
  const phase = field(path, value, 'an object', isObject);
  return {
    layers: field(`${path}.layers`, phase.layers, 'a list of names', isNames),
    ...readFigures(field, path, phase, epochs),
  };
}

function isPhase(value: unknown): value is 'head' | 'thawed' {
  return value === 'head' || value === 'thawed';
}
