// Generated from ../plain/conv2d-pool.ts by generate-float64.mjs: do not edit.
import type { Conv2dGeometry, PoolGeometry } from '../geometry.ts';
import type { GradientWalk } from '../kernels.ts';
import {
  conv2dBackwardFinish,
  conv2dBackwardSample,
  conv2dBackwardStart,
  conv2dForwardSample,
  inputSize,
  sampleInScratch,
  sampleOf,
} from './conv2d.ts';
import { maxPoolSample } from './max-pool.ts';

export function conv2dPoolForward(
  g: Conv2dGeometry,
  pool: PoolGeometry,
  N: number,
  x: Float64Array,
  w: Float64Array,
  b: Float64Array,
  relu: boolean,
  y: Float64Array,
  choice: Uint8Array,
  scratch: Float64Array,
): void {
  const convolved = sampleInScratch(g, scratch);
  const pooledSize = pool.OH * pool.OW * pool.C;
  for (let n = 0; n < N; n++) {
    conv2dForwardSample(g, sampleOf(x, n, inputSize(g)), w, b, relu, convolved, scratch);
    maxPoolSample(pool, convolved, 0, y, choice, n * pooledSize);
  }
}

export function conv2dPoolBackward(
  g: Conv2dGeometry,
  pool: PoolGeometry,
  N: number,
  x: Float64Array,
  w: Float64Array,
  relu: boolean,
  y: Float64Array,
  choice: Uint8Array,
  dy: Float64Array,
  walk: GradientWalk,
  dw: Float64Array | null,
  db: Float64Array | null,
  dx: Float64Array | null,
  scratch: Float64Array,
): void {
  const dConvolved = sampleInScratch(g, scratch);
  conv2dBackwardStart(g, N, w, walk, dw, db, dx, scratch);
  for (let n = 0; n < N; n++) {
    const dxSample = dx && sampleOf(dx, n, inputSize(g));
    spreadGradient(pool, n, relu, y, choice, dy, dConvolved);
    conv2dBackwardSample(g, sampleOf(x, n, inputSize(g)), w, dConvolved, walk, dw, db, dxSample, scratch);
  }
  conv2dBackwardFinish(g, walk, dw, scratch);
}

function spreadGradient(
  pool: PoolGeometry,
  n: number,
  relu: boolean,
  y: Float64Array,
  choice: Uint8Array,
  dy: Float64Array,
  dConvolved: Float64Array,
): void {
  const { W, C, KW, SH, SW, OH, OW } = pool;
  dConvolved.fill(0);
  let i = n * OH * OW * C;
  for (let oh = 0; oh < OH; oh++) {
    for (let ow = 0; ow < OW; ow++) {
      for (let c = 0; c < C; c++, i++) {
        if (relu && !(y[i] > 0)) continue;
        const kh = Math.floor(choice[i] / KW);
        const kw = choice[i] - kh * KW;
        const chosen = ((oh * SH + kh) * W + ow * SW + kw) * C + c;
        dConvolved[chosen] = (dConvolved[chosen] + dy[i]);
      }
    }
  }
}
