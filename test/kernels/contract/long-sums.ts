/** Sums of more than 8,192 terms, in blocks: lengths around the edges of blocks and groups, of every kernel that has such sums. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Conv2dGeometry,
  conv2dGeometry,
  depthwiseGeometry,
  poolGeometry,
} from '../../../src/kernels/geometry.ts';
import { type Bench, check, type Subject, seeds } from './bench.ts';
import { turnedFilters } from './winograd.ts';

type Numbers = ArrayLike<number>;

/** The definition once more: blocks from +0, 64 blocks a group from +0, groups from +0; `blocks` are the terms. */
function inBlocks(bench: Bench, blocks: readonly (readonly number[])[]): number {
  const round = bench.kernels.dtype === 'float32' ? Math.fround : (v: number) => v;
  const add = (values: readonly number[]): number => {
    let sum = 0;
    for (const value of values) sum = round(sum + value);
    return sum;
  };
  const sums = blocks.map(add);
  return add(every(64, sums).map(add));
}

const every = <T>(size: number, values: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(values.length / size) }, (_, i) => values.slice(i * size, (i + 1) * size));

/** Σ terms: in a row up to 8,192, else in blocks of 256. */
const sumOf = (bench: Bench, terms: readonly number[]): number =>
  inBlocks(bench, terms.length <= 8192 ? [terms] : every(256, terms));

const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

const product = (bench: Bench, a: number, b: number): number =>
  bench.kernels.dtype === 'float32' ? Math.fround(a * b) : a * b;

const plus = (bench: Bench, a: number, b: number): number =>
  bench.kernels.dtype === 'float32' ? Math.fround(a + b) : a + b;

const relu = (v: number): number => (v > 0 ? v : 0);

/** Each case once, with numbers of its own. */
function checkCases<C extends object>(
  subject: Subject,
  cases: readonly C[],
  body: (c: C, bench: Bench) => void,
): void {
  const seed = 2 * cases.length; // even: numbers of all sizes
  const examples = cases.map((c, i) => ({ ...c, seed: seed + 2 * i }));
  check(subject, fc.record({ ...{ seed: seeds } }) as fc.Arbitrary<C & { seed: number }>, body, {
    ...{ runs: examples.length, examples },
  });
}

/** The last has a second group of two blocks: of one alone the sum would be that of one group. */
const AROUND = [8191, 8192, 8193, 2 * 8192 + 257];

const convolution = (
  [H, W, C]: [number, number, number],
  filters: number,
  kernelSize: [number, number],
  options: { strides?: [number, number]; same?: boolean; dilationRate?: [number, number] } = {},
): Conv2dGeometry => {
  const { strides = [1, 1], same = false, dilationRate = [1, 1] } = options;
  const padding = same ? 'same' : 'valid';
  return conv2dGeometry([H, W, C], { filters, kernelSize, strides, padding, dilationRate });
};

export function describeLongSums(subject: Subject): void {
  describe('long sums', () => {
    test('dense forward, over inputs', () => {
      checkCases(
        subject,
        AROUND.map((I) => ({ I })),
        ({ I }, bench) => {
          const [N, O] = [2, I % 2 === 0 ? 32 : 5];
          const [x, w, b] = [bench.input(N * I), bench.input(I * O), bench.input(O)];
          const y = bench.output(N * O);
          const scratch = bench.scratch(bench.kernels.denseScratch(N, I, O));
          bench.kernels.denseForward(N, I, O, x, w, b, true, y, scratch);
          const expected = range(N * O).map((at) => {
            const [n, o] = [Math.floor(at / O), at % O];
            const sum = sumOf(
              bench,
              range(I).map((i) => product(bench, x[n * I + i], w[i * O + o])),
            );
            return relu(plus(bench, sum, b[o]));
          });
          bench.expectWritten(y, expected);
        },
      );
    });

    test('scratch of a dense layer has room for a product’s operands in blocks, its sum and its group’s', () => {
      const [few, many] = [64, 9000];
      const { denseScratch } = subject.kernels;
      expect(denseScratch(few, many, few)).toBeGreaterThanOrEqual(few * 256 + 2 * few * few); // y, over inputs
      expect(denseScratch(few, 8000, many)).toBeGreaterThanOrEqual((few + 8000) * 256 + 2 * few * 8000); // dx, over outputs
      expect(denseScratch(many, few, few)).toBeGreaterThanOrEqual(2 * few * few); // dw, over samples
    });

    test('dense input gradient, over outputs', () => {
      checkCases(
        subject,
        AROUND.flatMap((O) => [true, false].map((hasAlive) => ({ O, hasAlive }))),
        ({ O, hasAlive }, bench) => {
          const [N, I] = [2, 5];
          const [dy, w, alive] = [bench.input(N * O), bench.input(I * O), bench.input(N * I, 0.5)];
          const dx = bench.output(N * I);
          const scratch = bench.scratch(bench.kernels.denseScratch(N, I, O));
          bench.kernels.denseBackwardInput(N, I, O, dy, w, hasAlive ? alive : null, dx, scratch);
          const expected = range(N * I).map((at) => {
            const [n, i] = [Math.floor(at / I), at % I];
            const terms = range(O).map((o) => product(bench, dy[n * O + o], w[i * O + o]));
            return hasAlive && alive[at] === 0 ? 0 : sumOf(bench, terms);
          });
          bench.expectWritten(dx, expected);
        },
      );
    });

    test('dense weight and bias gradient, over samples', () => {
      checkCases(
        subject,
        AROUND.map((N) => ({ N })),
        ({ N }, bench) => {
          const [I, O, from, to] = [5, 4, 1, 4];
          const [x, dy] = [bench.input(N * I), bench.input(N * O)];
          const [dw, db] = [bench.output(I * O), bench.output(O)];
          const untouched = Array.from(dw.subarray(0, from * O));
          const scratch = bench.scratch(bench.kernels.denseScratch(N, I, O));
          bench.kernels.denseBackwardWeights(N, I, O, x, dy, from, to, dw, scratch);
          bench.kernels.denseBackwardBias(N, O, dy, db);
          const rows = range((to - from) * O).map((at) => {
            const [i, o] = [from + Math.floor(at / O), at % O];
            return sumOf(
              bench,
              range(N).map((n) => product(bench, x[n * I + i], dy[n * O + o])),
            );
          });
          bench.expectWritten(dw, [...untouched, ...rows, ...dw.subarray(to * O, I * O)]);
          const biases = range(O).map((o) =>
            sumOf(
              bench,
              range(N).map((n) => dy[n * O + o]),
            ),
          );
          bench.expectWritten(db, biases);
        },
      );
    });

    test('convolution forward, over the patch, pooled or not', () => {
      const cases = [
        { g: convolution([3, 3, 2048], 5, [2, 2]) }, // 8,192
        { g: convolution([2, 4, 2731], 5, [1, 3]) }, // 8,193
        { g: convolution([3, 3, 911], 8, [3, 3], { same: true }) },
        { g: convolution([4, 4, 2100], 4, [2, 2], { dilationRate: [2, 1] }) },
        { g: convolution([3, 2, 8193], 4, [1, 1]) },
      ];
      checkCases(subject, cases, ({ g }, bench) => {
        const N = 2;
        const [x, w, b] = [bench.input(N * g.H * g.W * g.C), bench.input(g.K * g.OC), bench.input(g.OC)];
        const pool = poolGeometry([g.OH, g.OW, g.OC], [2, 2], [1, 1]);
        const scratch = bench.scratch(bench.kernels.conv2dScratch(g, pool));
        const y = bench.output(N * g.P * g.OC);
        bench.kernels.conv2dForward(g, N, x, w, b, true, y, scratch);
        const expected = range(N).flatMap((n) => {
          const patches = bench.reference.im2col(g, x, n);
          return range(g.P * g.OC).map((at) => {
            const [p, oc] = [Math.floor(at / g.OC), at % g.OC];
            const terms = range(g.K).map((k) => product(bench, patches[p * g.K + k], w[k * g.OC + oc]));
            return relu(plus(bench, sumOf(bench, terms), b[oc]));
          });
        });
        bench.expectWritten(y, expected);
        const pooled = bench.reference.maxPool2dForward(pool, N, expected);
        const [best, choice] = [bench.output(pooled.y.length), bench.byteOutput(pooled.y.length)];
        bench.kernels.conv2dPoolForward(g, pool, N, x, w, b, true, best, choice, scratch);
        bench.expectWritten(best, pooled.y);
        bench.expectWritten(choice, pooled.choice);
      });
    });

    const wide = [
      { g: convolution([8191, 1, 2], 4, [1, 1]), N: 1 },
      { g: convolution([8192, 1, 2], 4, [1, 1]), N: 1 },
      { g: convolution([8193, 1, 4], 4, [1, 1]), N: 1 },
      { g: convolution([2, 8200, 2], 4, [2, 3]), N: 1 },
      { g: convolution([17, 530, 1], 5, [3, 3], { same: true }), N: 1 },
      {
        g: convolution([64, 600, 1], 3, [3, 3], { same: true, strides: [2, 1], dilationRate: [2, 1] }),
        N: 1,
      },
      { g: convolution([38, 36, 2], 8, [3, 3]), N: 7 }, // 8,568
      { g: convolution([40, 40, 1], 4, [3, 3], { same: true }), N: 6 }, // 9,600
      { g: convolution([34, 34, 1], 4, [3, 3]), N: 8 }, // 8,192
    ];

    test.each(['dense', 'sparse'] as const)(
      'convolution weight gradient, over pixels and samples, %s walk',
      (walk) => {
        checkCases(subject, wide, ({ g, N }, bench) => {
          const x = bench.input(N * g.H * g.W * g.C);
          const [w, dy] = [bench.input(g.K * g.OC), bench.input(N * g.P * g.OC, 0.6)];
          const [dw, db] = [bench.output(w.length), bench.output(g.OC)];
          const dx = bench.output(x.length);
          const scratch = bench.scratch(bench.kernels.conv2dScratch(g, null));
          bench.kernels.conv2dBackward(g, N, x, w, dy, walk, dw, db, dx, scratch);
          const expected = weightGradient(bench, g, N, x, dy);
          bench.expectWritten(dw, expected.dw);
          bench.expectWritten(db, expected.db);
          // The input's sums are short: those of each sample by itself.
          const size = g.H * g.W * g.C;
          const last = bench.kernels;
          const own = bench.output(size);
          const gradient = bench.copy(dy.subarray((N - 1) * g.P * g.OC, N * g.P * g.OC));
          last.conv2dBackward(g, 1, x, w, gradient, walk, null, null, own, scratch);
          bench.compare(dx.subarray((N - 1) * size, N * size), own.subarray(0, size));
        });
      },
    );

    test('weight gradient by Winograd: the same blocks, which cut none of its tiles, each a sum of its own', () => {
      const cases = [{ g: convolution([14, 80, 8], 8, [3, 3], { same: true }), N: 8 }]; // 8,960; six rows have 480 pixels
      checkCases(subject, cases, ({ g, N }, bench) => {
        const { H, W, C, P, OC, K } = g;
        const [x, w, dy] = [bench.input(N * H * W * C), bench.input(K * OC), bench.input(N * P * OC)];
        const [dw, db, dx] = [bench.output(K * OC), bench.output(OC), bench.output(x.length)];
        const scratch = bench.scratch(bench.kernels.winogradBackwardScratch(g));
        const u = turnedFilters(bench, g, w);
        bench.kernels.winogradBackward(g, N, x, u, dy, dw, db, dx, scratch);
        const parts = range(N).flatMap((n) =>
          every(4, range(H)).map(([row, ...more]) => {
            const OH = more.length + 1;
            const top = Math.max(0, row - 1);
            const rows = Math.min(H, row + OH + 1) - top;
            const tile = { ...g, H: rows, OH, P: OH * W, padTop: row === 0 ? 1 : 0 };
            const xTile = x.subarray((n * H + top) * W * C, (n * H + top + rows) * W * C);
            const dyTile = dy.subarray((n * P + row * W) * OC, (n * P + (row + OH) * W) * OC);
            return bench.reference.winogradBackward(tile, 1, xTile, w, dyTile);
          }),
        );
        const total = (part: 'dw' | 'db', size: number) =>
          range(size).map((i) =>
            inBlocks(
              bench,
              parts.map((each) => [each[part][i]]),
            ),
          );
        bench.expectWritten(dw, total('dw', K * OC));
        bench.expectWritten(db, total('db', OC));
        const first = bench.reference.winogradBackward(g, 1, x, w, dy).dx;
        bench.compare(dx.subarray(0, first.length), first);
      });
    });

    // Windows of two rows share none with one another, so that each tile of the image has its own; those of three do.
    test.each<[withRelu: boolean, size: number, count: number]>([
      [true, 2, 3],
      [false, 3, 3],
      [true, 3, 1],
    ])('convolution weight gradient behind pooling, ReLU %s, windows of %i', (withRelu, size, count) => {
      const cases = wide.slice(-3, count - 3 || undefined).map(({ g, N }) => ({ g, N, size }));
      checkCases(subject, cases, ({ g, N, size }, bench) => {
        const pool = poolGeometry([g.OH, g.OW, g.OC], [size, size], [2, 2]);
        const x = bench.input(N * g.H * g.W * g.C);
        const w = bench.input(g.K * g.OC);
        const convolved = bench.input(N * g.P * g.OC, 0.6).map((v) => (withRelu ? relu(v) : v));
        const { y, choice } = bench.reference.maxPool2dForward(pool, N, convolved);
        const dy = bench.input(y.length);
        const [dw, db, dx] = [bench.output(w.length), bench.output(g.OC), bench.output(x.length)];
        const scratch = bench.scratch(bench.kernels.conv2dScratch(g, pool));
        const [values, chosen] = [bench.copy(y), bench.byteOutput(choice.length)];
        chosen.set(choice);
        bench.kernels.conv2dPoolBackward(
          ...([g, pool, N, x, w, withRelu, values, chosen, dy, 'sparse', dw, db, dx, scratch] as const),
        );
        const alive = Array.from(dy, (v, i) => (withRelu && !(y[i] > 0) ? 0 : v));
        const spread = bench.copy(bench.reference.maxPool2dBackward(pool, N, alive, choice));
        const expected = weightGradient(bench, g, N, x, spread);
        bench.expectWritten(dw, expected.dw);
        bench.expectWritten(db, expected.db);
        const unpooled = bench.output(x.length);
        bench.kernels.conv2dBackward(g, N, x, w, spread, 'sparse', null, null, unpooled, scratch);
        bench.compare(dx, unpooled);
      });
    });

    test('convolution input gradient, over filters', () => {
      checkCases(
        subject,
        [
          { filters: 8192, isPooled: false, N: 1 },
          { filters: 8192, isPooled: true, N: 1 },
          { filters: 8193, isPooled: true, N: 2 },
          { filters: 16385, isPooled: false, N: 2 },
        ],
        ({ filters, isPooled, N }, bench) => {
          const g = convolution([2, 3, 2], filters, [2, 2]);
          const x = bench.input(N * 12);
          const [w, dy] = [bench.input(g.K * g.OC), bench.input(N * g.P * g.OC)];
          const dx = bench.output(x.length);
          if (isPooled) {
            // Windows of one pixel: the same gradient.
            const pool = poolGeometry([g.OH, g.OW, g.OC], [1, 1], [1, 1]);
            const scratch = bench.scratch(bench.kernels.conv2dScratch(g, pool));
            const choice = bench.byteOutput(dy.length).fill(0);
            const [dw, db] = [bench.output(w.length), bench.output(g.OC)];
            bench.kernels.conv2dPoolBackward(
              ...([g, pool, N, x, w, false, dy, choice, dy, 'sparse', dw, db, dx, scratch] as const),
            );
            bench.expectWritten(dw, weightGradient(bench, g, N, x, dy).dw);
          } else {
            const scratch = bench.scratch(bench.kernels.conv2dScratch(g, null));
            bench.kernels.conv2dBackward(g, N, x, w, dy, 'dense', null, null, dx, scratch);
          }
          // dx of each block of filters by itself, then in blocks.
          const size = filters > 8192 ? 256 : filters;
          const parts = every(size, range(filters)).map((block) => {
            const take = (rows: number, all: Numbers): number[] => {
              const columns: number[] = [];
              for (let row = 0; row < rows; row++) {
                for (const oc of block) columns.push(all[row * filters + oc]);
              }
              return columns;
            };
            const own = convolution([2, 3, 2], block.length, [2, 2]);
            return bench.reference.conv2dBackward(own, N, x, take(g.K, w), take(N * g.P, dy)).dx;
          });
          bench.expectWritten(
            dx,
            range(x.length).map((i) =>
              inBlocks(
                bench,
                parts.map((part) => [part[i]]),
              ),
            ),
          );
        },
      );
    });

    test('depthwise forward, over the kernel’s positions: in blocks of its rows', () => {
      const depthwise = (shape: [number, number, number], kernelSize: [number, number], same: boolean) =>
        depthwiseGeometry(shape, {
          ...{ kernelSize, strides: [1, 1], padding: same ? 'same' : 'valid', depthMultiplier: 2 },
        });
      const cases = [
        { g: depthwise([92, 91, 1], [91, 91], false) }, // 8,281
        { g: depthwise([2, 3, 2], [95, 90], true) },
        { g: depthwise([8193, 1, 2], [8193, 1], false) },
        { g: depthwise([8192, 1, 2], [8192, 1], false) },
        { g: depthwise([1, 4, 1], [30, 300], true) },
      ];
      checkCases(subject, cases, ({ g }, bench) => {
        const { C, M, KH, KW, OH, OW } = g;
        const x = bench.input(g.H * g.W * C);
        const [w, b] = [bench.input(KH * KW * C * M), bench.input(C * M)];
        const y = bench.output(OH * OW * C * M);
        const scratch = bench.scratch(bench.kernels.depthwiseScratch(g));
        bench.kernels.depthwiseForward(g, 1, x, w, b, true, y, scratch);
        const rows = KH * KW > 8192 ? Math.max(1, Math.floor(256 / KW)) : KH;
        const expected = range(y.length - 5).map((at) => {
          const [p, o] = [Math.floor(at / (C * M)), at % (C * M)];
          const [oh, ow, c] = [Math.floor(p / OW), p % OW, Math.floor(o / M)];
          const blocks = every(rows, range(KH)).map((block) =>
            block.flatMap((kh) =>
              range(KW).map((kw) => {
                const [h, v] = [oh + kh - g.padTop, ow + kw - g.padLeft];
                const inside = h >= 0 && h < g.H && v >= 0 && v < g.W;
                const factor = w[((kh * KW + kw) * C + c) * M + (o % M)];
                return inside ? product(bench, x[(h * g.W + v) * C + c], factor) : 0;
              }),
            ),
          );
          return relu(plus(bench, inBlocks(bench, blocks), b[o]));
        });
        bench.expectWritten(y, expected);
      });
    });

    test('depthwise weight gradient, over pixels and samples', () => {
      const cases = [
        { shape: [8193, 1, 4], kernelSize: [1, 1], N: 1, M: 1, strides: [1, 1] },
        { shape: [8192, 1, 4], kernelSize: [1, 1], N: 1, M: 1, strides: [1, 1] },
        { shape: [17, 540, 2], kernelSize: [3, 3], N: 1, M: 2, strides: [1, 1] },
        { shape: [40, 40, 4], kernelSize: [3, 3], N: 6, M: 1, strides: [1, 1] },
      ] as const;
      checkCases(subject, cases, ({ shape, kernelSize, N, M, strides }, bench) => {
        const g = depthwiseGeometry(shape, { kernelSize, strides, padding: 'same', depthMultiplier: M });
        const x = bench.input(N * g.H * g.W * g.C);
        const w = bench.input(g.KH * g.KW * g.C * M);
        const dy = bench.input(N * g.OH * g.OW * g.C * M);
        const [dw, db, dx] = [bench.output(w.length), bench.output(g.C * M), bench.output(x.length)];
        const scratch = bench.scratch(bench.kernels.depthwiseScratch(g));
        bench.kernels.depthwiseBackward(g, N, x, w, dy, dw, db, dx, scratch);
        // Each channel and filter is a convolution of one channel to one filter.
        const one = convolution([g.H, g.W, 1], 1, [g.KH, g.KW], { same: true });
        for (let c = 0; c < g.C; c++) {
          for (let m = 0; m < M; m++) {
            const o = c * M + m;
            const xs = range(N * g.H * g.W).map((at) => x[at * g.C + c]);
            const gradients = range(N * g.OH * g.OW).map((at) => dy[at * g.C * M + o]);
            const expected = weightGradient(bench, one, N, xs, gradients);
            bench.compare([db[o]], expected.db);
            bench.compare(
              range(g.KH * g.KW).map((k) => dw[(k * g.C + c) * M + m]),
              expected.dw,
            );
          }
        }
        bench.expectWritten(dx, bench.reference.depthwiseBackward(g, N, x, w, dy).dx);
      });
    });
  });
}

/** dw and db by the definition: in a row up to 8,192 pixels, else in tiles of 512 columns and as many rows, a multiple of four, as give 512 pixels, or four. */
function weightGradient(bench: Bench, g: Conv2dGeometry, N: number, x: Numbers, dy: Numbers) {
  const { OH, OW, OC, K } = g;
  const isLong = N * g.P > 8192;
  const columns = isLong ? Math.min(OW, 512) : OW;
  const height = isLong ? Math.max(4, 4 * Math.floor(512 / columns / 4)) : OH;
  const tiles = every(height, range(OH)).flatMap((ohs) =>
    every(columns, range(OW)).map((ows) => ohs.flatMap((oh) => ows.map((ow) => oh * OW + ow))),
  );
  const rows = range(N).flatMap((n) => tiles.map((tile) => tile.map((p) => n * g.P + p)));
  const blocks = isLong ? rows : [rows.flat()];
  const patches = range(N).flatMap((n) => bench.reference.im2col(g, x, n));
  const sum = (term: (row: number) => number): number =>
    inBlocks(
      bench,
      blocks.map((block) => block.map(term)),
    );
  return {
    db: range(OC).map((oc) => sum((row) => dy[row * OC + oc])),
    dw: range(K * OC).map((at) => {
      const [k, oc] = [Math.floor(at / OC), at % OC];
      return sum((row) => product(bench, patches[row * K + k], dy[row * OC + oc]));
    }),
  };
}
