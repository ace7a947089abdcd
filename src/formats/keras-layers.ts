/**
 * Layers as Keras and TensorFlow.js describe them, and as we do, by the table of keras-layer-table.ts.
 *
 *   { "class_name": "Conv2D", "config": { "name": "conv2d", "filters": 32, "data_format": "channels_last", … } }
 *
 * Keras' layers can do more than ours. What ours lack is refused by name: a field that isn't known here may change what
 * a layer computes, so only null (Keras' "none") is taken for it.
 *
 * Source: Keras 2's get_config of each layer, which TensorFlow.js (tfjs-layers/src/keras_format) writes as well.
 */
import { listed } from '../checks/describe.ts';
import type { LayerConfig } from '../layers/layer.ts';
import { layerFromConfig } from '../layers/registry.ts';
import { isTrainingOnly } from '../layers/training-only.ts';
import type { Shape } from '../tensor/tensor.ts';
import { FormatError } from './errors.ts';
import { type FieldReader, isList, isString } from './fields.ts';
import { isCount, isObject, type JsonObject, show, wordOf } from './json.ts';
import { cropLayer } from './keras-crops.ts';
import { isFloat, shownType } from './keras-dtypes.ts';
import { LAYERS, TRAINING_ONLY } from './keras-layer-table.ts';
import { STEP_CLASSES } from './keras-steps.ts';
import { snakeCase, valueFromKeras, valueToKeras } from './keras-values.ts';

/** Fields that don't change what a layer computes once its weights are there: initializers that we lack, what draws random numbers, LoRA, which files have within the kernel. */
const IDLE = /^(\w+_initializer|seed|rng_type|lora_rank|lora_alpha)$/;
/** What to do where a file leaves sizes open. */
const OPEN_SIZES =
  'sizes that the file leaves open are given by loadModel(place, { inputShape: [224, 224, 3] }), or --size 224 of degelo convert and finetune';
/** What every layer of ours has, or a first one. */
const OWN = ['name', 'trainable', 'inputShape', 'shape', 'unsupported'];
const INPUT_LAYER = 'InputLayer';
/** What an input could do, and ours doesn't. */
const INPUT_FIXED: readonly (readonly [string, unknown])[] = [
  ['sparse', false],
  ['ragged', false],
  ['optional', false],
  ['input_tensor', null],
];

export interface LayerDescription {
  readonly className: string;
  readonly config: LayerConfig;
}

/**
 * A layer as Keras describes it.
 * @param inputShape of one sample, for a model's first layer
 * @throws RangeError for a layer, or an option of one, that isn't in the table.
 */
export function toKeras({ className, config }: LayerDescription, inputShape: Shape | null): JsonObject {
  const [kept] = Object.keys(config.unsupported ?? {});
  if (TRAINING_ONLY.includes(kept)) {
    const { name, trainable, unsupported } = config;
    const shape = inputShape && { batch_input_shape: [null, ...inputShape] };
    return {
      class_name: kept,
      config: { ...(unsupported?.[kept] as JsonObject), name, trainable, ...shape },
    };
  }
  const layer = LAYERS.find((entry) => entry.className === className && !entry.isOperation);
  if (!layer) {
    throw new RangeError(
      `layer ${config.name}: ${className} can't be stored in this format: expected ${names('className')}`,
    );
  }
  const { options = {}, defaulted = {} } = layer;
  for (const option of Object.keys(config)) {
    if (!OWN.includes(option) && !Object.hasOwn(options, option) && !Object.hasOwn(defaulted, option)) {
      throw new RangeError(
        `layer ${config.name}: ${className}'s ${option} can't be stored in this format (degelo's own has it)`,
      );
    }
  }
  const fixed = Object.entries(layer.fixed ?? {}).filter(([, value]) => value !== null);
  const write = (option: string): unknown => valueToKeras(option, config[option], `layer ${config.name}`);
  const later = Object.entries(defaulted).map(([ours, [theirs, value]]) => [
    theirs,
    Object.hasOwn(config, ours) ? write(ours) : value,
  ]);
  return {
    class_name: layer.keras ?? className,
    config: {
      name: config.name,
      trainable: config.trainable,
      ...(className === INPUT_LAYER &&
        isList(config.shape) && { batch_input_shape: [null, ...config.shape] }),
      ...(inputShape && { batch_input_shape: [null, ...inputShape] }),
      dtype: 'float32',
      ...Object.fromEntries(Object.entries(options).map(([ours, theirs]) => [theirs, write(ours)])),
      ...Object.fromEntries(fixed),
      // JSON leaves out what is undefined.
      ...Object.fromEntries(later),
      ...config.unsupported,
    },
  };
}

/**
 * A stack of layers that Keras describes.
 * @param builtFor the shape of a batch for which the model was built, where the first layer names none; undefined: none
 * @param isKeras3 whether Keras 3 wrote it, whose hard sigmoid is another function
 * @param file what messages call their place
 * @throws FormatError naming the layer and the field, where we lack such a layer, it does what ours can't, or it can't
 *   follow the one before it.
 */
export function fromKeras(
  layers: readonly unknown[],
  builtFor: unknown,
  isKeras3: boolean,
  field: FieldReader,
  file: string,
): { readonly inputShape: Shape; readonly layers: readonly LayerDescription[] } {
  const read: LayerDescription[] = [];
  const taken = new Set<string>();
  let inputShape: Shape | null = null;
  let shape: Shape | null = null;
  for (const [i, value] of layers.entries()) {
    const layer = field(`layer ${i}`, value, 'an object', isObject);
    const className = field(`layer ${i}: class_name`, layer.class_name, 'a string', isString);
    const config = field(`layer ${i}: config`, layer.config, 'an object', isObject);
    const name = field(`layer ${i}: name`, config.name, 'a name', isName);
    const where = `layer ${show(name)} (${className})`;
    // An input after another layer is that of a model within the model: it gets what comes before it.
    if (className === INPUT_LAYER) {
      checkInputLayer(config, where, field);
      if (shape) expectFits(config, shape, where, file);
      else shape = inputShape = readInputShape(config, builtFor, where, field);
      continue;
    }
    if (taken.has(name)) throw new FormatError(file, `${where}: layer names must differ, got it twice`);
    taken.add(name);
    if (!shape) shape = inputShape = readInputShape(config, builtFor, where, field);
    try {
      const description = readLayer(className, config, name, shape, isKeras3, (key, ...rest) =>
        field(`${where}: ${key}`, ...rest),
      );
      shape = layerFromConfig(description.className, description.config).computeOutputShape(shape);
      read.push(description);
    } catch (cause) {
      if (!(cause instanceof RangeError || cause instanceof TypeError)) throw cause;
      throw new FormatError(file, `${where}: ${cause.message}`, { cause });
    }
  }
  if (!inputShape) throw new FormatError(file, 'a model needs at least one layer, got none');
  return { inputShape, layers: read };
}

/** A layer's JSON as one of ours, after an output of `inputShape`. Throws as readLayer does. */
export function readKerasLayer(
  layer: JsonObject,
  inputShape: Shape,
  isKeras3: boolean,
  where: string,
  field: FieldReader,
): LayerDescription {
  const className = field(`${where}: class_name`, layer.class_name, 'a string', isString);
  const config = field(`${where}: config`, layer.config, 'an object', isObject);
  const name = field(`${where}: name`, config.name, 'a name', isName);
  return readLayer(className, config, name, inputShape, isKeras3, (key, ...rest) =>
    field(`${where}: ${key}`, ...rest),
  );
}

/** The shape of one sample that a layer's JSON names: an input's, or a first layer's. */
export function readInput(layer: JsonObject, builtFor: unknown, where: string, field: FieldReader): Shape {
  const config = field(`${where}: config`, layer.config, 'an object', isObject);
  if (layer.class_name === INPUT_LAYER) checkInputLayer(config, where, field);
  return readInputShape(config, builtFor, where, field);
}

/** The shape that comes before a model within the model. @throws FormatError where that was made for another. */
export function inputWithin(
  layer: JsonObject,
  shape: Shape,
  where: string,
  field: FieldReader,
  file: string,
): Shape {
  const config = field(`${where}: config`, layer.config, 'an object', isObject);
  checkInputLayer(config, where, field);
  expectFits(config, shape, where, file);
  return shape;
}

/**
 * One layer, after an output of `inputShape`.
 * @throws RangeError where we lack such a layer, and FormatError by `field`.
 */
function readLayer(
  className: string,
  config: JsonObject,
  name: string,
  inputShape: Shape,
  isKeras3: boolean,
  field: FieldReader,
): LayerDescription {
  const trainable = field('trainable', config.trainable ?? true, 'true or false', isBoolean);
  const inTraining = TRAINING_ONLY.includes(className) && { unsupported: { [className]: config } };
  if (className === 'CenterCrop') {
    const isLast = (value: unknown): value is unknown => value === null || value === 'channels_last';
    field('data_format', config.data_format ?? null, EXPECTED.data_format, isLast);
  }
  const crop = cropLayer(className, config, inputShape, isKeras3);
  if (crop) return { className: crop.className, config: { name, trainable, ...crop.config, ...inTraining } };
  if (inTraining) {
    return { className: 'Activation', config: { name, trainable, activation: 'linear', ...inTraining } };
  }
  const layer = LAYERS.find((entry) => (entry.keras ?? entry.className) === className);
  if (!layer)
    throw new RangeError(`isn't supported: expected one of ${names('keras')}${adviceFor(className)}`);
  const { options = {}, defaulted = {}, aliases = {}, given = {}, idle = [] } = layer;
  const fixed = { ...layer.fixed, ...layer.only };
  const fields = new Map(Object.entries(options).map(([ours, theirs]) => [theirs, ours]));
  for (const [ours, [theirs]] of Object.entries(defaulted)) fields.set(theirs, ours);
  for (const [theirs, ours] of Object.entries(aliases)) fields.set(theirs, ours);
  const ours: Record<string, unknown> = { ...given };
  const unsupported: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(config)) {
    const option = fields.get(key);
    // Keras 2 wrote an axis as a list of one; Normalization's is empty where there is none.
    const single = key === 'axis' && isList(value) && value.length < 2 ? (value[0] ?? null) : value;
    if (option !== undefined) {
      // null: Keras' default, which is ours.
      const read = value === null ? undefined : valueFromKeras(option, single, isKeras3);
      if (read !== undefined) ours[option] = read;
      else if (isTrainingOnly(key) && !hasNoEffect(value)) unsupported[key] = value;
    } else if (Object.hasOwn(fixed, key)) {
      // An axis may be counted from either end; the batch is one too.
      const isLast = (v: unknown): boolean => key === 'axis' && v === inputShape.length && fixed[key] === -1;
      // TensorFlow.js itself has some words in camel case: channelsLast.
      const isSame = (v: unknown): boolean => sameJson(isString(v) ? snakeCase(v) : v, fixed[key]);
      // Keras 3's softmax along no axis is one over the whole batch.
      const isDefault = (v: unknown): boolean =>
        v === null && !(isKeras3 && className === 'Softmax' && key === 'axis');
      const isFixed = (v: unknown): v is unknown => isDefault(v) || isSame(v) || isLast(v);
      field(key, single, EXPECTED[key] ?? show(fixed[key]), isFixed);
    } else if (key === 'dtype') {
      field(
        key,
        isFloat(value) ? 'float32' : shownType(value),
        '"float32", or of half or double precision',
        isFloat,
      );
    } else if (isTrainingOnly(key)) {
      if (!hasNoEffect(value)) unsupported[key] = value;
    } else if (!COMMON.includes(key) && !IDLE.test(key) && !idle.includes(key)) {
      field(key, value, "null or absent (it isn't supported)", isNull);
    }
  }
  const kept = Object.keys(unsupported).length > 0 && { unsupported };
  return { className: layer.className, config: { name, trainable, ...ours, ...kept } };
}

/** What to do about a layer that isn't one of Keras' own, or that we lack. */
function adviceFor(className: string): string {
  const found = INSTEAD.find(([classes]) => classes.test(className));
  return `; ${found?.[1] ?? 'put such layers in its place in Keras'}`;
}

/** What to put in a layer's place in Keras. */
const INSTEAD: readonly (readonly [classes: RegExp, advice: string])[] = [
  [/^Lambda$/, 'a Lambda is Python code: put such layers in its place in Keras'],
  [
    /^TimeDistributed$/,
    'where it holds a Dense layer, put that in its place in Keras: it works along the last dimension by itself',
  ],
  [/^SpectralNormalization$/, 'put the layer that it holds in its place in Keras'],
  [/^Pipeline$/, 'put its layers in its place in Keras, one by one'],
  [
    /^EinsumDense$/,
    'put Dense in its place in Keras where its equation is a product along the last dimension',
  ],
  [
    /^(FlaxLayer|JaxLayer|TFSMLayer|TorchModuleWrapper)$/,
    'it holds a network of another library: make it again of layers of Keras',
  ],
  [/3D/, 'degelo has images, and neither volumes nor films: put 2D layers in its place in Keras'],
  [
    /^(AutoContrast|.*Equalization|MaxNumBoundingBoxes|CategoryEncoding|Discretization|Hash.*|.*Lookup|.*Vectorization|.*Spectrogram)$/,
    'leave it out in Keras, and do to the data what it did',
  ],
  [/^Masking$/, 'leave it out in Keras where no recurrent layer follows'],
  [
    /^Adaptive/,
    'put AveragePooling2D or MaxPooling2D with pools of input size / output size in its place in Keras',
  ],
  [
    /^(LSTM|GRU|SimpleRNN|.*Cells?|.*Embedding|.*Attention|Bidirectional|ConvLSTM.*|.*RNN)$/,
    'recurrent layers, embeddings and attention are for TensorFlow.js or PyTorch',
  ],
];

/** Fields with one value that is read, of which messages say too what to do about others. */
const EXPECTED: Readonly<Record<string, string>> = {
  data_format:
    '"channels_last" (keras.config.set_image_data_format("channels_last"), make the model again, and give it these weights by set_weights: kernels are alike)',
  renorm:
    'false (make the model again in Keras without renorm, and give it the weights that both have by set_weights)',
  axis: '-1, the last dimension, where the channels are (Permute brings another there)',
};

const COMMON = ['name', 'trainable', 'batch_input_shape', 'batch_shape'];

/** Shape of one sample, of a first layer: `[null, 28, 28, 1]` without the batch. Keras 3 calls it batch_shape. */
function readInputShape(config: JsonObject, builtFor: unknown, where: string, field: FieldReader): Shape {
  const key = config.batch_shape === undefined ? 'batch_input_shape' : 'batch_shape';
  const given = config[key] ?? builtFor;
  const isOpen = isList(given) && given.slice(1).includes(null);
  const [, ...shape] = field(
    `${where}: ${key}`,
    given,
    `[null, …sizes] without another null, since it is the first layer (${isOpen ? OPEN_SIZES : 'keras.Input'})`,
    isBatchShape,
  );
  return shape;
}

/** @throws FormatError for an input of other numbers: Keras cuts them to whole ones, and then predicts otherwise. */
function checkInputLayer(config: JsonObject, where: string, field: FieldReader): void {
  const { dtype = null } = config;
  field(
    `${where}: dtype`,
    dtype,
    '"float32" (one of whole numbers is read where only Rescaling or Normalization reads it: put Rescaling(1.0) after it in Keras)',
    isFloat,
  );
  for (const [key, only] of INPUT_FIXED) {
    const isOnly = (value: unknown): value is unknown => value === null || value === only;
    field(`${where}: ${key}`, config[key] ?? null, show(only), isOnly);
  }
}

/** @throws FormatError where a model within the model was made for another shape than what comes before it. */
function expectFits(config: JsonObject, shape: Shape, where: string, file: string): void {
  const sizes = config.batch_shape ?? config.batch_input_shape;
  if (!isList(sizes)) return;
  const [, ...given] = sizes;
  // Keras 3's shapes don't say that the activation glu halves the channels: a file may have 2, 4, … times as many.
  const isOfGlu = (size: unknown, d: number): boolean =>
    d === shape.length - 1 &&
    isCount(size) &&
    size > shape[d] &&
    Number.isInteger(Math.log2(size / shape[d]));
  const fits = (size: unknown, d: number): boolean => size === null || size === shape[d] || isOfGlu(size, d);
  if (given.length === shape.length && given.every(fits)) return;
  throw new FormatError(
    file,
    `${where}: must fit the layer before it: expected [${shape}], got ${show(given)}`,
  );
}

/** None, or one whose factors are all 0, as Keras writes L1L2 where only one of the two was asked for. */
function hasNoEffect(value: unknown): boolean {
  if (!isObject(value) || !isObject(value.config)) return value === null;
  const { l1 = 0, l2 = 0, ...others } = value.config;
  return /^L[12]/i.test(wordOf(value.class_name)) && l1 === 0 && l2 === 0 && Object.keys(others).length === 0;
}

/** The classes that are known, by our names or Keras'. */
function names(key: 'className' | 'keras'): string {
  const layers = LAYERS.filter(({ isOperation }) => !isOperation);
  const own = layers.map((layer) => layer[key] ?? layer.className);
  return listed([...new Set([...own, ...(key === 'keras' ? STEP_CLASSES : [])])].sort());
}

function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function isBatchShape(value: unknown): value is [batch: unknown, ...number[]] {
  return isList(value) && value.length > 1 && value.slice(1).every((size) => isCount(size) && size > 0);
}

function isName(value: unknown): value is string {
  return isString(value) && value !== '';
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isNull(value: unknown): value is null {
  return value === null;
}
