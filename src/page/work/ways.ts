/**
 * The ways in which the page trains a network. `source` is the notebook's first phase; the other three learn the second half's
 * digits from one start. As `degelo study` has them: transfer, fine-tune and scratch (experiment/study-conditions.ts).
 */
import { HIGH, LOW } from '../../experiment/classes.ts';

/** Pixels of a digit's side. */
export const SIDE = 28;

export interface WaySettings {
  readonly digits: readonly number[];
  /** Where it begins: with the weights as they were drawn, or with those that `source` has learnt. */
  readonly from: 'initial' | 'source';
  /** The feature layers stand still. */
  readonly frozen: boolean;
}

export const WAYS = {
  source: { digits: HIGH, from: 'initial', frozen: false },
  frozen: { digits: LOW, from: 'source', frozen: true },
  thawed: { digits: LOW, from: 'source', frozen: false },
  fresh: { digits: LOW, from: 'initial', frozen: false },
} as const satisfies Record<string, WaySettings>;

export type WayName = keyof typeof WAYS;
/** The names of the ways, in the order in which they are shown. */
export const WAY_NAMES = Object.keys(WAYS) as readonly WayName[]; // an object literal's own keys

/** The ways that start together. */
export const THREE = ['frozen', 'thawed', 'fresh'] as const;
export type OneOfThree = (typeof THREE)[number];
