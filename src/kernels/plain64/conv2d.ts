// Generated from ../plain/conv2d.ts by generate-float64.mjs: do not edit.
import type { Conv2dGeometry, PoolGeometry } from '../geometry.ts';
import type { GradientWalk, Rectifier } from '../kernels.ts';
import { addBias } from './bias.ts';
import { addSparseInputGradient, addSparseWeightGradient } from './conv2d-sparse.ts';
import { col2im, im2col } from './im2col.ts';
import { addMatmulTransposeA, matmul, matmulTransposeB } from './matmul.ts';

export function conv2dScratch(g: Conv2dGeometry, pool: PoolGeometry | null): number {
  return sampleOffset(g) + (pool === null ? 0 : g.P * g.OC);
}

export function conv2dForward(
  g: Conv2dGeometry,
  N: number,
  x: Float64Array,
  w: Float64Array,
  b: Float64Array,
  relu: Rectifier,
  y: Float64Array,
  scratch: Float64Array,
): void {
  for (let n = 0; n < N; n++) {
    conv2dForwardSample(g, sampleOf(x, n, inputSize(g)), w, b, relu, sampleOf(y, n, g.P * g.OC), scratch);
  }
}

export function conv2dForwardSample(
  g: Conv2dGeometry,
  x: Float64Array,
  w: Float64Array,
  b: Float64Array,
  relu: Rectifier,
  y: Float64Array,
  scratch: Float64Array,
): void {
  im2col(g, x, scratch);
  matmul(g.P, g.K, g.OC, scratch, w, y);
  addBias(g.P, g.OC, b, relu, y);
}

export function conv2dBackward(
  g: Conv2dGeometry,
  N: number,
  x: Float64Array,
  w: Float64Array,
  dy: Float64Array,
  walk: GradientWalk,
  dw: Float64Array | null,
  db: Float64Array | null,
  dx: Float64Array | null,
  scratch: Float64Array,
): void {
  conv2dBackwardStart(g, N, w, walk, dw, db, dx, scratch);
  for (let n = 0; n < N; n++) {
    const dxSample = dx && sampleOf(dx, n, inputSize(g));
    const dySample = sampleOf(dy, n, g.P * g.OC);
    conv2dBackwardSample(g, sampleOf(x, n, inputSize(g)), w, dySample, walk, dw, db, dxSample, scratch);
  }
  conv2dBackwardFinish(g, walk, dw, scratch);
}

export function conv2dBackwardStart(
  g: Conv2dGeometry,
  N: number,
  w: Float64Array,
  walk: GradientWalk,
  dw: Float64Array | null,
  db: Float64Array | null,
  dx: Float64Array | null,
  scratch: Float64Array,
): void {
  const { K, OC } = g;
  db?.fill(0, 0, OC);
  dx?.fill(0, 0, N * inputSize(g));
  if (walk === 'dense') {
    dw?.fill(0, 0, K * OC);
  } else {
    if (dw) transposedWeightGradient(g, scratch).fill(0);
    if (dx) transpose(K, OC, w, transposedWeights(g, scratch));
  }
}

export function conv2dBackwardSample(
  g: Conv2dGeometry,
  x: Float64Array,
  w: Float64Array,
  dy: Float64Array,
  walk: GradientWalk,
  dw: Float64Array | null,
  db: Float64Array | null,
  dx: Float64Array | null,
  scratch: Float64Array,
): void {
  const { P, K, OC } = g;
  if (db) addBiasGradient(P, OC, dy, db);
  if (walk === 'sparse') {
    if (dw) addSparseWeightGradient(g, x, dy, transposedWeightGradient(g, scratch));
    if (dx) addSparseInputGradient(g, dy, transposedWeights(g, scratch), scratch, dx);
    return;
  }
  if (dw) {
    im2col(g, x, scratch);
    addMatmulTransposeA(K, P, OC, scratch, dy, dw);
  }
  if (dx) {
    matmulTransposeB(P, OC, K, dy, w, scratch);
    col2im(g, scratch, dx);
  }
}

export function conv2dBackwardFinish(
  g: Conv2dGeometry,
  walk: GradientWalk,
  dw: Float64Array | null,
  scratch: Float64Array,
): void {
  if (dw && walk === 'sparse') transpose(g.OC, g.K, transposedWeightGradient(g, scratch), dw);
}

export function inputSize(g: Conv2dGeometry): number {
  return g.H * g.W * g.C;
}

export function sampleOf(array: Float64Array, n: number, size: number): Float64Array {
  return array.subarray(n * size, (n + 1) * size);
}

export function sampleInScratch(g: Conv2dGeometry, scratch: Float64Array): Float64Array {
  return scratch.subarray(sampleOffset(g), sampleOffset(g) + g.P * g.OC);
}

function sampleOffset(g: Conv2dGeometry): number {
  return g.P * g.K + 2 * g.OC * g.K;
}

function transposedWeightGradient(g: Conv2dGeometry, scratch: Float64Array): Float64Array {
  return scratch.subarray(g.P * g.K, g.P * g.K + g.OC * g.K);
}

function transposedWeights(g: Conv2dGeometry, scratch: Float64Array): Float64Array {
  return scratch.subarray(g.P * g.K + g.OC * g.K, g.P * g.K + 2 * g.OC * g.K);
}

export function addBiasGradient(P: number, OC: number, dy: Float64Array, db: Float64Array): void {
  for (let p = 0; p < P; p++) {
    const pixel = p * OC;
    for (let oc = 0; oc < OC; oc++) db[oc] = (db[oc] + dy[pixel + oc]);
  }
}

function transpose(R: number, S: number, from: Float64Array, to: Float64Array): void {
  for (let r = 0; r < R; r++) {
    for (let s = 0; s < S; s++) to[s * R + r] = from[r * S + s];
  }
}
