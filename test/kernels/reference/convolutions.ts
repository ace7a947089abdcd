/** Convolutions, direct and depthwise. */
import type { Conv2dGeometry, DepthwiseGeometry } from '../../../src/kernels/geometry.ts';
import type { Rectifier } from '../../../src/kernels/kernels.ts';
import { eachPixel, type Numbers, type Round, rectified, sumsWith, zerosOf } from './loops.ts';

export function convolutions(round: Round) {
  const sumOf = sumsWith(round);

  const reference = {
    im2col(g: Conv2dGeometry, x: Numbers, sample = 0): number[] {
      const patches = zerosOf(g.P * g.K);
      const xSample = sample * g.H * g.W * g.C;
      eachPixel(g.OH, g.OW, (oh, ow, p) => {
        eachInPatch(g, oh, ow, (k, xi) => {
          patches[p * g.K + k] = xi < 0 ? 0 : x[xSample + xi];
        });
      });
      return patches;
    },

    col2im(g: Conv2dGeometry, patches: Numbers, start: Numbers): number[] {
      const dx = Array.from(start);
      eachPixel(g.OH, g.OW, (oh, ow, p) => {
        eachInPatch(g, oh, ow, (k, xi) => {
          if (xi >= 0) dx[xi] = round(dx[xi] + patches[p * g.K + k]);
        });
      });
      return dx;
    },

    conv2dForward(g: Conv2dGeometry, N: number, x: Numbers, w: Numbers, b: Numbers, withRelu: Rectifier) {
      const y: number[] = [];
      for (let n = 0; n < N; n++) {
        const patches = reference.im2col(g, x, n);
        for (let p = 0; p < g.P; p++) {
          for (let oc = 0; oc < g.OC; oc++) {
            const sum = sumOf(g.K, (k) => patches[p * g.K + k] * w[k * g.OC + oc]);
            const v = round(sum + b[oc]);
            y.push(rectified(v, withRelu));
          }
        }
      }
      return y;
    },

    conv2dBackward(g: Conv2dGeometry, N: number, x: Numbers, w: Numbers, dy: Numbers) {
      const dw = zerosOf(g.K * g.OC);
      const db = zerosOf(g.OC);
      const dx: number[] = [];
      for (let n = 0; n < N; n++) {
        const patches = reference.im2col(g, x, n);
        const dPatches = zerosOf(g.P * g.K);
        for (let p = 0; p < g.P; p++) {
          const gradient = (oc: number): number => dy[(n * g.P + p) * g.OC + oc];
          for (let oc = 0; oc < g.OC; oc++) {
            db[oc] = round(db[oc] + gradient(oc));
            for (let k = 0; k < g.K; k++) {
              const i = k * g.OC + oc;
              dw[i] = round(dw[i] + round(patches[p * g.K + k] * gradient(oc)));
            }
          }
          for (let k = 0; k < g.K; k++) {
            dPatches[p * g.K + k] = sumOf(g.OC, (oc) => gradient(oc) * w[k * g.OC + oc]);
          }
        }
        dx.push(...reference.col2im(g, dPatches, zerosOf(g.H * g.W * g.C)));
      }
      return { dw, db, dx };
    },

    depthwiseForward(
      g: DepthwiseGeometry,
      N: number,
      x: Numbers,
      w: Numbers,
      b: Numbers,
      withRelu: Rectifier,
    ) {
      const y: number[] = [];
      eachDepthwise(g, N, (c, m, places) => {
        let sum = 0;
        for (const [k, at] of places) sum = round(sum + round(x[at] * w[(k * g.C + c) * g.M + m]));
        const v = round(sum + b[c * g.M + m]);
        y.push(rectified(v, withRelu));
      });
      return y;
    },

    depthwiseBackward(g: DepthwiseGeometry, N: number, x: Numbers, w: Numbers, dy: Numbers) {
      const { C, M } = g;
      const dw = zerosOf(g.KH * g.KW * C * M);
      const db = zerosOf(C * M);
      const dx = zerosOf(N * g.H * g.W * C);
      let out = 0;
      eachDepthwise(g, N, (c, m, places) => {
        const gradient = dy[out];
        db[c * M + m] = round(db[c * M + m] + gradient);
        for (const [k, at] of places) {
          const i = (k * C + c) * M + m;
          dw[i] = round(dw[i] + round(x[at] * gradient));
          // With the last filter all of the channel's gradients are known.
          const sum = sumOf(M, (j) => dy[out - m + j] * w[(k * C + c) * M + j]);
          if (m === M - 1) dx[at] = round(dx[at] + sum);
        }
        out++;
      });
      return { dw, db, dx };
    },
  };
  return reference;
}

/** Calls visit for every position of a patch, in the order (kh, kw, c), with its place in x, or −1 outside. */
function eachInPatch(
  g: Conv2dGeometry,
  oh: number,
  ow: number,
  visit: (k: number, xIndex: number) => void,
): void {
  for (let kh = 0; kh < g.KH; kh++) {
    for (let kw = 0; kw < g.KW; kw++) {
      for (let c = 0; c < g.C; c++) {
        const ih = oh * g.SH + kh * g.DH - g.padTop;
        const iw = ow * g.SW + kw * g.DW - g.padLeft;
        const inside = ih >= 0 && ih < g.H && iw >= 0 && iw < g.W;
        visit((kh * g.KW + kw) * g.C + c, inside ? (ih * g.W + iw) * g.C + c : -1);
      }
    }
  }
}

/** Calls visit for each output, with the positions (kh, kw) of its window within the image and their places in x. */
function eachDepthwise(
  g: DepthwiseGeometry,
  N: number,
  visit: (c: number, m: number, places: [k: number, at: number][]) => void,
): void {
  for (let n = 0; n < N; n++) {
    eachPixel(g.OH, g.OW, (oh, ow) => {
      for (let c = 0; c < g.C; c++) {
        const places: [number, number][] = [];
        eachPixel(g.KH, g.KW, (kh, kw, k) => {
          const [h, w] = [oh * g.SH + kh * g.DH - g.padTop, ow * g.SW + kw * g.DW - g.padLeft];
          if (h >= 0 && h < g.H && w >= 0 && w < g.W) places.push([k, ((n * g.H + h) * g.W + w) * g.C + c]);
        });
        for (let m = 0; m < g.M; m++) visit(c, m, places);
      }
    });
  }
}
