/**
 * Batch normalisation's sums, in float64, lanes across two channels: load64_zero and promote make two float64 of two neighbouring
 * float32. Channels that aren't a multiple of four are left to the plain kernels.
 *
 * Rows are taken in chunks that stay in the L1 cache while the channels are walked, four at a time with their sums in registers; between
 * chunks the sums are in memory. Each sum takes its rows in ascending order. Measured on [12544, 96] and [784, 192] (Node 20, one
 * thread): 0.1–0.3 of the plain kernels’ time.
 */
import type { Kernels } from '../kernels.ts';
import type { Local } from './assembler.ts';
import { FLOAT } from './blocks.ts';
import type { Kernel, SimdCompiler } from './compiler.ts';
import { i32, select, type Value, v128 } from './instructions.ts';
import { f64x2 } from './pair-instructions.ts';

/** Bytes of a float64. */
const DOUBLE = 8;
/** Channels whose sums are in registers, as pairs. */
const CHANNELS = 4;
/** Numbers of a chunk: with those of a second array, half of an L1 cache. */
const CHUNK = 2048;

/** What is added for one pair of channels: to each of its sums. */
type Terms = (pair: {
  readonly x: Value<'v128'>;
  readonly dy: Value<'v128'>;
  readonly mean: Value<'v128'>;
}) => readonly Value<'v128'>[];

/** What is summed: `count` sums per channel; bytes of a mean, which may be a float32 or a float64. */
interface Described {
  readonly count: number;
  readonly meanBytes: typeof FLOAT | typeof DOUBLE;
  readonly terms: Terms;
}

/** kernel(rows, x, dy, mean, sums): sums [count, C] += terms of x, dy [rows, C] and mean [C], all as float64. */
function channelSums(
  simd: SimdCompiler,
  key: string,
  C: number,
  { count, meanBytes, terms }: Described,
): Kernel {
  const chunk = Math.max(4, Math.floor(CHUNK / C));
  const signature = { rows: 'i32', x: 'i32', dy: 'i32', mean: 'i32', sums: 'i32' } as const;
  return simd.kernel(`${key} ${C}`, (module) =>
    module.func('kernel', signature, (f, { rows, x, dy, mean, sums }) => {
      const [size, left, channel, xRow, dyRow, place] = f.locals('i32', 6);
      const pairs = Array.from({ length: CHANNELS / 2 }, () => f.locals('v128', count));
      const means = f.locals('v128', pairs.length);
      const at = (sum: number, pair: number): number => (sum * C + 2 * pair) * DOUBLE;
      // for each chunk of rows: for each four channels
      f.while(rows, () => {
        size.set(select(rows, i32.const(chunk), i32.ltU(rows, chunk)));
        f.for(channel, 0, C, CHANNELS, () => {
          place.set(i32.add(sums, i32.mul(channel, DOUBLE)));
          xRow.set(i32.add(x, i32.mul(channel, FLOAT)));
          dyRow.set(i32.add(dy, i32.mul(channel, FLOAT)));
          for (const [p, pair] of pairs.entries()) {
            const from = i32.add(mean, i32.mul(channel, meanBytes));
            means[p].set(meanBytes === DOUBLE ? v128.load(from, 2 * p * DOUBLE) : promote(from, p));
            for (const [s, sum] of pair.entries()) sum.set(v128.load(place, at(s, p)));
          }
          // for each row: sums += terms
          left.set(size);
          f.while(left, () => {
            for (const [p, pair] of pairs.entries()) {
              const values = terms({ x: promote(xRow, p), dy: promote(dyRow, p), mean: means[p] });
              for (const [s, sum] of pair.entries()) sum.set(f64x2.add(sum, values[s]));
            }
            xRow.advance(C * FLOAT);
            dyRow.advance(C * FLOAT);
            left.advance(-1);
          });
          for (const [p, pair] of pairs.entries()) {
            for (const [s, sum] of pair.entries()) f.store(place, at(s, p), sum);
          }
        });
        x.advance(i32.mul(size, C * FLOAT));
        dy.advance(i32.mul(size, C * FLOAT));
        rows.set(i32.sub(rows, size));
      });
    }),
  );
}

/** The pair of float32 number `pair` from `from` on, as float64. */
function promote(from: Local<'i32'> | Value<'i32'>, pair: number): Value<'v128'> {
  return f64x2.promoteLow(v128.load64Zero(from, 2 * pair * FLOAT));
}

type ChannelSumKernels = Pick<Kernels, 'channelMoments' | 'channelSums'>;

/** @param plain for what is left to them */
export function channelSumKernels(simd: SimdCompiler, plain: ChannelSumKernels): ChannelSumKernels {
  return {
    channelMoments(rows, C, x, moments) {
      if (C % CHANNELS !== 0) return plain.channelMoments(rows, C, x, moments);
      const [xAt, means] = [simd.address(x), simd.address(moments)];
      moments.fill(0, 0, 2 * C);
      // mean = Σ x / rows
      const sum: Described = { count: 1, meanBytes: DOUBLE, terms: ({ x }) => [x] };
      channelSums(simd, 'channelMean', C, sum)(rows, xAt, xAt, means, means);
      for (let c = 0; c < C; c++) moments[c] /= rows;
      // Σ (x − mean)²
      const squares: Described = {
        count: 1,
        meanBytes: DOUBLE,
        terms: ({ x, mean }) => [f64x2.mul(f64x2.sub(x, mean), f64x2.sub(x, mean))],
      };
      channelSums(simd, 'channelSquares', C, squares)(rows, xAt, xAt, means, means + C * DOUBLE);
    },

    channelSums(rows, C, x, dy, mean, sums) {
      if (C % CHANNELS !== 0) return plain.channelSums(rows, C, x, dy, mean, sums);
      sums.fill(0, 0, 2 * C);
      // Σ dy, Σ dy·(x − mean)
      const both: Described = {
        count: 2,
        meanBytes: FLOAT,
        terms: ({ x, dy, mean }) => [dy, f64x2.mul(dy, f64x2.sub(x, mean))],
      };
      const [xAt, dyAt, meanAt] = [simd.address(x), simd.address(dy), simd.address(mean)];
      channelSums(simd, 'channelSums', C, both)(rows, xAt, dyAt, meanAt, simd.address(sums));
    },
  };
}
