/** `degelo predict`: which classes a saved model sees in images. */
import { type Command, Option } from 'commander';
import type { DataError } from '../data/errors.ts';
import type { Inversion } from '../data/fit-digit.ts';
import type { PreparedImage } from '../data/images.ts';
import { LANGUAGES, type Language } from '../report/messages.ts';
import { classesOption, numbersOf } from './classes.ts';
import type { Classifier, LoadedNetwork } from './classifier.ts';
import { leaveSignalsToSystem } from './exits.ts';
import { write } from './output.ts';
import { columnsOf } from './screen.ts';
import { languageOption, memoryOption, UsageError } from './usage.ts';

interface PredictFlags {
  readonly invert: Inversion;
  readonly classes?: string;
  readonly draw?: boolean;
  readonly memory?: number;
  readonly lang: Language;
  readonly json?: true;
}

/** The number of images that are drawn in a terminal without `--draw`. */
const FEW = 20;
/** So many files that failed are named, each with its reason. */
const NAMED = 20;

export function addPredictCommand(program: Command): void {
  program
    .command('predict')
    .description(
      'Say what a saved model sees in images. JPEG and PNG images may have any size and colours: they become grey, ' +
        'bright on dark, evenly lit, and are scaled and centred as the images of MNIST were (box of ' +
        '20×20, centre of mass in the middle of 28×28). IDX images are taken as they are. A model of colour images, as finetune ' +
        'leaves one, takes photos (JPEG, PNG) of any size, whole, in the numbers that it or its name says, else in pixels from 0 to 255; one that transfer --images trained takes them whole, made grey.',
    )
    .argument(
      '<model>',
      'a saved model, a file or folder of any format that degelo reads; or the folder of a run of transfer or finetune: its last model',
    )
    .argument('<images...>', 'JPEG, PNG or IDX files, gzipped or not; - reads one from stdin')
    .addOption(
      new Option('--invert <when>', 'whether ink is dark on light: auto looks at the border of the image')
        .choices(['auto', 'yes', 'no'])
        .default('auto'),
    )
    .addOption(classesOption())
    .option('--draw', `draw what the model gets (default: up to ${FEW} images, in a terminal)`)
    .option('--no-draw', "don't")
    .addOption(memoryOption())
    .addOption(languageOption())
    .option('--json', 'print the probabilities as JSON, and nothing else, on stdout')
    .action(predict);
}

async function predict(folder: string, files: readonly string[], flags: PredictFlags): Promise<void> {
  const [
    { loadClassifier, loadNetwork },
    { takesPhotos },
    { DataError },
    { prepareImages },
    { readWhole },
    { readStdin },
    { refuseFolder },
  ] = await Promise.all([
    import('./classifier.ts'),
    import('./photo-classifier.ts'),
    import('../data/errors.ts'),
    import('../data/images.ts'),
    import('../data/file.ts'),
    import('../data/stdin.ts'),
    import('./refuse-folder.ts'),
  ]);
  const { classes, draw, invert, json, memory } = flags;
  if (draw && json)
    throw new UsageError('--draw: there is no room for a drawing in --json: leave one of them out');
  const network = await loadNetwork(folder, memory);
  if (takesPhotos(network.model)) return showPhotos(network, files, flags);
  // Threads start in the time that hundreds of images take.
  const classifier = await loadClassifier(network, {
    threads: 0,
    kernel: 'auto',
    ...(classes !== undefined && { classes: numbersOf(classes) }),
  });
  if (classifier.takesWholePhotos) refuseInversion(invert);
  // They compute on this thread, for as long as the model's file says, and there is nothing to clean up.
  leaveSignalsToSystem();
  const images: PreparedImage[] = [];
  /** Files that hold no image; the others' results are shown all the same. */
  const failed: DataError[] = [];
  for (const file of files) {
    const name = file === '-' ? 'stdin' : file;
    try {
      if (file !== '-') refuseFolder(file);
      const bytes = file === '-' ? await readStdin() : readWhole(file, file);
      const found = classifier.takesWholePhotos
        ? [await wholePhoto(bytes, name, classifier)]
        : await prepareImages(bytes, name, classifier, invert);
      // In a loop: there may be hundreds of thousands, which no call has room for.
      for (const image of found) images.push(image);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      failed.push(error);
    }
  }
  if (images.length > 0) await show(classifier, images, failed, flags);
  refuseFailed(files, failed);
}

/** @throws UsageError where photos are to be inverted. */
function refuseInversion(invert: Inversion): void {
  if (invert !== 'yes') return;
  throw new UsageError('--invert: is for handwritten digits: this model takes photos as they are');
}

/** A photo as `transfer --images` has them. @throws DataError where it is none. */
async function wholePhoto(
  bytes: Uint8Array,
  name: string,
  { height, width }: Classifier,
): Promise<PreparedImage> {
  const { greyPhotos } = await import('../data/photos/grey-photos.ts');
  const pixels = await greyPhotos([name], [height, width], () => bytes);
  return { name, image: { height, width, pixels }, inverted: false };
}

/** @throws Error that names the files that failed, where there are any. */
function refuseFailed(files: readonly string[], failed: readonly DataError[]): void {
  if (files.length === 1 && failed.length === 1) throw failed[0];
  if (failed.length > 0) {
    const reasons = failed.slice(0, NAMED).map(({ message }) => message);
    if (failed.length > NAMED) reasons.push(`and ${failed.length - NAMED} more`);
    throw new Error(`predict: ${failed.length} of ${files.length} files failed: ${reasons.join('; ')}`);
  }
}

/** The same for a model of colour images. */
async function showPhotos(
  network: LoadedNetwork,
  files: readonly string[],
  { classes, draw, invert, lang, json }: PredictFlags,
): Promise<void> {
  refuseInversion(invert);
  if (draw) throw new UsageError('--draw: is for models of grey images: this one takes photos');
  const [
    { photoClassifier },
    { predictPhotos },
    { readPhoto },
    { readStdin },
    { refuseFolder },
    report,
    { compileForPrediction },
  ] = await Promise.all([
    import('./photo-classifier.ts'),
    import('./predict-photos.ts'),
    import('#photos'),
    import('../data/stdin.ts'),
    import('./refuse-folder.ts'),
    import('../report/predictions.ts'),
    import('../training/compile-for-prediction.ts'),
  ]);
  const classifier = photoClassifier(network, classes);
  compileForPrediction(network.model, { threads: 0 });
  leaveSignalsToSystem();
  const { seen, failed } = await predictPhotos(
    classifier,
    files.map((file) => ({
      name: file === '-' ? 'stdin' : file,
      read() {
        if (file === '-') return readStdin();
        refuseFolder(file);
        return readPhoto(file);
      },
    })),
  );
  if (seen.length > 0) {
    const text = json
      ? report.photosJson(classifier.folder, classifier.classes, seen, failed)
      : report.photosText(classifier.classes, seen, LANGUAGES[lang]);
    write(`${text}\n`);
  }
  refuseFailed(files, failed);
}

async function show(
  classifier: Classifier,
  images: readonly PreparedImage[],
  failed: readonly DataError[],
  flags: PredictFlags,
): Promise<void> {
  const report = await import('../report/predictions.ts');
  const probabilities = await classifier.probabilities(images.map(({ image }) => image.pixels));
  const predictions = images.map((image, n) => ({ ...image, probabilities: probabilities[n] }));
  const draw = flags.draw ?? (process.stdout.isTTY === true && images.length <= FEW);
  write(
    flags.json
      ? `${report.predictionsJson(classifier.folder, classifier.classes, predictions, failed)}\n`
      : `${report.predictionsText(classifier.classes, predictions, draw, LANGUAGES[flags.lang], columnsOf(process.stdout))}\n`,
  );
}
