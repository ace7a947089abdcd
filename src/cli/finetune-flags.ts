/** The options of `degelo finetune`, as the command line gives them. */
import type { ClassWeighting } from '../experiment/finetune/options.ts';
import type { KernelChoice } from '../kernels/index.ts';
import type { ConvolutionChoice } from '../layers/convolution.ts';
import type { Preprocessing } from '../model/preprocessing.ts';
import type { Language } from '../report/messages.ts';

export interface FinetuneFlags {
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
  readonly seed: number;
  readonly threads?: number;
  readonly kernel: KernelChoice;
  readonly convolution: ConvolutionChoice;
  readonly featureCacheMb: number;
  readonly out?: string;
  readonly force?: true;
  readonly resume?: string;
  readonly checkpointSteps?: number;
  readonly lang: Language;
  readonly json?: true;
}
