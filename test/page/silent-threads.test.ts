/** A training of the page whose threads start and then do nothing: it begins anew without them. */
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';

interface Told {
  readonly kind: string;
  readonly threadsReason?: string | null;
}

/** A Worker that tells what it is made to, and trains until it is ended, or `done`. */
class FakeStudio {
  readonly asked: number[] = [];
  tell = (_: Told): void => {};
  done = (_: string): void => {};
  end = (_: Error): void => {};

  call(work: (studio: unknown) => Promise<unknown>): Promise<unknown> {
    return work({
      train: (_way: string, _start: null, { threads }: { threads: number }, tell: (event: Told) => void) => {
        this.asked.push(threads);
        this.tell = tell;
        return new Promise((resolve, reject) => {
          this.done = resolve;
          this.end = reject;
        });
      },
    });
  }
}

type TrainIn = (
  alive: () => Promise<FakeStudio>,
  way: string,
  start: null,
  settings: { epochs: number; seed: number; threads: number },
  tell: (event: Told) => void,
) => Promise<string>;

let trainIn: TrainIn;
beforeAll(async () => {
  // The texts of index.html are none of this, nor are the DOM's types.
  vi.stubGlobal('document', { querySelectorAll: () => [] });
  const client = '../../src/page/client.ts';
  ({ trainIn } = await import(client));
  vi.unstubAllGlobals();
});
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('goes on with one thread, and says why, where threads say nothing for forty seconds; the next one doesn’t wait', async () => {
  const studios = [new FakeStudio(), new FakeStudio()];
  const told: Told[] = [];
  let next = 0;
  const trained = trainIn(
    async () => studios[next++],
    'source',
    null,
    { epochs: 1, seed: 0, threads: 2 },
    (event) => told.push(event),
  );
  // Images take their time.
  await vi.advanceTimersByTimeAsync(600_000);
  studios[0].tell({ kind: 'begin', threadsReason: null });
  for (let i = 0; i < 9; i++) {
    await vi.advanceTimersByTimeAsync(39_000);
    studios[0].tell({ kind: 'progress' });
  }
  expect(next).toBe(1);
  await vi.advanceTimersByTimeAsync(42_000);
  studios[1].tell({ kind: 'begin', threadsReason: null });
  // Without threads it may be as slow as it is.
  await vi.advanceTimersByTimeAsync(600_000);
  studios[1].done('trained');
  expect(await trained).toBe('trained');
  expect(studios.map(({ asked }) => asked)).toEqual([[2], [0]]);
  expect(told.filter(({ kind }) => kind === 'begin').map(({ threadsReason }) => threadsReason)).toEqual([
    null,
    'the threads gave no answer',
  ]);
  // Nobody waits for them a second time.
  const third = new FakeStudio();
  const again = trainIn(
    async () => third,
    'source',
    null,
    { epochs: 1, seed: 0, threads: 2 },
    (event) => told.push(event),
  );
  await vi.advanceTimersByTimeAsync(0);
  third.tell({ kind: 'begin', threadsReason: null });
  third.done('trained anew');
  expect(await again).toBe('trained anew');
  expect(third.asked).toEqual([0]);
  expect(told.at(-1)?.threadsReason).toBe('the threads gave no answer');
  expect(vi.getTimerCount()).toBe(0);
});
