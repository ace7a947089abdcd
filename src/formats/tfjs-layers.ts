/**
 * Where TensorFlow.js (4.22) makes another layer than Keras of the same JSON. It refuses classes that it lacks, and passes over options that it
 * doesn't compute. So such layers aren't written for it; what it has in other words is written in these. A file that it wrote itself was trained as it
 * computes, and is refused where that is another function here. Source: tfjs-layers/src/layers.
 */
import type { Shape } from '../tensor/tensor.ts';
import { type FieldReader, isList } from './fields.ts';
import { isObject, type JsonObject, show, wordOf } from './json.ts';
import { type LayerDescription, toKeras } from './keras-layers.ts';
import { camelCase } from './keras-values.ts';

/** Classes that it has, of those that we write. Its Resizing isn't among them: it takes no batch, so that no model can hold it. */
const CLASSES: readonly string[] = [
  ...['Activation', 'Add', 'AlphaDropout', 'Average', 'AveragePooling2D', 'BatchNormalization'],
  ...['Concatenate', 'Conv2D', 'Conv2DTranspose', 'Cropping2D', 'Dense', 'DepthwiseConv2D', 'Dropout'],
  ...['Flatten', 'GaussianDropout', 'GaussianNoise', 'GlobalAveragePooling2D', 'GlobalMaxPooling2D'],
  ...['InputLayer', 'LayerNormalization', 'LeakyReLU', 'MaxPooling2D', 'Maximum', 'Minimum', 'Multiply'],
  ...['PReLU', 'Permute', 'ReLU', 'Rescaling', 'Reshape', 'SeparableConv2D', 'Softmax', 'ThresholdedReLU'],
  ...['UpSampling2D', 'ZeroPadding2D'],
];

/** The only value that it computes, of options that it passes over, or computes otherwise. */
const ONLY: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  Conv2D: { groups: 1 },
  Conv2DTranspose: { dilation_rate: [1, 1], output_padding: undefined },
  DepthwiseConv2D: { dilation_rate: [1, 1] },
  ReLU: { negative_slope: 0, threshold: 0 },
  UpSampling2D: { interpolation: 'nearest' },
};

const CONSTRAINTS: readonly string[] = ['MaxNorm', 'MinMaxNorm', 'NonNeg', 'UnitNorm'];

/** Layers that prepare images: augmentation among them. */
const PREPARING = /^(Random[A-Z]|Resizing$|Normalization$)/;

/** What it takes for a name: those of layers become names of tensors. */
const NAME = /^[A-Za-z0-9][\w./-]*$/;

/** A layer's shapes, of one sample. */
export interface LayerShapes {
  /** null: it begins a graph. */
  readonly inputShape: Shape | null;
  readonly outputShape: Shape | null;
}

/**
 * A layer as TensorFlow.js describes it.
 * @param shapes of the built layer
 * @param first the model's input shape, where the layer begins a row
 * @throws RangeError where it has no such layer, or computes another.
 */
export function toTfjs(layer: LayerDescription, shapes: LayerShapes, first: Shape | null): JsonObject {
  const { class_name: className, config } = inItsNames(toKeras(inItsWords(layer, shapes), first));
  const { name, ...options } = config;
  if (!CLASSES.includes(String(className))) {
    // Such layers stand before all others, and programs can do their work, or leave it out where it is for training alone.
    const cut = PREPARING.test(String(className))
      ? `: where it begins the model, cut it off: model({ inputs: net.getLayer('${name}').output, outputs: net.output })`
      : '';
    throw new RangeError(
      `layer ${name}: ${className} can't be stored in this format: TensorFlow.js lacks it (.keras and degelo's own format have it)${cut}`,
    );
  }
  for (const [option, only] of Object.entries(ONLY[String(className)] ?? {})) {
    const value = show(options[option] ?? only);
    if (value === show(only)) continue;
    throw new RangeError(
      `layer ${name}: ${className}'s ${camelCase(option)} ${value} can't be stored in this format: TensorFlow.js computes another (.keras and degelo's own format have it)`,
    );
  }
  for (const [option, value] of Object.entries(options)) {
    if (!value || !isLackingInTraining(option, value)) continue;
    throw new RangeError(
      `layer ${name}: ${option} can't be stored in this format: TensorFlow.js lacks it (layer.unsupported = null gives it up, which changes no prediction)`,
    );
  }
  return { class_name: className, config };
}

/** Penalties on outputs, and regularizers and constraints of other classes than it has. */
function isLackingInTraining(option: string, value: unknown): boolean {
  const kind = isObject(value) ? wordOf(value.class_name) : '';
  if (option === 'activity_regularizer') return true;
  if (option.endsWith('_constraint')) return !CONSTRAINTS.includes(kind);
  return option.endsWith('_regularizer') && kind !== 'L1L2';
}

/** @throws RangeError for a name that can't be one of its tensors. */
export function expectTfjsName(name: string): void {
  if (NAME.test(name)) return;
  throw new RangeError(
    `layer ${name}: its name can't be stored in this format: TensorFlow.js takes letters and digits from A to z and 0 to 9, and "_", ".", "/" and "-" behind the first: rename it: layer.name = '…'`,
  );
}

/** The same function, where it has that by another layer or other options. */
function inItsWords(layer: LayerDescription, { inputShape, outputShape }: LayerShapes): LayerDescription {
  const { config } = layer;
  const [whole, batchAxes] = [inputShape?.slice(0, 2), (outputShape?.length ?? 0) + 1];
  switch (layer.className) {
    case 'GlobalAveragePooling2D':
    case 'GlobalMaxPooling2D': {
      // With one window that is the image, since its global ones leave no dimensions.
      const { keepdims, ...others } = config;
      if (!keepdims) break;
      const className = layer.className.replace('Global', '');
      return { className, config: { ...others, poolSize: whole, strides: whole, padding: 'valid' } };
    }
    case 'ReLU': {
      const { maxValue, negativeSlope, threshold, ...others } = config;
      if (maxValue !== null || threshold !== 0 || negativeSlope === 0) break;
      return { className: 'LeakyReLU', config: { ...others, negativeSlope } };
    }
    case 'Reshape': // whose sizes it doesn't infer, since that of the batch is open too
      return { ...layer, config: { ...config, targetShape: outputShape } };
    case 'Flatten': // which takes no rows of numbers there
      if (inputShape?.length !== 1) break;
      return { className: 'Activation', config: { ...config, activation: 'linear' } };
    case 'Concatenate': // which takes every axis below 0 for the last one
      if (Number(config.axis) >= -1) break;
      return { ...layer, config: { ...config, axis: Number(config.axis) + batchAxes } };
    case 'SpatialDropout2D':
      return { className: 'Dropout', config: { ...config, noiseShape: [null, 1, 1, null] } };
  }
  return layer;
}

/** Names that only it has; without initializers that it lacks, since weights follow. */
function inItsNames(layer: JsonObject): { readonly class_name: unknown; readonly config: JsonObject } {
  const { max_value: most, negative_slope: slope, threshold, ...others } = layer.config as JsonObject; // toKeras made it
  if (layer.class_name === 'ReLU' && most === null && slope === 0 && threshold !== 0) {
    return { class_name: 'ThresholdedReLU', config: { ...others, theta: threshold } };
  }
  // What only training knows is kept as Keras wrote it, with a policy in place of a type's name.
  const config = Object.entries(layer.config as JsonObject).map(([key, value]) => [
    key,
    key === 'dtype' ? 'float32' : initializer(value),
  ]);
  // Keras 2, which reads these files by tensorflowjs_converter, makes no input that is told whether it trains.
  const isKept = ([key]: unknown[]): boolean => key !== 'trainable' || layer.class_name !== 'InputLayer';
  return { class_name: layer.class_name, config: Object.fromEntries(config.filter(isKept)) };
}

/** LeCun's as the scaling that they are, since it has another name for them than Keras; nothing for one that it lacks, since weights follow. */
function initializer(value: unknown): unknown {
  if (!isObject(value)) return value;
  if (isObject(value.config) && value.config.distribution === 'untruncated_normal') return undefined;
  const name = wordOf(value.class_name);
  if (!name.startsWith('Lecun')) return value;
  const distribution = name === 'LecunUniform' ? 'uniform' : 'truncated_normal';
  return { class_name: 'VarianceScaling', config: { scale: 1, mode: 'fan_in', distribution } };
}

/** Whether TensorFlow.js wrote a model, by what it says there of Keras' version. */
export function isOfTfjs(version: unknown): boolean {
  return wordOf(version).startsWith('tfjs-layers');
}

/** @throws FormatError where a model that TensorFlow.js wrote has a layer that it computes otherwise than Keras and we do. */
export function expectAsInKeras(value: unknown, field: FieldReader): void {
  for (const each of isList(value) ? value : []) expectAsInKeras(each, field);
  if (!isObject(value)) return;
  for (const each of Object.values(value)) expectAsInKeras(each, field);
  const { class_name: className, config } = value;
  if (!isObject(config)) return;
  const where = `layer ${show(config.name)} (${wordOf(className)})`;
  const isOpen = (given: unknown): given is unknown => given === undefined || given === null;
  if (className === 'DepthwiseConv2D') {
    const isPlain = (given: unknown): given is unknown =>
      isOpen(given) || given === 1 || show(given) === show([1, 1]);
    field(`${where}: dilation_rate`, config.dilation_rate, DILATION, isPlain);
  }
  if (className === 'UpSampling2D') {
    const isNearest = (given: unknown): given is unknown => isOpen(given) || given === 'nearest';
    field(`${where}: interpolation`, config.interpolation, INTERPOLATION, isNearest);
  }
  if (className === 'Concatenate') {
    field(`${where}: axis`, config.axis, AXIS, (axis): axis is unknown => isOpen(axis) || Number(axis) >= -1);
  }
}

const DILATION =
  '[1,1] in a file that TensorFlow.js wrote, since it computes that, whatever it wrote (put it there)';
const INTERPOLATION = `"nearest" in a file that TensorFlow.js wrote, whose "bilinear" is another than Keras'`;
const AXIS =
  '−1 or above in a file that TensorFlow.js wrote, since it takes all below for −1 (put that there)';
