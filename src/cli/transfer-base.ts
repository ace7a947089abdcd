/** `degelo transfer --base`: the photos' features by a pretrained network, on the screen as they are computed. */
import { defaultThreads } from '#pool';
import type { MnistData } from '../data/dataset.ts';
import { phaseClasses } from '../experiment/classes.ts';
import { FeatureFiles } from '../experiment/finetune/feature-files.ts';
import { openPretrained } from '../experiment/finetune/pretrained.ts';
import type { PretrainedBase } from '../experiment/options.ts';
import { chooseKernel } from '../kernels/index.ts';
import { featureLine } from '../report/finetune.ts';
import { LANGUAGES } from '../report/messages.ts';
import { loadModel } from '../training/saved/load-model.ts';
import { givenClasses } from './classes.ts';
import { makeFeatureFolder } from './finetune-publish.ts';
import type { OutFolder } from './out-folder.ts';
import { tell } from './output.ts';
import type { Screen } from './screen.ts';
import { PHOTO_SPLIT } from './transfer-data.ts';
import type { TransferFlags } from './transfer-flags.ts';

/** The data with the base's features, and the base. @throws as openPretrained does. */
export async function withBase(
  data: MnistData,
  flags: TransferFlags & { readonly base: string },
  screen: Screen,
  out: OutFolder | null,
): Promise<{ data: MnistData; base: PretrainedBase }> {
  const t = LANGUAGES[flags.lang];
  screen.show(() => t.finetune.readingBase);
  const model = await loadModel(flags.base);
  if (!flags.json) tell(model);
  const begin = performance.now();
  const { images = '', base: source, cut, preprocess, reverse = false, seed, convolution } = flags;
  const found = await openPretrained(data, {
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
  const { cut: layer, size, width } = found.base.figures;
  screen.print(t.finetune.base(source, layer, size.join('×'), `${width}`));
  return found;
}
