// Generated from ../plain/conv2d-sparse.ts by generate-float64.mjs: do not edit.
/**
 * The convolution's gradients from the non-zero elements of dy alone.
 *
 * Below max-pooling at most one element in a window has a gradient, below ReLU and dropout fewer: under a tenth
 * of dy is not zero in the experiment's second convolution. Leaving out a term whose factor dy is zero
 * doesn't change a sum that began at +0 (v + ±0 = v, and +0 + ±0 = +0), so the bits are those of the dense walk.
 *
 * dw and w are transposed to [OC, K] meanwhile, so that one gradient's K products are consecutive.
 */
import type { Conv2dGeometry } from '../geometry.ts';
import { addPatch } from './im2col.ts';

/**
 * x [H, W, C], dy [P, OC]; dwT [OC, K] is added to:
 *   dwT[oc, (kh, kw, c)] goes on by x[oh·SH + kh − padTop, ow·SW + kw − padLeft, c]·dy[oh, ow, oc], (oh, ow) ascending
 */
export function addSparseWeightGradient(
  g: Conv2dGeometry,
  x: Float64Array,
  dy: Float64Array,
  dwT: Float64Array,
): void {
  const { H, W, C, KH, KW, SH, SW, OH, OW, OC, K, padTop, padLeft } = g;
  let pixel = 0;
  for (let oh = 0; oh < OH; oh++) {
    const ih = oh * SH - padTop;
    const khFrom = Math.max(0, -ih);
    const khTo = Math.min(KH, H - ih);
    for (let ow = 0; ow < OW; ow++) {
      const iw = ow * SW - padLeft;
      const kwFrom = Math.max(0, -iw);
      const runLength = (Math.min(KW, W - iw) - kwFrom) * C;
      for (let oc = 0; oc < OC; oc++) {
        const gradient = dy[pixel + oc];
        if (gradient === 0) continue;
        // One run of consecutive pixels in each row of the patch, the part outside of the image left out.
        for (let kh = khFrom; kh < khTo; kh++) {
          const xRun = ((ih + kh) * W + iw + kwFrom) * C;
          const dwRun = oc * K + (kh * KW + kwFrom) * C;
          for (let j = 0; j < runLength; j++) {
            dwT[dwRun + j] = (dwT[dwRun + j] + (x[xRun + j] * gradient));
          }
        }
      }
      pixel += OC;
    }
  }
}

/**
 * dy [P, OC], wT [OC, K]; dx [H, W, C] is added to: for each pixel with any gradient the row
 *   patch[k] = Σ_oc dy[oh, ow, oc]·wT[oc, k], oc ascending from +0
 * then addPatch. `patch` is K elements of scratch.
 */
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
