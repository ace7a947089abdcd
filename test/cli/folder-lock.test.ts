/** One owner a folder, whatever happens to the processes; test/faults/two-runs.mjs races whole runs. */
import { spawnSync } from 'node:child_process';
import fs, { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { FolderLock, isLock } from '../../src/cli/folder-lock.ts';
import { temporaryFolder } from '../temporary.ts';

const parent = temporaryFolder();
let folder: string;
let count = 0;
beforeEach(() => {
  folder = join(parent, `${count++}`);
  mkdirSync(folder);
});

/** The parts of this process' lock's name, after the beginning. */
function ownParts(): string[] {
  const lock = FolderLock.take(folder);
  const [name] = readdirSync(folder);
  lock.release();
  return name.replace('.degelo-lock-', '').split('-');
}

/** Leaves a lock with some of the parts changed, as its owner or one who still looks. */
function leave(
  changes: Partial<Record<'machine' | 'boot' | 'pid' | 'start', string>>,
  text = 'degelo of node7\n',
): string {
  const [machine, boot, pid, start] = ownParts();
  const parts = { machine, boot, pid, start, ...changes };
  const name = `.degelo-lock-${parts.machine}-${parts.boot}-${parts.pid}-${parts.start}-00000000`;
  writeFileSync(join(folder, name), text);
  return name;
}

describe('FolderLock', () => {
  it('has one owner, whose file says who it is, and is free once that gives it back', () => {
    const lock = FolderLock.take(folder);
    const [name, ...others] = readdirSync(folder);
    expect(others).toEqual([]);
    expect(isLock(name)).toBe(true);
    expect(readFileSync(join(folder, name), 'utf8')).toMatch(
      new RegExp(`^degelo, process ${process.pid} of .*, since `),
    );
    expect(() => FolderLock.take(folder)).toThrow(
      `${folder} is in use by another run, process ${process.pid}`,
    );
    expect(readdirSync(folder)).toEqual([name]);
    lock.release();
    FolderLock.take(folder).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('counts no lock of a process that is gone, that began at another time, or before the machine was started', () => {
    const { pid: gone } = spawnSync(process.execPath, ['--version']);
    for (const changes of [{ pid: `${gone}` }, { boot: '0'.repeat(12) }]) {
      const name = leave(changes);
      const lock = FolderLock.take(folder);
      expect(readdirSync(folder)).not.toContain(name);
      lock.release();
    }
    if (ownParts()[3] === '0') return; // no system but Linux says when a process began
    leave({ start: '1' });
    FolderLock.take(folder).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is refused where a process of another machine has it, with words on how to remove that', () => {
    const name = leave({ machine: 'f'.repeat(12) }, 'degelo, process 7 of node\u001b[31m7\n');
    expect(() => FolderLock.take(folder)).toThrow(
      `${folder} is in use on another machine (degelo, process 7 of node [31m7); if that run is gone, remove ${join(folder, name)}`,
    );
    expect(readdirSync(folder)).toEqual([name]);
  });

  it('steps back, and tries again for a while, where another one is looking too', () => {
    const name = leave({}, '');
    expect(() => FolderLock.take(folder)).toThrow('is in use by another run');
    expect(readdirSync(folder)).toEqual([name]);
  });

  it('is there before its owner looks for others: of two who come at once, one gets the folder', () => {
    const look = fs.readdirSync;
    let second: unknown;
    const restore = (): void => {
      fs.readdirSync = look;
      syncBuiltinESMExports();
    };
    fs.readdirSync = ((...args: Parameters<typeof look>) => {
      restore();
      try {
        second = FolderLock.take(folder);
      } catch (error) {
        second = error;
      }
      return look(...args);
    }) as typeof look;
    syncBuiltinESMExports();
    try {
      FolderLock.take(folder).release();
    } finally {
      restore();
    }
    expect(String(second)).toContain('is in use by another run');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves files of other names alone', () => {
    writeFileSync(join(folder, '.degelo-lock-mine'), '');
    FolderLock.take(folder).release();
    expect(readdirSync(folder)).toEqual(['.degelo-lock-mine']);
  });
});
