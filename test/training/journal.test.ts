/** The journal by itself: when it takes a snapshot, what it restores, and what it forgets. */
import { describe, expect, it } from 'vitest';
import type { StepMemory } from '../../src/model/step-memory.ts';
import type { TrainJob } from '../../src/training/session/job.ts';
import { Journal } from '../../src/training/session/journal.ts';

/** One parameter that is trained, with an optimizer's array, and one that isn't. */
function make() {
  const [value, slot, fixed] = [Float32Array.of(1, 2), Float32Array.of(0, 0), Float32Array.of(9)];
  const parameters = [
    { role: 'trained', value, slots: [slot] },
    { role: 'fixed', value: fixed, slots: [] },
  ];
  const memory = { parameters: new Map([[{}, parameters]]) };
  return { value, slot, fixed, journal: new Journal(memory as unknown as StepMemory) }; // all that it reads
}

const job = (steps: number, step = 0): TrainJob => ({ from: 0, to: steps * 8, batch: 8, step }) as TrainJob;

describe('the journal', () => {
  it('restores what stood at its snapshot, optimizer’s arrays too, and names the jobs since, in order', () => {
    const { value, slot, fixed, journal } = make();
    journal.begin(0);
    const jobs = [job(1), job(2, 1)];
    for (const done of jobs) {
      value.fill(7);
      slot.fill(8);
      fixed[0] = 3;
      journal.end(done);
      journal.begin(0);
    }
    expect(journal.restore()).toEqual(jobs);
    expect([...value, ...slot]).toEqual([1, 2, 0, 0]);
    // What nobody trains is nobody's to restore.
    expect(fixed[0]).toBe(3);
  });

  it('takes another snapshot after 64 steps, a last, smaller batch counting as one, and forgets the jobs before', () => {
    const { value, journal } = make();
    journal.begin(0);
    journal.end({ ...job(62), to: 62 * 8 + 1 });
    value.fill(5);
    journal.begin(0);
    expect(journal.restore()).toHaveLength(1);
    expect(value[0]).toBe(1);
    journal.end(job(1, 63));
    value.fill(5);
    journal.begin(0);
    expect(journal.restore()).toEqual([]);
    expect(value[0]).toBe(5);
  });

  it('takes another one where somebody else set the weights', () => {
    const { value, journal } = make();
    journal.begin(3);
    journal.end(job(1));
    value.fill(6);
    journal.begin(4);
    expect(journal.restore()).toEqual([]);
    expect(value[0]).toBe(6);
    // The same again is nobody else.
    value.fill(7);
    journal.begin(4);
    journal.restore();
    expect(value[0]).toBe(6);
  });
});
