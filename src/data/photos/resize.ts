/**
 * Images of another size, as `keras.ops.image.resize` and `tf.image.resize` make them.
 *
 *   y[i, j] = Σ_s v[i, s] · r( Σ_t h[j, t] · x[s, t] )        s, t ascending from +0, in float64; r rounds to float32
 *
 * The weights v and h: tensor/interpolation.ts. So the result has the same bits on every engine.
 */
import type { Axis, Crop } from '../../tensor/interpolation.ts';

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
