/** Zeros before a depthwise convolution are no pass and no memory: its kernel leaves their products out, and every bit stays. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as degelo from '../../src/index.ts';
import { makePlan } from '../../src/model/plan.ts';
import { describePlan } from '../../src/model/summary.ts';

const { batchNormalization, conv2d, dense, depthwiseConv2d, flatten, rescaling, sequential, tensor } = degelo;
const { zeroPadding2d } = degelo;
const IMAGE = [5, 6, 4] as const;
const N = 3;
const numbers = (length: number, seed: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(seed + 1.7 * i));
const x = tensor(numbers(N * 5 * 6 * 4, 1), [N, ...IMAGE]);
const y = tensor(numbers(N * 2, 2), [N, 2]);

interface Case {
  readonly padding: readonly [readonly [number, number], readonly [number, number]];
  readonly strides: number;
  readonly dilationRate: number;
  readonly depthMultiplier: number;
  readonly kernel: 'plain' | 'simd';
}

/** @param apart a layer that changes nothing stands between both, so that the zeros are written */
function makeModel({ kernel, padding, ...windows }: Case, apart: boolean): degelo.Sequential {
  const model = sequential({
    seed: 7,
    layers: [
      conv2d({ filters: 4, kernelSize: 1, activation: 'relu', inputShape: IMAGE }),
      zeroPadding2d({ padding }),
      ...(apart ? [rescaling({ scale: 1 })] : []),
      depthwiseConv2d({ kernelSize: [3, 2], ...windows }),
      batchNormalization(),
      flatten(),
      dense({ units: 2 }),
    ],
  });
  // Not as they are drawn, which goes by the place of a layer. Variances are above 0.
  const weightOf = (size: number, w: number): number[] => Array.from(numbers(size, w), (v) => v + 1.5);
  model.setWeights(model.getWeights().map(({ size, shape }, w) => tensor(weightOf(size, w), shape)));
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 0, kernel });
  return model;
}

/** The stages of a step, each by its layers. */
const stagesOf = (model: degelo.Sequential): string[] =>
  describePlan(makePlan(model, degelo.meanSquaredError()))
    .split('\n')
    .map((line) => line.split(/ {2,}/)[0]);

describe('zero padding before a depthwise convolution', () => {
  it('gives the bits that written zeros give, in training and in inference', async () => {
    const side = fc.integer({ min: 0, max: 2 });
    const across = fc.integer({ min: 0, max: 1 });
    const cases = fc.record({
      padding: fc.tuple(fc.tuple(side, side), fc.tuple(across, across)),
      strides: fc.constantFrom(1, 2, 3),
      dilationRate: fc.constantFrom(1, 2),
      depthMultiplier: fc.constantFrom(1, 2),
      kernel: fc.constantFrom('plain' as const, 'simd' as const),
    });
    await fc.assert(
      fc.asyncProperty(cases, async (given) => {
        if (given.strides > 1 && given.dilationRate > 1) return; // which no framework computes
        const all = await Promise.all(
          [false, true].map(async (apart) => {
            const model = makeModel(given, apart);
            await model.trainOnBatch(x, y);
            const { loss } = await model.evaluate(x, y);
            const { data } = await model.predict(x);
            return [...model.getWeights().flatMap((w) => [...w.data]), loss, ...data];
          }),
        );
        expect(all[0]).toEqual(all[1]);
      }),
      { numRuns: 60 },
    );
  });

  const usual: Case = {
    ...{ padding: [[0, 1], [0, 1]], strides: 2, dilationRate: 1, depthMultiplier: 1, kernel: 'simd' }, // biome-ignore format: two axes
  };

  it('is done with it, in one stage of the printed plan', () => {
    expect(stagesOf(makeModel(usual, false))).toContain('zero_padding2d + depthwise_conv2d');
    expect(stagesOf(makeModel(usual, true))).toContain('zero_padding2d');
  });

  it('is a pass of its own where a window would see nothing but zeros', () => {
    const wide = makeModel({ ...usual, padding: [[3, 0], [0, 0]] }, false); // biome-ignore format: two axes
    expect(stagesOf(wide)).toContain('zero_padding2d');
  });

  it('is a pass of its own where another layer reads the zeros too', () => {
    const input = degelo.input({ shape: IMAGE });
    const padded = zeroPadding2d().apply(input);
    const deep = depthwiseConv2d({ kernelSize: 3, padding: 'same' }).apply(padded);
    const model = degelo.model({ inputs: input, outputs: degelo.add().apply([padded, deep]) });
    expect(makePlan(model, null).inference.map(({ layer }) => layer.className)).toEqual([
      'ZeroPadding2D',
      'DepthwiseConv2D',
      'Add',
    ]);
  });

  it('is left out of frozen features that are kept, which are those before it', async () => {
    const frozen = async (apart: boolean): Promise<number[]> => {
      const model = makeModel(usual, apart);
      for (const layer of model.layers.slice(0, 2)) layer.trainable = false;
      model.compile({ optimizer: degelo.sgd({ learningRate: 1e-4 }), loss: 'meanSquaredError', threads: 0 });
      await model.fit(x, y, { epochs: 3, batchSize: 2, validationData: [x, y] });
      return model.getWeights().flatMap((w) => [...w.data]);
    };
    expect(await frozen(false)).toEqual(await frozen(true));
  });
});
