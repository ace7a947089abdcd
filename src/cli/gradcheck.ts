/** `degelo gradcheck`: the proof that the backward passes are the derivatives of the forward passes. */
import { type Command, Option } from 'commander';
import type { KernelChoice } from '../kernels/index.ts';
import { integer } from './usage.ts';

interface GradcheckFlags {
  readonly seed: number;
  readonly kernel: KernelChoice;
  readonly json?: true;
}

export function addGradcheckCommand(program: Command): void {
  program
    .command('gradcheck')
    .description(
      'Compare every gradient with central differences, in float64: each layer, each loss, the whole network\n' +
        'of the experiment; and float32 gradients with float64 ones. Fails if one is out of bounds.',
    )
    .option(
      '--seed <n>',
      'decides inputs, weights, and which coordinates of large arrays are checked',
      integer(0),
      0,
    )
    .addOption(
      new Option('--kernel <name>', 'kernels whose float32 gradients are compared with float64')
        .choices(['auto', 'plain', 'simd', 'fma'])
        .default('auto'),
    )
    .option('--json', 'print the reports as JSON, and nothing else, on stdout')
    .action(gradcheck);
}

async function gradcheck({ seed, kernel, json }: GradcheckFlags): Promise<void> {
  const [{ checkAll }, { formatGradients, summarizeGradients }] = await Promise.all([
    import('../gradcheck/suite.ts'),
    import('../gradcheck/table.ts'),
  ]);
  const reports = [...checkAll({ seed, kernel })];
  const summary = summarizeGradients(reports);
  const passed = reports.every((report) => report.passed);
  process.stdout.write(
    json
      ? `${JSON.stringify({ seed, passed, reports }, null, 2)}\n`
      : `${formatGradients(reports)}\n${summary}\n`,
  );
  if (!passed) throw new Error(`gradcheck: ${summary}`);
}
