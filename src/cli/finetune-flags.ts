/** The options of `degelo finetune`, as the command line gives them. */
import type { ClassWeighting } from '../experiment/finetune/options.ts';
import type { Preprocessing } from '../model/preprocessing.ts';
import type { RunFlags } from './run-flags.ts';

export interface FinetuneFlags extends RunFlags {
  readonly base?: string;
  readonly images?: string;
  /** A folder of cells, or a merged file. */
  readonly features?: string;
  readonly cut?: string;
  readonly preprocess?: Preprocessing;
  readonly size?: readonly [height: number, width: number];
  readonly testSplit: number;
  readonly skipBad?: boolean;
  readonly hidden: number;
  readonly dropout: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly classWeights: ClassWeighting;
  readonly thaw?: number | string;
  readonly thawEpochs: number;
  readonly thawLearningRate: number;
}
