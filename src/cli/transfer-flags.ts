/** The options of `degelo transfer`, as the command line gives them. */
import type { ClassOptions } from '../experiment/classes.ts';
import type { KernelChoice } from '../kernels/index.ts';
import type { ConvolutionChoice } from '../layers/convolution.ts';
import type { Preprocessing } from '../model/preprocessing.ts';
import type { Language } from '../report/messages.ts';

export interface TransferFlags extends ClassOptions {
  readonly data: string;
  /** Photos instead, made grey, and so many pixels a side. */
  readonly images?: string;
  readonly size: number;
  /** A pretrained network whose features take the place of the experiment's own. */
  readonly base?: string;
  readonly cut?: string;
  readonly preprocess?: Preprocessing;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
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
