// Generated from ../plain/max-pool.ts by generate-float64.mjs: do not edit.
/** Max-pooling: y[oh, ow, c] = max over (kh, kw) of x[oh·SH + kh, ow·SW + kw, c], every channel by itself. */
import type { PoolGeometry } from '../geometry.ts';

/** x [N, H, W, C] → y, choice [N, OH, OW, C], overwritten. See Kernels.maxPool2dForward. */
export function maxPool2dForward(
  pool: PoolGeometry,
  N: number,
  x: Float64Array,
  y: Float64Array,
  choice: Uint8Array,
): void {
  const { H, W, C, OH, OW } = pool;
  for (let n = 0; n < N; n++) maxPoolSample(pool, x, n * H * W * C, y, choice, n * OH * OW * C);
}

/** One sample: x from xStart on, y and choice from yStart on. */
export function maxPoolSample(
  pool: PoolGeometry,
  x: Float64Array,
  xStart: number,
  y: Float64Array,
  choice: Uint8Array,
  yStart: number,
): void {
  const { W, C, KH, KW, SH, SW, OH, OW } = pool;
  let out = yStart;
  for (let oh = 0; oh < OH; oh++) {
    for (let ow = 0; ow < OW; ow++) {
      const xWindow = xStart + (oh * SH * W + ow * SW) * C;
      for (let c = 0; c < C; c++, out++) {
        let best = x[xWindow + c];
        let bestAt = 0;
        for (let kh = 0; kh < KH; kh++) {
          let xi = xWindow + kh * W * C + c;
          for (let kw = 0; kw < KW; kw++, xi += C) {
            const v = x[xi];
            // Only what is larger replaces the best, so the first maximum wins, and the first NaN stays.
            if (!(best >= v) && !Number.isNaN(best)) {
              best = v;
              bestAt = kh * KW + kw;
            }
          }
        }
        y[out] = best;
        choice[out] = bestAt;
      }
    }
  }
}

/** dy, choice [N, OH, OW, C] → dx [N, H, W, C], overwritten. See Kernels.maxPool2dBackward. */
export function maxPool2dBackward(
  pool: PoolGeometry,
  N: number,
  dy: Float64Array,
  choice: Uint8Array,
  dx: Float64Array,
): void {
  const { H, W, C, KW, SH, SW, OH, OW } = pool;
  dx.fill(0, 0, N * H * W * C);
  let i = 0;
  for (let n = 0; n < N; n++) {
    for (let oh = 0; oh < OH; oh++) {
      for (let ow = 0; ow < OW; ow++) {
        for (let c = 0; c < C; c++, i++) {
          const kh = Math.floor(choice[i] / KW);
          const kw = choice[i] - kh * KW;
          const chosen = ((n * H + oh * SH + kh) * W + ow * SW + kw) * C + c;
          dx[chosen] = (dx[chosen] + dy[i]);
        }
      }
    }
  }
}
