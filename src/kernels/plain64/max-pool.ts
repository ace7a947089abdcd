// Generated from ../plain/max-pool.ts by generate-float64.mjs: do not edit.
import type { PoolGeometry } from '../geometry.ts';

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

export function maxPoolSample(
  pool: PoolGeometry,
  x: Float64Array,
  xStart: number,
  y: Float64Array,
  choice: Uint8Array | null,
  yStart: number,
): void {
  const { H, W, C, KH, KW, SH, SW, OH, OW, padTop, padLeft } = pool;
  let out = yStart;
  for (let oh = 0; oh < OH; oh++) {
    const top = oh * SH - padTop;
    const khFrom = Math.max(0, -top);
    const khTo = Math.min(KH, H - top);
    for (let ow = 0; ow < OW; ow++) {
      const left = ow * SW - padLeft;
      const kwFrom = Math.max(0, -left);
      const kwTo = Math.min(KW, W - left);
      const xWindow = xStart + (top * W + left) * C;
      for (let c = 0; c < C; c++, out++) {
        let bestAt = khFrom * KW + kwFrom;
        let best = x[xWindow + (khFrom * W + kwFrom) * C + c];
        for (let kh = khFrom; kh < khTo; kh++) {
          let xi = xWindow + (kh * W + kwFrom) * C + c;
          for (let kw = kwFrom; kw < kwTo; kw++, xi += C) {
            const v = x[xi];
            // Only what is larger replaces the best, so the first maximum wins, and the first NaN stays.
            if (!(best >= v) && !Number.isNaN(best)) {
              best = v;
              bestAt = kh * KW + kw;
            }
          }
        }
        y[out] = best;
        if (choice) choice[out] = bestAt;
      }
    }
  }
}

export function maxPool2dBackward(
  pool: PoolGeometry,
  N: number,
  dy: Float64Array,
  choice: Uint8Array,
  dx: Float64Array,
): void {
  const { H, W, C, KW, SH, SW, OH, OW, padTop, padLeft } = pool;
  dx.fill(0, 0, N * H * W * C);
  let i = 0;
  for (let n = 0; n < N; n++) {
    for (let oh = 0; oh < OH; oh++) {
      for (let ow = 0; ow < OW; ow++) {
        for (let c = 0; c < C; c++, i++) {
          const kh = Math.floor(choice[i] / KW);
          const kw = choice[i] - kh * KW;
          const chosen = ((n * H + oh * SH + kh - padTop) * W + ow * SW + kw - padLeft) * C + c;
          dx[chosen] = (dx[chosen] + dy[i]);
        }
      }
    }
  }
}
