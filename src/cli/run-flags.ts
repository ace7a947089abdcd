/** The options that every training command has, as the command line gives them. */
import type { KernelChoice } from '../kernels/index.ts';
import type { ConvolutionChoice } from '../layers/convolution.ts';
import type { Language } from '../report/messages.ts';
import { UsageError } from './usage.ts';

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

/** @throws UsageError where the flags that say where a run is kept don't go together. */
export function checkFolderFlags({ out, resume, force, checkpointSteps }: RunFlags): void {
  if (resume !== undefined && force)
    throw new UsageError('--force: starts the run again, which --resume does not');
  if (resume !== undefined && out !== undefined) {
    throw new UsageError('--out: a resumed run already has its folder: leave out --out');
  }
  if (force && out === undefined)
    throw new UsageError('--force: there is no folder to replace without --out');
  if (checkpointSteps !== undefined && out === undefined && resume === undefined) {
    throw new UsageError('--checkpoint-steps: there is no folder for checkpoints without --out');
  }
}
