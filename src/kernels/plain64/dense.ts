// Generated from ../plain/dense.ts by generate-float64.mjs: do not edit.
import { addBias } from './bias.ts';
import { matmulTransposeB } from './matmul.ts';

export function denseScratch(N: number, I: number, O: number): number {
  return 2 * listLength(N, I, O);
}

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
  const offsets = offsetsIn(scratch, listLength(N, I, O));
  for (let n = 0; n < N; n++) {
    const count = listNonZero(I, x, n * I, 1, O, scratch, offsets);
    sumRows(O, count, scratch, offsets, w, y, n * O);
  }
  addBias(N, O, b, relu, y);
}

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
  const offsets = offsetsIn(scratch, listLength(N, I, O));
  for (let n = 0; n < N; n++) {
    const count = listNonZero(O, dy, n * O, 1, 1, scratch, offsets);
    // The living inputs' indices are after the offsets of dy.
    const dxRow = n * I;
    let end = O;
    for (let i = 0; i < I; i++) {
      if (alive[dxRow + i] !== 0) offsets[end++] = i;
    }
    // Four inputs at a time, each with a sum of its own; past the end the last one is computed again.
    for (let l = O; l < end; l += 4) {
      const i0 = offsets[l];
      const i1 = offsets[Math.min(l + 1, end - 1)];
      const i2 = offsets[Math.min(l + 2, end - 1)];
      const i3 = offsets[Math.min(l + 3, end - 1)];
      const w0 = i0 * O;
      const w1 = i1 * O;
      const w2 = i2 * O;
      const w3 = i3 * O;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let j = 0; j < count; j++) {
        const gradient = scratch[j];
        const o = offsets[j];
        s0 = (s0 + (gradient * w[w0 + o]));
        s1 = (s1 + (gradient * w[w1 + o]));
        s2 = (s2 + (gradient * w[w2 + o]));
        s3 = (s3 + (gradient * w[w3 + o]));
      }
      dx[dxRow + i0] = s0;
      dx[dxRow + i1] = s1;
      dx[dxRow + i2] = s2;
      dx[dxRow + i3] = s3;
    }
  }
}

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
  const offsets = offsetsIn(scratch, listLength(N, I, O));
  for (let i = from; i < to; i++) {
    const count = listNonZero(N, x, i, I, O, scratch, offsets);
    sumRows(O, count, scratch, offsets, dy, dw, i * O);
  }
}

export function denseBackwardBias(N: number, O: number, dy: Float64Array, db: Float64Array): void {
  db.fill(0, 0, O);
  for (let n = 0; n < N; n++) {
    const row = n * O;
    for (let o = 0; o < O; o++) db[o] = (db[o] + dy[row + o]);
  }
}

function listLength(N: number, I: number, O: number): number {
  return Math.max(N, I + O);
}

function offsetsIn(scratch: Float64Array, length: number): Int32Array {
  return new Int32Array(scratch.buffer, scratch.byteOffset + length * scratch.BYTES_PER_ELEMENT, length);
}

function listNonZero(
  length: number,
  values: Float64Array,
  start: number,
  stride: number,
  scale: number,
  factors: Float64Array,
  offsets: Int32Array,
): number {
  let count = 0;
  let at = start;
  for (let j = 0; j < length; j++, at += stride) {
    const value = values[at];
    if (value !== 0) {
      factors[count] = value;
      offsets[count] = j * scale;
      count++;
    }
  }
  return count;
}

function sumRows(
  O: number,
  count: number,
  factors: Float64Array,
  offsets: Int32Array,
  rows: Float64Array,
  out: Float64Array,
  outStart: number,
): void {
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
    for (let l = 0; l < count; l++) {
      const value = factors[l];
      const row = offsets[l] + o;
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
    for (let l = 0; l < count; l++) {
      sum = (sum + (factors[l] * rows[offsets[l] + o]));
    }
    out[outStart + o] = sum;
  }
}
