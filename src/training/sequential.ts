/**
 * The model as users meet it: layers one behind the other, with Keras' compile, fit, evaluate and predict.
 */
import { writeModelFiles } from '#files';
import type { FitPosition } from '../formats/checkpoint.ts';
import { encodeModel, MODEL_FILE, WEIGHTS_FILE } from '../formats/model.ts';
import { chooseKernel } from '../kernels/index.ts';
import type { Layer } from '../layers/layer.ts';
import { type Loss, lossConfig } from '../losses/loss.ts';
import type { ConvolutionChoice } from '../model/convolution.ts';
import { Network, type NetworkConfig, type NetworkOptions } from '../model/network.ts';
import { makePlan, outputSize, type Plan } from '../model/plan.ts';
import { describePlan, summarize } from '../model/summary.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { allocate, Tensor } from '../tensor/tensor.ts';
import { blocks, jobs, sampleOrder } from './batches.ts';
import type { History, Logs } from './callbacks/callback.ts';
import { CallbackList } from './callbacks/callback-list.ts';
import {
  type Compiled,
  checkCompileOptions,
  refuseUnsupported,
  settle,
  threadsFor,
  warnOfChanges,
} from './compiled.ts';
import { NonFiniteError } from './errors.ts';
import { checkPosition, copyHistory, type FitProgress, lastLogs } from './fit-position.ts';
import { type Samples, sampleShape, type TargetValues, toDataSet } from './inputs.ts';
import {
  type CompileOptions,
  checkCount,
  checkMegabytes,
  type EvaluateOptions,
  type FitOptions,
} from './options.ts';
import { RunningMean } from './running-mean.ts';
import { cacheFeatures } from './session/feature-cache.ts';
import type { DataSet, Results } from './session/job.ts';
import type { OptimizerState } from './session/optimizer-state.ts';
import { modulesOf, type Parts } from './session/portable.ts';
import { Workplace } from './session/workplace.ts';

/** A model of layers one behind the other, which trains, tests and predicts, as Keras' Sequential. */
export class Sequential extends Network {
  /** Set to true (by a callback) to end `fit` after the epoch at hand. */
  stopTraining = false;
  /** Training steps since the model was made, across compiles: the second phase has dropout masks of its own. */
  step = 0;
  #compileOptions: CompileOptions | null = null;
  #compiled: Compiled | null = null;
  #fit: FitProgress | null = null;
  #busy = '';
  readonly #workplace = new Workplace();

  /**
   * Settles how the model is trained. Optimizers start afresh (Adadelta's means at zero), weights are kept,
   * and what is `trainable` now counts until the next compile.
   * @throws RangeError for an unknown name, or a loss that doesn't fit the model.
   */
  compile(options: CompileOptions): void {
    checkCompileOptions(options);
    this.#compileOptions = options;
    this.#compiled = null;
    this.#fit = null;
    if (this.built) this.#compiled = settle(this, options);
  }

  /**
   * Trains for a number of epochs: every sample once an epoch, in batches; the last, smaller batch is kept.
   * An epoch's loss and metrics are running figures, with dropout on; validation comes after it, dropout off.
   * The history holds the epochs before `resumeFrom` too.
   * @throws RangeError where shapes or options don't fit, NonFiniteError where the loss or a weight became
   *   NaN or infinite.
   */
  async fit(x: Samples, y: TargetValues, options: FitOptions = {}): Promise<History> {
    const { epochs = 1, resumeFrom = null, shuffle = true, validationData, signal } = options;
    const initialEpoch = options.initialEpoch ?? resumeFrom?.epoch ?? 0;
    const batch = checkCount('fit', 'batchSize', options.batchSize ?? 32, 1);
    checkCount('fit', 'epochs', epochs, 0);
    checkCount('fit', 'initialEpoch', initialEpoch, 0);
    if (resumeFrom && initialEpoch !== resumeFrom.epoch) {
      throw new RangeError(
        `fit: initialEpoch must be resumeFrom's epoch: expected ${resumeFrom.epoch}, got ${initialEpoch}`,
      );
    }
    return this.#exclusively('fit', async () => {
      if (!this.built) this.build(sampleShape('fit', x));
      const compiled = this.#needCompiled('fit');
      refuseUnsupported('fit', this, compiled);
      const data = this.#dataSet('fit', x, y, compiled);
      if (data.samples === 0) throw new RangeError('fit: x must hold at least one sample, got none');
      const validation = validationData ? this.#dataSet('fit', ...validationData, compiled) : null;
      const rounds = epochs - initialEpoch;
      const [train, test] = cacheFeatures(compiled.plan, [data, validation], {
        megabytes: checkMegabytes(options.featureCacheMB ?? 1024),
        // What is looked at once need not be kept.
        worthwhile: rounds > 1,
        shared: compiled.threads > 0,
      });
      if (resumeFrom) checkPosition(resumeFrom, data.samples, batch, this.step);
      const callbacks = new CallbackList(options.callbacks ?? [], this);
      const record = copyHistory(resumeFrom?.history ?? { epoch: [], history: {} });
      const progress: FitProgress = {
        epoch: initialEpoch,
        batch: resumeFrom?.batch ?? 0,
        mean: new RunningMean(compiled.metrics, resumeFrom?.sums),
        record,
      };
      this.#fit = progress;
      let logs = lastLogs(record);
      this.stopTraining = false;
      await callbacks.call('onTrainBegin');
      while (progress.epoch < epochs && !this.stopTraining) {
        const { epoch } = progress;
        await callbacks.call('onEpochBegin', epoch);
        const key = shuffle ? { seed: this.seed, firstStep: this.step - progress.batch } : null;
        const order = sampleOrder(data.samples, key, compiled.threads > 0);
        // fit's own data is never null
        logs = await this.#trainEpoch(compiled, train as DataSet, order, batch, progress, callbacks, signal);
        this.#checkWeights(`fit: epoch ${epoch + 1}`);
        if (test && test.samples > 0) {
          logs = { ...logs, ...(await this.#measure(compiled, test, batch, 'val_', callbacks, signal)) };
        }
        record.epoch.push(epoch);
        for (const [name, value] of Object.entries(logs)) {
          record.history[name] ??= [];
          record.history[name].push(value);
        }
        // Before the callbacks, so that a checkpoint that one of them makes has this epoch behind it.
        Object.assign(progress, { epoch: epoch + 1, batch: 0, mean: new RunningMean(compiled.metrics) });
        await callbacks.call('onEpochEnd', epoch, logs);
      }
      await callbacks.call('onTrainEnd', logs);
      return record;
    });
  }

  /**
   * One step on just these samples.
   * @returns the batch's loss and metrics, before the update.
   * @throws as fit does.
   */
  async trainOnBatch(x: Samples, y: TargetValues): Promise<Logs> {
    return this.#exclusively('trainOnBatch', async () => {
      if (!this.built) this.build(sampleShape('trainOnBatch', x));
      const compiled = this.#needCompiled('trainOnBatch');
      refuseUnsupported('trainOnBatch', this, compiled);
      const data = this.#dataSet('trainOnBatch', x, y, compiled);
      if (data.samples === 0) throw new RangeError('trainOnBatch: x must hold at least one sample, got none');
      const order = sampleOrder(data.samples, null, compiled.threads > 0);
      const mean = new RunningMean(compiled.metrics);
      const progress = { epoch: 0, batch: 0, mean, record: { epoch: [], history: {} } };
      const callbacks = new CallbackList([], this);
      return this.#trainEpoch(compiled, data, order, data.samples, progress, callbacks);
    });
  }

  /**
   * Mean loss and metrics over the samples, dropout off: `{ loss, accuracy }`.
   * @throws RangeError where shapes don't fit.
   */
  async evaluate(x: Samples, y: TargetValues, options: EvaluateOptions = {}): Promise<Logs> {
    const batch = checkCount('evaluate', 'batchSize', options.batchSize ?? 32, 1);
    return this.#exclusively('evaluate', async () => {
      const compiled = this.#needCompiled('evaluate');
      const data = this.#dataSet('evaluate', x, y, compiled);
      if (data.samples === 0) throw new RangeError('evaluate: x must hold at least one sample, got none');
      const callbacks = new CallbackList(options.callbacks ?? [], this);
      return this.#measure(compiled, data, batch, '', callbacks, options.signal);
    });
  }

  /**
   * The model's outputs, dropout off: [n, …output shape]. A model needs no compile for that.
   * @throws RangeError where the shape doesn't fit.
   */
  async predict(x: Samples, options: EvaluateOptions = {}): Promise<Tensor> {
    const batch = checkCount('predict', 'batchSize', options.batchSize ?? 32, 1);
    return this.#exclusively('predict', async () => {
      if (!this.built) this.build(sampleShape('predict', x));
      const compiled = this.#compiled;
      const threads = compiled?.threads ?? threadsFor(this.#parts(null));
      const shapes = { input: this.inputShape, output: this.outputShape };
      const data = toDataSet('predict', x, null, shapes, null, threads > 0);
      const plan = compiled?.plan ?? makePlan(this, null);
      const predictions = allocate(data.samples * outputSize(plan), { shared: threads > 0 });
      const results: Results = { losses: new Float64Array(0), metrics: [], predictions };
      const session = this.#session(compiled, Math.min(batch, Math.max(1, data.samples)), plan);
      const callbacks = new CallbackList(options.callbacks ?? [], this);
      const { everyBatch } = callbacks;
      for (const { from, to } of jobs(0, data.samples, { batch, pace: session.paces.predict, everyBatch })) {
        options.signal?.throwIfAborted();
        const part = predictions.subarray(from * outputSize(plan), to * outputSize(plan));
        await session.run({ kind: 'predict', data, from, to, results: { ...results, predictions: part } });
        await callbacks.call('onProgress', { mode: 'predict', seen: to, samples: data.samples }, {});
      }
      return new Tensor(Float32Array.from(predictions), [data.samples, ...this.outputShape]);
    });
  }

  /**
   * Layers, shapes and parameter counts as text, handed to `print` line by line, as in Keras.
   * @throws Error where the model isn't built.
   */
  summary(print: (line: string) => void = console.log): void {
    for (const line of summarize(this).split('\n')) print(line);
  }

  /** What one training step computes, as the last compile settled it. @throws Error before compile. */
  plan(): Plan {
    return this.#needCompiled('plan').plan;
  }

  /** The plan as a table. @throws Error before compile. */
  describePlan(): string {
    return describePlan(this.plan());
  }

  /** The compiled optimizer, loss and metrics, and the network as it was then; null before compile, or while the model isn't built. */
  get compiled(): {
    optimizer: Optimizer;
    loss: Loss;
    metrics: readonly string[];
    config: NetworkConfig;
    convolution: ConvolutionChoice;
  } | null {
    if (this.#compileOptions && this.built) this.#compiled ??= settle(this, this.#compileOptions);
    return this.#compiled;
  }

  /**
   * Writes the model to `model.json` and `model.safetensors` in a folder, which is made where there is none;
   * `loadModel` reads it. Files of these names are replaced, by whole ones only. During `fit`, save from a
   * callback: between two steps.
   * @throws Error where the model isn't built, FormatError where a weight isn't finite, or what the file system
   *   throws.
   */
  async save(folder: string): Promise<void> {
    const { json, weights } = await encodeModel(this);
    await writeModelFiles(folder, [
      [WEIGHTS_FILE, weights],
      [MODEL_FILE, json],
    ]);
  }

  /** The optimizer's arrays by parameter; empty before the first step. @throws Error before compile. */
  optimizerState(): OptimizerState {
    return this.#needCompiled('optimizerState').state;
  }

  /**
   * Where `fit` stands between two steps (in a callback), or stood when it ended or was stopped: what another `fit`
   * takes as `resumeFrom`. null before the first `fit` since `compile`.
   */
  get fitPosition(): FitPosition | null {
    if (!this.#fit) return null;
    const { epoch, batch, mean, record } = this.#fit;
    return { epoch, batch, sums: mean.sums, history: copyHistory(record) };
  }

  /** Ends the worker threads at once. The model can still be used: the next call starts new ones. */
  async dispose(): Promise<void> {
    await this.#workplace.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  async #trainEpoch(
    compiled: Compiled,
    data: DataSet,
    order: Int32Array,
    batch: number,
    progress: FitProgress,
    callbacks: CallbackList,
    signal?: AbortSignal,
  ): Promise<Logs> {
    const { samples } = data;
    const { mean } = progress;
    const session = this.#session(compiled, Math.min(batch, samples));
    const results = this.#results(compiled, samples);
    const { everyBatch } = callbacks;
    const begin = progress.batch * batch;
    for (const job of jobs(begin, samples, { batch, pace: session.paces.train, everyBatch })) {
      signal?.throwIfAborted();
      const { learningRate } = compiled.optimizer;
      const { step } = this;
      const iteration = compiled.state.iterations + 1;
      await session.run({
        ...{ kind: 'train', data, order, ...job, batch },
        ...{ step, iteration, learningRate, results },
      });
      for (const { from, to } of blocks(job.from, job.to, batch)) {
        this.step++;
        compiled.state.iterations++;
        progress.batch++;
        const loss = mean.add(results, from, to);
        if (!Number.isFinite(loss)) {
          throw new NonFiniteError(
            `fit: the loss became ${loss} in step ${this.step} (batch ${progress.batch} of the epoch): ` +
              `check that the data is finite, or lower the learning rate (${learningRate})`,
          );
        }
      }
      const info = { seen: job.to, samples };
      await callbacks.call('onBatchEnd', progress.batch - 1, mean.logs(), info);
      await callbacks.call('onProgress', { mode: 'train', ...info }, mean.logs());
    }
    return mean.logs();
  }

  /** Loss and metrics of a data set in inference. */
  async #measure(
    compiled: Compiled,
    data: DataSet,
    batch: number,
    prefix: string,
    callbacks: CallbackList,
    signal?: AbortSignal,
  ): Promise<Logs> {
    const { samples } = data;
    const session = this.#session(compiled, Math.min(batch, samples));
    const results = this.#results(compiled, samples);
    const mean = new RunningMean(compiled.metrics);
    const { everyBatch } = callbacks;
    for (const job of jobs(0, samples, { batch, pace: session.paces.evaluate, everyBatch })) {
      signal?.throwIfAborted();
      await session.run({ kind: 'evaluate', data, ...job, results });
      for (const { from, to } of blocks(job.from, job.to, batch)) mean.add(results, from, to);
      const info = { seen: job.to, samples };
      await callbacks.call('onTestBatchEnd', info);
      await callbacks.call('onProgress', { mode: 'test', ...info }, mean.logs(prefix));
    }
    return mean.logs(prefix);
  }

  #parts(compiled: Compiled | null): Parts {
    return { layers: this.layers, loss: compiled?.loss ?? null, optimizer: compiled?.optimizer ?? null };
  }

  /** @param plan for predictions, where nothing is compiled */
  #session(compiled: Compiled | null, batch: number, plan?: Plan) {
    const parts = this.#parts(compiled);
    const threads = compiled?.threads ?? threadsFor(parts);
    const description = {
      network: compiled?.config ?? this.toConfig(),
      loss: compiled ? lossConfig(compiled.loss) : null,
      metrics: compiled?.metrics ?? [],
      optimizer: compiled ? compiled.optimizer.getConfig() : null,
      kernel: compiled?.kernel ?? chooseKernel('auto'),
      convolution: compiled?.convolution ?? ('auto' as const),
      modules: threads > 0 ? modulesOf(parts) : [],
      batch,
      workers: Math.max(1, threads),
    };
    const work = {
      plan: compiled?.plan ?? plan ?? makePlan(this, null),
      optimizer: compiled?.optimizer ?? null,
    };
    return this.#workplace.session(this, description, threads, compiled?.state ?? null, work);
  }

  #results({ metrics, threads }: Compiled, samples: number): Results {
    const column = (): Float64Array =>
      allocate(samples, { dtype: 'float64', shared: threads > 0 }) as Float64Array; // by its dtype
    return { losses: column(), metrics: metrics.map(column), predictions: new Float32Array(0) };
  }

  #dataSet(operation: string, x: Samples, y: TargetValues, { loss, threads }: Compiled): DataSet {
    const shapes = { input: this.inputShape, output: this.outputShape };
    return toDataSet(operation, x, y, shapes, loss, threads > 0);
  }

  /** What compile settled; a warning where `trainable` was changed since, as Keras gives. */
  #needCompiled(operation: string): Compiled {
    if (!this.#compileOptions) {
      throw new Error(`${operation}: the model isn't compiled: call compile({ optimizer, loss }) first`);
    }
    this.#compiled ??= settle(this, this.#compileOptions);
    if (operation !== 'plan' && operation !== 'optimizerState')
      warnOfChanges(operation, this, this.#compiled);
    return this.#compiled;
  }

  /** A weight that isn't finite can hide behind a zero feature, so the loss alone doesn't tell. */
  #checkWeights(when: string): void {
    for (const { layer, parameter, value } of this.parameters()) {
      const index = value.data.findIndex((w: number) => !Number.isFinite(w));
      if (index >= 0) {
        throw new NonFiniteError(
          `${when}: weight ${index} of ${layer.name}/${parameter.name} became ${value.data[index]}: lower the learning rate`,
        );
      }
    }
  }

  /** One thing at a time: two trainings of the same weights would be neither. */
  async #exclusively<T>(operation: string, work: () => Promise<T>): Promise<T> {
    if (this.#busy) {
      throw new Error(`${operation}: this model is busy with ${this.#busy}: await that first`);
    }
    this.#busy = operation;
    try {
      return await work();
    } finally {
      this.#busy = '';
    }
  }
}

/**
 * A model of layers one behind the other: `sequential({ layers: [conv2d(…), …], seed: 1 })`, or just the layers.
 * @throws RangeError where a layer can't follow the one before it.
 */
export function sequential(options: NetworkOptions | readonly Layer[] = {}): Sequential {
  // Array.isArray doesn't narrow readonly arrays.
  return new Sequential(Array.isArray(options) ? { layers: options } : (options as NetworkOptions));
}
