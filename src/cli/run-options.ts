/** Options that several commands have, each with its words in one place. */
import { type Command, Option } from 'commander';
import type { KernelChoice } from '../kernels/index.ts';
import { CONVOLUTION_CHOICES, type ConvolutionChoice } from '../layers/convolution.ts';
import { integer, languageOption, MOST_THREADS } from './usage.ts';

/** The kernels' names, as in kernels/index.ts. `--help` needn't wait for that file. */
const KERNELS: readonly KernelChoice[] = ['auto', 'plain', 'simd', 'fma'];

/** `--threads`. @param unsaid how many there are without it */
export function threadsOption(unsaid = 'every core'): Option {
  return new Option(
    '--threads <n>',
    `worker threads; any number gives the same result (default: ${unsaid})`,
  ).argParser(integer(1, MOST_THREADS));
}

/** `--kernel`; `transfer` says at length what each is. */
export function kernelOption(fallback: KernelChoice = 'auto', about = 'as in transfer'): Option {
  return new Option('--kernel <name>', about).choices(KERNELS).default(fallback);
}

/** `--convolution`, likewise. */
export function convolutionOption(fallback: ConvolutionChoice, about = 'as in transfer'): Option {
  return new Option('--convolution <name>', about).choices(CONVOLUTION_CHOICES).default(fallback);
}

/** Adds those that say where a training is kept, and how it is told. @param kept what `--out` saves, and what `--resume` needs */
export function addFolderOptions(command: Command, kept: { out: string; resume: string }): Command {
  return command
    .option('--out <folder>', kept.out)
    .option('--force', 'with --out: replace the results in a folder that holds some')
    .option('--resume <folder>', kept.resume)
    .option(
      '--checkpoint-steps <n>',
      'with --out or --resume: a checkpoint after so many training steps too',
      integer(1),
    )
    .addOption(languageOption())
    .option('--json', 'print the result as JSON, and nothing else, on stdout');
}
