/** The options of a fine-tuning that is resumed, where the run that was saved names only some. */
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import type { FinetuneFlags } from '../../src/cli/finetune-flags.ts';
import { resumedFlags } from '../../src/cli/finetune-resume.ts';

const command = new Command().option('--base <x>').option('--images <x>').option('--features <x>');
const flagsOf = (given: object, notes: object) =>
  resumedFlags(given as FinetuneFlags, command, { run: { choices: {}, kernel: 'simd' }, notes } as never);

describe('a fine-tuning that is resumed', () => {
  it.each([
    [{ base: 'b', images: 'i' }, {}],
    [{ base: 'b', features: 'f' }, {}],
    [{}, { base: 'b', images: 'i' }],
    [{ images: 'i' }, { base: 'b' }],
    [{ base: 'b' }, { features: 'f' }],
    [{ base: 'b', images: 'i', features: 'f' }, {}],
  ])('takes base and photos, or features, given as %j, and saved as %j', (given, notes) => {
    expect(flagsOf(given, notes)).toEqual({ ...given, ...notes, kernel: 'simd', preprocess: undefined });
  });

  it.each([
    [{}, {}],
    [{ base: 'b' }, {}],
    [{ images: 'i' }, {}],
    [{ features: 'f' }, {}],
    [{ images: 'i' }, { features: 'f' }],
  ])('is refused where one of them is neither given, %j, nor saved, %j', (given, notes) => {
    expect(() => flagsOf(given, notes)).toThrow('the run must name its base and its photos');
  });
});
