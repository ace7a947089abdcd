import fc from 'fast-check';
import { expect, it } from 'vitest';
import { escapeUnshown, shown } from '../../src/checks/shown.ts';
import { oneLine } from '../../src/data/errors.ts';
import { escapeHtml } from '../../src/report/html/markup.ts';

/** What steers a terminal or turns a line around: said apart from the code under test. */
const STEERS = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}\ufeff]/u;

const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '\u001b',
      '\u009b',
      '\u202e',
      '\u2066',
      '\u2028',
      '\ud800',
      '\r',
      '\b',
      '\ufeff',
      '\u{e0041}',
      'a',
      'é',
      '😀',
    ),
    fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
  ),
});

it('no text that is shown steers a terminal, in messages, on the screen and on pages', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect(shown(text)).not.toMatch(STEERS);
      expect(oneLine(text)).not.toMatch(/\n/);
      expect(escapeUnshown(text)).not.toMatch(STEERS);
      expect(escapeHtml(text)).not.toMatch(STEERS);
    }),
  );
});

it('JSON keeps its value, and what anyone may write stays as it is', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect(JSON.parse(escapeUnshown(JSON.stringify({ text }, null, 2)))).toEqual({ text });
    }),
  );
  const plain = 'dígitos 0–4, 数字, ٥, 👩‍🔬\nsecond line';
  expect(escapeUnshown(plain)).toBe(plain);
  expect(shown('ab\u001b]0;x\u0007c')).toBe('ab ]0;x c');
});
