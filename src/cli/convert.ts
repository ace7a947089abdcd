/** `degelo convert`: models and weights from one format into another, with the same bits in them. */
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { type Command, Option } from 'commander';
import { listFolder, readWholeFile, writeFileAtomic } from '#files';
import { MODEL_FORMATS, type ModelFormat } from '../formats/format-names.ts';
import { foreignFormat } from '../formats/places.ts';
import type { WeightsFormatName } from '../formats/weights-file.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Model } from '../training/model.ts';
import { tell, write } from './output.ts';
import { UsageError } from './usage.ts';

type Format = ModelFormat | WeightsFormatName;
const FORMATS: readonly Format[] = [...MODEL_FORMATS, 'safetensors', 'npz'];

interface ConvertFlags {
  readonly from?: Format;
  readonly to?: Format;
  readonly architecture?: string;
  readonly force?: true;
}

/** What was read: a whole model, or weights without layers. */
type Contents = { readonly format: string } & (
  | { readonly model: Model }
  | { readonly tensors: ReadonlyMap<string, Tensor> }
);

export function addConvertCommand(program: Command): void {
  program
    .command('convert')
    .description(
      "convert a model between degelo's format, TensorFlow.js' (and Keras' converter's), safetensors and NumPy's .npz",
    )
    .argument('<from>', "a model's folder or model.json; or weights alone: a .safetensors or .npz file")
    .argument(
      '<to>',
      'a .safetensors or .npz file for the weights alone; or a folder: a TensorFlow.js model where FROM is ours, else ours',
    )
    .addOption(new Option('--from <format>', 'format of FROM, whatever it looks like').choices(FORMATS))
    .addOption(new Option('--to <format>', 'format of TO, whatever its name is').choices(FORMATS))
    .option('--architecture <model>', 'a model of either format, whose layers the weights of FROM belong to')
    .option('--force', 'replace TO, where it is there')
    .action(convert);
}

async function convert(from: string, to: string, flags: ConvertFlags): Promise<void> {
  const weights = flags.from ?? (await weightsFormatOf(from));
  const source = weights && !isModelFormat(weights) ? weights : null;
  if (source === null && flags.architecture !== undefined) {
    throw new UsageError(`convert: --architecture is for weights alone, and ${from} has layers of its own`);
  }
  const named = flags.to ?? (await weightsFormatOf(to));
  if (named === null) refuseForeign(to);
  if (source && flags.architecture === undefined && (named === null || isModelFormat(named))) {
    throw new UsageError(
      `convert: ${from} holds weights alone: --architecture MODEL must say whose layers they belong to`,
    );
  }
  await checkTarget(from, to, flags.force === true);
  // All of it is read and checked before anything is written.
  const contents = source
    ? await readWeights(from, source, flags.architecture)
    : await readModel(from, flags.from as ModelFormat | undefined); // the weights' formats are the others
  const format = source ?? contents.format;
  const target = named ?? (format === 'degelo' ? 'tfjs' : 'degelo');
  await writeContents(contents, to, target);
  const tensors = await tensorsOf(contents);
  const parameters = Array.from(tensors.values()).reduce((sum, { size }) => sum + size, 0);
  write(
    `${from} (${format}) → ${to} (${target}): ${tensors.size} tensors, ` +
      `${parameters.toLocaleString('en-US')} parameters\n`,
  );
}

async function readModel(path: string, format?: ModelFormat): Promise<Contents> {
  const { loadModel } = await import('../training/saved/load-model.ts');
  const model = await loadModel(path, { ...(format && { format }) });
  tell(model);
  return { model, format: model.origin?.format ?? 'degelo' };
}

async function readWeights(
  path: string,
  format: WeightsFormatName,
  architecture?: string,
): Promise<Contents> {
  const { setNamedWeights, WEIGHTS_FORMATS } = await import('../formats/weights-file.ts');
  const tensors = WEIGHTS_FORMATS[format].decode(await readWholeFile(path), path);
  if (architecture === undefined) return { tensors, format };
  if ((await weightsFormatOf(architecture)) !== null) {
    throw new UsageError(
      `convert: --architecture must be a model with layers: ${architecture} has weights alone`,
    );
  }
  const contents = await readModel(architecture);
  if ('model' in contents) setNamedWeights(contents.model, tensors, path);
  return contents;
}

async function writeContents(contents: Contents, path: string, format: Format): Promise<void> {
  if (!isModelFormat(format)) {
    const { WEIGHTS_FORMATS } = await import('../formats/weights-file.ts');
    await writeFileAtomic(path, WEIGHTS_FORMATS[format].encode(await tensorsOf(contents), path));
    return;
  }
  if (!('model' in contents)) throw new Error('convert: a model needs layers'); // seen to above
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
  const way = /keras|hdf5/i.test(foreign)
    ? ': convert to a folder for TensorFlow.js, of which tensorflowjs_converter --input_format=tfjs_layers_model ' +
      '--output_format=keras makes it'
    : '';
  throw new UsageError(
    `convert: ${foreign} can't be written: expected a folder, .safetensors or .npz, got ${to}${way}`,
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
  if (!there.isDirectory()) throw new Error(`convert: ${to} is there already (--force replaces it)`);
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
