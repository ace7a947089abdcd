/**
 * Every kernel once more, as nested loops written for reading: what docs/order-of-sums.md says, index by index,
 * with no regard for speed. `round` is Math.fround for float32 and the identity for float64. Each function returns
 * new plain arrays.
 */
import type {
  Conv2dGeometry,
  DepthwiseGeometry,
  PoolGeometry,
  UpsampleGeometry,
} from '../../src/kernels/geometry.ts';
import type { Rectifier, RmspropNumbers } from '../../src/kernels/kernels.ts';
import { normalOf } from '../../src/tensor/normal.ts';
import { threefry2x32 } from '../../src/tensor/random.ts';
import { sigmoid, tanh } from '../../src/tensor/sigmoid.ts';

export type Numbers = ArrayLike<number>;
export type Round = (value: number) => number;

export const roundingOf = (dtype: 'float32' | 'float64'): Round =>
  dtype === 'float32' ? Math.fround : (value) => value;

const zerosOf = (length: number): number[] => new Array<number>(length).fill(0);

/** One of Winograd's matrices times a vector, each operation rounded. */
type Transform = (values: number[], round: Round) => number[];

const FOUR = [0, 1, 2, 3];

const transpose = (matrix: number[][]): number[][] => matrix[0].map((_, j) => matrix.map((row) => row[j]));

/** G */
const filterTransform: Transform = ([g0, g1, g2], round) => [
  g0,
  round(0.5 * round(round(g0 + g2) + g1)),
  round(0.5 * round(round(g0 + g2) - g1)),
  g2,
];

/** Bᵀ */
const inputTransform: Transform = ([d0, d1, d2, d3], round) => [
  round(d0 - d2),
  round(d1 + d2),
  round(d2 - d1),
  round(d1 - d3),
];

/** Aᵀ */
const outputTransform: Transform = ([m0, m1, m2, m3], round) => [
  round(round(m0 + m1) + m2),
  round(round(m1 - m2) - m3),
];

/** The three matrices of F(edge×edge, 3×3). */
interface Winograd {
  readonly edge: number;
  readonly filter: Transform;
  readonly input: Transform;
  readonly output: Transform;
}
const F2: Winograd = { edge: 2, filter: filterTransform, input: inputTransform, output: outputTransform };

/** F(4×4, 3×3), from the points 0, ±3/4, ±4/3 and ∞. */
const F4: Winograd = {
  edge: 4,
  filter([g0, g1, g2], round) {
    const pair = (p: number, q: number, r: number): number[] => {
      const even = round(round(g0 * round(p)) + round(g2 * round(r)));
      const odd = round(g1 * round(q));
      return [round(even + odd), round(even - odd)];
    };
    return [g0, ...pair(-128 / 175, -96 / 175, -72 / 175), ...pair(81 / 350, 108 / 350, 144 / 350), g2];
  },
  input([d0, d1, d2, d3, d4, d5], round) {
    const sum = round(337 / 144);
    const pair = (point: number, otherSquare: number): number[] => {
      const even = round(d4 - round(d2 * round(otherSquare)));
      const odd = round(round(point) * round(d3 - round(d1 * round(otherSquare))));
      return [round(even + odd), round(even - odd)];
    };
    const first = round(round(d0 - round(d2 * sum)) + d4);
    return [first, ...pair(3 / 4, 16 / 9), ...pair(4 / 3, 9 / 16), round(round(d1 - round(d3 * sum)) + d5)];
  },
  output([m0, m1, m2, m3, m4, m5], round) {
    const [a, b] = [round(m1 + m2), round(m3 + m4)];
    const [c, d] = [round((3 / 4) * round(m1 - m2)), round(round(4 / 3) * round(m3 - m4))];
    const squares = (p: number, q: number): number => round(round(p * (9 / 16)) + round(q * round(16 / 9)));
    return [round(round(m0 + a) + b), round(c + d), squares(a, b), round(squares(c, d) + m5)];
  },
};

/** A, its last row with a plus */
const gradientTransform: Transform = ([d0, d1], round) => [d0, round(d0 + d1), round(d0 - d1), d1];

/** Gᵀ, its last number with a minus */
const sumTransform: Transform = ([s0, s1, s2, s3], round) => {
  const middle = round(0.5 * round(s1 + s2));
  return [round(s0 + middle), round(0.5 * round(s1 - s2)), round(middle - s3)];
};

/** transform · matrix · transformᵀ: columns first, then the rows of what they gave. */
const bothWays = (transform: Transform, matrix: number[][], round: Round): number[][] => {
  const columns = transpose(transpose(matrix).map((column) => transform(column, round)));
  return columns.map((row) => transform(row, round));
};

const eachPixel = (OH: number, OW: number, visit: (oh: number, ow: number, pixel: number) => void): void => {
  for (let oh = 0; oh < OH; oh++) for (let ow = 0; ow < OW; ow++) visit(oh, ow, oh * OW + ow);
};

export function referenceKernels(round: Round) {
  /** Σ_k product(k), k ascending from +0, one rounding after each multiplication and each addition. */
  const sumOf = (K: number, product: (k: number) => number): number => {
    let sum = 0;
    for (let k = 0; k < K; k++) sum = round(sum + round(product(k)));
    return sum;
  };

  // Not Math.max: NaN gives +0.
  const relu = (v: number): number => (v > 0 ? v : 0);
  const rectified = (v: number, rectifier: Rectifier): number =>
    rectifier === false ? v : Math.min(relu(v), rectifier === true ? Infinity : rectifier);

  /** NaN gives +0. */
  const hardSigmoid = (x: number, slope: number): number => {
    const v = round(round(round(slope) * x) + 0.5);
    return v > 0 ? Math.min(v, 1) : 0;
  };

  const table = (M: number, N: number, value: (m: number, n: number) => number): number[] => {
    const c: number[] = [];
    for (let m = 0; m < M; m++) for (let n = 0; n < N; n++) c.push(value(m, n));
    return c;
  };

  /** Calls visit for every position of a patch, in the order (kh, kw, c), with its place in x, or −1 outside. */
  const eachInPatch = (
    g: Conv2dGeometry,
    oh: number,
    ow: number,
    visit: (k: number, xIndex: number) => void,
  ): void => {
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
  };

  const winograd = (
    { edge, filter, input: inputTransform, output }: Winograd,
    g: Conv2dGeometry,
    N: number,
    x: Numbers,
    w: Numbers,
    b: Numbers,
    withRelu: Rectifier,
  ): number[] => {
    const places = Array.from({ length: edge + 2 }, (_, i) => i);
    const { H, W, C, OH, OW, OC } = g;
    const u = table(C, OC, (c, oc) => c * OC + oc).map((pair) =>
      bothWays(
        filter,
        [0, 1, 2].map((kh) => [0, 1, 2].map((kw) => w[(kh * 3 + kw) * C * OC + pair])),
        round,
      ),
    );
    const y = zerosOf(N * OH * OW * OC);
    for (let n = 0; n < N; n++) {
      for (let top = 0; top < OH; top += edge) {
        for (let left = 0; left < OW; left += edge) {
          const input = (ih: number, iw: number, c: number): number =>
            ih < 0 || ih >= H || iw < 0 || iw >= W ? 0 : x[((n * H + ih) * W + iw) * C + c];
          const v = Array.from({ length: C }, (_, c) =>
            bothWays(
              inputTransform,
              places.map((i) => places.map((j) => input(top + i - g.padTop, left + j - g.padLeft, c))),
              round,
            ),
          );
          for (let oc = 0; oc < OC; oc++) {
            const m = places.map((i) =>
              places.map((j) => sumOf(C, (c) => v[c][i][j] * u[c * OC + oc][i][j])),
            );
            bothWays(output, m, round).forEach((row, i) => {
              row.forEach((sum, j) => {
                if (top + i >= OH || left + j >= OW) return;
                const value = round(sum + b[oc]);
                y[((n * OH + top + i) * OW + left + j) * OC + oc] = rectified(value, withRelu);
              });
            });
          }
        }
      }
    }
    return y;
  };

  const reference = {
    matmul: (M: number, K: number, N: number, a: Numbers, b: Numbers) =>
      table(M, N, (m, n) => sumOf(K, (k) => a[m * K + k] * b[k * N + n])),

    matmulTransposeA: (M: number, K: number, N: number, a: Numbers, b: Numbers) =>
      table(M, N, (m, n) => sumOf(K, (k) => a[k * M + m] * b[k * N + n])),

    matmulTransposeB: (M: number, K: number, N: number, a: Numbers, b: Numbers) =>
      table(M, N, (m, n) => sumOf(K, (k) => a[m * K + k] * b[n * K + k])),

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

    winogradForward: (
      g: Conv2dGeometry,
      N: number,
      x: Numbers,
      w: Numbers,
      b: Numbers,
      withRelu: Rectifier,
    ) => winograd(F2, g, N, x, w, b, withRelu),

    winograd4Forward: (
      g: Conv2dGeometry,
      N: number,
      x: Numbers,
      w: Numbers,
      b: Numbers,
      withRelu: Rectifier,
    ) => winograd(F4, g, N, x, w, b, withRelu),

    winogradBackward(g: Conv2dGeometry, N: number, x: Numbers, w: Numbers, dy: Numbers) {
      const { H, W, C, OH, OW, OC, padTop, padLeft } = g;
      const at = (image: Numbers, rows: number, columns: number, depth: number) => {
        return (n: number, h: number, v: number, c: number): number =>
          h < 0 || h >= rows || v < 0 || v >= columns ? 0 : image[((n * rows + h) * columns + v) * depth + c];
      };
      const [input, gradient] = [at(x, H, W, C), at(dy, OH, OW, OC)];
      const dw = zerosOf(9 * C * OC);
      for (let c = 0; c < C; c++) {
        for (let oc = 0; oc < OC; oc++) {
          const sums = FOUR.map(() => [0, 0, 0, 0]);
          for (let n = 0; n < N; n++) {
            eachPixel(Math.ceil(OH / 2), Math.ceil(OW / 2), (th, tw) => {
              const [h, v] = [2 * th, 2 * tw];
              const image = FOUR.map((i) => FOUR.map((j) => input(n, h + i - padTop, v + j - padLeft, c)));
              const tile = [0, 1].map((i) => [0, 1].map((j) => gradient(n, h + i, v + j, oc)));
              const a = bothWays(inputTransform, image, round);
              const b = bothWays(gradientTransform, tile, round);
              eachPixel(4, 4, (i, j) => {
                sums[i][j] = round(sums[i][j] + round(a[i][j] * b[i][j]));
              });
            });
          }
          bothWays(sumTransform, sums, round).forEach((row, kh) => {
            row.forEach((value, kw) => {
              dw[((kh * 3 + kw) * C + c) * OC + oc] = value;
            });
          });
        }
      }
      // dx: dy with the filters turned.
      const turned = zerosOf(9 * C * OC);
      eachPixel(9 * C, OC, (k, oc, i) => {
        const [place, c] = [Math.floor(k / C), k % C];
        turned[((8 - place) * OC + oc) * C + c] = w[i];
      });
      const sizes = { H: OH, W: OW, C: OC, OH: H, OW: W, OC: C, P: H * W, K: 9 * OC };
      const back = { ...g, ...sizes, padTop: 2 - padTop, padLeft: 2 - padLeft };
      const dx = reference.winogradForward(back, N, dy, turned, zerosOf(C), false);
      const db = Array.from({ length: OC }, (_, oc) => {
        let sum = 0;
        for (let p = 0; p < N * g.P; p++) sum = round(sum + dy[p * OC + oc]);
        return sum;
      });
      return { dw, db, dx };
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

    upsample2dForward(g: UpsampleGeometry, N: number, x: Numbers): number[] {
      const y: number[] = [];
      const mix = (a: number, b: number, part: number): number =>
        part === 0 ? a : round(a + round(part * round(b - a)));
      for (let n = 0; n < N; n++) {
        eachPixel(g.H * g.SH, g.W * g.SW, (oh, ow) => {
          const [row, column] = [lieBetween(oh, g.SH, g.H, g), lieBetween(ow, g.SW, g.W, g)];
          const at = (h: number, w: number, c: number): number => x[((n * g.H + h) * g.W + w) * g.C + c];
          for (let c = 0; c < g.C; c++) {
            const [top, bottom] = [row.low, row.high].map((h) =>
              mix(at(h, column.low, c), at(h, column.high, c), round(column.part)),
            );
            y.push(mix(top, bottom, round(row.part)));
          }
        });
      }
      return y;
    },

    upsample2dBackward(g: UpsampleGeometry, N: number, dy: Numbers): number[] {
      const dx = zerosOf(N * g.H * g.W * g.C);
      let out = 0;
      for (let n = 0; n < N; n++) {
        eachPixel(g.H * g.SH, g.W * g.SW, (oh, ow) => {
          const ends = ({ low, high, part }: { low: number; high: number; part: number }) =>
            part === 0
              ? [[low, 1]]
              : [
                  [low, round(1 - round(part))],
                  [high, round(part)],
                ];
          const rows = ends(lieBetween(oh, g.SH, g.H, g));
          const columns = ends(lieBetween(ow, g.SW, g.W, g));
          for (let c = 0; c < g.C; c++, out++) {
            for (const [h, a] of rows) {
              for (const [w, b] of columns) {
                const i = ((n * g.H + h) * g.W + w) * g.C + c;
                dx[i] = round(dx[i] + round(dy[out] * round(a * b)));
              }
            }
          }
        });
      }
      return dx;
    },

    affine: (x: Numbers, scale: Numbers, offset: Numbers) =>
      Array.from(x, (v, i) => {
        const c = i % scale.length;
        return round(round(v * round(scale[c])) + round(offset[c]));
      }),

    addBias: (N: number, b: Numbers, y: Numbers, withRelu: Rectifier) =>
      Array.from(y, (v, i) => {
        const biased = round(v + b[i % N]);
        return rectified(biased, withRelu);
      }),

    gaussianNoise: (
      N: number,
      E: number,
      x: Numbers,
      key0: number,
      key1: number,
      first: number,
      deviation: number,
    ) =>
      table(N, E, (n, e) => {
        const word = threefry2x32(key0, key1, e >> 1, first + n)[e & 1];
        return round(x[n * E + e] + round(deviation * normalOf(word)));
      }),

    maxPool2dForward(pool: PoolGeometry, N: number, x: Numbers) {
      const y: number[] = [];
      const choice: number[] = [];
      for (let n = 0; n < N; n++) {
        eachPixel(pool.OH, pool.OW, (oh, ow) => {
          for (let c = 0; c < pool.C; c++) {
            const window: [value: number, place: number][] = [];
            for (let kh = 0; kh < pool.KH; kh++) {
              for (let kw = 0; kw < pool.KW; kw++) {
                const at = placeInImage(pool, n, oh, ow, kh, kw, c);
                if (at >= 0) window.push([x[at], kh * pool.KW + kw]);
              }
            }
            const values = window.map(([value]) => value);
            const firstNaN = values.findIndex(Number.isNaN);
            const best = firstNaN >= 0 ? firstNaN : values.indexOf(Math.max(...values));
            y.push(window[best][0]);
            choice.push(window[best][1]);
          }
        });
      }
      return { y, choice };
    },

    maxPool2dBackward(pool: PoolGeometry, N: number, dy: Numbers, choice: Numbers): number[] {
      const dx = zerosOf(N * pool.H * pool.W * pool.C);
      let i = 0;
      for (let n = 0; n < N; n++) {
        eachPixel(pool.OH, pool.OW, (oh, ow) => {
          for (let c = 0; c < pool.C; c++, i++) {
            const kw = choice[i] % pool.KW;
            const kh = (choice[i] - kw) / pool.KW;
            const at = placeInImage(pool, n, oh, ow, kh, kw, c);
            dx[at] = round(dx[at] + dy[i]);
          }
        });
      }
      return dx;
    },

    averagePool2dForward: (pool: PoolGeometry, N: number, x: Numbers): number[] =>
      averages(pool, N, (pixels) => {
        let sum = 0;
        for (const i of pixels) sum += x[i]; // in float64
        return round(sum / pixels.length);
      }),

    averagePool2dBackward(pool: PoolGeometry, N: number, dy: Numbers): number[] {
      const dx = zerosOf(N * pool.H * pool.W * pool.C);
      averages(pool, N, (pixels, out) => {
        for (const i of pixels) dx[i] = round(dx[i] + round(dy[out] / pixels.length));
        return 0;
      });
      return dx;
    },

    globalMaxPoolForward(N: number, P: number, C: number, x: Numbers) {
      const places = table(N, C, (n, c) => {
        const channel = Array.from({ length: P }, (_, p) => x[(n * P + p) * C + c]);
        const firstNaN = channel.findIndex(Number.isNaN);
        return firstNaN >= 0 ? firstNaN : channel.indexOf(Math.max(...channel));
      });
      return {
        y: table(N, C, (n, c) => x[(n * P + places[n * C + c]) * C + c]),
        choice: places.flatMap((p) => [p % 256, Math.floor(p / 256)]),
        places,
      };
    },

    globalMaxPoolBackward: (N: number, P: number, C: number, dy: Numbers, places: Numbers) =>
      table(N * P, C, (np, c) => {
        const out = Math.floor(np / P) * C + c;
        return places[out] === np % P ? dy[out] : 0;
      }),

    leakyReluForward: (x: Numbers, slope: number) =>
      Array.from(x, (v) => (v > 0 ? v : round(round(slope) * v))),

    leakyReluBackward: (y: Numbers, dy: Numbers, slope: number) =>
      Array.from(y, (v, i) => (v > 0 ? dy[i] : round(round(slope) * dy[i]))),

    clippedReluForward: (x: Numbers, slope: number, threshold: number, max: number) =>
      Array.from(x, (v) => {
        if (v > round(threshold)) return Math.min(v, round(max));
        return slope === 0 ? 0 : round(round(slope) * round(v - round(threshold)));
      }),

    clippedReluBackward: (x: Numbers, dy: Numbers, slope: number, threshold: number, max: number) =>
      Array.from(x, (v, i) => {
        if (v > round(threshold)) return v < round(max) ? dy[i] : 0;
        return slope === 0 ? 0 : round(round(slope) * dy[i]);
      }),

    hardSigmoidForward: (x: Numbers, slope: number) => Array.from(x, (v) => hardSigmoid(v, slope)),

    hardSigmoidBackward: (y: Numbers, dy: Numbers, slope: number) =>
      Array.from(y, (v, i) => (v > 0 && v < 1 ? round(round(slope) * dy[i]) : 0)),

    hardSwishForward: (x: Numbers) => Array.from(x, (v) => round(v * hardSigmoid(v, 1 / 6))),

    hardSwishBackward: (x: Numbers, dy: Numbers) =>
      Array.from(x, (v, i) => {
        const h = hardSigmoid(v, 1 / 6);
        const rise = h > 0 && h < 1 ? round(round(1 / 6) * v) : 0;
        return round(dy[i] * round(h + rise));
      }),

    sigmoidForward: (x: Numbers) => Array.from(x, (v) => round(sigmoid(v))),

    addTo: (x: Numbers, y: Numbers) => Array.from(y, (v, i) => round(v + x[i])),

    multiplyBy: (x: Numbers, y: Numbers) => Array.from(y, (v, i) => round(v * x[i])),

    // Sums over a channel are float64 in either dtype.
    channelMoments(rows: number, C: number, x: Numbers): number[] {
      const channels = table(C, rows, (c, row) => x[row * C + c]);
      const of = (c: number): number[] => channels.slice(c * rows, (c + 1) * rows);
      const means = Array.from({ length: C }, (_, c) => of(c).reduce((sum, v) => sum + v, 0) / rows);
      return [
        ...means,
        ...means.map((mean, c) => of(c).reduce((sum, v) => sum + (v - mean) * (v - mean), 0)),
      ];
    },

    channelSums: (rows: number, C: number, x: Numbers, dy: Numbers, mean: Numbers): number[] =>
      table(2, C, (which, c) => {
        let sum = 0;
        for (let row = 0; row < rows; row++) {
          const i = row * C + c;
          sum += which === 0 ? dy[i] : dy[i] * (x[i] - mean[c]);
        }
        return sum;
      }),

    normalizeForward: (
      x: Numbers,
      mean: Numbers,
      scale: Numbers,
      shift: Numbers,
      withRelu: Rectifier,
    ): number[] =>
      Array.from(x, (v, i) => {
        const c = i % mean.length;
        const y = round(round(round(v - mean[c]) * scale[c]) + shift[c]);
        return rectified(y, withRelu);
      }),

    normalizeBackward: (
      x: Numbers,
      dy: Numbers,
      mean: Numbers,
      scale: Numbers,
      a: Numbers,
      b: Numbers,
    ): number[] =>
      Array.from(x, (v, i) => {
        const c = i % mean.length;
        return round(scale[c] * round(round(dy[i] - a[c]) - round(round(v - mean[c]) * b[c])));
      }),

    sigmoidBackward: (y: Numbers, dy: Numbers) =>
      Array.from(y, (v, i) => round(dy[i] * round(v * round(1 - v)))),

    tanhForward: (x: Numbers) => Array.from(x, (v) => round(tanh(v))),

    tanhBackward: (y: Numbers, dy: Numbers) =>
      Array.from(y, (v, i) => round(dy[i] * round(1 - round(v * v)))),

    reluForward: (x: Numbers) => Array.from(x, relu),

    reluBackward: (y: Numbers, dy: Numbers) => Array.from(y, (v, i) => (v > 0 ? dy[i] : 0)),

    dropoutForward(
      N: number,
      E: number,
      x: Numbers,
      key0: number,
      key1: number,
      first: number,
      threshold: number,
      scale: number,
    ) {
      const mask = table(N, E, (n, e) =>
        threefry2x32(key0, key1, e >> 1, first + n)[e & 1] >= threshold ? 1 : 0,
      );
      return { mask, y: mask.map((kept, i) => (kept === 1 ? round(x[i] * round(scale)) : 0)) };
    },

    denseForward: (N: number, I: number, O: number, x: Numbers, w: Numbers, b: Numbers, withRelu: boolean) =>
      table(N, O, (n, o) => {
        const sum = sumOf(I, (i) => x[n * I + i] * w[i * O + o]);
        const v = round(sum + b[o]);
        return withRelu ? relu(v) : v;
      }),

    denseBackwardInput: (N: number, I: number, O: number, dy: Numbers, w: Numbers, alive: Numbers | null) =>
      table(N, I, (n, i) =>
        alive !== null && alive[n * I + i] === 0 ? 0 : sumOf(O, (o) => dy[n * O + o] * w[i * O + o]),
      ),

    denseBackwardWeights: (N: number, I: number, O: number, x: Numbers, dy: Numbers) =>
      table(I, O, (i, o) => sumOf(N, (n) => x[n * I + i] * dy[n * O + o])),

    denseBackwardBias: (N: number, O: number, dy: Numbers) =>
      table(1, O, (_, o) => sumOf(N, (n) => dy[n * O + o])),

    sumShards: (S: number, stride: number, partial: Numbers) =>
      table(1, stride, (_, i) => {
        let sum = partial[i];
        for (let s = 1; s < S; s++) sum = round(sum + partial[s * stride + i]);
        return sum;
      }),

    /** One element's step. */
    adadelta(w: number, g: number, G: number, D: number, learningRate: number, rho: number, epsilon: number) {
      const mean = (old: number, square: number): number =>
        round(round(round(rho) * old) + round(round(1 - rho) * square));
      const root = (value: number): number => round(Math.sqrt(round(value + round(epsilon))));
      const newG = mean(G, round(g * g));
      const delta = round(-round(root(D) * g) / root(newG));
      const newD = mean(D, round(delta * delta));
      return { w: round(w + round(round(learningRate) * delta)), G: newG, D: newD };
    },

    sgd: (w: Numbers, g: Numbers, learningRate: number) =>
      Array.from(w, (value, i) => round(value - round(round(learningRate) * g[i]))),

    /** One element's step. */
    sgdMomentum(w: number, g: number, v: number, learningRate: number, momentum: number, nesterov: boolean) {
      const step = round(round(learningRate) * g);
      const newV = round(round(round(momentum) * v) - step);
      const ahead = round(w + round(round(momentum) * newV));
      return { w: nesterov ? round(ahead - step) : round(w + newV), v: newV };
    },

    /** One element's step. */
    adam(
      w: number,
      g: number,
      m: number,
      v: number,
      rate: number,
      beta1: number,
      beta2: number,
      epsilon: number,
    ) {
      const newM = round(m + round(round(1 - beta1) * round(g - m)));
      const newV = round(v + round(round(1 - beta2) * round(round(g * g) - v)));
      const below = round(round(Math.sqrt(newV)) + round(epsilon));
      return { w: round(w - round(round(round(rate) * newM) / below)), m: newM, v: newV };
    },

    /** One element. */
    scale: (g: number, factor: number) => round(g * round(factor)),

    /** One element's step; A and M undefined: not centred, no momentum. */
    rmsprop(
      w: number,
      g: number,
      V: number,
      A: number | undefined,
      M: number | undefined,
      { learningRate, rho, momentum, epsilon }: RmspropNumbers,
    ) {
      const mean = (old: number, value: number): number =>
        round(round(round(rho) * old) + round(round(1 - rho) * value));
      const newV = mean(V, round(g * g));
      const newA = A === undefined ? 0 : mean(A, g);
      const spread = A === undefined ? newV : round(newV - round(newA * newA));
      const step = round(round(round(learningRate) * g) / round(Math.sqrt(round(spread + round(epsilon)))));
      const newM = M === undefined ? step : round(round(round(momentum) * M) + step);
      return { w: round(w - newM), V: newV, A: newA, M: M === undefined ? 0 : newM };
    },
  };
  return reference;
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

/** The two old rows (or columns) between which a new one lies, and the part of the way from the first to the second. */
function lieBetween(o: number, scale: number, size: number, { interpolation }: UpsampleGeometry) {
  if (interpolation === 'nearest') {
    const at = Math.floor(o / scale);
    return { low: at, high: at, part: 0 };
  }
  const place = Math.min(Math.max((o + 0.5) / scale - 0.5, 0), size - 1);
  const low = Math.floor(place);
  return { low, high: Math.min(low + 1, size - 1), part: place - low };
}

/** value(indices of a window's pixels within the image, index of the output), for each output. */
function averages(
  { H, W, C, KH, KW, SH, SW, OH, OW, padTop, padLeft }: PoolGeometry,
  N: number,
  value: (pixels: number[], out: number) => number,
): number[] {
  const y: number[] = [];
  for (let n = 0; n < N; n++) {
    eachPixel(OH, OW, (oh, ow) => {
      for (let c = 0; c < C; c++) {
        const pixels: number[] = [];
        eachPixel(KH, KW, (kh, kw) => {
          const [h, w] = [oh * SH + kh - padTop, ow * SW + kw - padLeft];
          if (h >= 0 && h < H && w >= 0 && w < W) pixels.push(((n * H + h) * W + w) * C + c);
        });
        y.push(value(pixels, y.length));
      }
    });
  }
  return y;
}

/** −1: outside of the image. */
function placeInImage(
  pool: PoolGeometry,
  n: number,
  oh: number,
  ow: number,
  kh: number,
  kw: number,
  c: number,
): number {
  const [h, w] = [oh * pool.SH + kh - pool.padTop, ow * pool.SW + kw - pool.padLeft];
  return h >= 0 && h < pool.H && w >= 0 && w < pool.W ? ((n * pool.H + h) * pool.W + w) * pool.C + c : -1;
}
