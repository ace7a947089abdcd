// Generated from ../plain/conv2d-sparse.ts by generate-float64.mjs: do not edit.
import type { Conv2dGeometry } from '../geometry.ts';
import { addPatch, runsOfRow } from './im2col.ts';

export function addSparseWeightGradient(
  g: Conv2dGeometry,
  x: Float64Array,
  dy: Float64Array,
  dwT: Float64Array,
): void {
  const { H, W, C, KH, SH, SW, DH, DW, OH, OW, OC, K, padTop, padLeft } = g;
  const runs = runsOfRow(g);
  const pixels = g.KW / runs;
  let pixel = 0;
  for (let oh = 0; oh < OH; oh++) {
    for (let ow = 0; ow < OW; ow++) {
      for (let oc = 0; oc < OC; oc++) {
        const gradient = dy[pixel + oc];
        if (gradient === 0) continue;
        // Runs of consecutive pixels in each row of the patch, the parts outside of the image left out.
        for (let kh = 0; kh < KH; kh++) {
          const ih = oh * SH + kh * DH - padTop;
          if (ih < 0 || ih >= H) continue;
          for (let run = 0; run < runs; run++) {
            const iw = ow * SW + run * DW - padLeft;
            const from = Math.max(0, -iw) * C;
            const to = Math.min(pixels, W - iw) * C;
            const xRun = (ih * W + iw) * C;
            const dwRun = oc * K + (kh * runs + run) * pixels * C;
            for (let j = from; j < to; j++) {
              dwT[dwRun + j] = (dwT[dwRun + j] + (x[xRun + j] * gradient));
            }
          }
        }
      }
      pixel += OC;
    }
  }
}

export function addSparseInputGradient(
  g: Conv2dGeometry,
  dy: Float64Array,
  wT: Float64Array,
  patch: Float64Array,
  dx: Float64Array,
): void {
  const { OH, OW, OC, K } = g;
  let pixel = 0;
  for (let oh = 0; oh < OH; oh++) {
    for (let ow = 0; ow < OW; ow++) {
      let isEmpty = true;
      for (let oc = 0; oc < OC; oc++) {
        const gradient = dy[pixel + oc];
        if (gradient === 0) continue;
        if (isEmpty) patch.fill(0, 0, K);
        isEmpty = false;
        const wRow = oc * K;
        for (let k = 0; k < K; k++) {
          patch[k] = (patch[k] + (gradient * wT[wRow + k]));
        }
      }
      if (!isEmpty) addPatch(g, patch, 0, oh, ow, dx);
      pixel += OC;
    }
  }
}
