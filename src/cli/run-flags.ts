/** The options that every training command has, as the command line gives them. */
import type { KernelChoice } from '../kernels/index.ts';
import type { ConvolutionChoice } from '../layers/convolution.ts';
import type { Language } from '../report/messages.ts';

export interface RunFlags {
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
