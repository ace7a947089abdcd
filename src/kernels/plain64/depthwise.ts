// Generated from ../plain/depthwise.ts by generate-float64.mjs: do not edit.
import type { DepthwiseGeometry } from '../geometry.ts';
import type { Rectifier } from '../kernels.ts';
import { rectify } from './relu.ts';

export function depthwiseScratch(_g: DepthwiseGeometry): number {
  return 0;
}

export function depthwiseForward(
  g: DepthwiseGeometry,
  N: number,
  x: Float64Array,
  w: Float64Array,
  b: Float64Array,
  relu: Rectifier,
  y: Float64Array,
  _scratch: Float64Array,
): void {
  const { H, W, C, KH, KW, SH, SW, DH, DW, OH, OW, padTop, padLeft, M } = g;
  let out = 0;
  for (let n = 0; n < N; n++) {
    for (let oh = 0; oh < OH; oh++) {
      for (let ow = 0; ow < OW; ow++) {
        for (let c = 0; c < C; c++) {
          for (let m = 0; m < M; m++, out++) {
            let sum = 0;
            for (let kh = 0; kh < KH; kh++) {
              const ih = oh * SH + kh * DH - padTop;
              if (ih < 0 || ih >= H) continue;
              for (let kw = 0; kw < KW; kw++) {
                const iw = ow * SW + kw * DW - padLeft;
                if (iw < 0 || iw >= W) continue;
                const value = x[((n * H + ih) * W + iw) * C + c];
                sum = (sum + (value * w[((kh * KW + kw) * C + c) * M + m]));
              }
            }
            const v = (sum + b[c * M + m]);
            y[out] = rectify(v, relu);
          }
        }
      }
    }
  }
}

export function depthwiseBackward(
  g: DepthwiseGeometry,
  N: number,
  x: Float64Array,
  w: Float64Array,
  dy: Float64Array,
  dw: Float64Array | null,
  db: Float64Array | null,
  dx: Float64Array | null,
  _scratch: Float64Array,
): void {
  const { H, W, C, KH, KW, SH, SW, DH, DW, OH, OW, padTop, padLeft, M } = g;
  dw?.fill(0, 0, KH * KW * C * M);
  db?.fill(0, 0, C * M);
  dx?.fill(0, 0, N * H * W * C);
  let pixel = 0;
  for (let n = 0; n < N; n++) {
    for (let oh = 0; oh < OH; oh++) {
      for (let ow = 0; ow < OW; ow++, pixel += C * M) {
        if (db) for (let o = 0; o < C * M; o++) db[o] = (db[o] + dy[pixel + o]);
        for (let kh = 0; kh < KH; kh++) {
          const ih = oh * SH + kh * DH - padTop;
          if (ih < 0 || ih >= H) continue;
          for (let kw = 0; kw < KW; kw++) {
            const iw = ow * SW + kw * DW - padLeft;
            if (iw < 0 || iw >= W) continue;
            const xPixel = ((n * H + ih) * W + iw) * C;
            const wPlace = (kh * KW + kw) * C * M;
            for (let c = 0; c < C; c++) {
              const wRow = wPlace + c * M;
              const dyRow = pixel + c * M;
              let sum = 0;
              for (let m = 0; m < M; m++) {
                const gradient = dy[dyRow + m];
                sum = (sum + (gradient * w[wRow + m]));
                if (dw) dw[wRow + m] = (dw[wRow + m] + (x[xPixel + c] * gradient));
              }
              if (dx) dx[xPixel + c] = (dx[xPixel + c] + sum);
            }
          }
        }
      }
    }
  }
}
