/** Does a mutant live? It dies where a gradient check fails or crashes, or where an optimizer leaves its formula. */
import { expect } from 'vitest';
import type * as SuiteModule from '../../src/gradcheck/suite.ts';
import type * as KernelsModule from '../../src/kernels/plain64/index.ts';
import type * as AdadeltaModule from '../../src/optimizers/adadelta.ts';
import type * as AdagradModule from '../../src/optimizers/adagrad.ts';
import type * as AdamModule from '../../src/optimizers/adam.ts';
import type * as AdamWModule from '../../src/optimizers/adam-w.ts';
import type * as AdamaxModule from '../../src/optimizers/adamax.ts';
import type * as LionModule from '../../src/optimizers/lion.ts';
import type * as NadamModule from '../../src/optimizers/nadam.ts';
import type * as RmspropModule from '../../src/optimizers/rmsprop.ts';
import type * as SgdModule from '../../src/optimizers/sgd.ts';
import { mutatedSources, toFloat64 } from './loader.ts';
import type { Mutant } from './mutate.ts';
import {
  adadeltaDiffers,
  adagradDiffers,
  adamaxDiffers,
  adamDiffers,
  adamWDiffers,
  lionDiffers,
  momentumDiffers,
  nadamDiffers,
  rmspropDiffers,
  sgdDiffers,
} from './optimizers.ts';

/** A mutant that lives, because it is no mistake. */
export interface Harmless {
  /** The line as it is in the source. */
  readonly before: string;
  readonly because: string;
}

/**
 * Fails with a list of those that live and shouldn't, and of those that are called harmless and die.
 * @param first part of the names of the checks that are about these mutants: most die there, so they come first. `null`: those
 *   that are called as the file is.
 */
export function expectDeaths(
  mutants: readonly Mutant[],
  first: string | null = null,
  harmless: readonly Harmless[] = [],
  killerOf: (mutant: Mutant, first: string | null, thorough: boolean) => string | null = gradcheckKiller,
): void {
  expect(mutants.length).toBeGreaterThan(0);
  const wrong = mutants.flatMap((mutant) => {
    const excuse = harmless.find(({ before }) => before === mutant.before);
    const killer = killerOf(mutant, first, excuse === undefined);
    const text = `src/${mutant.file}:${mutant.line}: ${mutant.before}  ⇒  ${mutant.after}`;
    if (excuse) return killer === null ? [] : [`called harmless, but "${killer}" fails: ${text}`];
    return killer === null ? [`lives: ${text}`] : [];
  });
  expect(wrong).toEqual([]);
}

/** By file: the checks that noticed one of its mutants. */
const killersOf = new Map<string, Set<string>>();

/**
 * The name of the check that the mutant doesn't pass, or null where it passes them all: those of `degelo gradcheck`, but
 * for the experiment's network at full size.
 * @param thorough all checks, with every coordinate if a few of each array found nothing; else those that are about it.
 */
export function gradcheckKiller(mutant: Mutant, first: string | null, thorough: boolean): string | null {
  const load = sourcesWith(mutant);
  const { LAYER_CASES, LOSS_CASES, NETWORK_CASES, checkCase } = load(
    'gradcheck/suite.ts',
  ) as typeof SuiteModule;
  const cases = [...LAYER_CASES, ...LOSS_CASES, NETWORK_CASES[0]];
  // First those that are about it and that noticed mutants of its file, then those that are either.
  const killers = killersOf.get(mutant.file) ?? new Set<string>();
  killersOf.set(mutant.file, killers);
  const rank = (name: string): number => 2 - Number(isAbout(name, mutant, first)) - Number(killers.has(name));
  const all = cases.toSorted((a, b) => rank(a.name) - rank(b.name));
  const about = all.filter(({ name }) => rank(name) < 2);
  // Three coordinates of each array find most mutants, a dozen nearly all.
  const passes: readonly (readonly [typeof cases, number])[] = thorough
    ? [
        [about, 3],
        [all, 12],
        [all, Infinity],
      ]
    : [[about.length > 0 ? about : all, 12]];
  for (const [checks, coordinates] of passes) {
    for (const each of checks) {
      try {
        const options = { ...each.options, coordinates };
        if (!checkCase({ ...each, options }, { kernel: null }).passed) {
          killers.add(each.name);
          return each.name;
        }
      } catch (error) {
        return `${each.name}: ${error}`;
      }
    }
  }
  return null;
}

function isAbout(check: string, { file }: Mutant, first: string | null): boolean {
  if (first !== null) return check.includes(first);
  // layers/global-max-pooling2d.ts: "global max-pooling, more than 256 pixels"
  const letters = (text: string): string => text.replace(/[^a-z]/g, '');
  return letters(check).startsWith(letters(file.replace(/^.*\/|(2d)?\.ts$/g, '')));
}

/** What the optimizers' oracle has against the mutant. */
export function optimizerKiller(mutant: Mutant): string | null {
  try {
    const load = sourcesWith(mutant);
    const { plain64Kernels } = load('kernels/plain64/index.ts') as typeof KernelsModule;
    const { adadelta } = load('optimizers/adadelta.ts') as typeof AdadeltaModule;
    const { sgd } = load('optimizers/sgd.ts') as typeof SgdModule;
    const { adam } = load('optimizers/adam.ts') as typeof AdamModule;
    const { adamW } = load('optimizers/adam-w.ts') as typeof AdamWModule;
    const { rmsprop } = load('optimizers/rmsprop.ts') as typeof RmspropModule;
    const { nadam } = load('optimizers/nadam.ts') as typeof NadamModule;
    const { adamax } = load('optimizers/adamax.ts') as typeof AdamaxModule;
    const { adagrad } = load('optimizers/adagrad.ts') as typeof AdagradModule;
    const { lion } = load('optimizers/lion.ts') as typeof LionModule;
    return (
      adadeltaDiffers(adadelta, plain64Kernels) ??
      sgdDiffers(sgd, plain64Kernels) ??
      momentumDiffers(sgd, plain64Kernels) ??
      adamDiffers(adam, plain64Kernels) ??
      adamWDiffers(adamW, adam, plain64Kernels) ??
      rmspropDiffers(rmsprop, plain64Kernels) ??
      nadamDiffers(nadam, plain64Kernels) ??
      adamaxDiffers(adamax, plain64Kernels) ??
      adagradDiffers(adagrad, plain64Kernels) ??
      lionDiffers(lion, plain64Kernels)
    );
  } catch (error) {
    return `crash: ${error}`;
  }
}

/** Gives what a module exports; its types are those of the original. */
function sourcesWith({ file, text }: Mutant): (entry: string) => unknown {
  const changed = file.startsWith('kernels/plain/') ? toFloat64(file, text) : { file, text };
  return mutatedSources(changed.file, changed.text);
}
