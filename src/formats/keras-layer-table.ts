/**
 * Layers as Keras and we call them, and their options: what is read, what is refused, what changes nothing. A new layer joins with one entry of
 * LAYERS. How the table is used: keras-layers.ts. Source: Keras' get_config of each layer.
 */
import { isOfStepsAlone } from './keras-steps.ts';

/**
 * Layers that do nothing in a prediction, and of which we lack what they do in training: an identity, which `fit` refuses to train with
 * (Layer.unsupported).
 */
export const TRAINING_ONLY: readonly string[] = [
  ...['ActivityRegularization', 'AlphaDropout', 'AugMix', 'CutMix', 'GaussianDropout', 'MixUp'],
  ...[
    'RandAugment',
    'RandomColorDegeneration',
    'RandomColorJitter',
    'RandomElasticTransform',
    'RandomErasing',
    'RandomGaussianBlur',
  ],
  ...[
    'RandomGrayscale',
    'RandomHue',
    'RandomInvert',
    'RandomPerspective',
    'RandomPosterization',
    'RandomSaturation',
  ],
  ...['RandomCrop', 'RandomSharpness', 'RandomShear', 'Solarization'],
];

/** How a layer of ours is in Keras' config, beside `name`, `trainable` and `batch_input_shape`, which all have. */
export interface KerasLayer {
  /** Our class; Keras' is the same unless `keras` says another. */
  readonly className: string;
  readonly keras?: string;
  /** Stands for operations of Keras, and has no class there. */
  readonly isOperation?: true;
  /** Where Keras 3 has it. Default: `keras.layers`. */
  readonly module?: string;
  /** Our options, and Keras' fields of the same values. */
  readonly options?: Readonly<Record<string, string>>;
  /** Options that are in our config only where they aren't the default: Keras' field, and the default. */
  readonly defaulted?: Readonly<Record<string, readonly [theirs: string, value: unknown]>>;
  /** Fields of other versions of Keras, and our options of the same values: read, not written. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** What Keras could do otherwise, and we can't: fields with the only value that is read. Written too, unless null. */
  readonly fixed?: Readonly<Record<string, unknown>>;
  /** The same, but not written: fields that not all versions of Keras have. */
  readonly only?: Readonly<Record<string, unknown>>;
  /** Fields that change nothing here. */
  readonly idle?: readonly string[];
  /** Our options where Keras has a class of its own for one value. */
  readonly given?: Readonly<Record<string, unknown>>;
}

const CHANNELS_LAST = { data_format: 'channels_last' };
const WINDOWS = {
  kernelSize: 'kernel_size',
  strides: 'strides',
  padding: 'padding',
  activation: 'activation',
} as const;
const DEPTHWISE = {
  depthMultiplier: ['depth_multiplier', 1],
  depthwiseInitializer: ['depthwise_initializer', undefined],
  depthwiseRegularizer: ['depthwise_regularizer', undefined],
} as const;
const DILATION = { dilationRate: ['dilation_rate', [1, 1]] } as const;
const BIAS = {
  useBias: ['use_bias', true],
  biasInitializer: ['bias_initializer', undefined],
  biasRegularizer: ['bias_regularizer', undefined],
} as const;
const KERNEL = {
  kernelInitializer: ['kernel_initializer', undefined],
  kernelRegularizer: ['kernel_regularizer', undefined],
} as const;
const REGULARIZED = {
  gammaRegularizer: ['gamma_regularizer', undefined],
  betaRegularizer: ['beta_regularizer', undefined],
} as const;
const KEEPDIMS = { keepdims: ['keepdims', false] } as const;

const FILL = { fillMode: 'fill_mode', interpolation: 'interpolation', fillValue: 'fill_value' } as const;

/** The first entry of a class of ours is the one that is written. */
export const LAYERS: readonly KerasLayer[] = [
  {
    className: 'Conv2D',
    options: { filters: 'filters', ...WINDOWS },
    fixed: CHANNELS_LAST,
    defaulted: { ...DILATION, groups: ['groups', 1], ...BIAS, ...KERNEL },
  },
  {
    className: 'Dense',
    options: { units: 'units', activation: 'activation' },
    defaulted: { ...BIAS, ...KERNEL },
  },
  {
    className: 'MaxPooling2D',
    options: { poolSize: 'pool_size', strides: 'strides' },
    fixed: CHANNELS_LAST,
    defaulted: { padding: ['padding', 'valid'] },
  },
  {
    className: 'AveragePooling2D',
    options: { poolSize: 'pool_size', strides: 'strides', padding: 'padding' },
    fixed: CHANNELS_LAST,
  },
  { className: 'GlobalAveragePooling2D', fixed: CHANNELS_LAST, defaulted: KEEPDIMS },
  { className: 'GlobalMaxPooling2D', fixed: CHANNELS_LAST, defaulted: KEEPDIMS },
  { className: 'ZeroPadding2D', options: { padding: 'padding' }, fixed: CHANNELS_LAST },
  // Keras 3 calls it negative_slope, and reads both.
  {
    className: 'LeakyReLU',
    options: { negativeSlope: 'alpha' },
    aliases: { negative_slope: 'negativeSlope' },
  },
  { className: 'InputLayer', fixed: { sparse: false, ragged: null, optional: null } },
  {
    className: 'BatchNormalization',
    options: { axis: 'axis', momentum: 'momentum', epsilon: 'epsilon', center: 'center', scale: 'scale' },
    only: { renorm: false },
    // Over several devices, which are one here; and what renorm would read.
    idle: ['synchronized', 'renorm_clipping', 'renorm_momentum'],
    defaulted: REGULARIZED,
  },
  {
    className: 'LayerNormalization',
    options: { axis: 'axis', epsilon: 'epsilon', center: 'center', scale: 'scale' },
    only: { rms_scaling: false },
    defaulted: REGULARIZED,
  },
  {
    className: 'GroupNormalization',
    options: { groups: 'groups', epsilon: 'epsilon', center: 'center', scale: 'scale' },
    fixed: { axis: -1 },
    defaulted: REGULARIZED,
  },
  { className: 'RMSNormalization', options: { axis: 'axis', epsilon: 'epsilon' } },
  // ConvNeXt's own classes in keras.applications.
  {
    className: 'LayerScale',
    options: { initValue: 'init_values', projectionDim: 'projection_dim' },
    module: 'keras.src.applications.convnext',
  },
  {
    className: 'Normalization',
    options: { axis: 'axis' },
    defaulted: {
      invert: ['invert', false],
      mean: ['mean', undefined],
      variance: ['variance', undefined],
    },
  },
  { className: 'Add' },
  { className: 'Multiply' },
  { className: 'Average' },
  { className: 'Maximum' },
  { className: 'Minimum' },
  { className: 'Subtract' },
  { className: 'Concatenate', options: { axis: 'axis' } },
  {
    className: 'Dropout',
    options: { rate: 'rate' },
    defaulted: { noiseShape: ['noise_shape', undefined] },
  },
  {
    className: 'Dropout',
    keras: 'StochasticDepth',
    options: { rate: 'drop_path_rate' },
    given: { noiseShape: [null, 1, 1, 1] },
  },
  {
    className: 'Dropout',
    keras: 'SpatialDropout1D',
    options: { rate: 'rate' },
    given: { noiseShape: [null, 1, null] },
  },
  { className: 'Flatten', fixed: CHANNELS_LAST },
  { className: 'Activation', options: { activation: 'activation' } },
  { className: 'Elementwise', options: { operation: 'operation' }, isOperation: true },
  { className: 'Activation', keras: 'Identity', given: { activation: 'linear' } },
  // With another alpha it is several layers: keras-operations.ts.
  { className: 'Activation', keras: 'ELU', given: { activation: 'elu' }, only: { alpha: 1 } },
  {
    className: 'ReLU',
    options: { maxValue: 'max_value', negativeSlope: 'negative_slope', threshold: 'threshold' },
  },
  // Keras 2's, and TensorFlow.js'.
  { className: 'ReLU', keras: 'ThresholdedReLU', options: { threshold: 'theta' } },
  {
    className: 'PReLU',
    options: { sharedAxes: 'shared_axes' },
    defaulted: {
      alphaInitializer: ['alpha_initializer', undefined],
      alphaRegularizer: ['alpha_regularizer', undefined],
    },
  },
  { className: 'Softmax', fixed: { axis: -1 } },
  {
    className: 'DepthwiseConv2D',
    options: WINDOWS,
    fixed: { ...CHANNELS_LAST, groups: 1 },
    defaulted: { ...DILATION, ...DEPTHWISE, ...BIAS },
  },
  {
    className: 'SeparableConv2D',
    options: { filters: 'filters', ...WINDOWS },
    fixed: { ...CHANNELS_LAST, groups: 1 },
    defaulted: {
      ...{ ...DILATION, ...DEPTHWISE, ...BIAS },
      pointwiseInitializer: ['pointwise_initializer', undefined],
      pointwiseRegularizer: ['pointwise_regularizer', undefined],
    },
  },
  {
    className: 'Conv2DTranspose',
    options: { filters: 'filters', ...WINDOWS },
    fixed: { ...CHANNELS_LAST, groups: 1 },
    defaulted: { ...DILATION, outputPadding: ['output_padding', undefined], ...BIAS, ...KERNEL },
  },
  {
    className: 'UpSampling2D',
    options: { size: 'size', interpolation: 'interpolation' },
    fixed: CHANNELS_LAST,
  },
  { className: 'Cropping2D', options: { cropping: 'cropping' }, fixed: CHANNELS_LAST },
  { className: 'Reshape', options: { targetShape: 'target_shape' } },
  {
    className: 'Resizing',
    options: { height: 'height', width: 'width', interpolation: 'interpolation' },
    only: { ...CHANNELS_LAST, pad_to_aspect_ratio: false },
    // Of what lies around an image that is padded.
    idle: ['fill_mode', 'fill_value'],
    defaulted: {
      antialias: ['antialias', false],
      cropToAspectRatio: ['crop_to_aspect_ratio', false],
    },
  },
  { className: 'Permute', options: { dims: 'dims' } },
  { className: 'Rescaling', options: { scale: 'scale', offset: 'offset' } },
  { className: 'SpatialDropout2D', options: { rate: 'rate' }, fixed: CHANNELS_LAST },
  { className: 'GaussianNoise', options: { stddev: 'stddev' } },
  { className: 'RandomFlip', options: { mode: 'mode' }, only: CHANNELS_LAST },
  { className: 'RandomRotation', options: { factor: 'factor', ...FILL }, only: CHANNELS_LAST },
  {
    className: 'RandomZoom',
    options: { heightFactor: 'height_factor', ...FILL },
    defaulted: { widthFactor: ['width_factor', null] },
    only: CHANNELS_LAST,
  },
  {
    className: 'RandomTranslation',
    options: { heightFactor: 'height_factor', widthFactor: 'width_factor', ...FILL },
    only: CHANNELS_LAST,
  },
  {
    className: 'RandomContrast',
    options: { factor: 'factor' },
    defaulted: { valueRange: ['value_range', [0, 255]] },
    only: CHANNELS_LAST,
  },
  {
    className: 'RandomBrightness',
    options: { factor: 'factor' },
    defaulted: { valueRange: ['value_range', [0, 255]] },
    only: CHANNELS_LAST,
  },
];

/** Classes of ours that have weights. */
const WITH_WEIGHTS: readonly string[] = [
  ...['Conv2D', 'Dense', 'DepthwiseConv2D', 'SeparableConv2D', 'Conv2DTranspose', 'PReLU', 'LayerScale'],
  ...['BatchNormalization', 'LayerNormalization', 'GroupNormalization', 'RMSNormalization', 'Normalization'],
];

/** Whether a class of Keras is read, and has no weights. */
export function isWithoutWeights(className: string): boolean {
  const layer = LAYERS.find((entry) => (entry.keras ?? entry.className) === className && !entry.isOperation);
  if (!layer)
    return TRAINING_ONLY.includes(className) || className === 'CenterCrop' || isOfStepsAlone(className);
  return !WITH_WEIGHTS.includes(layer.className);
}
