/** One phase of the experiment, which is the notebook's `train_model`: compile, fit, evaluate. */
import type { ClassSelection } from '../data/split.ts';
import type { CheckpointContents } from '../formats/checkpoint.ts';
import type { JsonObject } from '../formats/json.ts';
import type { KernelName } from '../kernels/kernels.ts';
import type { ConvolutionChoice } from '../layers/convolution.ts';
import { categoricalCrossentropy } from '../losses/categorical-crossentropy.ts';
import { adadelta } from '../optimizers/adadelta.ts';
import type { ByteImages } from '../tensor/byte-images.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Callback, Figures, History, ProgressInfo } from '../training/callbacks/callback.ts';
import { NonFiniteError } from '../training/errors.ts';
import type { Model } from '../training/model.ts';
import type { CompileOptions, FitOptions } from '../training/options.ts';
import type { PhaseSeconds } from './checkpoint.ts';
import type { AnyPhase, Phase, Progress, RunObserver, SafePoint, TransferObserver } from './observer.ts';
import type { PhaseFigures, PhaseResult } from './result.ts';

/** Five digits: what the model trains on, and what it is tested on after every epoch. */
export interface Half<X extends Tensor | ByteImages = Tensor<Float32Array>> {
  readonly digits: readonly number[];
  readonly train: ClassSelection<X>;
  readonly test: ClassSelection<X>;
}

export interface TrainingSettings {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly threads: number;
  readonly kernel: KernelName;
  readonly convolution: ConvolutionChoice;
  readonly featureCacheMB: number;
  readonly signal?: AbortSignal;
}

export interface PhaseRecovery {
  /** What a checkpoint says of the run beside the phase, its times and the model. */
  readonly run?: JsonObject;
  /** Where this phase continues; null: at its beginning. */
  readonly resumeFrom?: SavedPhase | null;
}

/** What a checkpoint says of a phase that isn't over. */
export interface SavedPhase {
  /** What messages call the file. */
  readonly file: string;
  readonly seconds: PhaseSeconds;
  readonly contents: CheckpointContents;
}

/** Trains `model`, as frozen as it is, on one half, and tests it. @throws what compile and fit throw. */
export async function trainModel(
  name: Phase['name'],
  model: Model,
  { digits, train, test }: Half<Tensor | ByteImages>,
  settings: TrainingSettings,
  observer: TransferObserver,
  recovery: PhaseRecovery = {},
): Promise<PhaseResult> {
  const { epochs, batchSize, learningRate, featureCacheMB } = settings;
  const figures = await runPhase(
    {
      operation: 'runTransfer',
      model,
      compile: { loss: categoricalCrossentropy(), optimizer: adadelta({ learningRate }) },
      phase: () => ({
        ...{ name, digits, epochs, trainShape: train.x.shape },
        samples: { train: train.labels.length, test: test.labels.length },
        frozen: model.countParams().nonTrainable > 0,
      }),
      fit: (options) =>
        model.fit(train.x, train.y, {
          ...{ ...options, batchSize, featureCacheMB },
          validationData: [test.x, test.y],
        }),
      finish: (figures) => ({ digits, ...figures }),
    },
    settings,
    observer,
    recovery,
  );
  return figures;
}

/** How a phase trains and tests its model. */
export interface PhaseWork<P extends AnyPhase, R extends PhaseFigures> {
  /** What messages call the work. */
  readonly operation: string;
  readonly model: Model;
  readonly compile: Pick<CompileOptions, 'loss' | 'optimizer'>;
  /** Asked for once the model is compiled. */
  phase(): P;
  /** Trains, and validates with the test samples after each epoch. */
  fit(options: Pick<FitOptions, 'epochs' | 'callbacks' | 'signal' | 'resumeFrom'>): Promise<History>;
  /** What is known of the phase beside its figures. */
  finish(figures: PhaseFigures): R;
}

/** Compiles, trains and tests. @throws what compile and fit throw, NonFiniteError for a last test that gives no number. */
export async function runPhase<P extends AnyPhase, R extends PhaseFigures>(
  work: PhaseWork<P, R>,
  settings: Pick<TrainingSettings, 'learningRate' | 'threads' | 'kernel' | 'convolution' | 'signal'>,
  observer: RunObserver<P, R>,
  { run = {}, resumeFrom = null }: PhaseRecovery = {},
): Promise<R> {
  const { model } = work;
  const { threads, kernel, convolution, signal } = settings;
  model.compile({ ...work.compile, metrics: ['accuracy'], threads, kernel, convolution });
  // What has to do with checkpoints is loaded where there are any: the page has none.
  if (resumeFrom) {
    const { restoreCheckpoint } = await import('../training/saved/checkpoint.ts');
    restoreCheckpoint(model, resumeFrom.contents, resumeFrom.file);
  }
  const params = model.countParams();
  const phase = work.phase();
  await observer.onPhaseBegin?.(phase, model);

  const save = async (kind: SafePoint['kind'], seconds: PhaseSeconds): Promise<void> => {
    if (!observer.onSafePoint) return;
    const { encodeCheckpoint } = await import('../formats/checkpoint.ts');
    const encode = (notes: JsonObject = {}, memory: ArrayBuffer | null = null) =>
      encodeCheckpoint(model, { ...run, phase: phase.name, seconds, notes }, memory);
    await observer.onSafePoint({ phase: phase.name, kind, step: model.step, encode });
  };
  const watch = new Watch(phase, observer, save, resumeFrom);
  if (!resumeFrom) await save('begin', watch.time);
  const callbacks = observer.everyBatch ? [watch, everyBatch] : [watch];
  const { history } = await work.fit({
    callbacks,
    ...(signal && { signal }),
    epochs: phase.epochs,
    resumeFrom: resumeFrom?.contents.position ?? null,
  });
  const { fit: seconds } = watch.time;
  // Nothing was trained since the last validation, so `evaluate` would give the same bits.
  const [loss, accuracy] = [history.val_loss, history.val_accuracy].map((values) => values[phase.epochs - 1]);
  // The last update of all is followed by no training loss that would tell.
  if (!Number.isFinite(loss)) {
    throw new NonFiniteError(
      `${work.operation}: the test loss became ${loss}: lower the learning rate (${settings.learningRate})`,
    );
  }

  const result = work.finish({
    samples: phase.samples,
    params: { total: params.total, trainable: params.trainable, non_trainable: params.nonTrainable },
    history: {
      loss: history.loss,
      accuracy: history.accuracy,
      val_loss: history.val_loss,
      val_accuracy: history.val_accuracy,
      seconds: watch.seconds,
    },
    test: { loss, accuracy },
    seconds,
  });
  await observer.onPhaseEnd?.(phase, result, model);
  return result;
}

/** Listens to every batch, so that no job has several. */
const everyBatch: Callback = { onBatchEnd() {}, onTestBatchEnd() {} };

/** Times the epochs, and turns what fit calls back into what the observer hears. */
class Watch<P extends AnyPhase> implements Callback {
  /** Seconds of each finished epoch, with its validation. */
  readonly seconds: number[];
  readonly #phase: P;
  readonly #observer: RunObserver<P, never>;
  readonly #save: (kind: SafePoint['kind'], seconds: PhaseSeconds) => Promise<void>;
  #epoch = 0;
  readonly #fitBegin: number;
  #fitSeconds: number | null = null;
  /** null between two epochs. */
  #epochBegin: number | null = null;
  /** Seconds that the epoch that is resumed took before, and how many of its samples are done. */
  #before: { seconds: number; seen: number };

  constructor(
    phase: P,
    observer: RunObserver<P, never>,
    save: (kind: SafePoint['kind'], seconds: PhaseSeconds) => Promise<void>,
    resumeFrom: SavedPhase | null,
  ) {
    const { epochs = [], epoch = 0, fit = 0 } = resumeFrom?.seconds ?? {};
    this.seconds = [...epochs];
    this.#phase = phase;
    this.#observer = observer;
    this.#save = save;
    this.#before = { seconds: epoch, seen: resumeFrom?.contents.position?.sums.samples ?? 0 };
    this.#fitBegin = performance.now() - fit * 1000;
  }

  get time(): PhaseSeconds {
    return {
      epochs: [...this.seconds],
      epoch: this.#epochBegin === null ? 0 : secondsSince(this.#epochBegin),
      fit: this.#fitSeconds ?? secondsSince(this.#fitBegin),
    };
  }

  async onEpochBegin(epoch: number): Promise<void> {
    const { seconds, seen } = this.#before;
    this.#before = { seconds: 0, seen: 0 };
    this.#epoch = epoch;
    this.#epochBegin = performance.now() - seconds * 1000;
    await this.#tell('training', seen, this.#phase.samples.train);
  }

  async onProgress({ mode, seen, samples: all }: ProgressInfo, logs: Figures): Promise<void> {
    // Of a stream nobody else knows.
    const samples = all ?? this.#phase.samples[mode === 'train' ? 'train' : 'test'];
    if (mode === 'train') await this.#tell('training', seen, samples, logs);
    else await this.#tell('validation', seen, samples);
    await this.#save('batch', this.time);
  }

  async onEpochEnd(epoch: number, logs: Figures): Promise<void> {
    const { epoch: seconds } = this.time;
    this.#epochBegin = null;
    this.seconds.push(seconds);
    await this.#observer.onEpochEnd?.(this.#phase, epoch, logs, seconds);
    await this.#save('epoch', this.time);
  }

  onTrainEnd(): void {
    this.#fitSeconds = this.time.fit;
  }

  async #tell(
    activity: Progress['activity'],
    seen: number,
    samples: number,
    logs: Figures = {},
  ): Promise<void> {
    await this.#observer.onProgress?.({
      phase: this.#phase,
      epoch: this.#epoch,
      activity,
      seen,
      samples,
      logs,
    });
  }
}

const secondsSince = (begin: number): number => (performance.now() - begin) / 1000;
