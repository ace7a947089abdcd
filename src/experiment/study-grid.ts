/**
 * What a study is: the options that decide its figures, and its cells in their order.
 *
 *   cells = directions × learning rates × seeds × sample counts, the last one running fastest:
 *   index = ((direction · |learning rates| + learning rate) · seeds + seed) · |samples| + count
 *
 * So cells that share a training on the source digits are neighbours, and a part of a study, which is a run of
 * neighbours, does that training once for them.
 */
import type { MnistData } from '../data/dataset.ts';
import { VERSION } from '../formats/version.ts';
import { chooseKernel, type KernelChoice } from '../kernels/index.ts';
import { maximum } from '../tensor/maximum.ts';
import { shareOf } from './cells.ts';
import { type ClassOptions, HIGH, LOW, phaseClasses } from './classes.ts';
import { STUDY_DEFAULTS } from './options.ts';

/** Which classes come first: `forward` trains on the source's and continues with the target's, `reverse` exchanges them. */
export const DIRECTIONS = ['forward', 'reverse'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** Target samples per digit: a number, or all there are. */
export type SampleCount = number | 'all';

/** The options of a study, as a user gives them. */
export interface StudyChoices extends Omit<ClassOptions, 'reverse'> {
  readonly data: MnistData;
  /** Seeds 0 ≤ s < seeds. */
  readonly seeds?: number;
  readonly learningRates?: readonly number[];
  readonly directions?: readonly Direction[];
  readonly samples?: readonly SampleCount[];
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly kernel?: KernelChoice;
}

/** All that decides the figures of a study, as its files hold it. Two that are equal have the same bytes of result. */
export interface Study {
  readonly version: string;
  readonly data: { readonly sha256: string };
  /** The strict kernels have the same bits everywhere; those of fma depend on the machine. */
  readonly kernel: 'strict' | 'fma';
  readonly epochs: number;
  readonly batch_size: number;
  /** The classes of the first phase, in the direction `forward`; below them those of the second. */
  readonly source_classes: readonly number[];
  readonly target_classes: readonly number[];
  readonly directions: readonly Direction[];
  readonly learning_rates: readonly number[];
  readonly seeds: number;
  readonly samples: readonly SampleCount[];
}

/** What tells one cell from the others. */
export interface CellKey {
  readonly direction: Direction;
  readonly learning_rate: number;
  readonly seed: number;
  readonly samples_per_digit: SampleCount;
}

/** More would take a machine with a thousand cores a week. */
const MOST_CELLS = 1_000_000;

/**
 * Settles the options of a study.
 * @throws RangeError for an option that makes no sense, more than MOST_CELLS cells, or more samples per digit than
 *   the data has: here rather than in one cell of thousands.
 */
export function makeStudy(choices: StudyChoices): Study {
  const { data, seeds, learningRates, directions, samples, epochs, batchSize, kernel } = {
    ...STUDY_DEFAULTS,
    ...choices,
  };
  const { sourceClasses = HIGH, targetClasses = LOW } = choices;
  const study: Study = {
    version: VERSION,
    data: { sha256: data.sha256 },
    kernel: chooseKernel(kernel) === 'fma' ? 'fma' : 'strict',
    epochs,
    batch_size: batchSize,
    source_classes: sourceClasses,
    target_classes: targetClasses,
    directions,
    learning_rates: learningRates,
    seeds,
    samples,
  };
  const fault = faultOf(study);
  if (fault) throw new RangeError(`study: ${fault}`);
  const most = maximum(samples.map((count) => (count === 'all' ? 0 : count)));
  for (const own of directions.flatMap((direction) => classesOf(study, direction).target)) {
    const there = data.train.labels.reduce((sum, label) => sum + Number(label === own), 0);
    if (there < most) throw new RangeError(`study: class ${own} must have ${most} samples, got ${there}`);
  }
  return study;
}

/** What is wrong with a study's options, or null. */
export function faultOf(study: Study): string | null {
  const { epochs, batch_size, directions, learning_rates, seeds, samples } = study;
  for (const [name, value] of Object.entries({ epochs, batch_size, seeds })) {
    if (!isPositive(value)) return `${name} must be an integer ≥ 1, got ${value}`;
  }
  for (const [name, list] of Object.entries({ directions, learning_rates, samples })) {
    if (list.length === 0) return `${name} must hold one value at least, got none`;
    if (new Set<unknown>(list).size < list.length) return `${name} must differ, got ${list.join(', ')}`;
  }
  const wrongRate = learning_rates.find((rate) => !(rate > 0 && rate < Infinity));
  if (wrongRate !== undefined) return `learning_rates must be numbers above 0, got ${wrongRate}`;
  const wrongCount = samples.find((count) => count !== 'all' && !isPositive(count));
  if (wrongCount !== undefined) return `samples must be integers ≥ 1 or all, got ${wrongCount}`;
  try {
    classesOf(study, 'forward');
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return error.message;
  }
  const cells = cellCount(study);
  return cells > MOST_CELLS ? `cells must be at most ${MOST_CELLS}, got ${cells}` : null;
}

export function cellCount({ directions, learning_rates, seeds, samples }: Study): number {
  return directions.length * learning_rates.length * seeds * samples.length;
}

/** The cell at `index`, counted from 0. @throws RangeError where there is none. */
export function cellAt(study: Study, index: number): CellKey {
  const { directions, learning_rates, seeds, samples } = study;
  const cells = cellCount(study);
  if (!Number.isInteger(index) || index < 0 || index >= cells) {
    throw new RangeError(`study: cells are counted from 0: expected an index below ${cells}, got ${index}`);
  }
  const group = Math.floor(index / samples.length);
  const rate = Math.floor(group / seeds);
  return {
    direction: directions[Math.floor(rate / learning_rates.length)],
    learning_rate: learning_rates[rate % learning_rates.length],
    seed: group % seeds,
    samples_per_digit: samples[index % samples.length],
  };
}

/** The cells of one part of a study that is dealt to `parts` tasks: from ≤ index < to. @throws as shareOf does. */
export function partOf(study: Study, part: number, parts: number): { from: number; to: number } {
  return shareOf(cellCount(study), { part, parts }, 'study');
}

/** In what a study differs from the one that is expected, for a message; null where they are the same. */
export function differenceOf(expected: Study, got: Study): string | null {
  for (const [field, name] of FIELDS) {
    const [should, is] = [expected, got].map((study) => JSON.stringify(study[field]));
    if (should !== is) return `${name}: expected ${should}, got ${is}`;
  }
  return null;
}

const FIELDS = [
  ['version', 'version of degelo'],
  ['data', 'data set'],
  ['kernel', 'kernel'],
  ['epochs', 'epochs'],
  ['batch_size', 'batch size'],
  ['source_classes', 'source classes'],
  ['target_classes', 'target classes'],
  ['directions', 'directions'],
  ['learning_rates', 'learning rates'],
  ['seeds', 'seeds'],
  ['samples', 'samples per digit'],
] as const satisfies readonly (readonly [keyof Study, string])[];

/** `cell 17 (forward, learning rate 1, seed 3, 10 samples per digit)` */
export function cellName(study: Study, index: number): string {
  const { direction, learning_rate, seed, samples_per_digit } = cellAt(study, index);
  return `cell ${index} (${direction}, learning rate ${learning_rate}, seed ${seed}, ${samples_per_digit} samples per digit)`;
}

/** The classes that a study's two phases tell apart. @throws as phaseClasses does. */
export function classesOf(study: Study, direction: Direction): ReturnType<typeof phaseClasses> {
  const { source_classes: sourceClasses, target_classes: targetClasses } = study;
  return phaseClasses({ sourceClasses, targetClasses, reverse: direction === 'reverse' });
}

function isPositive(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}
