// Generated from ../plain/dense.ts by generate-float64.mjs: do not edit.
/**
 * The dense layer: y = x·w + b, with x [N, I], w [I, O], b [O].
 *
 * Behind ReLU, pooling and dropout a fifth to a third of x is not zero, and of dy less than half. Each kernel
 * first lists the non-zero factors of its sums, then walks the list with several sums in local variables.
 * Leaving out zeros changes nothing, as every sum begins at +0. Indices stand in scratch as numbers of its own
 * type, which float32 holds exactly up to 2^24.
 */
import { addBias } from './bias.ts';
import { matmulTransposeB } from './matmul.ts';

/** Elements of scratch: two lists, as long as a row of x, a row of dy or a column of x. */
export function denseScratch(N: number, I: number, O: number): number {
  return 2 * Math.max(N, I + O);
}

/** x [N, I], w [I, O], b [O] → y [N, O], overwritten. See Kernels.denseForward. */
export function denseForward(
  N: number,
  I: number,
  O: number,
  x: Float64Array,
  w: Float64Array,
  b: Float64Array,
  relu: boolean,
  y: Float64Array,
  scratch: Float64Array,
): void {
  for (let n = 0; n < N; n++) {
    const count = listNonZero(x, n * I, 1, I, scratch);
    sumRows(count, O, scratch, w, y, n * O);
  }
  addBias(N, O, b, relu, y);
}

/** dy [N, O], w [I, O] → dx [N, I], overwritten. See Kernels.denseBackwardInput. */
export function denseBackwardInput(
  N: number,
  I: number,
  O: number,
  dy: Float64Array,
  w: Float64Array,
  alive: Float64Array | null,
  dx: Float64Array,
  scratch: Float64Array,
): void {
  if (alive === null) {
    matmulTransposeB(N, O, I, dy, w, dx);
    return;
  }
  dx.fill(0, 0, N * I);
  const aliveList = 2 * O;
  for (let n = 0; n < N; n++) {
    const count = listNonZero(dy, n * O, 1, O, scratch);
    // List the living inputs behind it. The list is filled up to a multiple of four with its last entry.
    const row = n * I;
    let living = 0;
    for (let i = 0; i < I; i++) {
      if (alive[row + i] !== 0) scratch[aliveList + living++] = i;
    }
    // Four inputs at a time, each with a sum of its own over the listed outputs.
    for (let l = 0; l < living; l += 4) {
      const last = living - 1;
      const i0 = scratch[aliveList + l];
      const i1 = scratch[aliveList + Math.min(l + 1, last)];
      const i2 = scratch[aliveList + Math.min(l + 2, last)];
      const i3 = scratch[aliveList + Math.min(l + 3, last)];
      const w0 = i0 * O;
      const w1 = i1 * O;
      const w2 = i2 * O;
      const w3 = i3 * O;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let j = 0; j < count; j++) {
        const gradient = scratch[2 * j];
        const o = scratch[2 * j + 1];
        s0 = (s0 + (gradient * w[w0 + o]));
        s1 = (s1 + (gradient * w[w1 + o]));
        s2 = (s2 + (gradient * w[w2 + o]));
        s3 = (s3 + (gradient * w[w3 + o]));
      }
      dx[row + i0] = s0;
      dx[row + i1] = s1;
      dx[row + i2] = s2;
      dx[row + i3] = s3;
    }
  }
}

/** x [N, I], dy [N, O] → rows from ≤ i < to of dw [I, O], overwritten. See Kernels.denseBackwardWeights. */
export function denseBackwardWeights(
  N: number,
  I: number,
  O: number,
  x: Float64Array,
  dy: Float64Array,
  from: number,
  to: number,
  dw: Float64Array,
  scratch: Float64Array,
): void {
  for (let i = from; i < to; i++) {
    const count = listNonZero(x, i, I, N, scratch);
    sumRows(count, O, scratch, dy, dw, i * O);
  }
}

/** dy [N, O] → db [O], overwritten: db[o] = Σ_n dy[n, o], n ascending from +0. */
export function denseBackwardBias(N: number, O: number, dy: Float64Array, db: Float64Array): void {
  db.fill(0, 0, O);
  for (let n = 0; n < N; n++) {
    const row = n * O;
    for (let o = 0; o < O; o++) db[o] = (db[o] + dy[row + o]);
  }
}

/**
 * Lists the elements values[start + j·stride] ≠ 0, j < length, as pairs (value, j), j ascending.
 * Returns how many there are.
 */
function listNonZero(
  values: Float64Array,
  start: number,
  stride: number,
  length: number,
  list: Float64Array,
): number {
  let end = 0;
  let at = start;
  for (let j = 0; j < length; j++, at += stride) {
    const value = values[at];
    if (value !== 0) {
      list[end] = value;
      list[end + 1] = j;
      end += 2;
    }
  }
  return end / 2;
}

/**
 * out[outStart + o] = Σ_(value, j) in list value·rows[j, o], in the list's order from +0, for rows [·, O].
 * Eight sums at a time in local variables, then one by one.
 */
function sumRows(
  count: number,
  O: number,
  list: Float64Array,
  rows: Float64Array,
  out: Float64Array,
  outStart: number,
): void {
  const end = 2 * count;
  const blocked = O - (O % 8);
  for (let o = 0; o < blocked; o += 8) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let s4 = 0;
    let s5 = 0;
    let s6 = 0;
    let s7 = 0;
    for (let l = 0; l < end; l += 2) {
      const value = list[l];
      const row = list[l + 1] * O + o;
      s0 = (s0 + (value * rows[row]));
      s1 = (s1 + (value * rows[row + 1]));
      s2 = (s2 + (value * rows[row + 2]));
      s3 = (s3 + (value * rows[row + 3]));
      s4 = (s4 + (value * rows[row + 4]));
      s5 = (s5 + (value * rows[row + 5]));
      s6 = (s6 + (value * rows[row + 6]));
      s7 = (s7 + (value * rows[row + 7]));
    }
    const at = outStart + o;
    out[at] = s0;
    out[at + 1] = s1;
    out[at + 2] = s2;
    out[at + 3] = s3;
    out[at + 4] = s4;
    out[at + 5] = s5;
    out[at + 6] = s6;
    out[at + 7] = s7;
  }
  for (let o = blocked; o < O; o++) {
    let sum = 0;
    for (let l = 0; l < end; l += 2) {
      sum = (sum + (list[l] * rows[list[l + 1] * O + o]));
    }
    out[outStart + o] = sum;
  }
}
