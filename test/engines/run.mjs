/**
 * The same bits everywhere: the golden run on every engine that is there, with each kernel, on one thread and two.
 *
 *   npm run engines                                    the table; exit 1 where a result differs
 *
 * An emulated machine is 50 times slower: with it the table takes some ten minutes.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { engines } from './engines.mjs';
import { installEmulator } from './qemu.mjs';

const USAGE = `npm run engines -- [options]

  --install      install engines from npm, and ARM64's emulator and libraries from Debian
  --only NAME    engines whose name contains that`;

const { install: wanted, only, help } = optionsOf(process.argv.slice(2));
if (help) console.log(USAGE);
else if (wanted) install();
else await printTable(only.toLowerCase());

/** @param {string[]} args */
function optionsOf(args) {
  try {
    return parseArgs({
      args,
      options: {
        install: { type: 'boolean', default: false },
        only: { type: 'string', default: '' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    console.error(`engines: ${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    return process.exit(2);
  }
}

function install() {
  const here = new URL('.', import.meta.url).pathname;
  const ci = (/** @type {string} */ cwd) =>
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd, stdio: 'inherit' });
  ci(here);
  if (process.platform !== 'linux' || process.arch === 'arm64') return;
  ci(`${here}arm64`);
  installEmulator();
}

/** @param {string} only */
async function printTable(only) {
  const golden = JSON.parse(readFileSync(new URL('../golden/golden.json', import.meta.url), 'utf8'));
  let differences = 0;
  console.log('| engine | version | kernel | threads | weights_sha256 | same? |');
  console.log('| --- | --- | --- | --- | --- | --- |');
  const row = (/** @type {unknown[]} */ ...cells) => console.log(`| ${cells.join(' | ')} |`);
  for (const engine of engines().filter(({ name }) => name.toLowerCase().includes(only))) {
    if (engine.missing) {
      row(engine.name, 'not there', '', '', '', engine.missing);
      continue;
    }
    const version = await engine.version();
    for (const kernel of engine.kernels) {
      for (const threads of engine.threads) {
        const { hash, same, verdict } = await compare(engine, kernel, threads, golden);
        if (!same) differences++;
        row(engine.name, version, kernel, threads, hash, verdict);
      }
    }
  }
  if (differences > 0) {
    console.error(`${differences} of these differ from golden.json`);
    process.exitCode = 1;
  }
}

/**
 * One run. All of its losses and both phases' weights must be golden.json's; the table shows the last weights' hash.
 * @param {import('./engines.mjs').Engine} engine @param {string} kernel @param {number} threads
 * @param {import('../golden/run.d.mts').Golden} golden
 */
async function compare(engine, kernel, threads, golden) {
  try {
    const result = /** @type {import('../golden/run.d.mts').Golden} */ (await engine.golden(kernel, threads));
    const same = isDeepStrictEqual(result, golden);
    return { hash: result.target.weights_sha256.slice(0, 16), same, verdict: same ? 'yes' : 'NO' };
  } catch (error) {
    // Of a program's output that of the error counts: `RangeError: kernel simd needs …`.
    const text = error instanceof Error ? error.message : String(error);
    const line = /^\S*Error: .*$/m.exec(text)?.[0] ?? text.split('\n')[0];
    return { hash: '', same: false, verdict: `failed: ${line}` };
  }
}
