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

export interface Proof {
  readonly command: string;
  /** Where the hash is in the JSON that it prints, or in the file that it writes. */
  readonly place: string;
  /** null: it prints the JSON. */
  readonly file: string | null;
}

/**
 * `degelo transfer` ends with the frozen way's weights. The others are parts of a study, whose cells have the seeds from 0 on: of a
 * later seed only that cell is computed, which `--cell` does, into a file.
 */
export function commandFor(way: WayName, { epochs, seed }: Settings): Proof {
  const isUsual = epochs === TRANSFER_DEFAULTS.epochs;
  const length = isUsual ? '' : ` --epochs ${epochs}`;
  if (way === 'frozen') {
    const seeded = seed === TRANSFER_DEFAULTS.seed ? '' : ` --seed ${seed}`;
    const command = `npx degelo transfer --json${length}${seeded}`;
    return { command, place: 'weights_sha256', file: null };
  }
  const place = `${IN_STUDY[way]}.weights_sha256`;
  const cells = `--samples all --seeds ${seed + 1}${length}`;
  if (seed === 0)
    return { command: `npx degelo study --json ${cells}`, place: `cells[0]${place}`, file: null };
  // A folder holds one study.
  const folder = `seed-${seed}${isUsual ? '' : `-epochs-${epochs}`}`;
  return {
    command: `npx degelo study ${cells} --cell ${seed}/${seed + 1} --out ${folder}`,
    place: `figures${place}`,
    file: `${folder}/cell-${String(seed).padStart(6, '0')}.json`,
  };
}
