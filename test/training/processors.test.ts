/** How many threads there are by default, where containers limit processor time. */
import { availableParallelism } from 'node:os';
import { describe, expect, it, vi } from 'vitest';
import { cpuQuota, processors } from '../../src/training/threads/processors.ts';
import { defaultThreads } from '../pool.ts';

const V2 = '/sys/fs/cgroup';
const reader = (files: Readonly<Record<string, string>>) => (path: string) => files[path] ?? null;

describe('the quota of processor time', () => {
  it.each([
    ['nothing that limits it', {}, Infinity],
    [
      'version 2, in a container',
      { '/proc/self/cgroup': '0::/\n', [`${V2}/cpu.max`]: '150000 100000\n' },
      1.5,
    ],
    ['version 2, no quota', { '/proc/self/cgroup': '0::/\n', [`${V2}/cpu.max`]: 'max 100000\n' }, Infinity],
    [
      'version 2, a group within a smaller one',
      {
        '/proc/self/cgroup': '0::/a.slice/b.scope\n',
        [`${V2}/a.slice/cpu.max`]: '200000 100000\n',
        [`${V2}/a.slice/b.scope/cpu.max`]: '400000 100000\n',
      },
      2,
    ],
    [
      'version 2, the outer path of a container',
      { '/proc/self/cgroup': '0::/docker/0123\n', [`${V2}/cpu.max`]: '50000 100000\n' },
      0.5,
    ],
    [
      'version 2, a path that leads out',
      { '/proc/self/cgroup': '0::/../../etc\n', '/etc/cpu.max': '1 100', [`${V2}/etc/cpu.max`]: '300 100' },
      3,
    ],
    [
      'version 1',
      {
        '/proc/self/cgroup': '5:memory:/docker/0123\n4:cpu,cpuacct:/docker/0123\n1:name=systemd:/x:y\n0::/\n',
        [`${V2}/cpu/docker/0123/cpu.cfs_quota_us`]: '250000\n',
        [`${V2}/cpu/docker/0123/cpu.cfs_period_us`]: '100000\n',
        [`${V2}/cpu/cpu.cfs_quota_us`]: '-1\n',
        [`${V2}/cpu/cpu.cfs_period_us`]: '100000\n',
      },
      2.5,
    ],
    [
      'version 1, in a container, by the controllers’ long name',
      {
        '/proc/self/cgroup': '4:cpu,cpuacct:/docker/0123\n',
        [`${V2}/cpu,cpuacct/cpu.cfs_quota_us`]: '100000',
        [`${V2}/cpu,cpuacct/cpu.cfs_period_us`]: '100000',
      },
      1,
    ],
    ['nonsense', { '/proc/self/cgroup': 'x\n0::/\n\n', [`${V2}/cpu.max`]: 'a b c' }, Infinity],
  ])('%s', (_, files, quota) => {
    expect(cpuQuota(reader(files))).toBe(quota);
  });
});

describe('threads unless told', () => {
  it('are as many as the cores, or as the quota fills, and at least one', () => {
    const by = (quota: string) =>
      processors(reader({ '/proc/self/cgroup': '0::/', [`${V2}/cpu.max`]: quota }));
    expect(by('max 100000')).toBe(availableParallelism());
    expect(by('99900000 100000')).toBe(availableParallelism());
    expect(by('1000 100000')).toBe(1);
    expect(by('110000 100000')).toBe(Math.min(2, availableParallelism()));
    expect(defaultThreads()).toBeGreaterThanOrEqual(1);
  });

  it('are none where threads cannot share memory', () => {
    vi.stubGlobal('SharedArrayBuffer', undefined);
    expect(defaultThreads()).toBe(0);
    vi.unstubAllGlobals();
  });
});
