/** `degelo convert`: models and weights from one format into another, with the same bits in them. */
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { type Command, Option } from 'commander';
import { listFolder, readWholeFile, writeFileAtomic } from '#files';
import { MODEL_FORMATS, type ModelFormat } from '../formats/format-names.ts';
import { foreignFormat, isKerasPath } from '../formats/places.ts';
import type { WeightsFormatName } from '../formats/weights-file.ts';
import { formatInteger } from '../report/format.ts';
import { LANGUAGES, type Language } from '../report/messages.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Model } from '../training/model.ts';
import { sizeOf } from './base-options.ts';
import { modelFolder } from './model-folder.ts';
import { note, print, tell } from './output.ts';
import { languageOption, UsageError } from './usage.ts';

type Format = ModelFormat | WeightsFormatName;
const FORMATS: readonly Format[] = [...MODEL_FORMATS, 'safetensors', 'npz'];
const WRITTEN: readonly Format[] = ['degelo', 'tfjs', 'keras', 'safetensors', 'npz'];

interface ConvertFlags {
  readonly from?: Format;
  readonly to?: Format;
  readonly architecture?: string;
  readonly output?: string;
  readonly size?: readonly [height: number, width: number];
  readonly force?: true;
  readonly lang: Language;
}

/** What was read: a whole model, or weights without layers. */
interface Whole {
  readonly format: string;
  readonly model: Model;
}
type Contents = Whole | { readonly format: string; readonly tensors: ReadonlyMap<string, Tensor> };

export function addConvertCommand(program: Command): void {
  program
    .command('convert')
    .description(
      "Convert a model of any format that degelo reads to degelo's own, to TensorFlow.js' or to Keras' .keras; or only its weights, to safetensors or NumPy's .npz.",
    )
    .argument(
      '<from>',
      'a model of any format that degelo reads; or only weights: .safetensors, .npz, .weights.h5',
    )
    .argument(
      '<to>',
      'a .keras file; a .safetensors or .npz file for the weights only; or a folder: a TensorFlow.js model where FROM is ours, else ours',
    )
    .addOption(new Option('--from <format>', 'format of FROM, whatever it looks like').choices(FORMATS))
    .addOption(new Option('--to <format>', 'format of TO, whatever its name is').choices(WRITTEN))
    .option('--architecture <model>', 'a model of any format, whose layers the weights of FROM belong to')
    .option(
      '--output <name>',
      'which output, where the network of FROM has several: its name, or its place from 0',
    )
    .option(
      '--size <n>',
      'of its images, where the file leaves it open: 224, or 120x160 (rows, then columns)',
      sizeOf,
    )
    .option('--force', 'replace TO, where it is there')
    .addOption(languageOption())
    .action(convert);
}

async function convert(from: string, to: string, flags: ConvertFlags): Promise<void> {
  const weights = flags.from ?? (await weightsFormatOf(from));
  const source = weights && !isModelFormat(weights) ? weights : null;
  // A file of Keras may have layers, or none.
  const isKeras = flags.from === undefined && /\.(h5|hdf5|weights\.json)$/i.test(from);
  if (source === null && flags.architecture !== undefined && !isKeras) {
    throw new UsageError(
      `convert: --architecture is for files that have only weights, but ${from} has layers of its own`,
    );
  }
  for (const option of ['output', 'size'] as const) {
    if (flags[option] === undefined || (source === null && flags.architecture === undefined)) continue;
    throw new UsageError(
      `convert: --${option} is for a network with layers, and ${from} is read for its weights`,
    );
  }
  const named = flags.to ?? (isKerasPath(to) ? 'keras' : await weightsFormatOf(to));
  if (named === null) refuseForeign(to);
  if (source && flags.architecture === undefined && (named === null || isModelFormat(named))) {
    throw new UsageError(
      `convert: ${from} has only weights: add --architecture MODEL, the model that they belong to`,
    );
  }
  await checkTarget(from, to, flags.force === true);
  // All of it is read and checked before anything is written.
  const contents = source
    ? await readWeights(from, source, flags.architecture)
    : flags.architecture !== undefined
      ? await readInto(from, flags.architecture)
      : await readModel(from, flags.from as ModelFormat | undefined, flags); // the weights' formats are the others
  const format = source ?? contents.format;
  const target = named ?? (format === 'degelo' ? 'tfjs' : 'degelo');
  await writeContents(contents, to, target);
  const tensors = await tensorsOf(contents);
  const parameters = Array.from(tensors.values()).reduce((sum, { size }) => sum + size, 0);
  const t = LANGUAGES[flags.lang];
  const [count, numbers] = [tensors.size, parameters].map((value) => formatInteger(value, t.locale));
  print(t.converted(`${from} (${format})`, `${to} (${target})`, count, numbers));
}

async function readModel(
  path: string,
  format?: ModelFormat,
  { output: name, size }: Pick<ConvertFlags, 'output' | 'size'> = {},
): Promise<Whole> {
  const { loadBase } = await import('../training/saved/load-model.ts');
  const output = name !== undefined && /^\d+$/.test(name) ? Number(name) : name;
  const model = await loadBase(modelFolder(path), size, {
    ...(format && { format }),
    ...(output !== undefined && { output }),
  });
  if (size?.some((sizes, d) => sizes !== model.inputShape[d])) {
    throw new UsageError(
      `convert: --size is for files that leave it open: ${path} has input [${model.inputShape}] of its own`,
    );
  }
  tell(model);
  return { model, format: model.origin?.format ?? 'degelo' };
}

async function readWeights(
  path: string,
  format: WeightsFormatName,
  architecture?: string,
): Promise<Contents> {
  if (architecture === undefined) {
    const { WEIGHTS_FORMATS } = await import('../formats/weights-file.ts');
    const { tensors, remarks } = WEIGHTS_FORMATS[format].decode(await readWholeFile(path), path);
    note(remarks);
    return { tensors, format };
  }
  if ((await weightsFormatOf(architecture)) !== null) {
    throw new UsageError(
      `convert: --architecture must be a model with layers: ${architecture} has only weights`,
    );
  }
  return readInto(path, architecture);
}

/** A model of these layers and those weights. */
async function readInto(path: string, architecture: string): Promise<Contents> {
  const contents = await readModel(architecture);
  const { loadWeights } = await import('../training/saved/weights-file.ts');
  note(await loadWeights(contents.model, path));
  return contents;
}

async function writeContents(contents: Contents, path: string, format: Format): Promise<void> {
  if (!isModelFormat(format)) {
    const { WEIGHTS_FORMATS } = await import('../formats/weights-file.ts');
    await writeFileAtomic(path, WEIGHTS_FORMATS[format].encode(await tensorsOf(contents), path));
    return;
  }
  if (!('model' in contents)) throw new Error('convert: a model needs layers'); // seen to above
  if (format === 'keras') {
    const { encodeKeras } = await import('../formats/keras-write.ts');
    return writeFileAtomic(path, encodeKeras(contents.model, path));
  }
  if (format === 'degelo') return contents.model.save(path);
  const { saveLayersModel } = await import('../training/saved/layers-model.ts');
  return saveLayersModel(contents.model, path);
}

async function tensorsOf(contents: Contents): Promise<ReadonlyMap<string, Tensor>> {
  if (!('model' in contents)) return contents.tensors;
  const { namedWeights } = await import('../formats/model.ts');
  return namedWeights(contents.model);
}

/** @throws UsageError for the name of a file in a format that we can't write. */
function refuseForeign(to: string): void {
  const foreign = foreignFormat(to);
  if (foreign === null) return;
  const way = /hdf5/i.test(foreign) ? ': convert to .keras, which Keras can save as .h5' : '';
  throw new UsageError(
    `convert: ${foreign} can't be written: expected a folder, .keras, .safetensors or .npz, got ${to}${way}`,
  );
}

async function weightsFormatOf(path: string): Promise<WeightsFormatName | null> {
  const formats = await import('../formats/weights-file.ts');
  return formats.weightsFormatOf(path);
}

/** @throws Error where TO is FROM, or is there and may not be replaced, or is a folder of other things. */
async function checkTarget(from: string, to: string, force: boolean): Promise<void> {
  const [there, source] = await Promise.all([to, from].map((path) => stat(path).catch(() => null)));
  if (!there) return;
  const folder = await stat(dirname(from)).catch(() => null);
  const isSame = [source, basename(from) === 'model.json' ? folder : null].some(
    (stats) => stats && stats.dev === there.dev && stats.ino === there.ino,
  );
  if (isSame) throw new Error(`convert: TO must be another place than FROM, got ${to} for both`);
  if (force) return;
  if (!there.isDirectory()) throw new Error(`convert: ${to} already exists (--force replaces it)`);
  const [first] = await listFolder(to);
  if (first !== undefined) {
    throw new Error(
      `convert: folder must be new or empty: ${to} holds ${first} (--force replaces a model in it)`,
    );
  }
}

function isModelFormat(format: Format): format is ModelFormat {
  return (MODEL_FORMATS as readonly string[]).includes(format);
}
