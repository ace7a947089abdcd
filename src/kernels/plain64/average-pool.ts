// Generated from ../plain/average-pool.ts by generate-float64.mjs: do not edit.
import type { PoolGeometry } from '../geometry.ts';

export function averagePool2dForward(pool: PoolGeometry, N: number, x: Float64Array, y: Float64Array): void {
  const { H, W, C, KH, KW, SH, SW, OH, OW, padTop, padLeft } = pool;
  let out = 0;
  for (let n = 0; n < N; n++) {
    for (let oh = 0; oh < OH; oh++) {
      const top = Math.max(0, oh * SH - padTop);
      const bottom = Math.min(H, oh * SH - padTop + KH);
      for (let ow = 0; ow < OW; ow++) {
        const left = Math.max(0, ow * SW - padLeft);
        const right = Math.min(W, ow * SW - padLeft + KW);
        const count = (bottom - top) * (right - left);
        for (let c = 0; c < C; c++, out++) {
          let sum = 0;
          for (let h = top; h < bottom; h++) {
            const xRow = (n * H + h) * W;
            for (let w = left; w < right; w++) sum += x[(xRow + w) * C + c];
          }
          y[out] = (sum / count);
        }
      }
    }
  }
}

export function averagePool2dBackward(
  pool: PoolGeometry,
  N: number,
  dy: Float64Array,
  dx: Float64Array,
): void {
  const { H, W, C, KH, KW, SH, SW, OH, OW, padTop, padLeft } = pool;
  dx.fill(0, 0, N * H * W * C);
  let out = 0;
  for (let n = 0; n < N; n++) {
    for (let oh = 0; oh < OH; oh++) {
      const top = Math.max(0, oh * SH - padTop);
      const bottom = Math.min(H, oh * SH - padTop + KH);
      for (let ow = 0; ow < OW; ow++) {
        const left = Math.max(0, ow * SW - padLeft);
        const right = Math.min(W, ow * SW - padLeft + KW);
        const count = (bottom - top) * (right - left);
        for (let c = 0; c < C; c++, out++) {
          const share = (dy[out] / count);
          for (let h = top; h < bottom; h++) {
            const xRow = (n * H + h) * W;
            for (let w = left; w < right; w++) {
              const i = (xRow + w) * C + c;
              dx[i] = (dx[i] + share);
            }
          }
        }
      }
    }
  }
}
