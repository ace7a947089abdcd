/**
 * What every model has that trains, whatever its layers' order: Keras' compile, fit, evaluate and predict. What these do is
 * in loop/; here stands what they take, and what is checked first.
 */
import { writeModelFiles } from '#files';
import { noMoreArguments } from '../checks/options.ts';
import type { FitPosition } from '../formats/checkpoint.ts';
import { encodeModel, MODEL_FILE, WEIGHTS_FILE } from '../formats/model.ts';
import { modelFolder, type Place } from '../formats/places.ts';
import type { ConvolutionChoice } from '../layers/convolution.ts';
import type { Loss } from '../losses/loss.ts';
import { Network, type NetworkConfig } from '../model/network.ts';
import type { Plan } from '../model/plan.ts';
import { describePlan, summarize } from '../model/summary.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Callback, History, Logs } from './callbacks/callback.ts';
import { CallbackList } from './callbacks/callback-list.ts';
import { type Compiled, checkCompileOptions, refuseUnsupported, settle, warnOfChanges } from './compiled.ts';
import { type Samples, sampleShape, type TargetValues, toDataSet } from './inputs.ts';
import { sampleOrder } from './loop/batches.ts';
import { Engine } from './loop/engine.ts';
import { trainEpoch } from './loop/epoch.ts';
import { trainEpochs } from './loop/fit.ts';
import { measure } from './loop/measure.ts';
import { checkPosition, copyHistory, type FitProgress } from './loop/position.ts';
import { predictAll } from './loop/predict.ts';
import { RunningMean } from './loop/running-mean.ts';
import { expectIdle, inference, type Turn, training } from './loop/turns.ts';
import {
  type CompileOptions,
  type EvaluateOptions,
  type FitOptions,
  readCompileOptions,
  readEvaluateOptions,
  readFitOptions,
} from './options.ts';
import { cacheFeatures } from './session/feature-cache.ts';
import type { DataSet } from './session/job.ts';
import type { OptimizerState } from './session/optimizer-state.ts';

/** A network that trains, tests and predicts. */
export abstract class Model extends Network {
  /** Set to true (by a callback) to end `fit` after the epoch at hand. */
  stopTraining = false;
  /** Training steps since the model was made, across compiles: the second phase has dropout masks of its own. */
  step = 0;
  #compileOptions: (CompileOptions & { optimizer: Optimizer }) | null = null;
  #compiled: Compiled | null = null;
  #fit: FitProgress | null = null;
  /** Layers were added or taken off since compile. */
  #changed = false;
  readonly #engine = new Engine(this);

  /**
   * The most memory that one step may take, in units of 2^20 bytes; a call that needs more is refused before anything is
   * allocated. No limit for models that you make; 2048 for those of a file, which may be small and ask for gigabytes:
   *
   *   const model = await loadModel('my-model');
   *   model.memoryMB = 4000;
   *
   * @throws where it is set: TypeError where it isn't a number, RangeError where it isn't above 0.
   */
  get memoryMB(): number {
    return this.#engine.memoryMB;
  }

  set memoryMB(value: number) {
    this.#engine.memoryMB = value;
  }

  /**
   * Settles how the model is trained. Optimizers start afresh (Adadelta's means at zero), weights are kept,
   * and what is `trainable` now counts until the next compile.
   * A model whose layers change afterwards is to be compiled again.
   * @throws TypeError or RangeError for an unknown name, or a loss that doesn't fit the model, Error while the model is at work: in a
   *   callback too.
   */
  compile(options: CompileOptions): void {
    expectIdle(this, 'compile');
    noMoreArguments('compile', arguments, 1, 'compile({ optimizer, loss, metrics })');
    const given = readCompileOptions(options);
    const optimizer = checkCompileOptions(given);
    this.#compileOptions = { ...given, optimizer };
    this.#compiled = null;
    this.#fit = null;
    this.#changed = false;
    if (this.built) this.#compiled = settle(this, this.#compileOptions);
  }

  /**
   * Trains for a number of epochs: every sample once an epoch, in batches; the last, smaller batch is kept.
   * An epoch's loss and metrics are running figures, with dropout on; validation comes after it, dropout off.
   * The history holds the epochs before `resumeFrom` too.
   * @throws RangeError where shapes or options don't fit, NonFiniteError where the loss or a weight became
   *   NaN or infinite.
   */
  async fit(x: Samples, y: TargetValues, options?: FitOptions): Promise<History> {
    noMoreArguments('fit', arguments, 3, 'fit(x, y, { batchSize, epochs })');
    const given = readFitOptions(options);
    const { epochs = 1, resumeFrom = null, shuffle = true, validationData, signal } = given;
    const initialEpoch = given.initialEpoch ?? resumeFrom?.epoch ?? 0;
    const batch = given.batchSize ?? 32;
    if (resumeFrom && initialEpoch !== resumeFrom.epoch) {
      throw new RangeError(
        `fit: initialEpoch must be resumeFrom's epoch: expected ${resumeFrom.epoch}, got ${initialEpoch}`,
      );
    }
    return training(this, 'fit', async (turn) => {
      if (!this.built) this.build(sampleShape('fit', x));
      const compiled = this.#needCompiled('fit');
      refuseUnsupported('fit', this, compiled);
      const data = this.#dataSet('fit', x, y, compiled);
      if (data.samples === 0) throw new RangeError('fit: x must hold at least one sample, got none');
      const validation = validationData ? this.#dataSet('fit', ...validationData, compiled) : null;
      const rounds = epochs - initialEpoch;
      const [train, test] = cacheFeatures(compiled.plan, [data, validation], {
        megabytes: given.featureCacheMB ?? 1024,
        // What is looked at once need not be kept.
        worthwhile: rounds > 1,
        shared: compiled.threads > 0,
      });
      if (resumeFrom) checkPosition(resumeFrom, data.samples, batch, this.step);
      const callbacks = this.#callbacks(given.callbacks, turn);
      const progress: FitProgress = {
        epoch: initialEpoch,
        batch: resumeFrom?.batch ?? 0,
        mean: new RunningMean(compiled.metrics, resumeFrom?.sums),
        record: copyHistory(resumeFrom?.history ?? { epoch: [], history: {} }),
      };
      this.#fit = progress;
      // fit's own data is never null
      const work = { train: train as DataSet, test, epochs, shuffle, batch, callbacks, signal };
      return trainEpochs(this, this.#engine, compiled, progress, work);
    });
  }

  /**
   * One step on just these samples.
   * @returns the batch's loss and metrics, before the update.
   * @throws as fit does.
   */
  async trainOnBatch(x: Samples, y: TargetValues): Promise<Logs> {
    noMoreArguments('trainOnBatch', arguments, 2, 'trainOnBatch(x, y) takes no options');
    return training(this, 'trainOnBatch', async (turn) => {
      if (!this.built) this.build(sampleShape('trainOnBatch', x));
      const compiled = this.#needCompiled('trainOnBatch');
      refuseUnsupported('trainOnBatch', this, compiled);
      const data = this.#dataSet('trainOnBatch', x, y, compiled);
      if (data.samples === 0) throw new RangeError('trainOnBatch: x must hold at least one sample, got none');
      const order = sampleOrder(data.samples, null, compiled.threads > 0);
      const mean = new RunningMean(compiled.metrics);
      const progress = { epoch: 0, batch: 0, mean, record: { epoch: [], history: {} } };
      const options = { batch: data.samples, callbacks: this.#callbacks([], turn), signal: undefined };
      return trainEpoch(this, this.#engine, compiled, data, order, progress, options);
    });
  }

  /**
   * Mean loss and metrics over the samples, dropout off: `{ loss, accuracy }`.
   * @throws RangeError where shapes don't fit.
   */
  async evaluate(x: Samples, y: TargetValues, options?: EvaluateOptions): Promise<Logs> {
    noMoreArguments('evaluate', arguments, 3, 'evaluate(x, y, { batchSize })');
    const given = readEvaluateOptions('evaluate', options, 'evaluate(x, y, …)');
    const { batchSize: batch = 32, signal } = given;
    const compiled = this.#needCompiled('evaluate');
    const data = this.#dataSet('evaluate', x, y, compiled);
    if (data.samples === 0) throw new RangeError('evaluate: x must hold at least one sample, got none');
    const work = (turn: Turn): Promise<Logs> => {
      const callbacks = this.#callbacks(given.callbacks, turn);
      return measure(this.#engine, compiled, data, { batch, prefix: '', callbacks, signal });
    };
    return inference(this, 'evaluate', work, signal);
  }

  /**
   * The model's outputs, dropout off: [n, …output shape]. A model needs no compile for that.
   * @throws RangeError where the shape doesn't fit.
   */
  async predict(x: Samples, options?: EvaluateOptions): Promise<Tensor> {
    noMoreArguments('predict', arguments, 2, 'predict(x, { batchSize })');
    const given = readEvaluateOptions('predict', options, 'predict(x, …)');
    const { batchSize: batch = 32, signal } = given;
    if (!this.built) this.build(sampleShape('predict', x));
    const compiled = this.#compiled;
    const shapes = { input: this.inputShape, output: this.outputShape };
    const data = toDataSet('predict', x, null, shapes, null, this.#engine.threads(compiled) > 0);
    const work = (turn: Turn): Promise<Tensor> => {
      const callbacks = this.#callbacks(given.callbacks, turn);
      return predictAll(this, this.#engine, compiled, data, { batch, callbacks, signal });
    };
    return inference(this, 'predict', work, signal);
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

  /**
   * The plan as a table.
   * @param columns the widest line; a plan that is wider becomes a list. Default: no limit.
   * @throws Error before compile.
   */
  describePlan(columns?: number): string {
    return describePlan(this.plan(), columns);
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
   * The compiled optimizer. Its `learningRate` may be changed between two steps, in a callback for instance.
   * @throws Error before compile.
   */
  get optimizer(): Optimizer {
    return this.#expectOptions('optimizer').optimizer;
  }

  /**
   * Writes the model to `model.json` and `model.safetensors` in a folder (its path, or a file: URL), which is made where there is none;
   * `loadModel` reads it. Files of these names are replaced, by whole ones only. During `fit`, save from a
   * callback: between two steps.
   * @throws Error where the model isn't built, FormatError where a weight isn't finite, or what the file system
   *   throws.
   */
  async save(place: Place): Promise<void> {
    const folder = modelFolder('save', place);
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
    await this.#engine.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  #dataSet(operation: string, x: Samples, y: TargetValues, { loss, threads }: Compiled): DataSet {
    const shapes = { input: this.inputShape, output: this.outputShape };
    return toDataSet(operation, x, y, shapes, loss, threads > 0);
  }

  /** What compile settled; a warning where `trainable` was changed since, as Keras gives. */
  #needCompiled(operation: string): Compiled {
    this.#compiled ??= settle(this, this.#expectOptions(operation));
    if (operation !== 'plan' && operation !== 'optimizerState')
      warnOfChanges(operation, this, this.#compiled);
    return this.#compiled;
  }

  #expectOptions(operation: string): CompileOptions & { optimizer: Optimizer } {
    if (this.#compileOptions) return this.#compileOptions;
    const why = this.#changed ? "the model's layers changed after compile" : "the model isn't compiled";
    const how = this.#changed ? 'again' : 'first';
    throw new Error(`${operation}: ${why}: call compile({ optimizer, loss }) ${how}`);
  }

  /** Other layers make another plan, and other weights to optimize: what compile settled is void. */
  protected override beforeChange(operation: string): void {
    expectIdle(this, operation);
    // Before the model is built nothing was settled yet: the layers may still come.
    if (!this.#compiled) return;
    this.#compileOptions = null;
    this.#compiled = null;
    this.#fit = null;
    this.#changed = true;
  }

  /** While callbacks run, others have their turn. */
  #callbacks(callbacks: readonly Callback[] | undefined, turn: Turn): CallbackList {
    return new CallbackList(callbacks ?? [], this, (work) => turn.pause(work));
  }
}
