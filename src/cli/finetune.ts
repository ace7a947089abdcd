/** `degelo finetune`: transfer learning on a folder of photos, as one command. */
import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { FinetuneCheckpoint } from '../experiment/finetune/checkpoint.ts';
import { CLASS_WEIGHTS, FINETUNE_DEFAULTS } from '../experiment/finetune/options.ts';
import type { FinetuneResult } from '../experiment/finetune/result.ts';
import { LANGUAGES } from '../report/messages.ts';
import { shellQuote } from '../report/shell.ts';
import { addBaseOptions } from './base-options.ts';
import type { FinetuneFlags } from './finetune-flags.ts';
import type { KeptResult } from './kept-run.ts';
import type { OutFolder } from './out-folder.ts';
import { print } from './output.ts';
import { checkFolderFlags } from './run-flags.ts';
import { addFolderOptions } from './run-options.ts';
import type { SavedRun } from './saver.ts';
import { columnsOf } from './screen.ts';
import { decimal, integer, someText, UsageError } from './usage.ts';

export function addFinetuneCommand(program: Command): void {
  const command = program
    .command('finetune')
    .description(
      "Teach a pretrained network your own classes of photos, as Keras' guide on transfer learning does: cut its classifier off, " +
        'compute the features of each photo once, train a new head on them, and, with --thaw, continue with the top of the ' +
        'network at a low rate. Progress goes to stderr, the result to stdout.',
    );
  addBaseOptions(command).option(
    '--features <place>',
    'features that degelo features computed: its folder, or what it merged; with --images too where the photos are at hand',
  );
  addHeadOptions(command);
  addThawOptions(command);
  command
    .option('--seed <n>', 'decides everything random', integer(0), FINETUNE_DEFAULTS.seed)
    .option(
      '--feature-cache-mb <n>',
      'most memory for what the frozen layers give, with --thaw; beyond it photos are read again in each epoch; 0: keep none',
      decimal({ positive: false }),
      FINETUNE_DEFAULTS.featureCacheMB,
    );
  addFolderOptions(command, {
    out:
      'save the result, a report (report.html) and the model, which takes photos, in a new folder; while it runs, features ' +
      'and checkpoints, with which --resume continues',
    resume: 'continue a run that --out began and that was stopped or killed, to the same result',
  }).action(finetune);
}

function addHeadOptions(command: Command): void {
  const defaults = FINETUNE_DEFAULTS;
  command
    .option(
      '--test-split <x>',
      'share of each class that is for the test, where there is no folder for it',
      share,
      defaults.testSplit,
    )
    .option(
      '--hidden <n>',
      'units of a layer between features and classes; 0: none',
      integer(0),
      defaults.hidden,
    )
    .option(
      '--dropout <x>',
      'share of the features that training leaves out at random',
      rate,
      defaults.dropout,
    )
    .option('--epochs <n>', 'epochs of the head', integer(1), defaults.epochs)
    .option('--batch-size <n>', 'photos of a training step', integer(1), defaults.batchSize)
    .option(
      '--learning-rate <x>',
      'of Adam, for the head',
      decimal({ positive: true }),
      defaults.learningRate,
    )
    .addOption(
      new Option('--class-weights <how>', 'balanced: classes of few photos count as much as those of many')
        .choices(CLASS_WEIGHTS)
        .default(defaults.classWeights),
    );
}

function addThawOptions(command: Command): void {
  const defaults = FINETUNE_DEFAULTS;
  command
    .option(
      '--thaw <layers>',
      "then train the base's last layers too: how many, or the name of the first of them",
      thawOf,
    )
    .option('--thaw-epochs <n>', 'epochs with these layers', integer(1), defaults.thawEpochs)
    .option(
      '--thaw-learning-rate <x>',
      'of Adam, with these layers',
      decimal({ positive: true }),
      defaults.thawLearningRate,
    );
}

async function finetune(given: FinetuneFlags, command: Command): Promise<void> {
  checkUsage(given, command);
  // Here and not above, so that --help and wrong usage needn't wait for them.
  const { runKept } = await import('./kept-run.ts');
  await runKept<FinetuneFlags, FinetuneCheckpoint, FinetuneResult>(given, {
    command: 'finetune',
    first: 'head',
    finished: async (folder) =>
      (await import('./finetune-resume.ts')).finishedFinetuning(folder, given, command),
    parse: async (bytes, file) =>
      (await import('../experiment/finetune/checkpoint.ts')).parseFinetuneCheckpoint(bytes, file),
    resumed: async (checkpoint) =>
      (await import('./finetune-resume.ts')).resumedFlags(given, command, checkpoint),
    run: (flags, out, saved) => runInFolder(flags, command, out, saved),
    tell,
  });
}

/** Trains, with checkpoints and results in the folder if there is one. */
async function runInFolder(
  flags: FinetuneFlags,
  command: Command,
  out: OutFolder | null,
  saved: SavedRun<FinetuneCheckpoint> | null,
): Promise<KeptResult<FinetuneResult>> {
  const [
    { saver },
    { commandOf, notesOf },
    { parseCheckpoint },
    { runOnScreen },
    { MODEL, publishFinetuning },
  ] = await Promise.all([
    import('./saver.ts'),
    import('./finetune-resume.ts'),
    import('../formats/checkpoint.ts'),
    import('./finetune-run.ts'),
    import('./finetune-publish.ts'),
  ]);
  const steps = flags.checkpointSteps ?? Infinity;
  const first = flags.thaw === undefined ? null : 'head';
  // The models are saved whole, by onModel.
  const finish = async (): Promise<void> => {};
  const source = saved?.source;
  const saving = out && saver(out, { steps, notes: notesOf(flags), first, finish }, source);
  const resumption = saved && {
    checkpoint: saved.checkpoint,
    head: source && out ? { contents: await parseCheckpoint(source, out.source), file: out.source } : null,
  };
  const done = await runOnScreen(flags, out && saving ? { out, saving } : null, resumption);
  const words = commandOf(flags, command);
  const t = LANGUAGES[flags.lang];
  const report = out && (await publishFinetuning(out, done, words, t));
  const next = out && t.finetune.useIt(join(out.name, MODEL), shellQuote(out.name));
  return { result: done.result, report, next };
}

/** Prints a result. */
async function tell(result: FinetuneResult, { json, lang }: FinetuneFlags): Promise<void> {
  const [{ finetuneReport }, { indentedJson }] = await Promise.all([
    import('../report/finetune.ts'),
    import('../report/json.ts'),
  ]);
  print(json ? indentedJson(result) : finetuneReport(result, LANGUAGES[lang], columnsOf(process.stdout)));
}

/** What says something of the thawed layers only. */
const OF_THE_THAW = ['--thaw-epochs', '--thaw-learning-rate', '--feature-cache-mb'];

/** @throws UsageError for options that don't go together. */
function checkUsage(flags: FinetuneFlags, command: Command): void {
  const { base, images, features, thaw, skipBad, resume } = flags;
  if (resume === undefined) {
    if (base === undefined) throw new UsageError('--base: the pretrained network is missing: --base MODEL');
    if (images === undefined && features === undefined) {
      throw new UsageError('--images: the photos are missing: --images FOLDER');
    }
    if (thaw !== undefined && images === undefined) {
      throw new UsageError(
        '--thaw: trains on the photos themselves, which --features lacks: add --images FOLDER',
      );
    }
  }
  if (thaw === undefined && resume === undefined) {
    const other = command.options.find(
      (each) =>
        OF_THE_THAW.includes(each.long ?? '') && command.getOptionValueSource(each.attributeName()) === 'cli',
    );
    if (other) throw new UsageError(`${other.long}: nothing is thawed without --thaw`);
  }
  if (features !== undefined && skipBad) {
    throw new UsageError(
      '--skip-bad: degelo features has already left out files that are no photos: leave out --skip-bad',
    );
  }
  checkFolderFlags(flags);
}

function share(text: string): number {
  const value = decimal({ positive: true })(text);
  if (value < 1) return value;
  throw new InvalidArgumentError('Expected a number above 0 and below 1.');
}

function rate(text: string): number {
  const value = decimal({ positive: false })(text);
  if (value < 1) return value;
  throw new InvalidArgumentError('Expected a number of at least 0 and below 1.');
}

function thawOf(text: string): number | string {
  return /^[-+]?[\d.]+$/.test(text) ? integer(1)(text) : someText(text);
}
