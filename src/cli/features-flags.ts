/** The options of `degelo features`, as the command line gives them. */
import type { Part } from '../experiment/cells.ts';
import type { KernelChoice } from '../kernels/index.ts';
import type { ConvolutionChoice } from '../layers/convolution.ts';
import type { Preprocessing } from '../model/preprocessing.ts';
import type { Language } from '../report/messages.ts';

export interface FeatureFlags {
  readonly base?: string;
  readonly images?: string;
  readonly cut?: string;
  readonly preprocess?: Preprocessing;
  readonly size?: readonly [height: number, width: number];
  readonly skipBad?: true;
  readonly threads?: number;
  readonly kernel: KernelChoice;
  readonly convolution: ConvolutionChoice;
  readonly cell?: Part;
  readonly out?: string;
  readonly merge?: readonly string[];
  readonly force?: true;
  readonly lang: Language;
  readonly json?: true;
}
