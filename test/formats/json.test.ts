/** JSON from anywhere: what it would become is bounded before anything is made of it. */
import { describe, expect, it, vi } from 'vitest';
import { FormatError } from '../../src/formats/errors.ts';
import { decodeUtf8, MAX_JSON, parseJsonObject, show } from '../../src/formats/json.ts';

const refusal = (text: string, most?: number): string => {
  const parse = vi.spyOn(JSON, 'parse');
  try {
    parseJsonObject(text, 'f', most);
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
    expect(parse).not.toHaveBeenCalled();
    return (error as Error).message;
  } finally {
    parse.mockRestore();
  }
  throw new Error('was read');
};

it.each<[string, readonly number[], string]>([
  ['UTF-16 of Windows’ shells', [0xff, 0xfe, 0x7b, 0], 'UTF-16'],
  ['UTF-16, high bytes first', [0xfe, 0xff, 0, 0x7b], 'UTF-16'],
  ['half a mark', [0xff, 0x7b], 'other bytes'],
  ['another half', [0xfe, 0x7b], 'other bytes'],
  ['half a mark at the end of a letter', [0xc3, 0xfe], 'other bytes'],
])('text in %s is refused by its name', (_, bytes, name) => {
  expect(() => decodeUtf8(Uint8Array.from(bytes), 'f')).toThrow(`f: text must be UTF-8: got ${name}`);
});

describe('parseJsonObject', () => {
  it('reads an object at all its limits', () => {
    const nested = `${'['.repeat(31)}"]}${'\\\\\\"'.repeat(10)}"${']'.repeat(31)}`;
    const text = `{"nested": ${nested}, "objects": [${'{},'.repeat(2 ** 16 - 35)}[]], "__proto__": 1}`;
    const value = parseJsonObject(text.padEnd(MAX_JSON), 'f');
    expect((value.objects as unknown[]).length).toBe(2 ** 16 - 34);
    expect(Object.keys(value)).toEqual(['nested', 'objects', '__proto__']);
  });

  it.each<[string, string, string]>([
    ['a text over the limit', '{}'.padEnd(MAX_JSON + 1), `too long: expected at most ${MAX_JSON} characters`],
    ['more levels than a stack has', '['.repeat(10 ** 6), 'nested too deep: expected at most 32 levels'],
    ['33 levels behind a string that looks like more', `{"a": "]]\\"}", "b": ${'['.repeat(32)}`, 'too deep'],
    [
      'too many lists',
      `{"a":[${'[],'.repeat(2 ** 16)}0]}`,
      'too many parts: expected at most 65536 objects and lists',
    ],
    ['too many keys', `{${'"":0,'.repeat(2 ** 17)}"":0}`, '131072 keys and 2097152 values, got 1, 131073'],
    ['too many values', `{"a":[${'0,'.repeat(2 ** 21)}0]}`, '2097152 values, got 2, 1 and 2097153'],
  ])('refuses %s before it parses anything', (_, text, message) => {
    expect(refusal(text)).toContain(message);
  });

  it('refuses a string without an end, and other damage, as JSON.parse does', () => {
    for (const text of ['{"a": "', '{"a": "\\"', '{"a": 1', '}{', '{]']) {
      expect(() => parseJsonObject(text, 'f')).toThrow(/^f: damaged JSON: /);
    }
  });
});

describe('show', () => {
  it('makes no more text of a long value than it shows', () => {
    const texts = vi.spyOn(JSON, 'stringify');
    expect(show({ a: 'x'.repeat(10 ** 6) })).toBe(`{"a":"${'x'.repeat(54)}…`);
    expect(show(Array.from({ length: 10 ** 5 }, () => 'y'.repeat(100)))).toMatch(/^\["y{58}…$/);
    expect(texts.mock.results.every(({ value }) => value.length < 5000)).toBe(true);
    texts.mockRestore();
    expect(show(undefined)).toBe('nothing');
  });
});
