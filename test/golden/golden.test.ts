/**
 * The golden run on this engine: the same losses and weights, to the last bit, whatever the kernel, the number of
 * threads and the feature cache. test/engines runs it on others. It imports the built library, for real threads.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { goldenImages } from './images.mjs';
import type { Golden } from './run.d.mts';
import { goldenRun } from './run.mjs';

// The file is main.mjs --update's own output.
const golden = JSON.parse(readFileSync(new URL('golden.json', import.meta.url), 'utf8')) as Golden;
const images = goldenImages();

describe('the golden run gives the figures and the weights of golden.json, bit for bit', () => {
  it.each([
    [0, true],
    [0, false],
    [1, true],
    [3, true],
    [5, false],
  ])('with SIMD kernels, %d threads, feature cache %s', async (threads, featureCache) => {
    expect(await goldenRun(images, { kernel: 'simd', threads, featureCache })).toEqual(golden);
  });

  // The parts of threads and of the cache are the same code for all kernels, and plain ones take ten times as long.
  it('with plain kernels', async () => {
    expect(await goldenRun(images, { kernel: 'plain', threads: 2, featureCache: false })).toEqual(golden);
  });

  it('again in the same process, and two at a time', async () => {
    const options = { kernel: 'simd', threads: 2 } as const;
    const results = await Promise.all([goldenRun(images, options), goldenRun(images, options)]);
    expect(results).toEqual([golden, golden]);
  });
});

describe('the golden run notices', () => {
  it('a pixel that is brighter by one step', async () => {
    const changed = images.map((image) => image.slice());
    changed[7][300] ^= 1;
    const result = await goldenRun(changed, { kernel: 'simd', threads: 0 });
    expect(result.source.weights_sha256).not.toBe(golden.source.weights_sha256);
    expect(result.target.weights_sha256).not.toBe(golden.target.weights_sha256);
  });
});

it('docs/determinism.md shows these weights, and no others', () => {
  const text = readFileSync(new URL('../../docs/determinism.md', import.meta.url), 'utf8');
  const hashes = text.match(/\b[0-9a-f]{16}\b/g) ?? [];
  expect(hashes.length).toBeGreaterThan(10);
  expect(new Set(hashes)).toEqual(new Set([golden.target.weights_sha256.slice(0, 16)]));
});
