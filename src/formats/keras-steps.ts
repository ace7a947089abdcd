/**
 * Keras' layers of one dimension, for samples [steps, channels], by their kin of two, for images [steps, 1, channels]:
 *
 *   Conv1D   →   Reshape [steps, 1, channels], Conv2D of k×1, Reshape [steps, filters]
 *
 * as a model of the layer's name, since the shape that comes before it must be known. Weights are the same numbers in the same order. Padding
 * `causal` is a margin before the first step.
 */
import { FormatError } from './errors.ts';
import { isList } from './fields.ts';
import { isObject, type JsonObject, show, wordOf } from './json.ts';
import { nameOf } from './keras-names.ts';
import { asSubmodel, inputOf } from './keras-submodel.ts';

/** Those with weights. */
const CONVOLUTIONS = ['Conv1D', 'SeparableConv1D', 'DepthwiseConv1D', 'Conv1DTranspose'];
const OTHERS = [
  ...['MaxPooling1D', 'AveragePooling1D', 'GlobalAveragePooling1D', 'GlobalMaxPooling1D'],
  ...['ZeroPadding1D', 'Cropping1D', 'UpSampling1D'],
];
/** Options of one number along the steps, and what they are along the width. */
const ACROSS: Readonly<Record<string, number>> = {
  ...{ kernel_size: 1, pool_size: 1, strides: 1, dilation_rate: 1, size: 1, output_padding: 0 },
};

/** Names of these classes, in their order. */
export const STEP_CLASSES: readonly string[] = [...CONVOLUTIONS, ...OTHERS].sort();

export function isOfSteps({ class_name: className }: JsonObject): boolean {
  return STEP_CLASSES.includes(wordOf(className));
}

/** Whether a class is one of these, and has no weights. */
export function isOfStepsAlone(className: string): boolean {
  return OTHERS.includes(className);
}

/**
 * Such a layer, after an output of `shape`, as a functional model.
 * @throws FormatError where samples aren't [steps, channels].
 */
export function stepsAsModel(
  layer: JsonObject,
  shape: readonly number[],
  where: string,
  file: string,
): JsonObject {
  const config = isObject(layer.config) ? layer.config : {};
  const name = nameOf(layer);
  const className = wordOf(layer.class_name);
  if (shape.length !== 2) {
    throw new FormatError(file, `${where}: expected samples [steps, channels], got ${show(shape)}`);
  }
  const [, channels] = shape;
  const isGlobal = className.startsWith('Global');
  const isCausal = config.padding === 'causal';
  const own = { ...asImages(config, className), name, ...(isCausal && { padding: 'valid' }) };
  const filters =
    config.filters ??
    (typeof config.depth_multiplier === 'number' ? channels * config.depth_multiplier : channels);
  const row: JsonObject[] = [
    { class_name: 'Reshape', config: { name: `${name}_image`, target_shape: [shape[0], 1, channels] } },
    ...(isCausal ? [margin(`${name}_margin`, config)] : []),
    { class_name: className.replace('1D', '2D'), config: own },
    ...(isGlobal && config.keepdims !== true
      ? []
      : [{ class_name: 'Reshape', config: { name: `${name}_steps`, target_shape: [-1, filters] } }]),
  ];
  const names = [inputOf(name), ...row.map(nameOf)];
  const layers = row.map((each, i) => ({
    ...each,
    name: names[i + 1],
    inbound_nodes: [[[names[i], 0, 0, {}]]],
  }));
  return asSubmodel(layer, name, shape, layers, names[names.length - 1]);
}

/** The options of the kin of two dimensions. */
function asImages(config: JsonObject, className: string): JsonObject {
  const pair = (key: string, value: unknown): unknown => {
    const [along] = isList(value) ? value : [value];
    // On a width of 1 any stride is the same, and TensorFlow's depthwise convolutions know equal strides alone.
    if (key === 'strides' && /^(Depthwise|Separable)/.test(className)) return [along, along];
    if (Object.hasOwn(ACROSS, key))
      return along === null || along === undefined ? null : [along, ACROSS[key]];
    // Margins are numbers, or lists of two; other paddings are words.
    if (key === 'cropping' || (key === 'padding' && typeof value !== 'string')) {
      return [isList(value) ? value : [value, value], [0, 0]];
    }
    return value;
  };
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, pair(key, value)]));
}

/** As many zeros before the first step as a kernel reaches back. */
function margin(name: string, { kernel_size: size, dilation_rate: rate = 1 }: JsonObject): JsonObject {
  const [k, d] = [size, rate].map((each) => Number(isList(each) ? each[0] : each));
  return {
    class_name: 'ZeroPadding2D',
    config: {
      name,
      padding: [
        [d * (k - 1), 0],
        [0, 0],
      ],
    },
  };
}

/** The shape of a weight here, [k, 1, in, out], where a file has it without the width of 1: else the file's. */
export function withWidth(given: readonly number[], own: readonly number[]): readonly number[] {
  const isKin = own[1] === 1 && own.length === given.length + 1;
  return isKin && given.every((size, d) => size === own[d === 0 ? 0 : d + 1]) ? own : given;
}
