/** Checkpoints as models again, ready to continue; formats/checkpoint.ts has what is in their files. */
import { isFolder, readWholeFile, writeFileAtomic } from '#files';
import { type Bytes, bytesOf, expectModel } from '../../checks/handed-in.ts';
import { knownOptions, noMoreArguments } from '../../checks/options.ts';
import { text } from '../../checks/values.ts';
import {
  type CheckpointContents,
  checkpointBytes,
  type FitPosition,
  parseCheckpoint,
} from '../../formats/checkpoint.ts';
import { CheckpointFolder } from '../../formats/checkpoint-folder.ts';
import { asFormatError, FormatError } from '../../formats/errors.ts';
import type { JsonObject } from '../../formats/json.ts';
import { type Place, pathOf } from '../../formats/places.ts';
import type { MetricChoice } from '../../metrics/registry.ts';
import { parameterName } from '../../model/graph.ts';
import { checkMachine } from '../compile-options.ts';
import type { Model } from '../model.ts';
import type { CompileOptions } from '../options.ts';
import { makeModel } from './make-model.ts';

/** What belongs to the machine and not to the training: `compile`'s options of the same names. Only fma changes bits. */
export type CheckpointOptions = Pick<CompileOptions, 'threads' | 'kernel'>;

const OPTIONS = ['threads', 'kernel'] as const satisfies readonly (keyof CheckpointOptions)[];

/** What was read from a checkpoint. */
export interface Checkpoint {
  /** Built and, if it was, compiled; with its weights, its optimizer's arrays and its count of steps. */
  readonly model: Model;
  /** For `fit`'s `resumeFrom`; null where the model wasn't in training. */
  readonly position: FitPosition | null;
  /** What was saved with it. */
  readonly metadata: JsonObject;
}

/**
 * Writes a checkpoint of a model to one file. An old file stays until the new one is whole. While `fit` is at work, it waits until a step
 * has ended.
 *
 *     await saveCheckpoint(model, 'run.safetensors', { note: 'before the second phase' });
 *
 * @throws as encodeCheckpoint does, or what the file system throws.
 */
export async function saveCheckpoint(model: Model, place: Place, metadata: JsonObject = {}): Promise<void> {
  noMoreArguments('saveCheckpoint', arguments, 3);
  expectModel('saveCheckpoint', model);
  const path = pathOf('saveCheckpoint', place);
  await writeFileAtomic(path, await checkpointBytes(model, 'saveCheckpoint', metadata));
}

/**
 * The checkpoint in a file, or the newest whole one in a folder that `modelCheckpoint` filled:
 *
 *     const { model, position } = await loadCheckpoint('run');
 *     await model.fit(x, y, { epochs: 10, resumeFrom: position });
 *
 * @throws FormatError, in one line with the file's path, where there is none or none that is whole; for an option as `compile`.
 */
export async function loadCheckpoint(place: Place, options?: CheckpointOptions): Promise<Checkpoint> {
  noMoreArguments('loadCheckpoint', arguments, 2);
  checkMachine(knownOptions('loadCheckpoint', options, OPTIONS, { call: 'loadCheckpoint(place, …)' }));
  const path = pathOf('loadCheckpoint', place);
  if (!(await isFolder(path))) return decodeCheckpoint(await readWholeFile(path), options, path);
  const folder = new CheckpointFolder(path);
  return (await folder.read((bytes, file) => decodeCheckpoint(bytes, options, file))).contents;
}

/**
 * The checkpoint in these bytes, as `encodeCheckpoint` gave them.
 *
 *     const { model, position } = await decodeCheckpoint(bytes);
 *     await model.fit(x, y, { epochs: 5, resumeFrom: position });
 *
 * @param file what messages call it
 * @throws FormatError where they are no whole checkpoint.
 */
export async function decodeCheckpoint(
  contents: Bytes,
  options?: CheckpointOptions,
  file = 'checkpoint',
): Promise<Checkpoint> {
  noMoreArguments('decodeCheckpoint', arguments, 3);
  text('decodeCheckpoint', 'file', file);
  const bytes = bytesOf('decodeCheckpoint', contents);
  const given = knownOptions('decodeCheckpoint', options, OPTIONS, { call: 'decodeCheckpoint(bytes, …)' });
  checkMachine(given);
  const checkpoint = await parseCheckpoint(bytes, file);
  const model = makeModel(checkpoint, checkpoint.weights, file);
  if (model.compiled) {
    const { optimizer, loss } = model.compiled;
    const metrics = model.compiled.metrics as readonly MetricChoice[]; // makeModel compiled with them
    model.compile({ convolution: checkpoint.convolution, ...given, optimizer, loss, metrics });
  }
  restoreCheckpoint(model, checkpoint, file);
  return { model, position: checkpoint.position, metadata: checkpoint.metadata };
}

/**
 * Puts a checkpoint's weights, step and optimizer arrays into a model that is built and compiled as the saved one
 * was.
 * @throws FormatError where it isn't: another parameter, shape, optimizer, or set of trained layers; nothing is set
 *   then.
 */
export function restoreCheckpoint(
  model: Model,
  { weights, slots, iterations, step, compile }: CheckpointContents,
  file = 'checkpoint',
): void {
  const expected = model.compiled?.optimizer.name;
  const got = compile?.optimizer.name;
  if (expected !== got) {
    throw new FormatError(file, `the optimizer must be the model's: expected ${expected}, got ${got}`);
  }
  const trained = parametersWithSlots(model);
  if (slots.size > 0 && [...slots.keys()].join() !== trained.join()) {
    throw new FormatError(
      file,
      'the optimizer must have arrays for each trained parameter and no other: ' +
        `expected ${trained.join(', ') || 'none'}, got ${[...slots.keys()].join(', ')}`,
    );
  }
  asFormatError(file, () => model.setWeights(weights));
  model.step = step;
  if (model.compiled) model.optimizerState().iterations = iterations;
  for (const [name, arrays] of slots) {
    model.optimizerState().restore(
      name,
      arrays.map(({ data }) => data),
    );
  }
}

/** The parameters for which the optimizer keeps arrays, in layer order. */
function parametersWithSlots(model: Model): string[] {
  if (!model.compiled || model.compiled.optimizer.slots.length === 0) return [];
  const trained = new Map(model.plan().stages.map(({ layer, roles }) => [layer, roles]));
  return model
    .nodes()
    .flatMap((node) =>
      node.layer.parameters.flatMap(({ name }, p) =>
        trained.get(node.layer)?.[p] === 'trained' ? [parameterName(node, name)] : [],
      ),
    );
}
