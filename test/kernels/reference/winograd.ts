/** Convolutions by Winograd, with its matrices written out. */
import type { Conv2dGeometry } from '../../../src/kernels/geometry.ts';
import type { Rectifier } from '../../../src/kernels/kernels.ts';
import { eachPixel, type Numbers, type Round, rectified, sumsWith, table, zerosOf } from './loops.ts';

/** One of Winograd's matrices times a vector, each operation rounded. */
type Transform = (values: number[], round: Round) => number[];

const FOUR = [0, 1, 2, 3];
const SIX = [0, 1, 2, 3, 4, 5];

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

/** A of F(4×4, 3×3) */
const gradientTransform: Transform = ([g0, g1, g2, g3], round) => {
  const pair = (point: number, square: number): number[] => {
    const even = round(g0 + round(g2 * round(square)));
    const odd = round(round(point) * round(g1 + round(g3 * round(square))));
    return [round(even + odd), round(even - odd)];
  };
  return [g0, ...pair(3 / 4, 9 / 16), ...pair(4 / 3, 16 / 9), g3];
};

/** Gᵀ of F(4×4, 3×3) */
const sumTransform: Transform = ([s0, s1, s2, s3, s4, s5], round) => {
  const both = (p: number, q: number, x: number, y: number): number =>
    round(round(p * round(x)) + round(q * round(y)));
  const [p, q] = [round(s1 + s2), round(s3 + s4)];
  return [
    round(s0 + both(p, q, -128 / 175, 81 / 350)),
    both(round(s1 - s2), round(s3 - s4), -96 / 175, 108 / 350),
    round(both(p, q, -72 / 175, 144 / 350) + s5),
  ];
};

/** transform · matrix · transformᵀ: columns first, then the rows of what they gave. */
const bothWays = (transform: Transform, matrix: number[][], round: Round): number[][] => {
  const columns = transpose(transpose(matrix).map((column) => transform(column, round)));
  return columns.map((row) => transform(row, round));
};

export function winograd(round: Round) {
  const sumOf = sumsWith(round);

  const forward = (
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
    winogradForward: (
      g: Conv2dGeometry,
      N: number,
      x: Numbers,
      w: Numbers,
      b: Numbers,
      withRelu: Rectifier,
    ) => forward(F2, g, N, x, w, b, withRelu),

    winograd4Forward: (
      g: Conv2dGeometry,
      N: number,
      x: Numbers,
      w: Numbers,
      b: Numbers,
      withRelu: Rectifier,
    ) => forward(F4, g, N, x, w, b, withRelu),

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
          const sums = SIX.map(() => SIX.map(() => 0));
          for (let n = 0; n < N; n++) {
            eachPixel(Math.ceil(OH / 4), Math.ceil(OW / 4), (th, tw) => {
              const [h, v] = [4 * th, 4 * tw];
              const image = SIX.map((i) => SIX.map((j) => input(n, h + i - padTop, v + j - padLeft, c)));
              const tile = FOUR.map((i) => FOUR.map((j) => gradient(n, h + i, v + j, oc)));
              const a = bothWays(F4.input, image, round);
              const b = bothWays(gradientTransform, tile, round);
              eachPixel(6, 6, (i, j) => {
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
      const dx = forward(F4, back, N, dy, turned, zerosOf(C), false);
      const db = Array.from({ length: OC }, (_, oc) => {
        let sum = 0;
        for (let p = 0; p < N * g.P; p++) sum = round(sum + dy[p * OC + oc]);
        return sum;
      });
      return { dw, db, dx };
    },
  };
  return reference;
}
