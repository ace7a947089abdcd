/** One phase of the experiment, which is the notebook's `train_model`: compile, fit, evaluate. */
import type { ClassSelection } from '../data/split.ts';
import type { KernelName } from '../kernels/kernels.ts';
import type { ConvolutionChoice } from '../model/convolution.ts';
import { adadelta } from '../optimizers/adadelta.ts';
import type { Callback, Logs } from '../training/callbacks.ts';
import { NonFiniteError } from '../training/errors.ts';
import type { Sequential } from '../training/sequential.ts';
import type { Phase, Progress, TransferObserver } from './observer.ts';
import type { PhaseResult } from './result.ts';

/** Five digits: what the model trains on, and what it is tested on after every epoch. */
export interface Half {
  readonly digits: readonly number[];
  readonly train: ClassSelection;
  readonly test: ClassSelection;
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

/** Trains `model`, as frozen as it is, on one half, and tests it. @throws what compile, fit and evaluate throw. */
export async function trainModel(
  name: Phase['name'],
  model: Sequential,
  { digits, train, test }: Half,
  settings: TrainingSettings,
  observer: TransferObserver,
): Promise<PhaseResult> {
  const { epochs, batchSize, learningRate, threads, kernel, convolution, featureCacheMB, signal } = settings;
  model.compile({
    loss: 'categoricalCrossentropy',
    optimizer: adadelta({ learningRate }),
    metrics: ['accuracy'],
    threads,
    kernel,
    convolution,
  });
  const params = model.countParams();
  const samples = { train: train.labels.length, test: test.labels.length };
  const frozen = params.nonTrainable > 0;
  const phase: Phase = { name, digits, frozen, epochs, trainShape: train.x.shape, samples };
  await observer.onPhaseBegin?.(phase, model);

  const watch = new Watch(phase, observer);
  const common = { batchSize, callbacks: [watch], ...(signal && { signal }) };
  const begin = performance.now();
  const { history } = await model.fit(train.x, train.y, {
    ...common,
    epochs,
    validationData: [test.x, test.y],
    featureCacheMB,
  });
  const seconds = secondsSince(begin);
  const { loss, accuracy } = await model.evaluate(test.x, test.y, common);
  // The last update of all is followed by no training loss that would tell.
  if (!Number.isFinite(loss)) {
    throw new NonFiniteError(
      `runTransfer: the test loss became ${loss}: lower the learning rate (${learningRate})`,
    );
  }

  const result: PhaseResult = {
    digits,
    samples,
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
  };
  await observer.onPhaseEnd?.(phase, result, model);
  return result;
}

/** Times the epochs, and turns what fit and evaluate call back into what the observer hears. */
class Watch implements Callback {
  /** Of each finished epoch, validation included. */
  readonly seconds: number[] = [];
  readonly #phase: Phase;
  readonly #observer: TransferObserver;
  #epoch = 0;
  #activity: Progress['activity'] = 'training';
  #begin = 0;

  constructor(phase: Phase, observer: TransferObserver) {
    this.#phase = phase;
    this.#observer = observer;
  }

  async onEpochBegin(epoch: number): Promise<void> {
    this.#epoch = epoch;
    this.#activity = 'validation'; // what tests within fit are
    this.#begin = performance.now();
    await this.#tell('training', 0, this.#phase.samples.train);
  }

  async onBatchEnd(_batch: number, logs: Logs, { seen, samples }: { seen: number; samples: number }) {
    await this.#tell('training', seen, samples, logs);
  }

  async onTestBatchEnd({ seen, samples }: { seen: number; samples: number }): Promise<void> {
    await this.#tell(this.#activity, seen, samples);
  }

  async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    const seconds = secondsSince(this.#begin);
    this.seconds.push(seconds);
    await this.#observer.onEpochEnd?.(this.#phase, epoch, logs, seconds);
  }

  onTrainEnd(): void {
    this.#activity = 'test'; // what tests after fit are
  }

  async #tell(activity: Progress['activity'], seen: number, samples: number, logs: Logs = {}): Promise<void> {
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
