import { describe, expect, it } from 'vitest';
import { expectNear, expectStored, readFixture } from './fixture.ts';

const COMMAND = 'python3 fixtures/make-fixtures.py';
const encode = (numbers: number[]): string =>
  Buffer.from(Float64Array.from(numbers).buffer).toString('base64');

describe('fixtures', () => {
  it('of another version are refused, with the file and the command that makes it again', () => {
    expect(() => readFixture('torch.json', 0, COMMAND)).toThrow(
      `fixtures/torch.json is of version 1, this test reads 0: make it again with ${COMMAND}`,
    );
  });

  it('of another shape are refused, with the tensor and the command', () => {
    const stored = { name: 'bias', shape: [2], values: encode([1, 2]) };
    expect(() => expectStored([1, 2, 3], stored, 0, 1, COMMAND)).toThrow(
      `bias has shape [2], the model's has 3 elements: make the fixture again with ${COMMAND}`,
    );
  });

  it('are compared by the norm of the difference, and the worst element is named', () => {
    expectNear('w', [3, 4 + 4e-6], [3, 4], 1e-6);
    expect(() => expectNear('w', [3, 4 + 6e-6], [3, 4], 1e-6)).toThrow(
      /w: .*worst at \[1\] of 2: expected 4/,
    );
    expect(() => expectNear('w', [3, Number.NaN], [3, 4], 1e-6)).toThrow(/got NaN/);
  });

  it('summaries catch one wrong element among thousands', () => {
    const values = Array.from({ length: 3000 }, (_, i) => Math.sin(i));
    const norm = Math.hypot(...values);
    const stored = { name: 'w', shape: [3000], norm, projections: encode([0]), elements: encode([]) };
    // The projection belongs to other signs than these numbers' own, which is what must be noticed.
    expect(() => expectStored(values, stored, 0, 1e-6, COMMAND)).toThrow(/w: projections/);
    expect(() => expectStored(values.with(7, 9), stored, 0, 1e-6, COMMAND)).toThrow(/w: norm/);
  });
});
