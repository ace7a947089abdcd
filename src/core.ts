/**
 * Entry point `degelo/core`: all that `degelo` exports, for bundles that hold only what a program names. Of layers, losses, optimizers, metrics
 * and schedules those are known that the program itself imports, and those that it registers; the others are refused by name.
 *
 *     import { adam, conv2d, dense, flatten, meanSquaredError, sequential } from 'degelo/core';
 *
 *     const model = sequential([ … ]);
 *     model.compile({ optimizer: adam(), loss: meanSquaredError() }); // not 'adam', which names nothing that is imported
 */
export type { Bytes } from './checks/handed-in.ts';
export { knownOptions, type OptionRules } from './checks/options.ts';
export { decodeIdx, decodePng } from './data/decode.ts';
export { type FitDigitOptions, fitDigit, fromPixels } from './data/digits.ts';
export { DataError } from './data/errors.ts';
export type { Inversion } from './data/fit-digit.ts';
export type { IdxArray } from './data/idx.ts';
export type { SkippedPhoto } from './data/photos/decode-files.ts';
export { type DecodeImageOptions, decodeImage } from './data/photos/decode-image.ts';
export {
  type LabelledImages,
  type LoadedImages,
  type LoadImagesOptions,
  loadImages,
} from './data/photos/load-images.ts';
export type { DecodedImage } from './data/photos/orient.ts';
export { type ResizableImage, type ResizeOptions, resizeImage } from './data/photos/resize-image.ts';
export type { ImagePixels } from './data/pixels.ts';
export {
  type CheckpointModel,
  encodeCheckpoint,
  type FitPosition,
  type RunningSums,
} from './formats/checkpoint.ts';
export { FormatError } from './formats/errors.ts';
export type { ModelFormat } from './formats/format-names.ts';
export type { JsonObject } from './formats/json.ts';
export { encodeKeras } from './formats/keras-write.ts';
export { encodeLayersModel } from './formats/layers-model.ts';
export { type EncodedModel, encodeModel, namedWeights, type SavableModel } from './formats/model.ts';
export type { ModelNotes } from './formats/model-notes.ts';
export { decodeNpz, encodeNpz } from './formats/npz.ts';
export type { Place } from './formats/places.ts';
export {
  decodeSafetensors,
  type EncodeSafetensorsOptions,
  encodeSafetensors,
  type Safetensors,
} from './formats/safetensors.ts';
export { weightsSha256 } from './formats/sha256.ts';
export type { ModelPlace } from './formats/sources.ts';
export { setNamedWeights } from './formats/weights-file.ts';
export {
  checkGradients,
  type GradientCheckOptions,
  type GradientReport,
  type GradientRow,
} from './gradcheck/check.ts';
export {
  type ArrayValue,
  checkGradient,
  type Flat,
  type FunctionCheckOptions,
} from './gradcheck/check-function.ts';
export { formatGradients } from './gradcheck/table.ts';
export type { Bounds, Coordinate, Verdict } from './gradcheck/verdict.ts';
export type { ConvolutionKernels } from './kernels/contract/convolution.ts';
export type { DenseKernels } from './kernels/contract/dense.ts';
export type { DepthwiseKernels } from './kernels/contract/depthwise.ts';
export type { ElementwiseKernels } from './kernels/contract/elementwise.ts';
export type { GradientKernels } from './kernels/contract/gradients.ts';
export type { NoiseKernels } from './kernels/contract/noise.ts';
export type { NormalizationKernels } from './kernels/contract/normalization.ts';
export type { OptimizerKernels } from './kernels/contract/optimizers.ts';
export type { PoolingKernels } from './kernels/contract/pooling.ts';
export type { ProductKernels } from './kernels/contract/products.ts';
export type { WinogradKernels } from './kernels/contract/winograd.ts';
export type {
  Conv2dGeometry,
  DepthwiseGeometry,
  Padding,
  PoolGeometry,
  UpsampleGeometry,
} from './kernels/geometry.ts';
export type { KernelChoice } from './kernels/index.ts';
export type {
  AdamaxNumbers,
  ConvolutionAlgorithm,
  ConvolutionPanels,
  GradientWalk,
  KernelName,
  Kernels,
  NadamNumbers,
  Rectifier,
  RmspropNumbers,
  RmspropSlots,
  WinogradEdge,
} from './kernels/kernels.ts';
export type { SmoothName } from './kernels/smooth.ts';
export type { BuildableLayer } from './layers/buildable-layer.ts';
export type { ConvolutionChoice } from './layers/convolution.ts';
export * from './layers/index.ts';
export {
  type ApplyOptions,
  type BatchSums,
  type BatchSumsSize,
  type Fold,
  type FoldScale,
  LAYER_OPTIONS,
  Layer,
  type LayerConfig,
  type LayerOptions,
  type Parameter,
  type ParameterRole,
  type ParameterSpec,
  type PreparedWeights,
  type Run,
  type Stage,
  type StepKey,
  SymbolicTensor,
  type WeightUse,
} from './layers/layer.ts';
export type { NamedLayer } from './layers/named-layer.ts';
export type { PlannedLayer } from './layers/planned-layer.ts';
export { registerLayer } from './layers/registry.ts';
export {
  type L1L2Options,
  type L1Options,
  type L2Options,
  l1,
  l1l2,
  l2,
  type Regularizer,
  type RegularizerConfig,
} from './layers/regularizer.ts';
export type { WorkingLayer } from './layers/working-layer.ts';
export * from './losses/index.ts';
export type { FoldedActivation, Loss, LossConfig, LossRun, Targets } from './losses/loss.ts';
export { type LossName, registerLoss } from './losses/registry.ts';
export { argMax } from './metrics/arg-max.ts';
export { type Classes, confusionMatrix } from './metrics/confusion-matrix.ts';
export * from './metrics/index.ts';
export type { Metric, MetricConfig, MetricContext } from './metrics/metric.ts';
export {
  type MetricChoice,
  type MetricMaker,
  type MetricName,
  registerMetric,
} from './metrics/registry.ts';
export type { ConnectedLayers } from './model/connected-layers.ts';
export type { Link, Node } from './model/graph.ts';
export type {
  LayerDescription,
  LayerOrModel,
  NamedParameter,
  Network,
  NetworkConfig,
  NetworkOptions,
  RowOptions,
} from './model/network.ts';
export type { Cut, Plan } from './model/plan.ts';
export type { PlannedRun, PlannedStage } from './model/planned-stage.ts';
export {
  type ImageInput,
  PREPROCESSINGS,
  type Preprocessing,
  preprocess,
  preprocessingOf,
} from './model/preprocessing.ts';
export { allRehearsals } from './model/rehearsal.ts';
export type { ParameterCounts, Standing } from './model/roles.ts';
export type { SummaryOptions } from './model/summary.ts';
export type { OptimizerOptions } from './optimizers/base.ts';
export type { Clipping, ClippingOptions } from './optimizers/clipping.ts';
export * from './optimizers/index.ts';
export type { Optimizer, OptimizerConfig } from './optimizers/optimizer.ts';
export { type OptimizerName, registerOptimizer } from './optimizers/registry.ts';
export type { LearningRateSchedule, ScheduleConfig } from './optimizers/schedules/schedule.ts';
export type { KerasName, Snake } from './registry/aliases.ts';
export { register } from './registry/register.ts';
export type { Maker } from './registry/registry.ts';
export { allInitializers } from './tensor/all-initializers.ts';
export { ByteImages } from './tensor/byte-images.ts';
export {
  type Initializer,
  type InitializerConfig,
  type InitializerName,
  initializers,
  type NormalOptions,
} from './tensor/initializers.ts';
export type { DenseArray, NumberArray, TensorLike } from './tensor/nested.ts';
export {
  type SampleArray,
  type SampleParts,
  type SplitDatasetOptions,
  splitDataset,
} from './tensor/split-dataset.ts';
export {
  type DType,
  type FloatArray,
  type NestedArray,
  type Shape,
  sizeOf,
  Tensor,
  type TensorOptions,
  tensor,
  zeros,
} from './tensor/tensor.ts';
export { toCategorical } from './tensor/to-categorical.ts';
export { applyGradients, type GradientsToApply } from './training/apply-gradients.ts';
export type {
  BatchInfo,
  Callback,
  Figures,
  History,
  Logs,
  ProgressInfo,
  TrainingModel,
} from './training/callbacks/callback.ts';
export { type CsvLoggerOptions, csvLogger } from './training/callbacks/csv-logger.ts';
export {
  type EarlyStopping,
  type EarlyStoppingOptions,
  earlyStopping,
} from './training/callbacks/early-stopping.ts';
export { learningRateScheduler } from './training/callbacks/learning-rate-scheduler.ts';
export { type ModelCheckpointOptions, modelCheckpoint } from './training/callbacks/model-checkpoint.ts';
export type { MonitorMode } from './training/callbacks/monitor.ts';
export type { Verbose } from './training/callbacks/progress-line.ts';
export {
  type ReduceLROnPlateauOptions,
  reduceLROnPlateau,
} from './training/callbacks/reduce-lr-on-plateau.ts';
export { type CloneModelOptions, cloneModel } from './training/clone-model.ts';
export type { DescribedModel, ModelOrigin } from './training/described-model.ts';
export { ModuleError, NonFiniteError, WorkerError } from './training/errors.ts';
export { type ModelOptions, model } from './training/functional.ts';
export {
  type BackwardOptions,
  type BackwardResult,
  backward,
  type Gradients,
  type GradientsOptions,
  gradients,
  type InputAndWeights,
  type OutputGradient,
} from './training/gradients.ts';
export {
  type ImageBatch,
  type ImageBatches,
  type ImageDataset,
  type ImageDatasetOptions,
  imageDataset,
} from './training/image-dataset.ts';
export type { Samples, TargetValues } from './training/inputs.ts';
export type { Model } from './training/model.ts';
export type {
  CompileOptions,
  EvaluateOptions,
  FitOptions,
  PredictOptions,
  TrainOnBatchOptions,
  ValidationData,
} from './training/options.ts';
export { decodePredictor, Predictor } from './training/predictor.ts';
export {
  type Checkpoint,
  type CheckpointOptions,
  decodeCheckpoint,
  loadCheckpoint,
  saveCheckpoint,
} from './training/saved/checkpoint.ts';
export { decodeLayersModel, loadLayersModel, saveLayersModel } from './training/saved/layers-model.ts';
export { type LoadModelOptions, loadModel } from './training/saved/load-model.ts';
export { type ModelFromJsonOptions, modelFromJSON } from './training/saved/model-from-json.ts';
export { decodeModel } from './training/saved/own-model.ts';
export { decodeTflite } from './training/saved/tflite.ts';
export { loadWeights, saveWeights } from './training/saved/weights-file.ts';
export { Sequential, sequential } from './training/sequential.ts';
export type { OptimizerState } from './training/session/optimizer-state.ts';
export type { WebWorker, WorkerMaker } from './training/session/pool.ts';
export type { Batch, BatchStream, Stream } from './training/stream.ts';
export type { ClassWeights, SampleWeights } from './training/weights.ts';
