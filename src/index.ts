/** The public API of degelo. */
// For users' compilers: models have Symbol.asyncDispose.
/// <reference lib="esnext.disposable" preserve="true" />
export { DataError } from './data/errors.ts';
export { encodeCheckpoint, type FitPosition } from './formats/checkpoint.ts';
export { FormatError } from './formats/errors.ts';
export { encodeLayersModel } from './formats/layers-model.ts';
export { type EncodedModel, encodeModel, namedWeights } from './formats/model.ts';
export { decodeNpz, encodeNpz } from './formats/npz.ts';
export { decodeSafetensors, encodeSafetensors, type Safetensors } from './formats/safetensors.ts';
export { weightsSha256 } from './formats/sha256.ts';
export { setNamedWeights } from './formats/weights-file.ts';
export { checkGradients, type GradientCheckOptions, type GradientReport } from './gradcheck/check.ts';
export { formatGradients } from './gradcheck/table.ts';
export type { KernelChoice } from './kernels/index.ts';
export {
  type Activation,
  type ActivationName,
  type ActivationOptions,
  activation,
} from './layers/activation.ts';
export { type Conv2D, type Conv2dOptions, conv2d } from './layers/conv2d.ts';
export { type Dense, type DenseOptions, dense } from './layers/dense.ts';
export { type Dropout, type DropoutOptions, dropout } from './layers/dropout.ts';
export { type Flatten, flatten } from './layers/flatten.ts';
export type { Layer, LayerOptions, Parameter } from './layers/layer.ts';
export { type MaxPooling2D, type MaxPooling2dOptions, maxPooling2d } from './layers/max-pooling2d.ts';
export {
  type CrossentropyOptions,
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
} from './losses/categorical-crossentropy.ts';
export type { Loss } from './losses/loss.ts';
export type { ConvolutionChoice } from './model/convolution.ts';
export type { Plan } from './model/plan.ts';
export { type AdadeltaOptions, adadelta } from './optimizers/adadelta.ts';
export type { Optimizer } from './optimizers/optimizer.ts';
export { type SgdOptions, sgd } from './optimizers/sgd.ts';
export { type DType, type NestedArray, type Shape, Tensor, tensor, zeros } from './tensor/tensor.ts';
export type { BatchInfo, Callback, History, Logs, ProgressInfo } from './training/callbacks.ts';
export {
  type Checkpoint,
  type CheckpointOptions,
  decodeCheckpoint,
  loadCheckpoint,
  saveCheckpoint,
} from './training/checkpoint.ts';
export { NonFiniteError, WorkerError } from './training/errors.ts';
export type { Samples, TargetValues } from './training/inputs.ts';
export { decodeLayersModel, loadLayersModel, saveLayersModel } from './training/layers-model.ts';
export { type ModelCheckpointOptions, modelCheckpoint } from './training/model-checkpoint.ts';
export type { CompileOptions, EvaluateOptions, FitOptions } from './training/options.ts';
export { decodeModel, loadModel } from './training/saved-model.ts';
export { Sequential, sequential } from './training/sequential.ts';
export { loadWeights, saveWeights } from './training/weights-file.ts';
