/** Pooling, and its opposite, up-sampling. */
import type { PoolGeometry, UpsampleGeometry } from '../../../src/kernels/geometry.ts';
import { eachPixel, type Numbers, type Round, table, zerosOf } from './loops.ts';

export function pooling(round: Round) {
  return {
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
  };
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
