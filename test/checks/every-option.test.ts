/** Whatever takes options looks at each of them: a value that none takes is refused by the name of its option. */
import { describe, expect, it } from 'vitest';
import { odd, refusal } from './refusal.ts';
import { BEHIND_OTHERS, type Call, MAKERS, namesOf, neededOf } from './takers.ts';

/** What is taken, or said in other words. */
const TAKEN = [
  'modelCheckpoint: metadata: object',
  'checkGradient: at: object', // names of variables, which the gradient lacks then
  ...['symbol', 'object', 'bigint'].map((type) => `encodeSafetensors: memory: ${type}`), // "the file's bytes"
];

/** For each option, what is said of values that none takes, where that isn't about it. */
async function overlooked(name: string, call: Call): Promise<string[]> {
  const names = await namesOf(call);
  const needed = neededOf(name, names);
  const faults: string[] = [];
  for (const option of names) {
    for (const value of [Symbol('s'), { a: 1 }, 1n]) {
      const error = await refusal(() => call(odd({ ...needed, [option]: value })));
      if (error?.message.includes(option) || TAKEN.includes(`${name}: ${option}: ${typeof value}`)) continue;
      faults.push(`${option}: ${String(value)}: ${error?.message ?? 'taken'}`);
    }
  }
  return faults;
}

describe('a value that none takes is refused by its option’s name', () => {
  it('by all that makes something of options', async () => {
    const faults = await Promise.all(
      MAKERS.map(async ([name, call]) => (await overlooked(name, call)).map((fault) => `${name}: ${fault}`)),
    );
    expect(faults.flat()).toEqual([]);
  });

  it.each(Object.entries(BEHIND_OTHERS))('by %s', async (name, call) => {
    expect(await namesOf(call)).not.toEqual([]);
    expect(await overlooked(name, call)).toEqual([]);
  });
});
