/**
 * The geometry of convolution and pooling: every dimension computed and checked once, then shared by
 * forward and backward, plain and SIMD.
 *
 * Names, here and in all kernels (the glossary is in src/README.md):
 *   N samples · H W C input height, width, channels · KH KW kernel · SH SW strides ·
 *   DH DW dilation · OH OW OC output height, width, channels · P = OH·OW pixels · K = KH·KW·C length of a patch.
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
  /** Rows from one position of the kernel to the next; 1 unless the kernel is dilated. */
  readonly DH: number;
  /** Columns from one position of the kernel to the next. */
  readonly DW: number;
  /** Rows of zeros above the image; those below follow from OH. */
  readonly padTop: number;
  /** Columns of zeros left of the image. */
  readonly padLeft: number;
  readonly OH: number;
  readonly OW: number;
  readonly OC: number;
  /** Output pixels per sample, OH·OW: the rows of im2col's matrix. */
  readonly P: number;
  /** Length of a patch, KH·KW·C: the columns of im2col's matrix. */
  readonly K: number;
}

/** Pooling: the same without filters; every channel by itself. Windows that reach over the edge have fewer pixels. */
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
  /** Rows by which the first windows reach over the upper edge. */
  readonly padTop: number;
  /** Columns by which they reach over the left one. */
  readonly padLeft: number;
}

/** Depthwise convolution: each channel by itself, with `M` filters of its own. */
export interface DepthwiseGeometry extends PoolGeometry {
  readonly DH: number;
  readonly DW: number;
  /** Filters a channel: channel c gives outputs c·M … c·M + M − 1. */
  readonly M: number;
}

/** Images made larger by whole factors. */
export interface UpsampleGeometry {
  readonly H: number;
  readonly W: number;
  readonly C: number;
  /** How many rows, and columns, one becomes. */
  readonly SH: number;
  readonly SW: number;
  readonly interpolation: 'nearest' | 'bilinear';
}

/** Options that decide where windows are. */
interface WindowOptions {
  readonly kernelSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;
  /** Steps between positions of the kernel. Default: [1, 1]. */
  readonly dilationRate?: readonly [number, number];
}

/**
 * Geometry of a convolution on one sample of shape [H, W, C]. A kernel of K positions that are D apart covers D·(K − 1) + 1.
 * `valid`: OH = ⌊(H − that)/SH⌋ + 1. `same`: OH = ⌈H/SH⌉ with the padding split evenly, the odd row below
 * (and the odd column right), which is TensorFlow's rule.
 * @throws RangeError where the shape isn't [H, W, C] or the kernel doesn't fit the image.
 */
export function conv2dGeometry(
  inputShape: Shape,
  options: WindowOptions & { readonly filters: number },
  operation = 'conv2d',
): Conv2dGeometry {
  const { DH, DW, ...pool } = windowGeometry(operation, inputShape, options);
  const P = pool.OH * pool.OW;
  return { ...pool, DH, DW, OC: options.filters, P, K: pool.KH * pool.KW * pool.C };
}

/**
 * The convolution of the output's gradient with the filters turned by 180° (w[KH − 1 − kh, KW − 1 − kw, c, oc] for each
 * [kh, kw, oc, c]) which is the input's gradient: from [OH, OW, OC] to [H, W, C]. For strides of 1 without dilation.
 */
export function inputGradientGeometry(g: Conv2dGeometry): Conv2dGeometry {
  const { H, W, C, KH, KW, OH, OW, OC } = g;
  const padding = { padTop: KH - 1 - g.padTop, padLeft: KW - 1 - g.padLeft };
  return { ...g, ...padding, H: OH, W: OW, C: OC, OH: H, OW: W, OC: C, P: H * W, K: KH * KW * OC };
}

/** Geometry of a depthwise convolution; as conv2dGeometry, with `depthMultiplier` filters a channel. @throws as it does. */
export function depthwiseGeometry(
  inputShape: Shape,
  options: WindowOptions & { readonly depthMultiplier: number },
  operation = 'depthwiseConv2d',
): DepthwiseGeometry {
  return { ...windowGeometry(operation, inputShape, options), M: options.depthMultiplier };
}

/**
 * Geometry of the transpose of a convolution, which makes images larger: that of the convolution which leads back, from
 * the output [OH, OW, filters] to one sample of shape [H, W, C]. So its H and W are the output's here, its OH and OW the input's.
 * Output sizes are Keras': `same` gives H·SH, `valid` (H − 1)·SH + max(K, SH); with `outputPadding` p, (H − 1)·SH + (K mod 2) + p
 * and (H − 1)·SH + K + p, K being the kernel's reach.
 * @throws RangeError where the shape isn't [H, W, C], or no convolution leads back from that size.
 */
export function transposeGeometry(
  inputShape: Shape,
  options: WindowOptions & {
    readonly filters: number;
    readonly outputPadding: readonly [number, number] | null;
  },
): Conv2dGeometry {
  const operation = 'conv2dTranspose';
  const [OH, OW, OC] = imageShape(operation, inputShape);
  const { kernelSize, strides, padding, dilationRate = [1, 1], outputPadding } = options;
  const [H, W] = [OH, OW].map((size, axis) => {
    const stride = strides[axis];
    const reach = dilationRate[axis] * (kernelSize[axis] - 1) + 1;
    const more = outputPadding?.[axis] ?? null;
    if (padding === 'same') return more === null ? size * stride : (size - 1) * stride + (reach % 2) + more;
    return (size - 1) * stride + (more === null ? Math.max(reach, stride) : reach + more);
  });
  const g = conv2dGeometry([H, W, options.filters], { ...options, filters: OC }, operation);
  if (g.OH !== OH || g.OW !== OW) {
    throw new RangeError(
      `${operation}: outputPadding must leave the strided size: expected ${OH} × ${OW} windows of an output of ${H} × ${W}, got ${g.OH} × ${g.OW}`,
    );
  }
  return g;
}

/**
 * Geometry of pooling on one sample of shape [H, W, C]; `valid` and `same` as in conv2dGeometry. `valid` leaves out rows and
 * columns that don't fill a window.
 * @throws RangeError as conv2dGeometry does.
 */
export function poolGeometry(
  inputShape: Shape,
  poolSize: readonly [number, number],
  strides: readonly [number, number],
  padding: Padding = 'valid',
  operation = 'maxPooling2d',
): PoolGeometry {
  const options = { kernelSize: poolSize, strides, padding };
  const { DH: _, DW: __, ...pool } = windowGeometry(operation, inputShape, options);
  return pool;
}

/** Whether every window lies within the image. */
export function isWithinImage({ H, W, KH, KW, SH, SW, OH, OW, padTop, padLeft }: PoolGeometry): boolean {
  return padTop === 0 && padLeft === 0 && (OH - 1) * SH + KH <= H && (OW - 1) * SW + KW <= W;
}

/** What convolutions and poolings share. */
function windowGeometry(
  operation: string,
  inputShape: Shape,
  { kernelSize, strides, padding, dilationRate = [1, 1] }: WindowOptions,
): PoolGeometry & { DH: number; DW: number } {
  const [H, W, C] = imageShape(operation, inputShape);
  const [KH, KW] = kernelSize;
  const [SH, SW] = strides;
  const [DH, DW] = dilationRate;
  const rows = windows(operation, 'height', H, DH * (KH - 1) + 1, SH, padding);
  const columns = windows(operation, 'width', W, DW * (KW - 1) + 1, SW, padding);
  const { count: OH, before: padTop } = rows;
  const { count: OW, before: padLeft } = columns;
  return { H, W, C, KH, KW, SH, SW, DH, DW, OH, OW, padTop, padLeft };
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

/** How many windows fit along one axis, and how many zeros are before it. */
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
