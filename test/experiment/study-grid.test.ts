import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cellAt,
  cellCount,
  cellName,
  differenceOf,
  makeStudy,
  partOf,
  type Study,
} from '../../src/experiment/study-grid.ts';
import { STUDY } from './study-cells.ts';
import { tinyMnist } from './tiny.ts';

const grids: fc.Arbitrary<Study> = fc
  .record({
    directions: fc.constantFrom<Study['directions'][]>(['forward'], ['reverse'], ['reverse', 'forward']),
    learning_rates: fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 4 }),
    seeds: fc.integer({ min: 1, max: 6 }),
    samples: fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 4 }),
  })
  .map((lists) => ({ ...STUDY, ...lists }));

describe('the cells of a study', () => {
  it('stand in the order of nested loops: directions, learning rates, seeds, samples', () => {
    fc.assert(
      fc.property(grids, (study) => {
        let index = 0;
        for (const direction of study.directions) {
          for (const learning_rate of study.learning_rates) {
            for (let seed = 0; seed < study.seeds; seed++) {
              for (const samples_per_digit of study.samples) {
                const key = { direction, learning_rate, seed, samples_per_digit };
                expect(cellAt(study, index++)).toEqual(key);
              }
            }
          }
        }
        expect(index).toBe(cellCount(study));
      }),
    );
  });

  it('are dealt to parts so that each is in one, in order, and parts differ by one cell at most', () => {
    fc.assert(
      fc.property(grids, fc.nat(), (study, wish) => {
        const cells = cellCount(study);
        const parts = 1 + (wish % cells);
        let next = 0;
        for (let part = 0; part < parts; part++) {
          const { from, to } = partOf(study, part, parts);
          expect(from).toBe(next);
          expect([Math.floor(cells / parts), Math.ceil(cells / parts)]).toContain(to - from);
          next = to;
        }
        expect(next).toBe(cells);
      }),
    );
  });

  it('have a name for messages', () => {
    expect(cellName(STUDY, 13)).toBe('cell 13 (reverse, learning rate 0.1, seed 0, 3 samples per digit)');
  });

  it.each([-1, 16, 0.5, Number.NaN])('there is none at %d', (index) => {
    expect(() => cellAt(STUDY, index)).toThrow(
      new RangeError(`study: cells are counted from 0: expected an index below 16, got ${index}`),
    );
  });

  it.each([
    [0, 17, 'parts must be at most as many as cells: expected 1 to 16, got 17'],
    [0, 0, 'parts must be at most as many as cells: expected 1 to 16, got 0'],
    [4, 4, 'parts are counted from 0: expected a part below 4, got 4'],
    [-1, 4, 'parts are counted from 0: expected a part below 4, got -1'],
  ])('are not dealt as part %d of %d', (part, parts, message) => {
    expect(() => partOf(STUDY, part, parts)).toThrow(new RangeError(`study: ${message}`));
  });
});

describe('makeStudy', () => {
  const data = tinyMnist();

  it('takes the experiment’s defaults, and all strict kernels for one', () => {
    const study = makeStudy({ data, samples: ['all'], kernel: 'plain' });
    expect(study).toEqual({
      ...{
        version: STUDY.version,
        data: { sha256: data.sha256 },
        kernel: 'strict',
        epochs: 5,
        batch_size: 128,
      },
      ...{ source_classes: [5, 6, 7, 8, 9], target_classes: [0, 1, 2, 3, 4] },
      ...{ directions: ['forward'], learning_rates: [1], seeds: 5, samples: ['all'] },
    });
    expect(makeStudy({ data, samples: ['all'], kernel: 'simd' })).toEqual(study);
  });

  it.each([
    [{ seeds: 0 }, 'seeds must be an integer ≥ 1, got 0'],
    [{ epochs: 1.5 }, 'epochs must be an integer ≥ 1, got 1.5'],
    [{ batchSize: 0 }, 'batch_size must be an integer ≥ 1, got 0'],
    [{ directions: [] }, 'directions must hold one value at least, got none'],
    [{ samples: [3, 'all', 3] }, 'samples must differ, got 3, all, 3'],
    [{ samples: [0] }, 'samples must be integers ≥ 1 or all, got 0'],
    [{ learningRates: [1, -1] }, 'learning_rates must be numbers above 0, got -1'],
    [{ learningRates: [Infinity] }, 'learning_rates must be numbers above 0, got Infinity'],
    [
      { targetClasses: [0, 5] },
      'targetClasses: must be as many as sourceClasses, since the classifier stays: expected 5, got 2',
    ],
    [{ seeds: 1_000_001 }, 'cells must be at most 1000000, got 1000001'],
    [{ samples: [13] }, 'class 0 must have 13 samples, got 12'],
    [{ samples: [13], directions: ['reverse'] }, 'class 5 must have 13 samples, got 12'],
  ] as const)('refuses %j in one line', (options, message) => {
    expect(() => makeStudy({ data, samples: ['all'], ...options })).toThrow(
      new RangeError(`study: ${message}`),
    );
  });
});

describe('differenceOf', () => {
  it('is null for the same study, and else names the first option that differs', () => {
    expect(differenceOf(STUDY, structuredClone(STUDY))).toBe(null);
    const changes: [Partial<Study>, string][] = [
      [{ version: '9' }, `version of degelo: expected "${STUDY.version}", got "9"`],
      [{ data: { sha256: 'x' } }, `data set: expected {"sha256":"${STUDY.data.sha256}"}, got {"sha256":"x"}`],
      [{ kernel: 'fma' }, 'kernel: expected "strict", got "fma"'],
      [{ epochs: 2 }, 'epochs: expected 1, got 2'],
      [{ batch_size: 2 }, 'batch size: expected 16, got 2'],
      [{ source_classes: [6, 5] }, 'source classes: expected [5,6,7,8,9], got [6,5]'],
      [{ target_classes: [0, 1] }, 'target classes: expected [0,1,2,3,4], got [0,1]'],
      [{ directions: ['forward'] }, 'directions: expected ["forward","reverse"], got ["forward"]'],
      [{ learning_rates: [0.1, 1] }, 'learning rates: expected [1,0.1], got [0.1,1]'],
      [{ seeds: 3 }, 'seeds: expected 2, got 3'],
      [{ samples: [3, 'all'] }, 'samples per digit: expected ["all",3], got [3,"all"]'],
    ];
    // Every field of a study decides its result.
    expect(changes.map(([change]) => Object.keys(change)[0]).sort()).toEqual(Object.keys(STUDY).sort());
    for (const [change, message] of changes)
      expect(differenceOf(STUDY, { ...STUDY, ...change })).toBe(message);
  });
});
