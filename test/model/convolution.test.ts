import { describe, expect, it } from 'vitest';
import { conv2dGeometry } from '../../src/kernels/geometry.ts';
import { activation } from '../../src/layers/activation.ts';
import { conv2d } from '../../src/layers/conv2d.ts';
import {
  checkConvolution,
  convolutionAlgorithm,
  predictsInLargeTiles,
  sameInPredictions,
} from '../../src/layers/convolution.ts';
import { maxPooling2d } from '../../src/layers/max-pooling2d.ts';
import { meanSquaredError } from '../../src/losses/mean-squared-error.ts';
import { Network } from '../../src/model/network.ts';
import { makePlan } from '../../src/model/plan.ts';
import { describePlan } from '../../src/model/summary.ts';

const geometry = (
  shape: [number, number, number],
  filters: number,
  kernelSize: [number, number] = [3, 3],
  strides: [number, number] = [1, 1],
) => conv2dGeometry(shape, { filters, kernelSize, strides, padding: 'valid' });

describe('convolutionAlgorithm', () => {
  it.each([
    ['eight channels and filters, an output of 4×4', geometry([6, 6, 8], 8), 'winograd'],
    ['seven channels', geometry([6, 6, 7], 8), 'direct'],
    ['seven filters', geometry([6, 6, 8], 7), 'direct'],
    ['an output of three rows', geometry([5, 6, 8], 8), 'direct'],
    ['an output of three columns', geometry([6, 5, 8], 8), 'direct'],
    ['a kernel of 3×2', geometry([9, 9, 8], 8, [3, 2]), 'direct'],
    ['a kernel of 5×5', geometry([9, 9, 8], 8, [5, 5]), 'direct'],
    ['strides of 2 and 1', geometry([20, 20, 8], 8, [3, 3], [2, 1]), 'direct'],
    ['strides of 1 and 2', geometry([20, 20, 8], 8, [3, 3], [1, 2]), 'direct'],
    ['more than 8,192 channels', geometry([6, 6, 8193], 8), 'direct'],
    ['more than 8,192 filters', geometry([6, 6, 8], 8193), 'direct'],
  ] as const)('goes by the shape alone: %s', (_, g, expected) => {
    expect(convolutionAlgorithm(g, 'auto')).toBe(expected);
    expect(convolutionAlgorithm(g, 'winograd')).toBe(expected);
    expect(convolutionAlgorithm(g, 'direct')).toBe('direct');
  });
});

describe('predictsInLargeTiles', () => {
  it.each([
    ['sixteen channels and filters, an output of 4×4', geometry([6, 6, 16], 16), true],
    ['fifteen channels', geometry([6, 6, 15], 16), false],
    ['fifteen filters', geometry([6, 6, 16], 15), false],
    ['512 channels and filters', geometry([6, 6, 512], 512), true],
    ['more channels', geometry([6, 6, 513], 16), false],
    ['more filters', geometry([6, 6, 16], 513), false],
    ['an output that cuts tiles up', geometry([12, 12, 16], 16), false],
    ['an output that cuts few of many', geometry([28, 28, 16], 16), true],
    ['what Winograd has no algorithm for', geometry([8, 8, 16], 16, [5, 5]), false],
  ] as const)('goes by the shape alone: %s', (_, g, expected) => {
    expect(predictsInLargeTiles(g, 'auto')).toBe(expected);
    for (const choice of ['winograd', 'direct'] as const) expect(predictsInLargeTiles(g, choice)).toBe(false);
  });

  it('sameInPredictions trains alike, and leaves it out', () => {
    const choices = (['auto', 'winograd', 'direct'] as const).map(sameInPredictions);
    expect(choices).toEqual(['winograd', 'winograd', 'direct']);
  });
});

it('checkConvolution refuses a choice that there is not', () => {
  for (const choice of ['auto', 'direct', 'winograd'] as const) expect(checkConvolution(choice)).toBe(choice);
  expect(() => checkConvolution('fft' as 'auto')).toThrow(
    new RangeError("compile: convolution must be one of auto, direct, winograd, got 'fft'"),
  );
});

describe('the plan of the experiment', () => {
  const network = new Network({
    layers: [
      conv2d({ filters: 32, kernelSize: 3, inputShape: [28, 28, 1] }),
      activation('relu'),
      conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }),
      maxPooling2d(),
      conv2d({ filters: 5, kernelSize: 12 }),
      activation('softmax'),
    ],
  });

  it('computes its second convolution by Winograd unless told to be direct', () => {
    const algorithms = (choice?: 'auto' | 'direct' | 'winograd') =>
      makePlan(network, null, choice).stages.map(({ algorithm }) => algorithm);
    expect(algorithms()).toEqual(['direct', 'winograd', 'direct', 'direct']);
    expect(algorithms('auto')).toEqual(algorithms());
    expect(algorithms('winograd')).toEqual(algorithms());
    expect(algorithms('direct')).toEqual(['direct', 'direct', 'direct', 'direct']);
  });

  it('predicts its second convolution in large tiles, and never trains so', () => {
    const loss = meanSquaredError();
    const largeTiles = (choice: 'auto' | 'direct' | 'winograd') => {
      const { stages, inference } = makePlan(network, loss, choice);
      return [stages, inference].map((list) => list.flatMap(({ largeTiles }, s) => (largeTiles ? [s] : [])));
    };
    expect(largeTiles('auto')).toEqual([[], [1]]);
    expect(largeTiles('winograd')).toEqual([[], []]);
    expect(largeTiles('direct')).toEqual([[], []]);
    const names = describePlan(makePlan(network, loss)).split('\n').at(-1);
    expect(names).toBe('predict computes by Winograd F(4×4, 3×3): conv2d_1.');
    expect(describePlan(makePlan(network, loss, 'winograd'))).not.toContain('F(4×4');
  });

  it('says so', () => {
    expect(describePlan(makePlan(network, null))).toMatch(/conv2d_1 .* Winograd convolution, ReLU, maximum /);
    expect(describePlan(makePlan(network, null, 'direct'))).not.toContain('Winograd');
  });

  it.each([2, 3])('folds max-pooling into large tiles where its windows fill them: %d×%d', (poolSize) => {
    const [stage] = makePlan(
      new Network({
        layers: [
          conv2d({ filters: 16, kernelSize: 3, inputShape: [14, 14, 16] }),
          maxPooling2d({ poolSize, strides: poolSize }),
        ],
      }),
      null,
    ).stages;
    expect([stage.pool?.KH, stage.largeTiles]).toEqual([poolSize, poolSize === 2]);
  });

  it('asks for scratch enough for the passes that there are', () => {
    const [, inference] = makePlan(network, null).stages;
    const pooled = { ...inference, weightGradient: true };
    const dense = { ...pooled, walk: 'dense' as const };
    // All that scratchSize asks of kernels.
    const kernels = (winograd: number) =>
      ({
        conv2dScratch: () => 10,
        winogradScratch: () => winograd,
        winogradBackwardScratch: () => 12,
        winograd4Scratch: () => 7,
      }) as never;
    const sizes = (winograd: number) =>
      [inference, pooled, dense].map((stage) => stage.layer.scratchSize(stage, kernels(winograd), 8));
    expect(sizes(20)).toEqual([20, 20, 20]);
    expect(sizes(5)).toEqual([7, 10, 12]);
  });
});
