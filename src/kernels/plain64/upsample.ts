// Generated from ../plain/upsample.ts by generate-float64.mjs: do not edit.
import type { UpsampleGeometry } from '../geometry.ts';

interface Between {
  readonly low: number;
  readonly high: number;
  readonly part: number;
}

export function upsample2dForward(g: UpsampleGeometry, N: number, x: Float64Array, y: Float64Array): void {
  const { H, W, C, SH, SW, interpolation } = g;
  let out = 0;
  for (let n = 0; n < N; n++) {
    const image = n * H * W * C;
    for (let oh = 0; oh < H * SH; oh++) {
      const rows = between(oh, SH, H, interpolation);
      for (let ow = 0; ow < W * SW; ow++) {
        const columns = between(ow, SW, W, interpolation);
        const [low, high] = [image + rows.low * W * C, image + rows.high * W * C];
        const [left, right] = [columns.low * C, columns.high * C];
        for (let c = 0; c < C; c++, out++) {
          const top = mix(x[low + left + c], x[low + right + c], columns.part);
          const bottom = mix(x[high + left + c], x[high + right + c], columns.part);
          y[out] = mix(top, bottom, rows.part);
        }
      }
    }
  }
}

export function upsample2dBackward(g: UpsampleGeometry, N: number, dy: Float64Array, dx: Float64Array): void {
  const { H, W, C, SH, SW, interpolation } = g;
  dx.fill(0, 0, N * H * W * C);
  let out = 0;
  for (let n = 0; n < N; n++) {
    const image = n * H * W * C;
    for (let oh = 0; oh < H * SH; oh++) {
      const rows = between(oh, SH, H, interpolation);
      for (let ow = 0; ow < W * SW; ow++, out += C) {
        const columns = between(ow, SW, W, interpolation);
        // The corners in the order of the image; a pixel that is repeated is one corner, of weight 1.
        for (let i = 0; i < (rows.part === 0 ? 1 : 2); i++) {
          const rowWeight = i === 0 ? (1 - rows.part) : rows.part;
          const row = image + (i === 0 ? rows.low : rows.high) * W * C;
          for (let j = 0; j < (columns.part === 0 ? 1 : 2); j++) {
            const columnWeight = j === 0 ? (1 - columns.part) : columns.part;
            const weight = (rowWeight * columnWeight);
            const pixel = row + (j === 0 ? columns.low : columns.high) * C;
            for (let c = 0; c < C; c++) {
              dx[pixel + c] = (dx[pixel + c] + (dy[out + c] * weight));
            }
          }
        }
      }
    }
  }
}

function between(o: number, scale: number, size: number, interpolation: 'nearest' | 'bilinear'): Between {
  const place = interpolation === 'nearest' ? Math.floor(o / scale) : (o + 0.5) / scale - 0.5;
  const floor = Math.floor(place);
  const low = Math.max(0, floor);
  const high = Math.min(size - 1, floor + 1);
  return { low, high, part: low === high ? 0 : (place - floor) };
}

function mix(a: number, b: number, part: number): number {
  return part === 0 ? a : (a + (part * (b - a)));
}
