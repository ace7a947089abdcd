/**
 * What every model can do: Keras' compile, fit, evaluate and predict, with the checks of their arguments. How they work is in loop/.
 */
import { saveModel } from '#save';
import { describe } from '../checks/describe.ts';
import { expectItself } from '../checks/handed-in.ts';
import { noMoreArguments } from '../checks/options.ts';
import { closeClass } from '../checks/properties.ts';
import { aboveZero, flag, integerAtLeastZero } from '../checks/values.ts';
import type { FitPosition } from '../formats/checkpoint.ts';
import type { Place } from '../formats/places.ts';
import type { ConvolutionChoice } from '../layers/convolution.ts';
import { expectBetweenSteps, expectIdle, inference, type Turn, training } from '../layers/turns.ts';
import type { Loss } from '../losses/loss.ts';
import type { MetricChoice } from '../metrics/registry.ts';
import type { NetworkConfig } from '../model/network.ts';
import type { Plan } from '../model/plan.ts';
import { describePlan } from '../model/summary.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { LentRoom } from './batch-room.ts';
import type { History, Logs } from './callbacks/callback.ts';
import { CallbackList } from './callbacks/callback-list.ts';
import { ProgressLine } from './callbacks/progress-line.ts';
import { Compilation } from './compilation.ts';
import { DescribedModel } from './described-model.ts';
import { beginProgress, prepareFit, readFitCall } from './fit-call.ts';
import { toInputs } from './input-set.ts';
import { type Samples, sampleShape, type TargetValues } from './inputs.ts';
import { ArraySource } from './loop/array-source.ts';
import { Engine } from './loop/engine.ts';
import { trainEpoch } from './loop/epoch.ts';
import { trainEpochs } from './loop/fit.ts';
import { measure } from './loop/measure.ts';
import { copyHistory } from './loop/position.ts';
import { predictAll } from './loop/predict.ts';
import { RunningMean } from './loop/running-mean.ts';
import { StreamSource } from './loop/stream-source.ts';
import {
  type CompileOptions,
  type EvaluateOptions,
  type FitOptions,
  type PredictOptions,
  readEvaluateOptions,
  readPredictOptions,
  readTrainOnBatchOptions,
  streamOptions,
  type TrainOnBatchOptions,
} from './options.ts';
import {
  forStream,
  prepareBatch,
  prepareData,
  prepareStream,
  refuseForStream,
  weighByClass,
} from './prepare.ts';
import type { DataSet } from './session/job.ts';
import type { OptimizerState } from './session/optimizer-state.ts';
import { type BatchStream, isStream, partsOf } from './stream.ts';
import { expectTargets } from './targets.ts';

/** A network that trains, tests and predicts. */
export class Model extends DescribedModel {
  static {
    const learningRate = 'optimizer.learningRate';
    const compile = 'compile({ optimizer, loss, metrics })';
    const graph = 'model({ inputs, outputs })';
    closeClass(
      Model.prototype,
      'model',
      {
        ...{ stop: 'stopTraining', layers: 'add and pop', seed: 'the option seed of sequential and model' },
        ...{
          optimizer: compile,
          loss: compile,
          metrics: compile,
          compiled: compile,
          threads: 'compile({ threads })',
        },
        ...{ callbacks: "fit's callbacks", epochs: "fit's epochs", batchSize: "fit's batchSize" },
        ...{ input: graph, output: graph, inputs: graph, outputs: graph, fitPosition: "fit's resumeFrom" },
      },
      {
        ...{ stop_training: 'stopTraining', class_names: 'classNames' },
        ...{ lr: learningRate, learning_rate: learningRate, learningRate },
      },
    );
  }

  /** A callback sets it to true to end `fit` after the current epoch; in `onBatchEnd` the epoch ends with this batch. */
  get stopTraining(): boolean {
    return this.#stopTraining;
  }

  /** @throws TypeError where it is neither true nor false. */
  set stopTraining(stop: boolean) {
    this.#stopTraining = flag(this.name, 'stopTraining', stop);
  }

  /** Training steps since the model was made, across compiles: the second phase has dropout masks of its own. */
  get step(): number {
    return this.#step;
  }

  /** @throws TypeError or RangeError where it isn't an integer ≥ 0. */
  set step(value: number) {
    this.#step = integerAtLeastZero(this.name, 'step', value);
  }

  #stopTraining = false;
  #step = 0;
  readonly #compilation = new Compilation(this);
  readonly #engine = new Engine(this);
  /** The memory for the samples of `predict`. */
  readonly #room = new LentRoom();

  /**
   * The most memory that one step may take, in units of 2^20 bytes; a call that needs more is refused before anything is
   * allocated. No limit for models that you make; 2048 for those of a file, which may be small and ask for gigabytes:
   *
   *     const model = await loadModel('my-model');
   *     model.memoryMB = 4000;
   *
   * @throws where it is set: TypeError where it isn't a number, RangeError where it isn't above 0.
   */
  get memoryMB(): number {
    return this.#engine.memoryMB;
  }

  set memoryMB(value: number) {
    this.#engine.memoryMB = value;
  }

  /** Worker threads that work for the model; 0: the calling thread does everything. */
  get threads(): number {
    return this.#threads().threads;
  }

  /**
   * Why the model has no worker threads although `compile` didn't say `threads: 0`, as a text that a page can show. null: it has some, or
   * `compile` said 0.
   *
   *     if (model.threadsReason) status.textContent = `one thread: ${model.threadsReason}`;
   */
  get threadsReason(): string | null {
    return this.#threads().reason;
  }

  /**
   * Sets how the model is trained. The optimizer starts anew (Adadelta's means at zero), the weights are kept, and the layers that are
   * `trainable` now are trained until the next compile. A model whose layers change after that must be compiled again.
   * @throws TypeError or RangeError for an unknown name, or a loss that doesn't fit the model, Error while the model is at work: in a
   *   callback too.
   */
  compile(options: CompileOptions): void {
    expectItself('compile', this);
    expectIdle(this, 'compile');
    noMoreArguments('compile', arguments, 1, 'compile({ optimizer, loss, metrics })');
    this.#compilation.begin(options);
  }

  /**
   * Trains for a number of epochs: every sample once per epoch, in batches; the last, smaller batch is kept.
   * An epoch's loss and metrics are running figures, with dropout on; validation comes after it, dropout off.
   * The history holds the epochs before `resumeFrom` too.
   *
   * In place of arrays it takes batches, for data larger than memory: `fit(batches, options)`, where `batches` is an iterable,
   * async or not, of `[x, y]`, `[x, y, sampleWeight]` or `{ xs, ys }`, or a function that gives one for each epoch. A
   * generator that runs already can be read but once, and needs `stepsPerEpoch`.
   *
   *     await model.fit(x, y, { epochs: 5, validationSplit: 0.1 });
   *     await model.fit(() => readBatches('folder'), { epochs: 5 });
   *
   * @throws RangeError where shapes or options don't fit, NonFiniteError where the loss or a weight became
   *   NaN or infinite.
   */
  async fit(x: Samples, y: TargetValues, options?: FitOptions): Promise<History>;
  async fit(batches: BatchStream, options?: FitOptions): Promise<History>;
  async fit(
    x: Samples | BatchStream,
    y: TargetValues | FitOptions | undefined,
    options?: FitOptions,
  ): Promise<History> {
    expectItself('fit', this);
    noMoreArguments('fit', arguments, 3, 'fit(x, y, { batchSize, epochs })');
    const call = readFitCall(x, y, options);
    const { given, epochs, initialEpoch, batch, steps } = call;
    return training(this, 'fit', async (turn) => {
      const between = (work: () => Promise<void>): Promise<void> => turn.pause(work);
      const streamed =
        call.stream &&
        new StreamSource(call.stream, {
          ...{ steps, signal: given.signal },
          toData: (b, n) => prepareBatch(streaming, b, n, given),
        });
      if (!this.built) {
        const first = call.arrays ? call.arrays[0] : partsOf('fit', await streamed?.peek(initialEpoch), 1).x;
        this.build(sampleShape('fit', first));
      }
      const to = this.#compilation.readyToTrain('fit');
      const { compiled } = to;
      const streaming = forStream(to);
      const { train, test } = prepareFit(to, call, between);
      const waiting = this.#engine.ready(compiled);
      if (waiting) await waiting;
      const source =
        streamed ?? new ArraySource(train as DataSet, { batch, shuffle: given.shuffle ?? true, steps }); // one of the two is there
      const progress = beginProgress(call, compiled);
      this.#compilation.progress = progress;
      const callbacks = this.#callbacks(given, turn, epochs);
      const { everyBatch } = callbacks;
      try {
        if (given.resumeFrom) {
          const dealing = { model: this, engine: this.#engine, compiled, progress, everyBatch, between };
          await source.seek(given.resumeFrom, dealing);
        }
        const work = { source, test, epochs, batch, callbacks, signal: given.signal, between };
        return await trainEpochs(this, this.#engine, compiled, progress, work);
      } finally {
        await source.close();
      }
    });
  }

  /**
   * One step on just these samples.
   * @returns the batch's loss and metrics, before the update.
   * @throws as fit does.
   */
  async trainOnBatch(x: Samples, y: TargetValues, options?: TrainOnBatchOptions): Promise<Logs> {
    expectItself('trainOnBatch', this);
    noMoreArguments('trainOnBatch', arguments, 3, 'trainOnBatch(x, y, { sampleWeight })');
    expectTargets('trainOnBatch', x, y);
    const given = readTrainOnBatchOptions(options);
    return training(this, 'trainOnBatch', async (turn) => {
      if (!this.built) this.build(sampleShape('trainOnBatch', x));
      const to = this.#compilation.readyToTrain('trainOnBatch');
      const { compiled } = to;
      const data = weighByClass(to, prepareData(to, x, y, given.sampleWeight), given.classWeight);
      const waiting = this.#engine.ready(compiled);
      if (waiting) await waiting;
      const source = new ArraySource(data, { batch: data.samples, shuffle: false, steps: null });
      const mean = new RunningMean(compiled);
      const progress = { epoch: 0, batch: 0, mean, record: { epoch: [], history: {} } };
      const callbacks = this.#callbacks({}, turn, null);
      const between = (work: () => Promise<void>): Promise<void> => turn.pause(work);
      const dealing = { model: this, engine: this.#engine, compiled, progress, everyBatch: false, between };
      const portions = source.portions(dealing);
      return trainEpoch(this, this.#engine, compiled, portions, progress, { callbacks, signal: undefined });
    });
  }

  /**
   * Mean loss and metrics over the samples, dropout off: `{ loss, accuracy }`. Takes arrays, or batches as `fit` does.
   * @throws RangeError where shapes don't fit.
   */
  async evaluate(x: Samples, y: TargetValues, options?: EvaluateOptions): Promise<Logs>;
  async evaluate(batches: BatchStream, options?: EvaluateOptions): Promise<Logs>;
  async evaluate(
    x: Samples | BatchStream,
    y: TargetValues | EvaluateOptions | undefined,
    options?: EvaluateOptions,
  ): Promise<Logs> {
    expectItself('evaluate', this);
    noMoreArguments('evaluate', arguments, 3, 'evaluate(x, y, { batchSize })');
    const stream = isStream(x) ? x : null;
    if (!stream) expectTargets('evaluate', x, y);
    const call = stream ? 'evaluate(batches, …)' : 'evaluate(x, y, …)';
    const given = readEvaluateOptions(stream ? streamOptions('evaluate', x, y, options) : options, call);
    const { batchSize: batch = 32, signal } = given;
    const compiled = this.#compilation.use('evaluate');
    const to = { operation: 'evaluate', model: this, compiled };
    // What isn't a stream comes with y, as TypeScript and toDataSet see to.
    const data = stream ? null : prepareData(to, x as Samples, y as TargetValues, given.sampleWeight);
    // batchSize is of use here: batches that come may be too large to be computed at once.
    if (stream) refuseForStream('evaluate', { sampleWeight: given.sampleWeight });
    const work = (turn: Turn): Promise<Logs> => {
      const callbacks = this.#callbacks(given, turn, null);
      const measured = data ?? prepareStream(to, stream as BatchStream, (read) => turn.pause(read), signal);
      return measure(this.#engine, compiled, measured, {
        batch,
        prefix: '',
        callbacks,
        signal,
      }) as Promise<Logs>; // without a prefix
    };
    return inference(this, 'evaluate', work, signal);
  }

  /**
   * The model's outputs, dropout off: [n, …output shape]. A model needs no compile for that.
   * @throws RangeError where the shape doesn't fit.
   */
  async predict(x: Samples, options?: PredictOptions): Promise<Tensor> {
    expectItself('predict', this);
    noMoreArguments('predict', arguments, 2, 'predict(x, { batchSize })');
    const given = readPredictOptions(options);
    if (isStream(x)) {
      throw new TypeError(
        `predict: x must be samples, got ${describe(x)}: for batches one by one, call predict for each of them`,
      );
    }
    const { batchSize: batch = 32, signal } = given;
    if (!this.built) this.build(sampleShape('predict', x));
    const compiled = this.#compilation.settled;
    const shared = this.#engine.threads(compiled).threads > 0;
    return this.#room.lend((room) => {
      const data = toInputs('predict', x, this.inputShape, shared, room);
      const work = (turn: Turn): Promise<Tensor> => {
        const callbacks = this.#callbacks(given, turn, null);
        return predictAll(this, this.#engine, compiled, data, { batch, callbacks, signal });
      };
      return inference(this, 'predict', work, signal);
    });
  }

  /** What one training step computes, as the last compile settled it. @throws Error before compile. */
  plan(): Plan {
    return this.#compilation.look('plan').plan;
  }

  /**
   * The plan as a table.
   * @param columns the widest line; a plan that is wider becomes a list. Default: no limit.
   * @throws Error before compile.
   */
  describePlan(columns?: number): string {
    expectItself('describePlan', this);
    noMoreArguments('describePlan', arguments, 1);
    if (columns !== undefined) aboveZero('describePlan', 'columns', columns);
    return describePlan(this.plan(), columns);
  }

  /** The compiled optimizer, loss and metrics, and the network as it was then; null before compile, or while the model isn't built. */
  get compiled(): {
    optimizer: Optimizer;
    loss: Loss;
    metrics: readonly MetricChoice[];
    config: NetworkConfig;
    convolution: ConvolutionChoice;
  } | null {
    return this.#compilation.now;
  }

  /**
   * The compiled optimizer. Its `learningRate` may be changed between two steps, in a callback for instance.
   * @throws Error before compile.
   */
  get optimizer(): Optimizer {
    return this.#compilation.optionsFor('optimizer').optimizer;
  }

  /**
   * Writes the model to `model.json` and `model.safetensors` in a folder (its path, or a file: URL), which is made where there is none;
   * `loadModel` reads it. Files of these names are replaced, by whole ones only. A place that ends in `.keras` becomes a file of Keras 3,
   * which holds layers and weights, and not what `compile` settled. While `fit` is at work, it waits until a step has ended.
   * @throws Error where the model isn't built, FormatError where a weight isn't finite, or what the file system
   *   throws.
   */
  async save(place: Place): Promise<void> {
    noMoreArguments('save', arguments, 1);
    return saveModel(this, place);
  }

  /**
   * The optimizer's arrays by parameter; empty before the first step.
   * @throws Error before compile, or outside callbacks while `fit` is at work.
   */
  optimizerState(): OptimizerState {
    expectBetweenSteps('optimizerState', this);
    return this.#compilation.look('optimizerState').state;
  }

  /**
   * Where `fit` is between two steps (in a callback), or was when it ended or was stopped: what another `fit`
   * takes as `resumeFrom`. null before the first `fit` since `compile`.
   */
  get fitPosition(): FitPosition | null {
    const { progress } = this.#compilation;
    if (!progress) return null;
    const { epoch, batch, mean, record } = progress;
    return { epoch, batch, sums: mean.sums, history: copyHistory(record) };
  }

  /** Ends the worker threads at once. The model can still be used: the next call starts new ones. */
  async dispose(): Promise<void> {
    await this.#engine.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  #threads(): { threads: number; reason: string | null } {
    const { now, threads } = this.#compilation;
    // What the layers allow is known once there are all of them.
    if (!now && threads !== undefined) return { threads, reason: null };
    return this.#engine.threads(now);
  }

  protected override beforeChange(operation: string): void {
    expectIdle(this, operation);
    this.#compilation.layersChange();
  }

  /** While callbacks run, others have their turn. @param epochs of a fit, for the line that shows how far it is */
  #callbacks(
    { callbacks = [], verbose = 0 }: PredictOptions,
    turn: Turn,
    epochs: number | null,
  ): CallbackList {
    const all = verbose ? [...callbacks, new ProgressLine(verbose, epochs)] : callbacks;
    return new CallbackList(all, this, (work) => turn.pause(work));
  }
}
