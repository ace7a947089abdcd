/** `degelo transfer --base`: a pretrained network, and the photos' features by it, on the screen as they are computed. */
import { defaultThreads } from '#pool';
import { phaseClasses } from '../experiment/classes.ts';
import { FeatureFiles } from '../experiment/finetune/feature-files.ts';
import { openPretrained, type Pretrained } from '../experiment/finetune/pretrained.ts';
import { chooseKernel } from '../kernels/index.ts';
import { featureLine } from '../report/finetune.ts';
import { LANGUAGES } from '../report/messages.ts';
import { loadModel } from '../training/saved/load-model.ts';
import { givenClasses } from './classes.ts';
import { makeFeatureFolder } from './finetune-publish.ts';
import { modelFolder } from './model-folder.ts';
import type { OutFolder } from './out-folder.ts';
import { tell } from './output.ts';
import type { Screen } from './screen.ts';
import { PHOTO_SPLIT } from './transfer-data.ts';
import type { TransferFlags } from './transfer-flags.ts';

/**
 * Opens the base, before any photo is read: a damaged one, or one that doesn't serve, shows at once.
 * @returns what reads the photos' features. @throws as openPretrained does.
 */
export async function openBase(
  flags: TransferFlags & { readonly base: string },
  screen: Screen,
  out: OutFolder | null,
): Promise<Pretrained> {
  const t = LANGUAGES[flags.lang];
  screen.show(() => t.finetune.readingBase);
  const model = await loadModel(modelFolder(flags.base));
  tell(model);
  const { images = '', base: source, cut, preprocess, reverse = false, seed, convolution } = flags;
  let begin = 0;
  const pretrained = await openPretrained({
    base: { model, source },
    ...(cut !== undefined && { cut }),
    ...(preprocess && { preprocessing: preprocess }),
    ...{ images, split: PHOTO_SPLIT, seed, convolution },
    classes: phaseClasses({ ...givenClasses(flags), reverse }),
    threads: flags.threads ?? defaultThreads(),
    kernel: chooseKernel(flags.kernel),
    makeStore: out && ((key, width) => FeatureFiles.open(makeFeatureFolder(out), key, width)),
    onProgress: (done, files) =>
      screen.show((room) => featureLine(done, files, (performance.now() - begin) / 1000, room, t)),
  });
  return {
    async featuresOf(data, left) {
      begin = performance.now();
      const found = await pretrained.featuresOf(data, left);
      const { cut: layer, size, width } = found.base.figures;
      screen.print(t.finetune.base(source, layer, size.join('×'), `${width}`));
      return found;
    },
  };
}
