/**
 * Images of another size, as `keras.ops.image.resize` and `tf.image.resize` make them: bilinear, pixels' centres at half numbers.
 *
 *   y[i, j] = Σ_s v[i, s] · r( Σ_t h[j, t] · x[s, t] )        s, t ascending from +0, in float64; r rounds to float32
 *
 * With scale = size before / size after, place i of the result lies at p = (i + ½)·scale − ½. Its weights are
 *
 *   without antialias: 1 − (p − ⌊p⌋) of ⌊p⌋ and p − ⌊p⌋ of ⌊p⌋ + 1, or all of the first or last where one of them is outside;
 *   with antialias:    max(0, 1 − |s − p|/k) of s, k = max(1, scale), divided by their sum over the image, s ascending.
 *
 * All of it is exact operations in a stated order, so the result has the same bits on every engine. Source: TensorFlow's
 * resize_bilinear_op.cc (half_pixel_centers) and scale_and_translate_op.cc (triangle kernel).
 */

/** What each place of the result is a sum of: weights[first[i] …] of places from[i] up to to[i]. */
export interface Axis {
  readonly from: Int32Array;
  /** Without it. */
  readonly to: Int32Array;
  readonly first: Int32Array;
  readonly weights: Float64Array;
}

/** Weights along one axis. */
export function axisWeights(before: number, after: number, antialias: boolean): Axis {
  const scale = before / after;
  const radius = antialias ? Math.max(1, scale) : 1;
  const from = new Int32Array(after);
  const to = new Int32Array(after);
  const first = new Int32Array(after);
  const weights: number[] = [];
  for (let i = 0; i < after; i++) {
    const place = (i + 0.5) * scale - 0.5;
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

/** Pixels in a row of numbers: [height, width, stride], of which the first `channels` of each pixel count. */
export interface Source {
  readonly data: ArrayLike<number>;
  readonly width: number;
  /** Numbers from one pixel to the next. */
  readonly stride: number;
  readonly channels: number;
}

/**
 * Writes the resized part of an image into out[at …], as [H, W, channels].
 * @param vertical weights of the crop's rows
 * @param horizontal weights of its columns
 */
export function resizeInto(
  source: Source,
  crop: Crop,
  vertical: Axis,
  horizontal: Axis,
  out: Float32Array,
  at: number,
): void {
  const H = vertical.from.length;
  const length = horizontal.from.length * source.channels;
  // Rows of the source, already as wide as the result: as many as one row of the result needs, by their number modulo that.
  let room = 1;
  for (let i = 0; i < H; i++) room = Math.max(room, vertical.to[i] - vertical.from[i]);
  const rows = Array.from({ length: room }, () => new Float32Array(length));
  const sums = new Float64Array(length);
  let done = 0;
  for (let i = 0; i < H; i++) {
    const from = vertical.from[i];
    const to = vertical.to[i];
    for (done = Math.max(done, from); done < to; done++) {
      resizeRow(source, crop.top + done, crop.left, horizontal, rows[done % room]);
    }
    const first = vertical.first[i];
    const begin = at + i * length;
    if (to - from === 2) {
      const { [first]: w0, [first + 1]: w1 } = vertical.weights;
      addTwoRows(w0, rows[from % room], w1, rows[(from + 1) % room], out, begin);
      continue;
    }
    sums.fill(0);
    for (let s = from; s < to; s++) addRow(vertical.weights[first + s - from], rows[s % room], sums);
    out.set(sums, begin);
  }
}

/** sums += weight · row */
function addRow(weight: number, row: Float32Array, sums: Float64Array): void {
  for (let e = 0; e < row.length; e++) sums[e] += weight * row[e];
}

/** out[begin …] = w0 · a + w1 · b: most rows without antialias, whose sums need no memory of their own. */
function addTwoRows(
  w0: number,
  a: Float32Array,
  w1: number,
  b: Float32Array,
  out: Float32Array,
  begin: number,
): void {
  for (let e = 0; e < a.length; e++) out[begin + e] = 0 + w0 * a[e] + w1 * b[e];
}

/** One row of the source, as wide as the result. */
function resizeRow(source: Source, y: number, left: number, axis: Axis, row: Float32Array): void {
  const { data, stride, channels } = source;
  const { from, to, first, weights } = axis;
  const rowStart = (y * source.width + left) * stride;
  for (let j = 0, e = 0; j < from.length; j++, e += channels) {
    const begin = rowStart + from[j] * stride;
    const end = rowStart + to[j] * stride;
    // Three channels at a time: each sum waits for its own last addition, and not for the others'.
    if (channels === 3) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let at = begin, w = first[j]; at < end; at += stride, w++) {
        const weight = weights[w];
        red += weight * data[at];
        green += weight * data[at + 1];
        blue += weight * data[at + 2];
      }
      row[e] = red;
      row[e + 1] = green;
      row[e + 2] = blue;
      continue;
    }
    for (let c = 0; c < channels; c++) {
      let sum = 0;
      for (let at = begin, w = first[j]; at < end; at += stride, w++) sum += weights[w] * data[at + c];
      row[e + c] = sum;
    }
  }
}
