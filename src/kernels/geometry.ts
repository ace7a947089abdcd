/**
 * The geometry of convolution and pooling: every dimension computed and checked once, then shared by
 * forward and backward, plain and SIMD.
 *
 * Names, here and in all kernels (the glossary stands in src/README.md):
 *   N samples · H W C input height, width, channels · KH KW kernel · SH SW strides ·
 *   OH OW OC output height, width, channels · P = OH·OW pixels · K = KH·KW·C length of a patch.
 */
import type { Shape } from '../tensor/tensor.ts';

/** Whether windows stay inside the image (`valid`), or reach over its edge so that stride 1 keeps the size (`same`). */
export type Padding = 'valid' | 'same';

/** Convolution: every dimension of one sample. */
export interface Conv2dGeometry {
  readonly H: number;
  readonly W: number;
  readonly C: number;
  readonly KH: number;
  readonly KW: number;
  readonly SH: number;
  readonly SW: number;
  /** Rows of zeros above the image; those below follow from OH. */
  readonly padTop: number;
  /** Columns of zeros left of the image. */
  readonly padLeft: number;
  readonly OH: number;
  readonly OW: number;
  readonly OC: number;
  /** Output pixels a sample, OH·OW: the rows of im2col's matrix. */
  readonly P: number;
  /** Length of a patch, KH·KW·C: the columns of im2col's matrix. */
  readonly K: number;
}

/** Max-pooling: the same without filters; every channel by itself, windows never reach over the edge. */
export interface PoolGeometry {
  readonly H: number;
  readonly W: number;
  readonly C: number;
  readonly KH: number;
  readonly KW: number;
  readonly SH: number;
  readonly SW: number;
  readonly OH: number;
  readonly OW: number;
}

/** Average pooling: the same, and windows may reach over the edge, where there is nothing to count. */
export interface AveragePoolGeometry extends PoolGeometry {
  /** Rows by which the first windows reach over the upper edge. */
  readonly padTop: number;
  /** Columns by which they reach over the left one. */
  readonly padLeft: number;
}

/**
 * Geometry of a convolution on one sample of shape [H, W, C].
 * `valid`: OH = ⌊(H − KH)/SH⌋ + 1. `same`: OH = ⌈H/SH⌉ with the padding split evenly, the odd row below
 * (and the odd column right), which is TensorFlow's rule.
 * @throws RangeError where the shape isn't [H, W, C] or the kernel doesn't fit the image.
 */
export function conv2dGeometry(
  inputShape: Shape,
  options: {
    filters: number;
    kernelSize: readonly [number, number];
    strides: readonly [number, number];
    padding: Padding;
  },
): Conv2dGeometry {
  const [H, W, C] = imageShape('conv2d', inputShape);
  const [KH, KW] = options.kernelSize;
  const [SH, SW] = options.strides;
  const rows = windows('conv2d', 'height', H, KH, SH, options.padding);
  const columns = windows('conv2d', 'width', W, KW, SW, options.padding);
  const OC = options.filters;
  return {
    H,
    W,
    C,
    KH,
    KW,
    SH,
    SW,
    OC, // biome-ignore format: dimensions read best on one line
    padTop: rows.before,
    padLeft: columns.before,
    OH: rows.count,
    OW: columns.count,
    P: rows.count * columns.count,
    K: KH * KW * C,
  };
}

/**
 * Geometry of max-pooling on one sample of shape [H, W, C]; rows and columns that don't fill a window
 * are left out, as in Keras with padding "valid".
 * @throws RangeError as conv2dGeometry does.
 */
export function poolGeometry(
  inputShape: Shape,
  poolSize: readonly [number, number],
  strides: readonly [number, number],
): PoolGeometry {
  const [H, W, C] = imageShape('maxPooling2d', inputShape);
  const [KH, KW] = poolSize;
  const [SH, SW] = strides;
  const OH = windows('maxPooling2d', 'height', H, KH, SH, 'valid').count;
  const OW = windows('maxPooling2d', 'width', W, KW, SW, 'valid').count;
  return { H, W, C, KH, KW, SH, SW, OH, OW };
}

/**
 * Geometry of average pooling on one sample of shape [H, W, C]; `valid` and `same` as in conv2dGeometry.
 * @throws RangeError as conv2dGeometry does.
 */
export function averagePoolGeometry(
  inputShape: Shape,
  poolSize: readonly [number, number],
  strides: readonly [number, number],
  padding: Padding,
): AveragePoolGeometry {
  const [H, W, C] = imageShape('averagePooling2d', inputShape);
  const [KH, KW] = poolSize;
  const [SH, SW] = strides;
  const rows = windows('averagePooling2d', 'height', H, KH, SH, padding);
  const columns = windows('averagePooling2d', 'width', W, KW, SW, padding);
  const { count: OH, before: padTop } = rows;
  const { count: OW, before: padLeft } = columns;
  return { H, W, C, KH, KW, SH, SW, OH, OW, padTop, padLeft };
}

/** A sample's shape as [height, width, channels]. @throws RangeError where it is another one. */
export function imageShape(operation: string, shape: Shape): [number, number, number] {
  if (shape.length !== 3 || shape.some((d) => !Number.isInteger(d) || d < 1)) {
    throw new RangeError(
      `${operation}: input of one sample must be [height, width, channels], got [${shape}]`,
    );
  }
  return [shape[0], shape[1], shape[2]];
}

/** How many windows fit along one axis, and how many zeros stand before it. */
function windows(
  operation: string,
  axis: string,
  size: number,
  kernel: number,
  stride: number,
  padding: Padding,
): { count: number; before: number } {
  if (padding === 'same') {
    const count = Math.ceil(size / stride);
    const zeros = Math.max(0, (count - 1) * stride + kernel - size);
    return { count, before: Math.floor(zeros / 2) };
  }
  if (kernel > size) {
    throw new RangeError(
      `${operation}: the window must fit the image: expected ${axis} of at least ${kernel}, got ${size}`,
    );
  }
  return { count: Math.floor((size - kernel) / stride) + 1, before: 0 };
}
