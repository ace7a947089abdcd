import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { setup, temporaryFolder } from './temporary.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the folder of a run of tests', () => {
  it('is where all tests, and what they start, make theirs', () => {
    expect(dirname(temporaryFolder())).toBe(tmpdir());
    expect(setup()).toBeUndefined();
  });

  it('goes away after the last test, with what tests left in it', () => {
    const system = temporaryFolder();
    for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, system);
    const remove = setup();
    mkdirSync(join(temporaryFolder(), 'left'));
    expect(readdirSync(system)).toEqual([expect.stringMatching(/^degelo-tests-/)]);
    remove?.();
    expect(readdirSync(system)).toEqual([]);
    expect(existsSync(system)).toBe(true);
  });
});
