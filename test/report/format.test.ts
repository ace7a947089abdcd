import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wrap } from '../../src/model/table.ts';
import { progressBar, remainingSeconds } from '../../src/report/bar.ts';
import {
  formatDecimal,
  formatDigits,
  formatDuration,
  formatEta,
  formatFigure,
  formatInteger,
  formatOption,
  formatPercent,
} from '../../src/report/format.ts';

describe('numbers for people', () => {
  it.each([
    [0, '0.00 s'],
    [0.4249, '0.42 s'],
    [9.994, '9.99 s'],
    [9.996, '10.0 s'],
    [59.94, '59.9 s'],
    [59.96, '1 min 00 s'],
    [245, '4 min 05 s'],
    [3599.6, '1 h 00 min'],
    [3725, '1 h 02 min'],
  ])('a duration of %d seconds is %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it.each([
    [0.4, '0 s'],
    [12.3, '12 s'],
    [59.7, '1 min 00 s'],
    [7260, '2 h 01 min'],
  ])('%d guessed seconds are %s', (seconds, text) => {
    expect(formatEta(seconds)).toBe(text);
  });

  it('percentages have one decimal, and 100.0 % is for all alone', () => {
    expect(formatPercent(0.9526)).toBe('95.3 %');
    expect(formatPercent(1)).toBe('100.0 %');
    expect(formatPercent(0.9997)).toBe('99.9 %');
    expect(formatPercent(0)).toBe('0.0 %');
  });

  it('less than all is never 100 %, whatever the number of samples up to a million', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 1_000_000 }), (n) => {
        expect(Number.parseFloat(formatPercent((n - 1) / n))).toBeLessThan(100);
      }),
    );
  });

  it('loss and accuracy have four decimals', () => {
    expect(formatFigure(0.12345)).toBe('0.1235');
    expect(formatFigure(Number.NaN)).toBe('NaN');
  });

  it('neighbouring digits are a range, others a list', () => {
    expect(formatDigits([5, 6, 7, 8, 9])).toBe('5–9');
    expect(formatDigits([1, 3, 7])).toBe('1, 3, 7');
    expect(formatDigits([0, 1])).toBe('0, 1');
  });

  it('stand in the manner of the language', () => {
    expect(formatInteger(600165)).toBe('600,165');
    expect(formatInteger(600165, 'pt-BR')).toBe('600.165');
    expect(formatFigure(0.12345, 'pt-BR')).toBe('0,1235');
    expect(formatPercent(0.9526, 'pt-BR')).toBe('95,3 %');
    expect(formatDuration(9.994, 'pt-BR')).toBe('9,99 s');
    expect(formatOption(0.001, 'pt-BR')).toBe('0,001');
    expect(formatOption(1024)).toBe('1024');
    expect([1e12 - 1, 1e12].map((value) => formatDecimal(value, 0))).toEqual(['999,999,999,999', '1.0e+12']);
    expect([1e12 - 1, 1e12].map((value) => formatOption(value))).toEqual(['999999999999', '1000000000000']);
    expect([1e-6, 9e-7, -9e-7].map((value) => formatOption(value))).toEqual(['0.000001', '9e-7', '-9e-7']);
  });

  it('never fill a line, whatever the number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.integer({ min: 0, max: 4 }), (value, decimals) => {
        expect(formatDecimal(value, decimals).length).toBeLessThanOrEqual(22);
        expect(formatOption(value).length).toBeLessThanOrEqual(26);
      }),
    );
  });
});

describe('wrap', () => {
  it('breaks between words alone, and no line that could be shorter is longer than asked', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 }), (words) => {
        const text = words.join(' ');
        const wrapped = wrap(text, 20);
        expect(wrapped.replaceAll('\n', ' ')).toBe(text);
        for (const line of wrapped.split('\n')) expect(line.length).toBeLessThanOrEqual(20);
      }),
    );
  });

  it('a word longer than a line has one of its own', () => {
    expect(wrap('a bcdefgh i', 4)).toBe('a\nbcdefgh\ni');
  });
});

describe('the bar', () => {
  it('shows half columns', () => {
    expect(progressBar(0, 4)).toBe('────');
    expect(progressBar(0.125, 4)).toBe('╸───');
    expect(progressBar(0.5, 4)).toBe('━━──');
    expect(progressBar(1, 4)).toBe('━━━━');
  });

  it('is as wide as asked and never goes back', () => {
    const share = fc.double({ min: -1, max: 2, noNaN: true });
    fc.assert(
      fc.property(share, share, fc.integer({ min: 0, max: 60 }), (a, b, width) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)].map((x) => progressBar(x, width));
        expect(less).toHaveLength(width);
        expect(more).toHaveLength(width);
        const done = (bar: string) => bar.replaceAll('─', '').length;
        expect(done(less)).toBeLessThanOrEqual(done(more));
      }),
    );
  });

  it('time left goes on at the pace so far, and is unknown before there is one', () => {
    expect(remainingSeconds(25, 100, 2)).toBe(6);
    expect(remainingSeconds(100, 100, 2)).toBe(0);
    expect(remainingSeconds(0, 100, 0)).toBeNull();
  });
});
