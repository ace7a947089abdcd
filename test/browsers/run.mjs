/**
 * Trains the golden run in real browsers, from the packed package: with each bundler and without one, isolated and not, under a strict
 * content policy and not, with 0 to 3 threads. Prints a table; exit 1 where a bit, a number of threads or a message isn't what it should be.
 *
 *   npm run browsers -- --install                       puppeteer-core and webpack, into test/browsers/
 *   npm run browsers
 *   npm run browsers -- --browser Firefox --site vite   some of it
 *
 * How long the page was blocked is printed and not judged: on a busy machine it says nothing.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scriptOptions } from '../script.mjs';
import { BROWSERS } from './drivers.mjs';
import { ISOLATION, STRICT, STRICT_WASM, serve } from './serve.mjs';
import { install, SITES } from './sites.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const values = scriptOptions(import.meta.url, {
  install: { type: 'boolean', default: false },
  browser: { type: 'string', multiple: true, default: Object.keys(BROWSERS) },
  site: { type: 'string', multiple: true, default: Object.keys(SITES) },
});
if (values.install) {
  execFileSync('npm', ['i', '--no-audit', '--no-fund'], { cwd: HERE, stdio: 'inherit' });
  process.exit();
}
if (!existsSync(join(HERE, 'node_modules'))) throw new Error('npm run browsers -- --install');

const golden = JSON.parse(readFileSync(new URL('../golden/golden.json', import.meta.url), 'utf8'));

/** Seconds for one page. */
const PATIENCE = 120;

/**
 * The pages of a site: what their server says, what they ask for, and how many threads that gives (null: one per core).
 * @typedef {{ name: string, headers: object, query?: string, threads: number | null, says?: RegExp }} Case
 */

/** @param {string} site @returns {Case[]} */
function casesOf(site) {
  // These leave the workers' program out: it is beside the page.
  const worker = ['esbuild', 'rollup'].includes(site) ? 'worker=./worker.js&' : '';
  /** @type {Case[]} */
  const all = [
    { name: 'isolated', headers: ISOLATION, query: worker, threads: null },
    { name: 'plain', headers: {}, query: worker, threads: 0, says: /cross-origin isolated/ },
  ];
  if (worker)
    all.push({ name: 'isolated, no worker given', headers: ISOLATION, threads: 0, says: /can't be loaded/ });
  if (site !== 'prebuilt') return all;
  for (const threads of [0, 1, 2, 3]) {
    for (const kernel of threads === 2 ? ['simd', 'plain'] : ['simd'])
      all.push({
        name: `isolated, ${kernel}`,
        headers: ISOLATION,
        query: `threads=${threads}&kernel=${kernel}`,
        threads,
      });
  }
  all.push({ name: 'isolated, strict policy', headers: { ...ISOLATION, ...STRICT_WASM }, threads: null });
  all.push({
    name: 'plain, no WebAssembly',
    headers: STRICT,
    threads: 0,
    says: /forbids WebAssembly here/,
  });
  return all;
}

const folder = install();
let wrong = 0;
try {
  /** @type {Map<string, string>} */
  const sites = new Map();
  for (const name of values.site) {
    const site = join(folder, 'sites', name);
    mkdirSync(site, { recursive: true });
    const warnings = await SITES[name](folder, site);
    sites.set(name, site);
    if (warnings.length === 0) continue;
    wrong++;
    console.log(`${name} warns: ${warnings.join('\n')}`);
  }
  console.log(
    '| browser | version | site | page | threads | weights_sha256 | same? | longest block, ms | run, ms |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const name of values.browser) {
    const { missing, open } = BROWSERS[name];
    if (missing) {
      console.log(`| ${name} | | | isn't here: ${missing} | | | | | |`);
      continue;
    }
    const browser = await open();
    try {
      for (const [siteName, site] of sites)
        for (const each of casesOf(siteName)) await check(browser, name, siteName, site, each);
    } finally {
      await browser.close();
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = wrong > 0 ? 1 : 0;

/** @param {import('./drivers.mjs').Browser} browser @param {string} name @param {string} siteName @param {string} site @param {Case} each */
async function check(browser, name, siteName, site, { name: page, headers, query = '', threads, says }) {
  const server = await serve(site, headers);
  let result;
  try {
    result = await browser.run(`${server.origin}/index.html?${query}`, PATIENCE);
  } catch (error) {
    result = { error: String(error) };
  } finally {
    await server.close();
  }
  const faults = [];
  const unable = /has no SharedArrayBuffer/;
  // Which is then the only reason.
  if (unable.test(result.threadsReason)) says = undefined;
  if (threads !== 0 && unable.test(result.threadsReason ?? result.error)) {
    // WebKitGTK says isolated all the same. Asked for, threads are refused; else there are none.
    threads = 0;
    if (result.error) {
      console.log(
        `| ${name} | ${browser.version} | ${siteName} | ${page} | refused: ${result.error} | | yes | | |`,
      );
      return;
    }
  }
  const same = JSON.stringify(result.golden) === JSON.stringify(golden);
  if (result.error) faults.push(result.error);
  else if (!same) faults.push('other bits');
  const expected = threads ?? 'some';
  if (threads === null ? !(result.threads > 0) : result.threads !== threads) {
    faults.push(`expected ${expected} threads, got ${result.threads}: ${result.threadsReason}`);
  }
  const said = [result.threadsReason, ...(result.warnings ?? [])].join('\n');
  if (says && !says.test(said)) faults.push(`expected words of ${says}, got ${said}`);
  if (faults.length > 0) wrong++;
  const sha = result.golden?.target.weights_sha256.slice(0, 16) ?? '';
  const cells = [
    name,
    browser.version,
    siteName,
    page,
    result.threads,
    sha,
    faults.length === 0 ? 'yes' : `**no**: ${faults.join('; ')}`,
  ];
  console.log(`| ${[...cells, result.longest, result.milliseconds].join(' | ')} |`);
}
