/** What `degelo study` is told. */
import type { Part } from '../experiment/cells.ts';
import type { ClassOptions } from '../experiment/classes.ts';
import type { Direction, SampleCount } from '../experiment/study-grid.ts';
import type { KernelChoice } from '../kernels/index.ts';
import type { Language } from '../report/messages.ts';

export interface StudyFlags extends Omit<ClassOptions, 'reverse'> {
  readonly seeds: number;
  readonly learningRates: readonly number[];
  readonly directions: readonly Direction[];
  readonly reverse?: true;
  readonly samples: readonly SampleCount[];
  readonly data: string;
  readonly epochs: number;
  readonly batchSize: number;
  readonly threads?: number;
  readonly kernel: KernelChoice;
  readonly out?: string;
  readonly cell?: Part;
  readonly merge?: readonly string[];
  readonly lang: Language;
  readonly json?: true;
}
