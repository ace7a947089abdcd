/**
 * What the main thread asks of its workers. Everything large is a view of shared memory, which a message
 * carries by reference; a worker that is new to a session makes itself ready from the description only.
 */
import type { WasmMemory } from '../../kernels/index.ts';
import type { KernelName } from '../../kernels/kernels.ts';
import type { ConvolutionChoice } from '../../layers/convolution.ts';
import type { LossConfig, Targets } from '../../losses/loss.ts';
import type { MetricConfig } from '../../metrics/metric.ts';
import type { NetworkConfig } from '../../model/network.ts';
import type { OptimizerConfig } from '../../optimizers/optimizer.ts';
import type { FloatArray } from '../../tensor/tensor.ts';
import type { Words } from './packed-rows.ts';

/** All that decides a session's memory and arithmetic. */
export interface SessionDescription {
  readonly network: NetworkConfig;
  /** null, like `optimizer`: for predictions only. */
  readonly loss: LossConfig | null;
  readonly metrics: readonly (string | MetricConfig)[];
  readonly optimizer: OptimizerConfig | null;
  readonly kernel: KernelName;
  readonly convolution: ConvolutionChoice;
  /** URLs of users' modules that register what is above; a worker thread imports them first. */
  readonly modules: readonly string[];
  /** The most samples that one step has. */
  readonly batch: number;
  readonly workers: number;
}

/** Features of frozen layers, of all data sets of a `fit`: see feature-cache.ts. */
export interface FeatureStore {
  /** The most that a sample's rows take. */
  readonly wordsOfSample: number;
  /** Each sample's rows of the plan's cut, one after another, in the order in which they came. */
  readonly packed: Words;
  /** [1]: how many words of it are taken. */
  readonly used: Uint32Array;
  /** One more than where a sample's rows begin; 0: they aren't there. */
  readonly places: Uint32Array;
  /** Of the weights that the rows were computed by; NaN: there are none yet. See Session. */
  weightsVersion: number;
}

/** A data set's part of the store. */
export interface FeatureCache {
  readonly store: FeatureStore;
  /** Its first sample's number among all of the store. */
  readonly from: number;
}

export interface DataSet {
  readonly samples: number;
  /** [samples, …input shape]; a byte stands for byte / 255. */
  readonly x: FloatArray | Uint8Array;
  /** null: for predictions only. */
  readonly targets: Targets | null;
  /** How much each sample counts in the loss: [samples]; null: all count 1. */
  readonly weights: FloatArray | null;
  readonly cache: FeatureCache | null;
}

/** Training steps over positions from ≤ p < to of an epoch's order, `batch` samples per step. */
export interface TrainJob {
  readonly kind: 'train';
  readonly data: DataSet;
  /** Sample numbers in the order of the epoch. */
  readonly order: Int32Array;
  readonly from: number;
  readonly to: number;
  readonly batch: number;
  /** Number of the first step, which keys its dropout masks. */
  readonly step: number;
  /** Number of the first update since compile, counted from 1. */
  readonly iteration: number;
  readonly learningRate: number;
  readonly results: Results;
}

/** Inference on samples from ≤ n < to: predictions, or losses and metrics. */
export interface InferenceJob {
  readonly kind: 'evaluate' | 'predict';
  readonly data: DataSet;
  readonly from: number;
  readonly to: number;
  readonly results: Results;
}

/** Where workers write, by position in the epoch's order, or by sample in inference. */
export interface Results {
  readonly losses: Float64Array;
  readonly metrics: readonly Float64Array[];
  /**
   * The regularizers' penalty in the step that the sample at each position was in; in training only at the first of a step's positions.
   * null: no weight that is trained has a regularizer.
   */
  readonly penalties: Float64Array | null;
  /** [samples, C]; empty except for `predict`. */
  readonly predictions: FloatArray;
}

export type Job = TrainJob | InferenceJob;

/** One worker's part of a job. */
export interface Task {
  /** Number of the session. A worker that has this session already begins at once. */
  readonly session: number;
  /** Number of the model whose session it is: its earlier sessions are no longer needed. */
  readonly user: number;
  /** SessionDescription as JSON: a text is faster to copy than an object, and a worker parses it only once. */
  readonly description: string;
  /** Whether the session needs modules of the user's. */
  readonly hasModules: boolean;
  readonly memory: SharedArrayBuffer | WasmMemory;
  readonly worker: number;
  readonly job: Job;
}
