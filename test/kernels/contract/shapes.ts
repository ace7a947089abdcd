/** Random geometries of convolution and pooling. */
import fc from 'fast-check';
import {
  type Conv2dGeometry,
  conv2dGeometry,
  type Padding,
  type PoolGeometry,
  poolGeometry,
} from '../../../src/kernels/geometry.ts';
import type { Rectifier } from '../../../src/kernels/kernels.ts';
import { seeds } from './bench.ts';

export interface ConvCase {
  readonly N: number;
  readonly g: Conv2dGeometry;
  readonly seed: number;
}
export interface PoolCase {
  readonly N: number;
  readonly pool: PoolGeometry;
  readonly seed: number;
}
export interface ConvPoolCase extends ConvCase {
  readonly pool: PoolGeometry;
}

const samples = fc.integer({ min: 1, max: 3 });
const strides = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }));
export const upTo = (max: number) => fc.integer({ min: 1, max });
/** Counts of channels around the blocks of 4 and 8. */
export const channels = fc.oneof(upTo(9), fc.constantFrom(12, 16, 17));

/** Steps between positions of the kernel; mostly none. */
const dilations = (KH: number, KW: number, H: number, W: number) =>
  fc
    .constantFrom<[number, number]>([1, 1], [1, 1], [2, 1], [1, 2], [3, 2])
    .map(([DH, DW]): [number, number] => [
      ...([DH * (KH - 1) < H ? DH : 1, DW * (KW - 1) < W ? DW : 1] as const),
    ]);

/** One, one channel and the kernel as large as the image are all likely; `same` kernels may be larger. */
export const convCases: fc.Arbitrary<ConvCase> = fc
  .tuple(upTo(8), upTo(8), upTo(5), fc.constantFrom<Padding>('valid', 'same'))
  .chain(([H, W, C, padding]) =>
    fc.record({
      N: samples,
      seed: seeds,
      g: fc
        .tuple(
          fc.oneof(channels, fc.constantFrom(32, 33)),
          padding === 'valid' ? fc.oneof(upTo(H), fc.constant(H)) : upTo(4),
          padding === 'valid' ? fc.oneof(upTo(W), fc.constant(W)) : upTo(4),
          strides,
        )
        .chain(([filters, KH, KW, [SH, SW]]) =>
          dilations(KH, KW, H, W).map((dilationRate) =>
            conv2dGeometry([H, W, C], {
              ...{ filters, kernelSize: [KH, KW], strides: [SH, SW], padding, dilationRate },
            }),
          ),
        ),
    }),
  );

/** Kernels of 1×1 on as many channels as may go by lists of what isn't zero, and on one less than a vector. */
export const pointwiseCases = fc
  .record({
    size: fc.tuple(upTo(4), upTo(5)),
    C: fc.constantFrom(63, 64, 96, 260, 516),
    filters: fc.constantFrom(24, 32, 64),
  })
  .chain(({ size, C, filters }) =>
    fc.record({
      N: samples,
      seed: seeds,
      g: fc.constant(
        conv2dGeometry([...size, C], { filters, kernelSize: [1, 1], strides: [1, 1], padding: 'valid' }),
      ),
      zeros: fc.constantFrom(0, 0.3, 0.7, 1),
      relu: fc.constantFrom<Rectifier>(true, false, 0.5),
    }),
  );

/** Windows that overlap, touch, leave gaps, and leave rows and columns over. */
const poolsOn = (H: number, W: number, C: number): fc.Arbitrary<PoolGeometry> =>
  fc
    .tuple(upTo(Math.min(H, 3)), upTo(Math.min(W, 3)), strides)
    .map(([KH, KW, [SH, SW]]) => poolGeometry([H, W, C], [KH, KW], [SH, SW]));

/** Windows that reach over the edges too. */
const paddedPoolsOn = (H: number, W: number, C: number): fc.Arbitrary<PoolGeometry> =>
  fc
    .tuple(upTo(4), upTo(4), strides)
    .map(([KH, KW, [SH, SW]]) => poolGeometry([H, W, C], [KH, KW], [SH, SW], 'same'));

export const poolCases: fc.Arbitrary<PoolCase> = fc
  .tuple(upTo(8), upTo(8), channels)
  .chain(([H, W, C]) =>
    fc.record({ N: samples, seed: seeds, pool: fc.oneof(poolsOn(H, W, C), paddedPoolsOn(H, W, C)) }),
  );

export const convPoolCases: fc.Arbitrary<ConvPoolCase> = convCases.chain((conv) =>
  fc.record({
    N: fc.constant(conv.N),
    g: fc.constant(conv.g),
    seed: fc.constant(conv.seed),
    // The window of the experiment is 2×2 with strides 2; let it come up often.
    pool: fc.oneof(
      poolsOn(conv.g.OH, conv.g.OW, conv.g.OC),
      fc.constant(
        poolGeometry(
          [conv.g.OH, conv.g.OW, conv.g.OC],
          [Math.min(2, conv.g.OH), Math.min(2, conv.g.OW)],
          [2, 2],
        ),
      ),
    ),
  }),
);

/** Kernels of 3×3 with strides of 1: odd and even outputs, down to one pixel, with and without padding. */
export const winogradCases: fc.Arbitrary<ConvPoolCase> = fc
  .tuple(upTo(9), upTo(13), fc.oneof(channels, upTo(9)), channels, fc.constantFrom<Padding>('valid', 'same'))
  .map(([H, W, C, filters, padding]) => {
    const reach = padding === 'valid' ? 2 : 0;
    const shape = [H + reach, W + reach, C];
    return conv2dGeometry(shape, { filters, kernelSize: [3, 3], strides: [1, 1], padding });
  })
  .chain((g) =>
    fc.record({
      N: samples,
      seed: seeds,
      g: fc.constant(g),
      pool: fc.oneof(
        poolsOn(g.OH, g.OW, g.OC),
        fc.constant(poolGeometry([g.OH, g.OW, g.OC], [Math.min(2, g.OH), Math.min(2, g.OW)], [2, 2])),
      ),
    }),
  );

const experiment = { kernelSize: [3, 3], strides: [1, 1], padding: 'valid' } as const;
const conv1 = conv2dGeometry([28, 28, 1], { filters: 32, ...experiment });
/** Of fewer rows than the 26 that it has: the reference needs seconds for all. */
const conv2 = conv2dGeometry([10, 26, 32], { filters: 32, ...experiment });

/** The experiment's own two convolutions, which have ReLU. */
export const experimentConvs: ConvCase[] = [
  { N: 2, g: conv1, seed: 1 },
  { N: 1, g: conv2, seed: 2 },
];
export const experimentConvPools: ConvPoolCase[] = [
  { N: 1, g: conv2, pool: poolGeometry([8, 24, 32], [2, 2], [2, 2]), seed: 3 },
];
