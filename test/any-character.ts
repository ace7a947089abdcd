import fc from 'fast-check';

/** Any character, also half of a pair, for `fc.string`: its own `unit: 'binary'` needs a second before the first text. */
export const anyCharacter = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code));
