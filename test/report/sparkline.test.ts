import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extent, sparkline, spread } from '../../src/report/sparkline.ts';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 });

describe('a sparkline', () => {
  it('goes from the lowest level at the least value to the highest at the largest', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7])).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([3, 1, 2])).toBe('█▁▅');
  });

  it('lies flat where all is the same, has a dot for what is no number, and is empty for nothing', () => {
    expect(sparkline([3, 3, 3])).toBe('▁▁▁');
    expect(sparkline([1, Number.NaN, 2])).toBe('▁·█');
    expect(sparkline([])).toBe('');
  });

  it('of two curves on one range shows which is higher', () => {
    expect([sparkline([0, 0.5], [0, 1]), sparkline([0.5, 1], [0, 1])]).toEqual(['▁▅', '▅█']);
  });

  it('never falls where the values rise, and takes no more columns than asked', () => {
    fc.assert(
      fc.property(fc.array(finite, { maxLength: 60 }), fc.integer({ min: 1, max: 30 }), (values, columns) => {
        const curve = [
          ...sparkline(
            values.toSorted((a, b) => a - b),
            undefined,
            columns,
          ),
        ];
        expect(curve.length).toBe(Math.min(values.length, columns));
        expect(curve.toSorted()).toEqual(curve);
      }),
    );
  });
});

describe('extent', () => {
  it('is of the finite values alone', () => {
    expect(extent([2, Number.NaN, -1, Number.POSITIVE_INFINITY])).toEqual([-1, 2]);
    expect(extent([])).toEqual([0, 0]);
  });
});

describe('spread', () => {
  it('has the first and the last place, and none twice', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 500 }), fc.integer({ min: 2, max: 120 }), (count, most) => {
        const places = spread(count, most);
        expect(places.length).toBe(Math.min(count, most));
        expect(new Set(places).size).toBe(places.length);
        expect([places[0], places.at(-1)]).toEqual([0, count - 1]);
      }),
    );
  });
});
