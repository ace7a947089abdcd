/** The options of `degelo transfer`, as the command line gives them. */
import type { ClassOptions } from '../experiment/classes.ts';
import type { Preprocessing } from '../model/preprocessing.ts';
import type { RunFlags } from './run-flags.ts';

export interface TransferFlags extends ClassOptions, RunFlags {
  readonly data: string;
  /** Photos instead, made grey, and so many pixels per side. */
  readonly images?: string;
  readonly size: number;
  /** Files that are no photos are left out. */
  readonly skipBad?: boolean;
  /** A pretrained network whose features take the place of the experiment's own. */
  readonly base?: string;
  readonly cut?: string;
  readonly preprocess?: Preprocessing;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
}
