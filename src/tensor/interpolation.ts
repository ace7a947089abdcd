/**
 * Of what an image's rows and columns are made when it gets another size, as `keras.ops.image.resize` and `tf.image.resize` have it: bilinear,
 * pixels' centres at half numbers.
 *
 * With scale = size before / size after, place i of the result lies at p = (i + ½)·scale − ½. (Other rules for p: Places.) Its weights are
 *
 *   without antialias: 1 − (p − ⌊p⌋) of ⌊p⌋ and p − ⌊p⌋ of ⌊p⌋ + 1, or all of the first or last where one of them is outside;
 *   with antialias:    max(0, 1 − |s − p|/k) of s, k = max(1, scale), divided by their sum over the image, s ascending.
 *
 * All of it is exact operations in a stated order, in float64. Source: TensorFlow's resize_bilinear_op.cc (half_pixel_centers) and
 * scale_and_translate_op.cc (triangle kernel).
 */

/** What each place of the result is a sum of: weights[first[i] …] of places from[i] up to to[i]. */
export interface Axis {
  readonly from: Int32Array;
  /** Without it. */
  readonly to: Int32Array;
  readonly first: Int32Array;
  readonly weights: Float64Array;
}

/** Where place i of the result lies: at (i + offset)·scale − offset. */
export interface Places {
  readonly scale: number;
  readonly offset: number;
}

/** Weights along one axis. */
export function axisWeights(
  before: number,
  after: number,
  antialias: boolean,
  { scale, offset }: Places = { scale: before / after, offset: 0.5 },
): Axis {
  const radius = antialias ? Math.max(1, scale) : 1;
  const from = new Int32Array(after);
  const to = new Int32Array(after);
  const first = new Int32Array(after);
  const weights: number[] = [];
  for (let i = 0; i < after; i++) {
    const place = (i + offset) * scale - offset;
    from[i] = Math.max(0, antialias ? Math.ceil(place - radius) : Math.floor(place));
    to[i] = Math.min(before, Math.floor(place + radius) + 1);
    first[i] = weights.length;
    let sum = 0;
    for (let s = from[i]; s < to[i]; s++) {
      // Without antialias nothing is divided: outside there is the border's own pixel.
      const within = Math.max(0, Math.min(before - 1, place));
      const weight = Math.max(0, 1 - Math.abs(s - (antialias ? place : within)) / radius);
      weights.push(weight);
      sum += weight;
    }
    if (antialias) for (let w = first[i]; w < weights.length; w++) weights[w] /= sum;
  }
  return { from, to, first, weights: Float64Array.from(weights) };
}

/** A part of an image's rows and columns. */
export interface Crop {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/**
 * The largest part in the middle that has the result's proportions, as Keras' `crop_to_aspect_ratio` and `smart_resize` cut it.
 */
export function centreCrop(height: number, width: number, H: number, W: number): Crop {
  const cropHeight = Math.max(1, Math.min(height, Math.floor((width * H) / W)));
  const cropWidth = Math.max(1, Math.min(width, Math.floor((height * W) / H)));
  return {
    top: Math.floor((height - cropHeight) / 2),
    left: Math.floor((width - cropWidth) / 2),
    height: cropHeight,
    width: cropWidth,
  };
}
