/** A fine-tuning on a terminal: stderr tells how it goes. */
import { FeatureFiles } from '../experiment/finetune/feature-files.ts';
import { type Finetuned, type Resumption, runFinetune } from '../experiment/finetune/finetune.ts';
import type { FinetuneObserver, FinetunePhase } from '../experiment/finetune/observer.ts';
import type { FinetuneOptions } from '../experiment/finetune/options.ts';
import type { FinetunePhaseResult } from '../experiment/finetune/result.ts';
import * as words from '../report/finetune.ts';
import { LANGUAGES } from '../report/messages.ts';
import type { Model } from '../training/model.ts';
import { loadBase } from '../training/saved/load-model.ts';
import type { FinetuneFlags } from './finetune-flags.ts';
import { makeFeatureFolder, savesModels } from './finetune-publish.ts';
import { modelFolder } from './model-folder.ts';
import { narrate } from './narrator.ts';
import type { OutFolder } from './out-folder.ts';
import { tell, translated } from './output.ts';
import { readFeatures } from './read-features.ts';
import type { Saver } from './saver.ts';
import { Screen } from './screen.ts';

/** Where a run is saved. */
interface Saving {
  readonly out: OutFolder;
  readonly saving: Saver;
}

/**
 * Runs it, and saves it where there is a folder.
 * @throws what loadModel, readFeatures and runFinetune throw.
 */
export async function runOnScreen(
  flags: FinetuneFlags,
  saved: Saving | null,
  resumed: Resumption | null,
): Promise<Finetuned> {
  const screen = new Screen(process.stderr, { quietUnlessTerminal: flags.json ?? false });
  const t = LANGUAGES[flags.lang];
  screen.show(() => t.finetune.readingBase);
  try {
    const features = flags.features === undefined ? null : await readFeatures(flags.features);
    const model = await loadBase(modelFolder(baseOf(flags)), flags.size);
    tell(model);
    const observer = observerOf(flags, screen, saved);
    if (resumed) screen.print(words.finetuneResumeLine(resumed.checkpoint, t));
    const done = await runFinetune(
      optionsOf(flags, model, features),
      observer,
      saved && (async (key, width) => FeatureFiles.open(makeFeatureFolder(saved.out), key, width)),
      resumed,
    );
    screen.print('');
    return done;
  } finally {
    screen.clear();
  }
}

/** The usage's check has seen to it that there is one, or the saved run has it. */
const baseOf = (flags: FinetuneFlags): string => flags.base as string;

/** Tells the screen, and saves. */
function observerOf(flags: FinetuneFlags, screen: Screen, saved: Saving | null): FinetuneObserver {
  const t = LANGUAGES[flags.lang];
  const narrator = narrate<FinetunePhase, FinetunePhaseResult>(screen, words.finetuneHeading, t);
  const places = { base: baseOf(flags), images: flags.images ?? flags.features ?? '' };
  let begin = 0;
  return {
    ...narrator,
    onBegin(network, folder) {
      begin = performance.now();
      screen.print(words.finetuneOpening(network, folder, places, t));
      if (!saved) screen.print(t.finetune.notKept);
    },
    onFeatures(done, files) {
      screen.show((room) => words.featureLine(done, files, (performance.now() - begin) / 1000, room, t));
    },
    onFeaturesEnd(photos, stored, seconds) {
      screen.print(words.featuresDone(photos, stored, seconds, t));
    },
    onTwins(twins, tested) {
      for (const note of words.twinNotes(twins, tested, t)) screen.note(note);
    },
    onSkip({ file, reason }) {
      screen.note(t.finetune.skipped(file, translated(reason)));
    },
    ...(saved?.saving.everyBatch && { everyBatch: true }),
    ...(saved && {
      onSafePoint: saved.saving.onSafePoint,
      onModel: savesModels(saved.out, flags.thaw !== undefined),
    }),
    async onPhaseEnd(phase, result, trained) {
      await narrator.onPhaseEnd(phase, result, trained);
      await saved?.saving.onPhaseEnd(phase, result, trained);
    },
  };
}

/** The flags as options of the library. @param features those of --features; null: none */
function optionsOf(
  flags: FinetuneFlags,
  model: Model,
  features: Awaited<ReturnType<typeof readFeatures>> | null,
): FinetuneOptions {
  const {
    cut,
    preprocess,
    size,
    thaw,
    threads,
    featureCacheMb,
    base: _,
    images,
    features: place,
    ...others
  } = flags;
  const photos = features
    ? { features: { set: features, source: place ?? '' }, ...(images !== undefined && { images }) }
    : { images: images ?? '' };
  return {
    ...others,
    base: { model, source: baseOf(flags) },
    ...photos,
    featureCacheMB: featureCacheMb,
    ...(cut !== undefined && { cut }),
    ...(preprocess && { preprocessing: preprocess }),
    ...(size && { size }),
    ...(thaw !== undefined && { thaw }),
    ...(threads && { threads }),
  };
}
