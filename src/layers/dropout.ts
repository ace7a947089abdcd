/**
 * Dropout (Srivastava et al. 2014), inverted as in Keras: while training, each element is dropped with
 * probability `rate` and the others are multiplied by 1/(1 − rate), so that inference needs no scaling.
 *
 * Every call in training has a mask of its own, also in a frozen layer: `trainable = false` doesn't switch
 * dropout off. The mask is a function of (seed, layer, step, position in the batch, element), whoever draws it.
 */

import { dropoutThreshold } from '../tensor/random.ts';
import { knownOptions, numberWithin, unary } from './checks.ts';
import {
  LAYER_OPTIONS,
  Layer,
  type LayerConfig,
  type LayerOptions,
  type Run,
  type Stage,
  type StepKey,
} from './layer.ts';

/** How much is dropped. */
export interface DropoutOptions extends LayerOptions {
  /** Share of the elements that are dropped: 0 ≤ rate < 1. */
  rate: number;
}

/** The layer that `dropout` makes. */
export class Dropout extends Layer {
  readonly className = 'Dropout';
  override readonly keptWhat = 'mask';
  readonly rate: number;
  /** 1/(1 − rate), in single precision because kernels multiply float32 by it. */
  readonly scale: number;

  constructor(options: DropoutOptions) {
    const given = knownOptions('dropout', options, ['rate', ...LAYER_OPTIONS]);
    super(given, 'dropout');
    this.rate = numberWithin('dropout', 'rate', given.rate, 0, 1);
    this.scale = Math.fround(1 / (1 - this.rate));
  }

  forward({ kernels, stage, x, y, kept, first }: Run, N: number, key: StepKey | null): void {
    if (!key) throw new Error('dropout: inference has no dropout pass');
    kernels.dropoutForward(
      N,
      elements(stage),
      x,
      key[0],
      key[1],
      first,
      dropoutThreshold(this.rate),
      this.scale,
      y,
      kept,
    );
  }

  backward({ kernels, stage, dy, dx, kept }: Run, N: number): void {
    if (dx) kernels.dropoutBackward(N * elements(stage), kept, dy, this.scale, dx);
  }

  override backwardReads(): { inputs: boolean; output: boolean } {
    return { inputs: false, output: false };
  }

  override isRandom(): boolean {
    return this.rate > 0;
  }

  /** One byte an element: kept or dropped. */
  override keptBytes(stage: Stage): number {
    return elements(stage);
  }

  override isIdentity(training: boolean): boolean {
    return !training || this.rate === 0;
  }

  /** A dropped element is 0 and has no gradient; a kept one is as dead as it was. */
  override zeroOutputsAreDead(zeroInputsAreDead: boolean): boolean {
    return zeroInputsAreDead;
  }

  override work(): string {
    return 'mask (training only)';
  }

  override getConfig(): LayerConfig {
    return { ...this.baseConfig(), rate: this.rate };
  }
}

/** Elements of one sample. */
function elements({ inputShape }: Stage): number {
  return inputShape.reduce((product, d) => product * d, 1);
}

/** A dropout layer. @throws RangeError where the rate is out of range. */
export const dropout = unary('dropout', (options: DropoutOptions): Dropout => new Dropout(options));
