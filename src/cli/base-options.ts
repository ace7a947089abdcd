/** Options of the commands that put photos through a pretrained network. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { FINETUNE_DEFAULTS } from '../experiment/finetune/options.ts';
import { PREPROCESSINGS } from '../model/preprocessing.ts';
import { convolutionOption, kernelOption, threadsOption } from './run-options.ts';
import { UsageError } from './usage.ts';

/** Adds those that say which network, and how it is used. */
export function addNetworkOptions(
  command: Command,
  about = 'the pretrained network: a file or folder of any format that degelo reads, or its URL',
): Command {
  return command
    .option('--base <model>', about)
    .option('--cut <layer>', "the base's layer that gives the features (default: what its classifier reads)")
    .addOption(
      new Option(
        '--preprocess <kind>',
        'what the base takes: none: pixels from 0 to 255; unit: from 0 to 1; tf: from −1 to 1; torch and caffe: as Keras calls ' +
          'them (default: what the base says of itself)',
      ).choices(PREPROCESSINGS),
    );
}

/** Adds all of them. */
export function addBaseOptions(command: Command): Command {
  return addNetworkOptions(command)
    .option(
      '--images <folder>',
      'photos (JPEG, PNG), one folder per class; or train and test in it, with such folders each',
    )
    .option(
      '--size <n>',
      "of the photos as the network takes them: 160, or 120x160 (default: the base's own)",
      sizeOf,
    )
    .addOption(skipBadOption())
    .addOption(threadsOption())
    .addOption(kernelOption(FINETUNE_DEFAULTS.kernel))
    .addOption(convolutionOption(FINETUNE_DEFAULTS.convolution));
}

/** What becomes of files that are no photos. @param only the option that it goes with, where a command has others too */
export function skipBadOption(only?: string): Option {
  const begin = only === undefined ? '' : `with ${only}: `;
  return new Option('--skip-bad', `${begin}leave out files that are no photos, and say which`);
}

/** @throws UsageError where there are no photos that it could be about. */
export function checkSkipBad({
  images,
  skipBad,
}: {
  readonly images?: string;
  readonly skipBad?: boolean;
}): void {
  if (images !== undefined || !skipBad) return;
  throw new UsageError('--skip-bad: is for photos, which --images names');
}

/** `160` or `120x160`: rows, then columns. */
export function sizeOf(text: string): readonly [number, number] {
  const match = /^(\d{1,4})(?:[x×](\d{1,4}))?$/.exec(text);
  const [height, width] = match ? [Number(match[1]), Number(match[2] ?? match[1])] : [0, 0];
  if (height > 0 && width > 0) return [height, width];
  throw new InvalidArgumentError(
    'Expected a number of pixels, such as 224, or height and width, such as 120x160.',
  );
}
