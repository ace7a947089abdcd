/** Where layers are listed, one line each: it makes a layer public, and known to saved models and worker threads. */
export { Activation, type ActivationOptions, activation } from './activation.ts';
export type { ActivationName } from './activations.ts';
export { AveragePooling2D, type AveragePooling2dOptions, averagePooling2d } from './average-pooling2d.ts';
export type { Margins } from './checks.ts';
export { Conv2D, type Conv2dOptions, conv2d } from './conv2d.ts';
export type { Convolution, ConvolutionOptions } from './convolution-layer.ts';
export { Dense, type DenseOptions, dense } from './dense.ts';
export { Dropout, type DropoutOptions, dropout } from './dropout.ts';
export { Flatten, flatten } from './flatten.ts';
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
export { LeakyReLU, type LeakyReluOptions, leakyReLU } from './leaky-relu.ts';
export { MaxPooling2D, type MaxPooling2dOptions, maxPooling2d } from './max-pooling2d.ts';
export { ZeroPadding2D, type ZeroPadding2dOptions, zeroPadding2d } from './zero-padding2d.ts';
