/** Dropout of more than single elements, and noise. */
import { describe, expect, it } from 'vitest';
import { type DropoutOptions, dropout } from '../../src/layers/dropout.ts';
import { drawMask } from '../../src/layers/dropout-mask.ts';
import { gaussianNoise } from '../../src/layers/gaussian-noise.ts';
import { spatialDropout2d } from '../../src/layers/spatial-dropout2d.ts';
import { expectClose } from '../matchers.ts';
import { bench, expectGradients } from './harness.ts';

describe('dropout with a noise shape', () => {
  it('[null, 1, 1, null] keeps or drops whole channels, each sample by itself, as spatialDropout2d does', () => {
    const options = { rate: 0.5, noiseShape: [null, 1, 1, null] };
    const test = bench(dropout(options), [2, 3, 8], 4);
    const y = test.forward();
    const lots = new Set<string>();
    for (let n = 0; n < 4; n++) {
      const kept = Array.from({ length: 8 }, (_, c) => {
        const channel = Array.from({ length: 6 }, (_, p) => y[(n * 6 + p) * 8 + c] !== 0);
        expect(new Set(channel).size).toBe(1);
        return channel[0] ? 1 : 0;
      });
      lots.add(kept.join(''));
    }
    expect(lots.size).toBeGreaterThan(1);
    expectClose(
      y,
      test.x.map((v, i) => (y[i] === 0 ? 0 : 2 * v)),
      { absolute: 0 },
    );
    expectGradients(test);
    const spatial = bench(spatialDropout2d({ rate: 0.5 }), [2, 3, 8], 4);
    expect(spatial.forward()).toEqual(y);
  });

  it.each([
    [null, null, null],
    [1, null, null],
    [null, 1, null],
    [null, null, 1],
    [1, 1, null],
    [null, 1, 1],
    [1, null, 1],
    [1, 1, 1],
  ])('[null, %j, %j, %j]: those elements share a lot whose other places are the same', (...noise) => {
    const sizes = [3, 7, 4];
    const test = bench(dropout({ rate: 0.5, noiseShape: [null, ...noise] }), sizes, 2);
    const kept = test.forward().map((v) => (v === 0 ? 0 : 1));
    // Of the smaller shape: the lots of a dropout of as many elements, in their order.
    const small = sizes.map((size, d) => (noise[d] === 1 ? 1 : size));
    const all = small.reduce((product, size) => product * size, 1);
    const drawn = new Uint8Array(2 * all);
    drawMask({ bySample: true, sizes: [all] }, [all], 0.5, [1, 2], 0, 2, drawn);
    for (const [i, each] of kept.entries()) {
      const [n, h, w, c] = [Math.floor(i / 84), Math.floor(i / 28) % 3, Math.floor(i / 4) % 7, i % 4];
      const [sh, sw, sc] = [h, w, c].map((index, d) => (small[d] === 1 ? 0 : index));
      expect(each).toBe(drawn[n * all + (sh * small[1] + sw) * small[2] + sc]);
    }
  });

  it('with 1 for the batch all samples share their lots; with the dimension’s own size each has one', () => {
    const test = bench(dropout({ rate: 0.5, noiseShape: [1, 16] }), [16], 3);
    const y = test.forward();
    for (let i = 16; i < 48; i++) expect(y[i] === 0).toBe(y[i % 16] === 0);
    const alone = bench(dropout({ rate: 0.5, noiseShape: [null, 16] }), [16], 3);
    expect(alone.forward()).toEqual(bench(dropout({ rate: 0.5 }), [16], 3).forward());
  });

  it.each([
    [{ rate: 0.5, noiseShape: 3 }, /dropout: noiseShape must be an array, the batch first, got 3/],
    [{ rate: 0.5, noiseShape: [8, 1] }, /noiseShape must be null or 1 for the batch/],
    [{ rate: 0.5, noiseShape: [null, 0] }, /integers ≥ 1 or null/],
  ])('refuses %j', (options, message) => {
    expect(() => dropout(options as unknown as DropoutOptions)).toThrow(message);
  });

  it('refuses a noise shape that doesn’t fit, and images that are none', () => {
    expect(() => dropout({ rate: 0.5, noiseShape: [null, 2] }).build([3])).toThrow(
      /noiseShape must be the batch and then 1, null or the size of each dimension of \[3\]/,
    );
    expect(() => spatialDropout2d({ rate: 0.5 }).build([3])).toThrow(/spatialDropout2d: input of one sample/);
    expect(() => spatialDropout2d({ rate: 1 })).toThrow(/spatialDropout2d: rate must be/);
  });
});

describe('gaussianNoise', () => {
  it('adds numbers of mean 0 and the deviation asked for, and passes the gradient on', () => {
    const test = bench(gaussianNoise({ stddev: 0.5 }), [1000], 4);
    const noise = test.forward().map((v, i) => v - test.x[i]);
    const mean = noise.reduce((sum, v) => sum + v, 0) / noise.length;
    const variance = noise.reduce((sum, v) => sum + (v - mean) ** 2, 0) / noise.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(Math.sqrt(variance) - 0.5)).toBeLessThan(0.02);
    expectGradients(bench(gaussianNoise({ stddev: 0.5 }), [5], 2));
  });

  it('is nothing in inference, and without a deviation', () => {
    expect(gaussianNoise({ stddev: 0.5 }).isIdentity(false)).toBe(true);
    expect(gaussianNoise({ stddev: 0 }).isIdentity(true)).toBe(true);
    expect(() => bench(gaussianNoise({ stddev: 1 }), [2], 1, null).forward()).toThrow(
      /inference has no noise/,
    );
  });

  it('refuses a deviation below 0, and none', () => {
    expect(() => gaussianNoise({ stddev: -1 })).toThrow(/gaussianNoise: stddev must be at least 0/);
    expect(() => gaussianNoise({} as { stddev: number })).toThrow(/stddev must be a number, got undefined/);
  });
});
