/** The command by which Node trains the same weights as the page did. */
import { TRANSFER_DEFAULTS } from '../../experiment/options.ts';
import type { WayName } from './ways.ts';

interface Settings {
  readonly epochs: number;
  readonly seed: number;
}

/** Where in a study's result each way has its hash; in the result of `transfer` it stands by itself. */
const IN_STUDY = {
  source: '.source',
  thawed: '.conditions["fine-tune"]',
  fresh: '.conditions.scratch',
} as const;

/**
 * `degelo transfer` ends with the frozen way's weights. The others are parts of a study, whose cells have the seeds from 0 on.
 * @returns the command, and where in the JSON that it prints the hash is
 */
export function commandFor(way: WayName, { epochs, seed }: Settings): { command: string; place: string } {
  const length = epochs === TRANSFER_DEFAULTS.epochs ? '' : ` --epochs ${epochs}`;
  if (way === 'frozen') {
    const seeded = seed === TRANSFER_DEFAULTS.seed ? '' : ` --seed ${seed}`;
    return { command: `npx degelo transfer --json${length}${seeded}`, place: 'weights_sha256' };
  }
  return {
    command: `npx degelo study --json --samples all --seeds ${seed + 1}${length}`,
    place: `cells[${seed}]${IN_STUDY[way]}.weights_sha256`,
  };
}
