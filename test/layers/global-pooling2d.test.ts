import { describe, expect, it } from 'vitest';
import { globalAveragePooling2d } from '../../src/layers/global-average-pooling2d.ts';
import { globalMaxPooling2d } from '../../src/layers/global-max-pooling2d.ts';
import { expectClose } from '../matchers.ts';
import { bench, expectGradients } from './harness.ts';

const [H, W, C, N] = [3, 5, 2, 3];

/** All numbers of one channel of one sample. */
const channel = (x: ArrayLike<number>, n: number, c: number): number[] =>
  Array.from({ length: H * W }, (_, p) => x[(n * H * W + p) * C + c]);

const everyChannel = (x: ArrayLike<number>, value: (numbers: number[]) => number): number[] =>
  Array.from({ length: N * C }, (_, i) => value(channel(x, Math.floor(i / C), i % C)));

describe('globalAveragePooling2d', () => {
  it('takes the mean of each channel, and drops height and width', () => {
    const layer = globalAveragePooling2d();
    const test = bench(layer, [H, W, C], N);
    expect(layer.outputShape).toEqual([C]);
    const mean = (numbers: number[]): number => numbers.reduce((sum, v) => sum + v, 0) / numbers.length;
    expectClose(test.forward(), everyChannel(test.x, mean), { absolute: 1e-15 });
  });

  it('has the gradients of central differences', () => {
    expectGradients(bench(globalAveragePooling2d(), [H, W, C], N));
  });
});

describe('globalMaxPooling2d', () => {
  it('takes the maximum of each channel, and drops height and width', () => {
    const layer = globalMaxPooling2d();
    const test = bench(layer, [H, W, C], N);
    expect(layer.outputShape).toEqual([C]);
    expect([...test.forward()]).toEqual(everyChannel(test.x, (numbers) => Math.max(...numbers)));
  });

  it('has the gradients of central differences', () => {
    expectGradients(bench(globalMaxPooling2d(), [H, W, C], N));
  });

  it('gives the gradient of a tie to the first maximum, row by row', () => {
    const test = bench(globalMaxPooling2d(), [2, 2, 1], 1);
    test.x.set([1, 5, 5, 5]);
    expect([...test.forward()]).toEqual([5]);
    expect([...test.backward(Float64Array.of(3)).dx]).toEqual([0, 3, 0, 0]);
  });

  it('remembers a maximum beyond the 256th pixel', () => {
    const test = bench(globalMaxPooling2d(), [30, 20, 1], 1);
    test.x.fill(0)[599] = 1;
    test.forward();
    expect(test.backward(Float64Array.of(7)).dx.indexOf(7)).toBe(599);
  });

  it('refuses an image whose places do not fit two bytes', () => {
    expect(() => globalMaxPooling2d().build([300, 300, 1])).toThrow(
      /globalMaxPooling2d: an image may have at most 65536 pixels, got 300 × 300/,
    );
  });
});

it.each([globalAveragePooling2d, globalMaxPooling2d])(
  '%o refuses what is no image, and unknown options',
  (make) => {
    expect(() => make().build([4, 4])).toThrow(
      /Pooling2d: input of one sample must be \[height, width, channels\], got \[4,4\]/,
    );
    expect(() => make({ keepDims: true } as object)).toThrow(/unknown option keepDims/);
    expect(() => make({ keepdims: 1 } as object)).toThrow(/keepdims must be true or false, got 1/);
  },
);

it.each([globalAveragePooling2d, globalMaxPooling2d])(
  '%o with keepdims keeps both dimensions of size 1, and its numbers',
  (make) => {
    const [flat, kept] = [bench(make(), [3, 2, 5], 2), bench(make({ keepdims: true }), [3, 2, 5], 2)];
    expect(kept.run.stage.layer.outputShape).toEqual([1, 1, 5]);
    expect(kept.forward()).toEqual(flat.forward());
    expectGradients(kept);
  },
);

it('globalAveragePooling2d has no geometry before it is built', () => {
  expect(() => globalAveragePooling2d().geometry).toThrow(/isn't built yet/);
});
