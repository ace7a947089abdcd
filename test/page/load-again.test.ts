/** Parts of the page that don't come the first time. */
import { expect, it } from 'vitest';

/** Its types are the build's. */
const file = '../../src/page/load-again.mjs';

it('a part that didn’t come is asked for by another address, of which Firefox doesn’t remember that; what came is used from then on', async () => {
  const { loadAgain } = await import(file);
  const load = () =>
    Promise.reject(
      new TypeError('error loading dynamically imported module: http://127.0.0.1:8429/chunks/own.js'),
    );
  const asked: string[] = [];
  const later = async (address: string) => {
    asked.push(address.replace(/^.*\//, ''));
    if (asked.length < 2) throw new TypeError('NetworkError');
    return 'the part';
  };
  await expect(loadAgain(load, later)).rejects.toThrow('NetworkError');
  expect(await Promise.all([loadAgain(load, later), loadAgain(load, later)])).toEqual([
    'the part',
    'the part',
  ]);
  expect(asked).toEqual(['own.js?1', 'own.js?2']);
  // Other trouble isn't one of addresses.
  const broken = () => Promise.reject(new Error('own.js is damaged'));
  await expect(loadAgain(broken, later)).rejects.toThrow('is damaged');
  expect(asked).toHaveLength(2);
});
