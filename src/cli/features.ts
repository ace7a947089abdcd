/** `degelo features`: the features of many photos, on one machine or dealt to thousands. */
import type { Command } from 'commander';
import { LANGUAGES } from '../report/messages.ts';
import { addBaseOptions } from './base-options.ts';
import type { FeatureFlags } from './features-flags.ts';
import { print } from './output.ts';
import { languageOption, part, UsageError } from './usage.ts';

export function addFeaturesCommand(program: Command): void {
  const command = program
    .command('features')
    .description(
      'Compute what a pretrained network makes of photos, for degelo finetune --features: the part of transfer learning that ' +
        'costs. Photos are dealt to cells, which may be computed anywhere: each is a file, and --merge joins them.',
    );
  addBaseOptions(command)
    .option(
      '--out <folder>',
      'keep each cell in a file there; photos that are already there are not computed again. With --merge: the file, .safetensors or .npz',
    )
    .option(
      '--cell <i/n>',
      'do only the i-th of n cells, 0 ≤ i < n, by default with one thread: one task of a job array (default: all, of 1,000 photos each)',
      part,
    )
    .option('--merge <folders...>', 'compute nothing: join what folders hold, if that is every cell, once')
    .option('--force', 'with --merge: replace the file')
    .addOption(languageOption())
    .option('--json', 'print what was done as JSON, and nothing else, on stdout')
    .action(features);
}

async function features(flags: FeatureFlags, command: Command): Promise<void> {
  checkUsage(flags, command);
  const { computeFeatures, mergeFeatures } = await import('./features-run.ts');
  const { featuresText } = await import('../report/features.ts');
  const { indentedJson } = await import('../report/json.ts');
  const t = LANGUAGES[flags.lang];
  const result = flags.merge ? await mergeFeatures(flags.merge, flags) : await computeFeatures(flags);
  print(flags.json ? indentedJson(result) : featuresText(result, t));
}

/** @throws UsageError for options that don't go together. */
function checkUsage({ merge, base, images, out, force }: FeatureFlags, command: Command): void {
  if (merge) {
    for (const option of command.options) {
      const { long } = option;
      const isGiven = command.getOptionValueSource(option.attributeName()) === 'cli';
      if (isGiven && !['--merge', '--out', '--force', '--json', '--lang'].includes(long ?? '')) {
        throw new UsageError(
          `${long}: the files that --merge joins say how they were computed: leave out ${long}`,
        );
      }
    }
    if (out === undefined) throw new UsageError('--out: the file is missing: --out FILE.safetensors');
    return;
  }
  if (base === undefined) throw new UsageError('--base: the pretrained network is missing: --base MODEL');
  if (images === undefined) throw new UsageError('--images: the photos are missing: --images FOLDER');
  if (out === undefined) throw new UsageError('--out: the folder of the features is missing: --out FOLDER');
  if (force) throw new UsageError('--force: is for --merge: cells that are there are never lost');
}
