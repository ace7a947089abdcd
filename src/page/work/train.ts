/** One training on the page: the notebook's `train_model`, told step by step. */
import type { ClassSelection } from '../../data/split.ts';
import { TRANSFER_DEFAULTS } from '../../experiment/options.ts';
import { type Half, trainModel } from '../../experiment/phase.ts';
import { weightsSha256 } from '../../formats/sha256.ts';
import { chooseKernel } from '../../kernels/index.ts';
import type { KernelName } from '../../kernels/kernels.ts';
import { argMax } from '../../metrics/arg-max.ts';
import type { Figures } from '../../training/callbacks/callback.ts';
import { WorkerError } from '../../training/errors.ts';
import { filtersOf, makeNetwork, restore, type Snapshot, snapshotOf } from './network.ts';
import { planRows } from './plan-rows.ts';
import type { PlanTexts } from './plan-texts.ts';
import { spread } from './spread.ts';
import type { PlanRow } from './step-cost.ts';
import { WAYS, type WayName } from './ways.ts';

/** Test digits that are shown with what the network takes them for. */
const TILES = 60;

export interface TrainingSettings {
  readonly epochs: number;
  readonly seed: number;
  /** Worker threads; 0: the Worker that this runs in does everything. */
  readonly threads: number;
}

/** What is told while a network trains, in this order; `progress` and `epoch` many times. */
export type TrainingEvent =
  | {
      readonly kind: 'begin';
      readonly samples: { readonly train: number; readonly test: number };
      readonly rows: readonly PlanRow[];
      /** The plan as a table of text. */
      readonly plan: PlanTexts;
      readonly threads: number;
      /** Why there are no threads although some were wanted; null: there are, or none were. */
      readonly threadsReason: string | null;
      readonly kernel: KernelName;
      readonly norms: readonly number[];
      readonly filters: Float32Array;
    }
  | {
      readonly kind: 'progress';
      readonly epoch: number;
      readonly activity: 'training' | 'validation';
      readonly seen: number;
      readonly samples: number;
      readonly logs: Figures;
    }
  | {
      readonly kind: 'epoch';
      readonly epoch: number;
      /** loss, accuracy, val_loss, val_accuracy */
      readonly logs: Figures;
      readonly seconds: number;
      /** The gradient's norm, layer by layer. */
      readonly norms: readonly number[];
      readonly filters: Float32Array;
      /** What the test digits that are shown are taken for. */
      readonly guesses: Uint8Array;
    };

/** What a training leaves. */
export interface Trained {
  readonly snapshot: Snapshot;
  readonly test: { readonly loss: number; readonly accuracy: number };
  /** Seconds of all epochs, with their tests. */
  readonly seconds: number;
  readonly sha256: string;
}

/** What all starts are made of: the weights that `source` learnt. The fresh one counts its steps from there too, as a study does. */
export type Start = Snapshot | null;

/**
 * Trains a network in one of the ways. Where worker threads can't be started, it does without, and says so.
 * @param start what `source` has learnt; null for `source` itself
 * @param tell hears of everything; the training doesn't wait for it
 * @throws NonFiniteError where training diverges, the signal's reason where that is aborted.
 */
export async function trainWay(
  name: WayName,
  start: Start,
  half: Half,
  settings: TrainingSettings,
  tell: (event: TrainingEvent) => void,
  signal: AbortSignal,
): Promise<Trained> {
  try {
    return await train(name, start, half, settings, tell, { signal, threadsReason: null });
  } catch (error) {
    if (!(error instanceof WorkerError) || settings.threads === 0) throw error;
    const threadsReason = error.message;
    return train(name, start, half, { ...settings, threads: 0 }, tell, { signal, threadsReason });
  }
}

async function train(
  name: WayName,
  start: Start,
  half: Half,
  { epochs, seed, threads }: TrainingSettings,
  tell: (event: TrainingEvent) => void,
  { signal, threadsReason }: { readonly signal: AbortSignal; readonly threadsReason: string | null },
): Promise<Trained> {
  const { from, frozen } = WAYS[name];
  const model = makeNetwork(seed, { frozen });
  if (start) restore(model, from === 'source' ? start : { ...snapshotOf(model), step: start.step });
  // With what makes hashes, which pages from plain http: have to load: no training is lost where a part doesn't come.
  const [{ GradientMeter }, { planTexts }] = await Promise.all([
    import('./gradient.ts'),
    import('./plan-texts.ts'),
    weightsSha256(model),
  ]);
  const meter = new GradientMeter(half.train, { frozen });
  const kernel = chooseKernel('auto');
  const { batchSize, learningRate, convolution, featureCacheMB } = TRANSFER_DEFAULTS;
  const tiles = spread(half.test.x, TILES);
  /** What takes no part in the time of an epoch. */
  const look = async () => {
    const snapshot = snapshotOf(model);
    return { norms: await meter.norms(snapshot), filters: filtersOf(snapshot) };
  };
  try {
    const result = await trainModel(
      name === 'source' ? 'source' : 'target',
      model,
      half,
      { epochs, batchSize, learningRate, threads, kernel, convolution, featureCacheMB, signal },
      {
        async onPhaseBegin({ samples }) {
          const plan = model.plan();
          tell({
            kind: 'begin',
            ...{ samples, threads, threadsReason, kernel, rows: planRows(plan), plan: planTexts(plan) },
            ...(await look()),
          });
        },
        onProgress({ epoch, activity, seen, samples, logs }) {
          tell({ kind: 'progress', epoch, activity, seen, samples, logs });
        },
        async onEpochEnd(_phase, epoch, logs, seconds) {
          const places = argMax(await model.predict(tiles, { batchSize: TILES }));
          const guesses = Uint8Array.from(places, (k) => half.digits[k]);
          tell({ kind: 'epoch', epoch, logs, seconds, guesses, ...(await look()) });
        },
      },
    );
    const { test, history } = result;
    const seconds = history.seconds.reduce((sum, each) => sum + each, 0);
    return { snapshot: snapshotOf(model), test, seconds, sha256: await weightsSha256(model) };
  } finally {
    await meter.dispose();
    await model.dispose();
  }
}

/** The test digits that are shown: their pixels in bytes, one image after the other, and what they are. */
export function tilesOf({ x, labels }: ClassSelection, digits: readonly number[]) {
  const { data, shape } = spread(x, TILES);
  const [count] = shape;
  return {
    pixels: Uint8Array.from(data, (value) => Math.round(value * 255)),
    labels: Uint8Array.from(
      { length: count },
      (_, i) => digits[labels[Math.floor((i * labels.length) / count)]],
    ),
  };
}

export type Tiles = ReturnType<typeof tilesOf>;
