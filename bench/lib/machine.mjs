/** Where and with what a run was made: figures without that mean nothing. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { DIST } from './library.mjs';

const root = new URL('../..', import.meta.url);

export function machine() {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    // Above the number of cores at the start: somebody else was measured too.
    loadAtStart: loadavg()[0],
  };
}

/** @param {Record<string, string>} pythons what the Python peers said */
export function versions(pythons) {
  const { dependencies } = json(new URL('bench/package.json', root));
  const peers = Object.keys(dependencies).map((name) => {
    const manifest = new URL(`bench/node_modules/${name}/package.json`, root);
    return [name, existsSync(manifest) ? json(manifest).version : 'not installed'];
  });
  return {
    degelo: json(new URL('package.json', root)).version,
    node: process.version,
    v8: process.versions.v8,
    ...pythons,
    ...Object.fromEntries(peers),
  };
}

/** The commit that was measured, with + where files were changed since; null outside a checkout. */
export function commit() {
  const git = (...args) =>
    execFileSync('git', args, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no', '--', 'src') !== '';
    return `${git('rev-parse', '--short=12', 'HEAD')}${changed ? '+' : ''}${process.env.DEGELO_DIST ? ` (DEGELO_DIST=${DIST})` : ''}`;
  } catch {
    return null;
  }
}

const json = (url) => JSON.parse(readFileSync(url, 'utf8'));
