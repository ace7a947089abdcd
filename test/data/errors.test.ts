import { describe, expect, it } from 'vitest';
import { DataError } from '../../src/data/errors.ts';
import { quote } from '../../src/data/text.ts';

describe('DataError', () => {
  it('is an Error whose message begins with the file', () => {
    const cause = new Error('below');
    const error = new DataError('a.gz', 'damaged', { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'DataError', file: 'a.gz', message: 'a.gz: damaged', cause });
  });

  it('stays on one line whatever the path holds', () => {
    expect(new DataError('a\nb\u001b[31m', 'damaged').message).toBe('a b [31m: damaged');
  });

  it('stays short whatever the file holds', () => {
    const { message, file } = new DataError('x'.repeat(5000), 'damaged');
    expect(message).toBe(`${'x'.repeat(250)}…${'x'.repeat(250)}: damaged`);
    expect(file.length).toBe(5000);
    expect(new DataError('a', 'y'.repeat(5000)).message).toBe(`a: ${'y'.repeat(1997)}…`);
  });
});

describe('quote', () => {
  it('escapes line breaks and cuts long text', () => {
    expect(quote('a\n"b"')).toBe(String.raw`"a\n\"b\""`);
    expect(quote('x'.repeat(1000))).toBe(`"${'x'.repeat(60)}…"`);
  });
});
