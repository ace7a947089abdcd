/**
 * What random brightness and random contrast have in common: a factor is drawn for each sample, and pixels stay within `valueRange`.
 * So they clip images even where the factor changes nothing, and have no gradient where they clipped.
 */
import { Augmentation, type Range } from './augmentation.ts';
import type { LayerConfig, LayerOptions } from './layer.ts';
import { valueRange } from './value-range.ts';

/** Options of such layers. */
export interface ClippedOptions extends LayerOptions {
  /** Lowest and highest value of a pixel. Default: [0, 255]. */
  valueRange?: Range | undefined;
}

/** A layer that changes the values of an image at random, and clips them. */
export abstract class ClippedAugmentation extends Augmentation {
  abstract readonly factor: Range;
  readonly valueRange: Range;
  protected readonly draws = 1;

  /** @param given options whose names are known to be right */
  constructor(given: ClippedOptions, where: string) {
    super(given, where);
    this.valueRange = valueRange(where, given.valueRange);
  }

  override backwardReads(): { inputs: boolean; output: boolean } {
    return { inputs: true, output: false };
  }

  override kinks(): readonly number[] {
    return this.valueRange;
  }

  protected changesNothing(): boolean {
    return false;
  }

  override getConfig(): LayerConfig {
    const { factor, valueRange } = this;
    return { ...this.baseConfig(), factor, valueRange };
  }
}
