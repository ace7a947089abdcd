/** The engines of the table: how each is found, asked its version, and told to run the golden run. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CHROMIUM_HINT, runInChromium } from './chromium.mjs';
import { runInVercelsEdge, runInWorkerd, versionOf } from './edge.mjs';
import { emulatedNode } from './qemu.mjs';

const execute = promisify(execFile);
const MAIN = new URL('../golden/main.mjs', import.meta.url).pathname;
const PACKAGES = new URL('node_modules/', import.meta.url).pathname;
/** Bun follows the paths of this checkout's tsconfig.json, to the sources, where worker threads have no program. */
const NO_PATHS = new URL('tsconfig.json', import.meta.url).pathname;
const KERNELS = ['plain', 'simd'];
const INSTALL = 'node test/engines/run.mjs --install';

/**
 * An engine that is there, or `missing`: how to install it.
 * @typedef {{ name: string, kernels: readonly string[], threads: readonly number[], missing?: string, version(): Promise<string>,
 *   golden(kernel: string, threads: number): Promise<unknown> }} Engine
 */

/** @returns {Engine[]} */
export function engines() {
  return [
    program('Node, this one', [process.execPath]),
    program('Node 24', findBinary('', /^node-linux-/, 'bin/node')),
    program('Bun', findBinary('@oven', /^bun-/, 'bin/bun'), [`--tsconfig-override=${NO_PATHS}`]),
    program('Deno', findBinary('@deno', /./, 'deno'), ['run', '--allow-all', '--no-lock']),
    // On such a machine "Node 24" is that already.
    ...(process.arch === 'arm64' ? [] : [program('Node 24 on ARM64, by qemu', emulatedNode())]),
    chromium(),
    // It compiles no WebAssembly while it runs.
    edge('Cloudflare’s workerd', { kernels: ['plain'], packageName: 'workerd', golden: runInWorkerd }),
    edge('Vercel’s edge-runtime', {
      kernels: KERNELS,
      packageName: 'edge-runtime',
      golden: runInVercelsEdge,
    }),
  ];
}

/**
 * An engine that is a program taking a script.
 * @param {string} name @param {string[] | null} command @param {string[]} flags before the script
 * @returns {Engine}
 */
function program(name, command, flags = []) {
  const [file, ...args] = command ?? [''];
  return {
    name,
    kernels: KERNELS,
    threads: [1, 2],
    ...(!command && { missing: INSTALL }),
    async version() {
      const { stdout } = await execute(file, [...args, '--version']);
      return /\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? '';
    },
    async golden(kernel, threads) {
      const options = ['--kernel', kernel, '--threads', String(threads)];
      const { stdout } = await execute(file, [...args, ...flags, MAIN, ...options]);
      return JSON.parse(stdout);
    },
  };
}

/**
 * The binary of whichever platform's package npm found fit for this machine. Its main package would start it through
 * a script that has to be installed first.
 * @param {string} scope @param {RegExp} packageName @param {string} path within the package
 */
function findBinary(scope, packageName, path) {
  const folder = join(PACKAGES, scope);
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => packageName.test(name)) : [];
  const binary = names.map((name) => join(folder, name, path)).find((file) => existsSync(file));
  return binary ? [binary] : null;
}

/** @returns {Engine} */
function chromium() {
  const installed = existsSync(join(PACKAGES, 'playwright-core'));
  const missing = installed ? CHROMIUM_HINT : INSTALL;
  return {
    name: 'Chromium',
    kernels: KERNELS,
    // The library has no worker threads in browsers.
    threads: [0],
    ...(missing && { missing }),
    version: async () => (await runInChromium(null)).version,
    golden: async (kernel, threads) => (await runInChromium({ kernel, threads })).result,
  };
}

/**
 * A host that answers requests, on its only thread.
 * @param {string} name
 * @param {{ kernels: readonly string[], packageName: string, golden: (options: import('./edge.mjs').Options) => Promise<unknown> }} host
 * @returns {Engine}
 */
function edge(name, { kernels, packageName, golden }) {
  return {
    ...{ name, kernels, threads: [0] },
    ...(!existsSync(join(PACKAGES, packageName)) && { missing: INSTALL }),
    version: async () => versionOf(packageName),
    golden: (kernel, threads) => golden({ kernel, threads }),
  };
}
