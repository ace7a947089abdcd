/** Where layers are listed, one line each: it makes a layer public, and known to saved models and worker threads. */

export type { SampleGroups } from '../kernels/sample-normalization.ts';
export type { WideInterpolation } from '../tensor/wide-interpolation.ts';
export { Activation, type ActivationOptions, activation } from './activation.ts';
export type { ActivationLayer } from './activation-layer.ts';
export type { ActivationName } from './activations.ts';
export { Add, add } from './add.ts';
export type { AffineAugmentation, AffineOptions } from './affine-augmentation.ts';
export type { AffineMatrix, FillMode, Interpolation } from './affine-sampling.ts';
export type { Augmentation, ImageShape, Range } from './augmentation.ts';
export { Average, average } from './average.ts';
export { AveragePooling2D, type AveragePooling2dOptions, averagePooling2d } from './average-pooling2d.ts';
export {
  BatchNormalization,
  type BatchNormalizationOptions,
  batchNormalization,
} from './batch-normalization.ts';
export type { Margins } from './checks.ts';
export type { ClippedAugmentation, ClippedOptions } from './clipped-augmentation.ts';
export { Concatenate, type ConcatenateOptions, concatenate } from './concatenate.ts';
export { Conv2D, type Conv2dOptions, conv2d } from './conv2d.ts';
export { Conv2DTranspose, type Conv2dTransposeOptions, conv2dTranspose } from './conv2d-transpose.ts';
export type { Convolution, ConvolutionOptions } from './convolution-layer.ts';
export { Cropping2D, type Cropping2dOptions, cropping2d } from './cropping2d.ts';
export { Dense, type DenseOptions, dense } from './dense.ts';
export { DepthwiseConv2D, type DepthwiseConv2dOptions, depthwiseConv2d } from './depthwise-conv2d.ts';
export { Dropout, type DropoutLayer, type DropoutOptions, dropout } from './dropout.ts';
export {
  Elementwise,
  type ElementwiseOperation,
  type ElementwiseOptions,
  elementwise,
} from './elementwise.ts';
export type { Extreme } from './extreme.ts';
export { Flatten, flatten } from './flatten.ts';
export { GaussianNoise, type GaussianNoiseOptions, gaussianNoise } from './gaussian-noise.ts';
export {
  GlobalAveragePooling2D,
  type GlobalAveragePooling2dOptions,
  globalAveragePooling2d,
} from './global-average-pooling2d.ts';
export {
  GlobalMaxPooling2D,
  type GlobalMaxPooling2dOptions,
  globalMaxPooling2d,
} from './global-max-pooling2d.ts';
export {
  GroupNormalization,
  type GroupNormalizationOptions,
  groupNormalization,
} from './group-normalization.ts';
export { InputLayer, type InputOptions, input } from './input-layer.ts';
export type { LastAxesNormalization, LastAxesOptions } from './last-axes-normalization.ts';
export {
  LayerNormalization,
  type LayerNormalizationOptions,
  layerNormalization,
} from './layer-normalization.ts';
export { LayerScale, type LayerScaleOptions, layerScale } from './layer-scale.ts';
export { LeakyReLU, type LeakyReluOptions, leakyReLU } from './leaky-relu.ts';
export { MaxPooling2D, type MaxPooling2dOptions, maxPooling2d } from './max-pooling2d.ts';
export { Maximum, maximum } from './maximum.ts';
export type { Merge } from './merge.ts';
export { Minimum, minimum } from './minimum.ts';
export { allActivations } from './more-activations.ts';
export { Multiply, multiply } from './multiply.ts';
export { type AdaptData, Normalization, type NormalizationOptions, normalization } from './normalization.ts';
export { Permute, type PermuteOptions, permute } from './permute.ts';
export { PReLU, type PReluOptions, prelu } from './prelu.ts';
export { RandomBrightness, type RandomBrightnessOptions, randomBrightness } from './random-brightness.ts';
export { RandomContrast, type RandomContrastOptions, randomContrast } from './random-contrast.ts';
export { type FlipMode, RandomFlip, type RandomFlipOptions, randomFlip } from './random-flip.ts';
export { RandomRotation, type RandomRotationOptions, randomRotation } from './random-rotation.ts';
export {
  RandomTranslation,
  type RandomTranslationOptions,
  randomTranslation,
} from './random-translation.ts';
export { RandomZoom, type RandomZoomOptions, randomZoom } from './random-zoom.ts';
export { ReLU, type ReluOptions, reLU } from './relu.ts';
export type { ResizingInterpolation } from './resampling.ts';
export { Rescaling, type RescalingOptions, rescaling } from './rescaling.ts';
export { Reshape, type ReshapeOptions, reshape } from './reshape.ts';
export { Resizing, type ResizingOptions, resizing } from './resizing.ts';
export { RMSNormalization, type RmsNormalizationOptions, rmsNormalization } from './rms-normalization.ts';
export type {
  SampleNormalization,
  SampleNormalizationOptions,
  SampleNormalizationRules,
} from './sample-normalization.ts';
export { SeparableConv2D, type SeparableConv2dOptions, separableConv2d } from './separable-conv2d.ts';
export { Softmax, type SoftmaxOptions, softmax } from './softmax.ts';
export { SpatialDropout2D, type SpatialDropout2dOptions, spatialDropout2d } from './spatial-dropout2d.ts';
export { Subtract, subtract } from './subtract.ts';
export { UpSampling2D, type UpSampling2dOptions, upSampling2d } from './up-sampling2d.ts';
export { ZeroPadding2D, type ZeroPadding2dOptions, zeroPadding2d } from './zero-padding2d.ts';
