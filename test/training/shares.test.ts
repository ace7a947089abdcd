/** How a batch is dealt out to workers that aren't equally fast. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Shares } from '../../src/training/session/shares.ts';

/** The workers' views of one memory, after each took so many milliseconds a sample for some steps of a batch. */
function dealt(paces: readonly number[], batch: number, steps: number) {
  const memory = { paces: new Float64Array(paces.length), ends: new Float64Array(paces.length) };
  const workers = paces.map((_, worker) => new Shares(memory, worker));
  for (let step = 0; step < steps; step++) {
    for (const [w, shares] of workers.entries()) {
      const { first, end } = shares.range(batch);
      shares.took((end - first) * paces[w], end - first);
    }
    workers[0].deal();
  }
  return workers;
}

const sizes = (workers: readonly Shares[], batch: number, block?: number): number[] =>
  workers.map((shares) => {
    const { first, end } = shares.range(batch, block);
    return end - first;
  });

const anyPaces = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 9 });

describe('shares of a batch', () => {
  it('hold every sample once, in whole shards of 8, whatever the paces', () => {
    fc.assert(
      fc.property(anyPaces, fc.nat(300), fc.nat(5), (paces, batch, steps) => {
        let next = 0;
        for (const shares of dealt(paces, batch, steps)) {
          const { first, end } = shares.range(batch);
          expect(first).toBe(next);
          expect(end).toBeGreaterThanOrEqual(first);
          if (end < batch) expect(end % 8).toBe(0);
          next = end;
        }
        expect(next).toBe(batch);
      }),
    );
  });

  it('are equal at first, and stay so among workers that are within a few per cent of one another', () => {
    expect(sizes(dealt([1, 1], 128, 0), 128)).toEqual([64, 64]);
    expect(sizes(dealt([1.02, 0.98], 128, 40), 128)).toEqual([64, 64]);
  });

  it('become proportional to speed', () => {
    // 3 : 1 in speed, 12 : 4 in shards.
    expect(sizes(dealt([1, 3], 128, 60), 128)).toEqual([96, 32]);
  });

  it('follow speed just so where a sample takes a thousandth of a millisecond', () => {
    expect(sizes(dealt([0.001, 0.003], 128, 60), 128)).toEqual([96, 32]);
    const memory = { paces: Float64Array.of(0.001, 0.004), ends: new Float64Array(2) };
    const [, slow] = [0, 1].map((worker) => new Shares(memory, worker));
    slow.took(0, 0);
    expect(memory.paces[1]).toBeCloseTo(0.0036, 12);
  });

  it('hardly change for one pause', () => {
    const workers = dealt([1, 1], 128, 40);
    workers[1].took(64_000, 64);
    workers[0].deal();
    expect(sizes(workers, 128)).toEqual([64, 64]);
  });

  it('come back to a worker that was slow and is fast again, even where it had none left', () => {
    const memory = { paces: Float64Array.of(1, 1, 1, 1, 1000), ends: new Float64Array(5) };
    const workers = Array.from(memory.paces, (_, worker) => new Shares(memory, worker));
    workers[0].deal();
    expect(sizes(workers, 40)).toEqual([8, 8, 16, 8, 0]);
    for (let step = 0; step < 100; step++) {
      for (const [w, size] of sizes(workers, 40).entries()) workers[w].took(size, size);
      workers[0].deal();
    }
    expect(sizes(workers, 40)).toEqual([8, 8, 8, 8, 8]);
  });

  it('are dealt by speed at once after any number of steps in which some workers had nothing to do', () => {
    const memory = { paces: new Float64Array(4), ends: new Float64Array(4) };
    const workers = Array.from(memory.paces, (_, worker) => new Shares(memory, worker));
    const speeds = [1, 1, 1, 3];
    const run = (batch: number, steps: number): void => {
      for (let step = 0; step < steps; step++) {
        for (const [w, size] of sizes(workers, batch).entries()) workers[w].took(size * speeds[w], size);
        workers[0].deal();
      }
    };
    run(128, 10);
    run(8, 20_000);
    run(128, 60);
    expect(sizes(workers, 160)).toEqual([48, 48, 48, 16]);
  });

  it('have whole blocks of another size for predictions, every sample once', () => {
    fc.assert(
      fc.property(anyPaces, fc.nat(40), fc.constantFrom(1, 2, 4, 8), (paces, batch, block) => {
        const all = sizes(dealt(paces, 128, 5), batch, block);
        expect(all.reduce((sum, size) => sum + size, 0)).toBe(batch);
        expect(all.filter((size) => size % block !== 0).length).toBeLessThanOrEqual(1);
      }),
    );
    expect(sizes(dealt([1, 1], 128, 5), 8, 1)).toEqual([4, 4]);
    expect(sizes(dealt([1, 3], 128, 60), 8, 1)).toEqual([6, 2]);
  });

  it('leave each worker its own places for predictions, as if all were equally fast', () => {
    const places = (block: number) => dealt([1, 3], 20, 60).map((shares) => shares.places(20, block));
    expect(places(8)).toEqual([
      { first: 0, end: 16 },
      { first: 16, end: 20 },
    ]);
    expect(places(2)).toEqual([
      { first: 0, end: 10 },
      { first: 10, end: 20 },
    ]);
  });
});
