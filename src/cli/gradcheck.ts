/** `degelo gradcheck`: the proof that the backward passes are the derivatives of the forward passes. */
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Command, Option } from 'commander';
import type { GradientReport } from '../gradcheck/check.ts';
import type { KernelChoice } from '../kernels/index.ts';
import { LANGUAGES, type Language } from '../report/messages.ts';
import { workLine } from '../report/work-line.ts';
import { modelFolder } from './model-folder.ts';
import { write } from './output.ts';
import { kernelOption } from './run-options.ts';
import { columnsOf, Screen } from './screen.ts';
import { integer, languageOption, UsageError } from './usage.ts';

/** How many comparisons or cases are done, and how many there are. */
type OnProgress = (done: number, all: number) => void;

interface GradcheckFlags {
  readonly model?: string;
  readonly import?: readonly string[];
  readonly coordinates?: number;
  readonly seed: number;
  readonly kernel: KernelChoice;
  readonly lang: Language;
  readonly json?: true;
}

export function addGradcheckCommand(program: Command): void {
  program
    .command('gradcheck')
    .description(
      'Compare every gradient with central differences, in float64: each layer, each loss, the whole network ' +
        'of the experiment; and float32 gradients with float64 ones. Exits with 1 if one is out of bounds.',
    )
    .argument('[model]', 'check this saved model instead, under the loss that it was compiled with')
    .addOption(new Option('--model <folder>', 'the same as the argument').hideHelp())
    .option(
      '--import <modules...>',
      'modules that register layers, losses or optimizers of your own, which the model has: they are run',
    )
    .option(
      '--coordinates <n>',
      'of a model: arrays of more elements are checked in a random sample of this many, half of them where the ' +
        'gradient is not zero, and along random directions; fewer take less time (default: 200)',
      integer(1),
    )
    .option('--seed <n>', 'decides inputs, weights and which coordinates are checked', integer(0), 0)
    .addOption(kernelOption('auto', 'kernels whose float32 gradients are compared with float64 ones'))
    .addOption(languageOption())
    .option('--json', 'print the reports as JSON, and nothing else, on stdout')
    .action(gradcheck);
}

async function gradcheck(given: string | undefined, flags: GradcheckFlags): Promise<void> {
  if (given !== undefined && flags.model !== undefined) {
    throw new UsageError(`gradcheck: one model at a time: got ${given} and --model ${flags.model}`);
  }
  const model = given ?? flags.model;
  const other = (['import', 'coordinates'] as const).find(
    (name) => model === undefined && flags[name] !== undefined,
  );
  if (other) {
    // --import takes all words after it, the model's too.
    throw new UsageError(
      `--${other}: is for a saved model, which comes first: degelo gradcheck MODEL --${other} …`,
    );
  }
  const [{ gradientTable, summarizeGradients }, { wrap }, { gradientsInPortuguese }] = await Promise.all([
    import('../gradcheck/table.ts'),
    import('../model/table.ts'),
    import('../report/messages/gradcheck-pt.ts'),
  ]);
  const say = flags.lang === 'pt' ? gradientsInPortuguese : (english: string): string => english;
  const begin = performance.now();
  const screen = new Screen(process.stderr);
  const onProgress: OnProgress = (done, all) => {
    const seconds = (performance.now() - begin) / 1000;
    screen.show((room) => workLine(say('Gradients'), { done, all, seconds }, room, LANGUAGES[flags.lang]));
  };
  const reports = await (model === undefined
    ? checkProject(flags, onProgress)
    : checkModel(model, flags, onProgress)
  ).finally(() => screen.clear());
  const columns = columnsOf(process.stdout);
  const summary = summarizeGradients(reports, say, LANGUAGES[flags.lang].locale);
  const passed = reports.every((report) => report.passed);
  write(
    flags.json
      ? `${JSON.stringify({ seed: flags.seed, passed, reports }, null, 2)}\n`
      : `${gradientTable(reports, columns, say)}\n${Number.isFinite(columns) ? wrap(summary, Math.min(columns, 80)) : summary}\n`,
  );
  if (!passed) throw new Error(`gradcheck: ${summary}`);
}

async function checkProject(
  { seed, kernel }: GradcheckFlags,
  onProgress: OnProgress,
): Promise<GradientReport[]> {
  const { CASES, checkAll } = await import('../gradcheck/suite.ts');
  const reports: GradientReport[] = [];
  for (const report of checkAll({ seed, kernel })) {
    reports.push(report);
    onProgress(reports.length, CASES.length);
  }
  return reports;
}

/** @throws Error naming the module where it isn't there, or fails. */
async function runModule(module: string): Promise<void> {
  if (!existsSync(module)) throw new UsageError(`--import: ${module}: no such file`);
  if (statSync(module).isDirectory())
    throw new UsageError(`--import: ${module}: must be a file, got a folder`);
  try {
    await import(pathToFileURL(resolve(module)).href);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`--import: ${module} fails: ${reason}`, { cause });
  }
}

/** @throws FormatError where the folder holds no whole model, RangeError where a weight is not finite. */
async function checkModel(
  folder: string,
  { seed, kernel, coordinates, import: modules = [] }: GradcheckFlags,
  onProgress: OnProgress,
): Promise<GradientReport[]> {
  const [{ checkGradients }, { loadModel }] = await Promise.all([
    import('../gradcheck/check.ts'),
    import('../training/saved/load-model.ts'),
  ]);
  for (const module of modules) await runModule(module);
  const model = await loadModel(modelFolder(folder));
  const loss = model.compiled?.loss;
  const options = { seed, kernel, ...(loss && { loss }), ...(coordinates && { coordinates }) };
  return [checkGradients(model, { ...options, onProgress })];
}
