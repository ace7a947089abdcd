/** A fine-tuning's features: what its base makes of every photo. Work that can be stopped, and continues with what is there. */
import { encodeCheckpoint } from '../../formats/checkpoint.ts';
import type { JsonObject } from '../../formats/json.ts';
import { adam } from '../../optimizers/adam.ts';
import { compileForPrediction } from '../../training/compile-for-prediction.ts';
import type { SafePoint } from '../observer.ts';
import { featureKey } from './base.ts';
import { checkSameFinetuning, type FinetuneCheckpoint, NOT_KNOWN, runMetadata } from './checkpoint.ts';
import type { FeatureStore } from './features.ts';
import { featuresOfHalves, type Halves, samplesOf } from './halves.ts';
import type { FinetuneObserver } from './observer.ts';
import { LOSS } from './phases.ts';
import { expectFeaturesOf } from './photo-source.ts';
import { type BadPhoto, refuseBad } from './photos.ts';
import type { Setup } from './setup.ts';

/** Makes what keeps features by a key that says what computes them. */
export type MakeStore = (key: string, width: number) => Promise<FeatureStore>;

export interface FeaturePhase {
  readonly halves: Halves;
  readonly skipped: readonly BadPhoto[];
  readonly seconds: number;
}

/**
 * @param base its hash
 * @param resumed of the run that continues
 * @throws RangeError where kept features, or the run that continues, are of something else; and what featuresOfHalves throws.
 */
export async function computeFeatures(
  setup: Setup,
  base: { readonly sha256: string },
  observer: FinetuneObserver,
  makeStore: MakeStore | null,
  resumed: FinetuneCheckpoint | null,
): Promise<FeaturePhase> {
  const { options, source, network, choices, machine } = setup;
  const { convolution } = choices;
  const { kernel } = machine;
  compileForPrediction(network.extractor, machine);
  if (options.features) {
    expectFeaturesOf(options.features.set, { baseSha256: base.sha256, convolution, kernel });
  }
  const key = await featureKey(network, base.sha256, { convolution, kernel });
  const store = makeStore && (await makeStore(key, network.width));
  // From here on it can be stopped.
  const safePoint = firstSafePoint(setup, base, observer);
  if (resumed) checkSameFinetuning(resumed, { choices, base, data: null, kernel });
  else await safePoint('begin');
  const canStop = !resumed || resumed.isEarly;

  const skipped: BadPhoto[] = [];
  const skip = (bad: BadPhoto): void => {
    skipped.push(bad);
    observer.onSkip?.(bad);
  };
  for (const bad of source.skipped) skip(bad);
  const begin = performance.now();
  const { stored, ...halves } = await featuresOfHalves(setup, {
    store,
    skip: options.skipBad ? skip : refuseBad,
    async onProgress(done, files) {
      await observer.onFeatures?.(done, files);
      if (canStop) await safePoint('batch');
    },
  });
  await network.extractor.dispose();
  const seconds = (performance.now() - begin) / 1000;
  const { train, test } = samplesOf(halves);
  observer.onFeaturesEnd?.(train + test, stored, seconds);
  return { halves, skipped, seconds };
}

/** Saves a run that has trained nothing yet: a head as it begins, of photos that aren't all known. */
function firstSafePoint(
  { network: { head }, choices, machine }: Setup,
  base: { readonly sha256: string },
  observer: FinetuneObserver,
): (kind: SafePoint['kind']) => Promise<void> {
  head.compile({ optimizer: adam(), loss: LOSS, metrics: ['accuracy'], ...machine });
  const run = runMetadata({ choices, base, data: { sha256: NOT_KNOWN }, kernel: machine.kernel });
  const nothing = { phase: 'head', seconds: { epochs: [], epoch: 0, fit: 0 } };
  const encode = (notes: JsonObject = {}) => encodeCheckpoint(head, { ...run, ...nothing, notes });
  return async (kind) => observer.onSafePoint?.({ phase: 'head', kind, step: 0, encode });
}
