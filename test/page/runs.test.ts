/** When the page draws what its trainings tell. */
import { describe, expect, it, vi } from 'vitest';
import { newRun, Runs, shareDone, withEvent } from '../../src/page/runs.ts';

const PROGRESS = { kind: 'progress', epoch: 0, activity: 'training', samples: 100, logs: {} } as const;

/** Runs with listeners, and a clock of frames. */
function watched() {
  let waiting: ((now: number) => void) | null = null;
  const runs = new Runs((show) => {
    waiting = show;
  });
  const [show, further] = [vi.fn(), vi.fn()];
  runs.onChange(show);
  runs.onProgress(further);
  const frame = (now: number): void => {
    const due = waiting;
    waiting = null;
    due?.(now);
  };
  return { runs, frame, calls: () => [show.mock.calls.length, further.mock.calls.length] };
}

describe('what shows trainings', () => {
  it('is called at the next frame, once, whatever has changed until then', () => {
    const { runs, frame, calls } = watched();
    runs.set('source', newRun({ epochs: 2, seed: 0 }));
    runs.delete('frozen');
    expect(calls()).toEqual([0, 0]);
    frame(0);
    frame(16);
    expect(calls()).toEqual([1, 1]);
  });

  it('and draws charts isn’t called for progress alone, which is shown ten times a second', () => {
    const { runs, frame, calls } = watched();
    let run = newRun({ epochs: 2, seed: 0 });
    runs.set('source', run);
    frame(0);
    for (let now = 10; now <= 1000; now += 10) {
      run = withEvent(run, { ...PROGRESS, seen: now });
      runs.set('source', run);
      frame(now);
    }
    expect(calls()).toEqual([1, 11]);
    runs.set('source', { ...run, state: 'stopped' });
    frame(1010);
    expect(calls()).toEqual([2, 12]);
  });

  it('has a frame for itself where there are several, in turn; then it is told that all is shown', () => {
    const { runs, frame } = watched();
    const shown: string[] = [];
    for (const name of ['chart', 'digits', 'filters']) runs.onChange(() => shown.push(name));
    runs.onShown(() => shown.push('all'));
    runs.change();
    frame(0); // its own, of watched
    frame(16);
    expect(shown).toEqual(['chart']);
    // What changes meanwhile keeps nobody from his turn, and is shown by those who were there already.
    runs.change();
    for (let now = 32; now < 160; now += 16) frame(now);
    expect(shown).toEqual(['chart', 'digits', 'filters', 'chart', 'all']);
  });

  it('has a bar of the images that come, where anybody knows how many, and then of the epochs', () => {
    const run = newRun({ epochs: 2, seed: 0 });
    expect(shareDone(null)).toBe(0);
    expect(shareDone(run)).toBeNull();
    expect(shareDone({ ...run, loaded: 0.25 })).toBe(0.25);
    const running = withEvent({ ...run, loaded: 1, state: 'running' }, { ...PROGRESS, seen: 50 });
    expect(shareDone(running)).toBe(0.25);
    expect(shareDone({ ...running, state: 'done' })).toBe(1);
  });
});
