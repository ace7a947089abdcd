/**
 * How many threads compute at the same time here: no more than the process may use cores, nor than a quota of processor time
 * allows, as containers have it (`docker run --cpus 2`, a limit in Kubernetes). More threads would be stopped for a part of
 * each period, and the others wait for them.
 *
 * Linux' control groups hold the quota, of this group and of each group around it:
 *
 *   version 2   cpu.max                                "150000 100000": 1.5 cores; "max 100000": no quota
 *   version 1   cpu.cfs_quota_us, cpu.cfs_period_us    "150000" and "100000"; -1: no quota
 *
 * Source: the kernel's Documentation/admin-guide/cgroup-v2.rst and Documentation/scheduler/sched-bwc.rst.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { posix } from 'node:path';

/** The text of a file; null where it can't be read. */
export type ReadText = (path: string) => string | null;

/** How many threads can compute at the same time: one per core, or as many as a quota fills. */
export function processors(read: ReadText = readText): number {
  const quota = cpuQuota(read);
  return Math.max(1, Math.min(availableParallelism(), Math.ceil(quota)));
}

/** The cores' worth of time that this process may use, 1.5 for instance; Infinity where nothing limits it. */
export function cpuQuota(read: ReadText = readText): number {
  const quotas: number[] = [];
  // One line a hierarchy: number, controllers, and the group of this process. Version 2 names no controllers.
  for (const line of read('/proc/self/cgroup')?.split('\n') ?? []) {
    const [, controllers, group] = line.match(/^\d+:([^:]*):(.*)$/) ?? [];
    if (group === undefined) continue;
    if (controllers === '') {
      for (const folder of upwards('/sys/fs/cgroup', group)) quotas.push(quotaOf2(read, folder));
      for (const folder of upwards('/sys/fs/cgroup/unified', group)) quotas.push(quotaOf2(read, folder));
    } else if (controllers.split(',').includes('cpu')) {
      for (const folder of upwards('/sys/fs/cgroup/cpu', group)) quotas.push(quotaOf1(read, folder));
      for (const folder of upwards(`/sys/fs/cgroup/${controllers}`, group))
        quotas.push(quotaOf1(read, folder));
    }
  }
  return quotas.reduce((least, quota) => Math.min(least, quota), Infinity);
}

/** The group's folder, and those of all groups around it. In a container the outer ones, or all but the mount, aren't there. */
function upwards(mount: string, group: string): string[] {
  const folders = [mount];
  let folder = mount;
  for (const name of posix.join('/', group).split('/').filter(Boolean)) {
    folder = `${folder}/${name}`;
    folders.push(folder);
  }
  return folders;
}

function quotaOf2(read: ReadText, folder: string): number {
  const [quota, period] = read(`${folder}/cpu.max`)?.trim().split(' ') ?? [];
  return ratio(quota, period);
}

function quotaOf1(read: ReadText, folder: string): number {
  const quota = read(`${folder}/cpu.cfs_quota_us`);
  return quota === null ? Infinity : ratio(quota, read(`${folder}/cpu.cfs_period_us`) ?? undefined);
}

/** Microseconds of a period's; Infinity where they are no positive numbers: `max`, -1, or nothing. */
function ratio(quota: string | undefined, period: string | undefined): number {
  const cores = Number(quota) / Number(period);
  return cores > 0 ? cores : Infinity;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null; // another system, or no permission
  }
}
