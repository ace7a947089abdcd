/**
 * Global max-pooling: the maximum of each channel over the whole image.
 *
 *   y[n, c] = max_(h, w) x[n, h, w, c]
 *
 * The gradient goes to the maximum only; on a tie to the first one, row by row. Source of the layer's rules: Keras'
 * GlobalMaxPooling2D.
 */

import { imageShape } from '../kernels/geometry.ts';
import { globalMaxPoolingGroup } from '../kernels/groups/global-max-pooling.ts';
import { needKernels } from '../kernels/groups.ts';
import type { Shape } from '../tensor/tensor.ts';
import { flag, unary } from './checks.ts';
import { Layer, type LayerConfig, type LayerOptions, layerOptions, type Run, type Stage } from './layer.ts';
import { ownLayer } from './registry.ts';

/** The place of the maximum is kept in two bytes. */
const MOST_PIXELS = 65536;

/** Whether the two dimensions of size 1 stay. */
export interface GlobalMaxPooling2dOptions extends LayerOptions {
  /** true: a sample's output is [1, 1, channels], not [channels]. Default: false. */
  keepdims?: boolean | undefined;
}

/** The layer that `globalMaxPooling2d` makes. */
export class GlobalMaxPooling2D extends Layer {
  readonly className: string = 'GlobalMaxPooling2D';
  override readonly keptWhat = 'place of the maximum';

  readonly keepdims: boolean;

  constructor(options?: GlobalMaxPooling2dOptions) {
    const given = layerOptions('globalMaxPooling2d', options, arguments, ['keepdims']);
    super(given, 'globalMaxPooling2d');
    this.keepdims = flag('globalMaxPooling2d', 'keepdims', given.keepdims ?? false);
  }

  override computeOutputShape(inputShape: Shape): Shape {
    const [H, W, C] = imageShape('globalMaxPooling2d', inputShape);
    if (H * W > MOST_PIXELS) {
      throw new RangeError(
        `globalMaxPooling2d: an image may have at most ${MOST_PIXELS} pixels, got ${H} × ${W}`,
      );
    }
    return this.keepdims ? [1, 1, C] : [C];
  }

  forward({ kernels, stage, x, y, kept }: Run, N: number): void {
    const [H, W, C] = stage.inputShape;
    kernels.globalMaxPoolForward(N, H * W, C, x, y, kept);
  }

  backward({ kernels, stage, dy, dx, kept }: Run, N: number): void {
    if (!dx) return;
    const [H, W, C] = stage.inputShape;
    kernels.globalMaxPoolBackward(N, H * W, C, dy, kept, dx);
  }

  override backwardReads(): { inputs: boolean; output: boolean } {
    return { inputs: false, output: false };
  }

  override keptBytes({ inputShape: [, , C] }: Stage): number {
    return 2 * C;
  }

  /** The maximum is one of the inputs, so a zero stays what it was. */
  override zeroOutputsAreDead(zeroInputsAreDead: boolean): boolean {
    return zeroInputsAreDead;
  }

  override getConfig(): LayerConfig {
    return { ...this.baseConfig(), ...(this.keepdims && { keepdims: true }) };
  }

  override work(): string {
    return 'maximum of each channel';
  }
}

/**
 * The maximum of each channel over the whole image.
 *
 *     globalMaxPooling2d() // [7, 7, 64] → [64]
 *
 * @throws RangeError where an option is unknown.
 */
export const globalMaxPooling2d = unary(
  'globalMaxPooling2d',
  (options?: GlobalMaxPooling2dOptions): GlobalMaxPooling2D => new GlobalMaxPooling2D(options),
);

ownLayer('GlobalMaxPooling2D', GlobalMaxPooling2D);
needKernels(globalMaxPoolingGroup);
