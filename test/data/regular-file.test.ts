/** What is read is a file of a disk, as long as it said: not a pipe, a device, or a file that has no end. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRegularFile } from '../../src/data/regular-file.ts';
import { temporaryFolder } from '../temporary.ts';

const folder = temporaryFolder();
const read = (path: string, limit?: number): Uint8Array =>
  readRegularFile(path, (problem) => new RangeError(problem), limit);
const place = (name: string): string => join(folder, name);

describe('readRegularFile', () => {
  it('gives the bytes of a file, also behind a link, and of an empty one', () => {
    writeFileSync(place('three'), Uint8Array.of(1, 2, 3));
    symlinkSync('three', place('link'));
    writeFileSync(place('empty'), '');
    expect(read(place('link'), 3)).toStrictEqual(Uint8Array.of(1, 2, 3));
    expect(read(place('empty'))).toStrictEqual(new Uint8Array(0));
  });

  it('refuses folders, devices and pipes, without waiting for who writes to them', () => {
    mkdirSync(place('folder'));
    for (const path of [place('folder'), '/dev/zero']) {
      expect(() => read(path)).toThrow('must be a regular file');
    }
    if (process.platform === 'win32') return;
    execFileSync('mkfifo', [place('pipe')]);
    expect(() => read(place('pipe'))).toThrow('must be a regular file');
  });

  it('refuses more bytes than the limit, and than an array holds, before it reads any', () => {
    writeFileSync(place('eleven'), 'eleven byte');
    expect(() => read(place('eleven'), 10)).toThrow('too large: expected at most 10 bytes, got 11');
    truncateSync(place('eleven'), 2 ** 33); // which takes no room
    expect(() => read(place('eleven'))).toThrow(
      `too large: expected at most ${2 ** 32 - 1} bytes, got ${2 ** 33}`,
    );
    truncateSync(place('eleven'), 0);
  });

  it.runIf(existsSync('/proc/self/status'))('refuses files that say they are empty and aren’t', () => {
    // All of /proc does; pagemap alone would give gigabytes.
    expect(() => read('/proc/self/status')).toThrow(
      "became longer, or isn't a file on a disk: expected 0 bytes, got more",
    );
    expect(() => read('/proc/self/pagemap')).toThrow(/isn't a file on a disk/);
    symlinkSync('/proc/self/pagemap', place('model.json'));
    expect(() => read(place('model.json'), 1000)).toThrow(/isn't a file on a disk/);
  });

  const short = '/sys/kernel/mm/transparent_hugepage/enabled';
  it.runIf(existsSync(short))('refuses files that are shorter than they say', () => {
    expect(() => read(short)).toThrow(
      /^became shorter, or isn't a file on a disk: expected 4096 bytes, got \d+$/,
    );
  });
});
