/** How far a name may be from the one that is suggested: one slip in four letters, one in shorter names, none in very short ones. */
import { expect, it } from 'vitest';
import { suggest } from '../../src/checks/suggest.ts';

/** A name of so many letters that no library has, and the same with so many of its first letters changed. */
const known = (letters: number): string => 'qzxjvkwqyzxjvk'.slice(0, letters);
const wrong = (letters: number, slips: number): string => 'o'.repeat(slips) + known(letters).slice(slips);

it.each([
  [3, 1],
  [4, 1],
  [7, 1],
  [8, 2],
  [11, 2],
  [12, 3],
])('a name of %d letters is suggested for one with %d slips, and for none with more', (letters, most) => {
  for (let slips = 1; slips <= most; slips++) {
    expect(suggest(wrong(letters, slips), [known(letters)])).toBe(known(letters));
  }
  expect(suggest(wrong(letters, most + 1), [known(letters)])).toBeNull();
});

it('a letter too many or too few is one slip, so are two that changed places', () => {
  for (const name of ['qzxjvkw', 'qzxjvkwqw', 'zqxjvkwq', 'qzxjvkqw']) {
    expect(suggest(name, ['qzxjvkwq'])).toBe('qzxjvkwq');
  }
});

it('names of two letters suggest nothing, and of two names the nearer is suggested', () => {
  expect(suggest('qo', ['qz'])).toBeNull();
  expect(suggest('ooxjvkwq', ['oqxjqkwq', 'qzxjvkwq', 'ozxjvkwq'])).toBe('ozxjvkwq');
});
