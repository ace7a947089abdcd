/** Layers whose one parameter is a factor: of a channel, or of what is below zero. */
import { describe, expect, it } from 'vitest';
import { type LayerScaleOptions, layerScale, type PReluOptions, prelu } from '../../src/index.ts';
import { bench, expectGradients } from './harness.ts';

describe('layerScale', () => {
  it('multiplies each channel by its factor, which begins as initValue', () => {
    const test = bench(layerScale(), [2, 2], 1);
    test.x.set([1, 2, 3, -4]);
    test.run.parameters[0].set([0.5, 3]);
    expect([...test.forward()]).toEqual([0.5, 6, 1.5, -12]);
    expect(test.run.stage.layer.parameters[0].initializer).toEqual({ name: 'constant', value: 1e-6 });
    expect(layerScale({ initValue: 0.1 }).getConfig()).not.toHaveProperty('projectionDim');
    expect(test.run.stage.layer.getConfig()).toMatchObject({ initValue: 1e-6, projectionDim: 2 });
  });

  it('has the gradients of central differences', () => {
    expectGradients(bench(layerScale(), [3, 2, 4], 3));
    expectGradients(bench(layerScale(), [4], 3, [1, 2], { roles: ['fixed'] }));
  });

  it.each([
    [{ initValue: Infinity }, [2], /layerScale: initValue must be finite/],
    [{ projectionDim: 3 }, [2], /layerScale: a sample must have channels, 3 of them, got \[2\]/],
    [{ projectionDim: 0.5 }, [2], /projectionDim must be an integer ≥ 1/],
    [{}, [], /a sample must have channels, some of them, got \[\]/],
    [{ gamma: 1 }, [2], /unknown option gamma/],
  ])('refuses %j for %j', (options, shape, message) => {
    expect(() => layerScale(options as LayerScaleOptions).build(shape)).toThrow(message);
  });
});

describe('prelu', () => {
  it('keeps what is above zero and takes an element’s own slope of the rest', () => {
    const test = bench(prelu(), [2, 2], 1);
    test.x.set([-2, 4, -1, 0]);
    test.run.parameters[0].set([0.5, 7, -3, 2]);
    expect([...test.forward()]).toEqual([-1, 4, 3, 0]);
    expect([...test.backward(Float64Array.of(1, 2, 3, 4)).dx]).toEqual([0.5, 2, -9, 0]);
  });

  it.each<[PReluOptions, readonly number[]]>([
    [{}, [3, 2, 4]],
    [{ sharedAxes: [1, 2] }, [1, 1, 4]],
    [{ sharedAxes: [3] }, [3, 2, 1]],
    [{ sharedAxes: [1, 2, 3] }, [1, 1, 1]],
  ])('%j: slopes are shared along these axes; gradients of central differences', (options, shape) => {
    const test = bench(prelu(options), [3, 2, 4], 3);
    expect(test.run.stage.layer.parameters[0].shape).toEqual(shape);
    expectGradients(test);
  });

  it('keeps its options', () => {
    const options = { sharedAxes: [1], alphaInitializer: 'heNormal', alphaRegularizer: 'l2' } as const;
    expect(prelu(options).getConfig()).toMatchObject({
      ...{ sharedAxes: [1], alphaInitializer: 'heNormal', alphaRegularizer: { l2: 0.01 } },
    });
  });

  it.each([
    [{ sharedAxes: 1 }, [2], /sharedAxes must be an array of integers ≥ 1 \(the batch is 0\), got 1/],
    [{ sharedAxes: [0] }, [2], /sharedAxes must be an array of integers ≥ 1/],
    [{ sharedAxes: [1, 2] }, [2], /sharedAxes must be at most 1 for \[2\], got \[1, 2\]/],
    [{ alpha: 0.3 }, [2], /unknown option alpha/],
  ])('refuses %j for %j', (options, shape, message) => {
    expect(() => prelu(options as PReluOptions).build(shape)).toThrow(message);
  });
});

it('PReLU allocates nothing for an image before something is computed', () => {
  // A table of its 2³⁶ elements would be 256 GB.
  const layer = prelu({ sharedAxes: [1, 2] });
  layer.build([2 ** 18, 2 ** 18, 1]);
  expect(layer.countParams()).toBe(1);
});
