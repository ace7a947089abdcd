/**
 * Mutation testing: small mistakes in the sources, one at a time, each of which some test should notice.
 *
 *   npm run build && node test/mutation/run.mjs [--sample 300] [--seed 1] [--only PART] [--from 1] [--limit 300] [--out FILE]
 *
 * The sample is drawn from all places where an operator, a number, a condition or a call can be wrong, the same for the same
 * seed and sources. Mistakes are tried in the order in which they were drawn, so the first part of a run is a sample too;
 * `--from 84` goes on with the 84th. The tests nearest to the mistake run first, and the first that fails ends it. Tests that
 * take more than `--limit` seconds count as hung, and the mistake as noticed. What lives is printed: each is a missing test, or
 * no mistake at all, which only a reader can tell. Takes half a minute a mistake. Not part of `npm test`.
 */
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { scriptOptions } from '../script.mjs';
import { sitesOf } from './sites.mjs';
import { testsByNearness } from './tests.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Of which no test looks at every detail: words, colours; and what is generated. */
const LEFT_OUT = /^src\/(kernels\/plain64|report\/(messages|html\/style)|page)/;
const values = scriptOptions(import.meta.url, {
  sample: { type: 'string', default: '300' },
  seed: { type: 'string', default: '1' },
  only: { type: 'string', default: '' },
  from: { type: 'string', default: '1' },
  limit: { type: 'string', default: '300' },
  out: { type: 'string' },
});

const all = sitesOf(root, 'src', (file) => !LEFT_OUT.test(file) && file.includes(values.only));
const sample = draw(all, Number(values.sample), Number(values.seed));
const ringsOf = testsByNearness(root);
const first = Number(values.from) - 1;
console.log(`${all.length} places, of which ${sample.length - first} are tried`);
let dead = 0;
for (const [i, site] of sample.entries()) {
  if (i < first) continue;
  const killer = await tryOut(site);
  if (killer) dead++;
  const { file, line, before, text } = site;
  const where = `${file}:${line}: ${short(before)}  ⇒  ${short(text)}`;
  const verdict = killer ? `noticed (${killer})` : 'LIVES';
  console.log(`${i + 1}/${sample.length} ${verdict} ${where}`);
  if (values.out) appendFileSync(values.out, `${JSON.stringify({ ...site, killer })}\n`);
}
console.log(`${dead} of ${sample.length - first} noticed`);

/**
 * @param {import('./sites.mjs').Site} site
 * @returns {Promise<string | null>} what noticed the mistake; null: nothing
 */
async function tryOut(site) {
  for (const [distance, tests] of ringsOf(site.file).entries()) {
    const outcome = await runTests(site, tests);
    if (outcome !== 'passed') return `${outcome}, ring ${distance + 1}`;
  }
  return null;
}

/**
 * @param {import('./sites.mjs').Site} site
 * @param {string[]} tests
 * @returns {Promise<'passed' | 'failed' | 'hung'>}
 */
function runTests(site, tests) {
  const config = fileURLToPath(new URL('vitest.config.ts', import.meta.url));
  const args = ['vitest', 'run', '--config', config, '--bail', '1', '--reporter', 'dot', ...tests];
  const child = spawn('npx', args, {
    cwd: root,
    env: { ...process.env, DEGELO_MUTANT: JSON.stringify(site) },
    stdio: 'ignore',
    detached: true, // so that its own children can be ended with it
  });
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve('hung');
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    }, Number(values.limit) * 1000);
    child.on('exit', (code) => {
      clearTimeout(timer);
      resolve(code === 0 ? 'passed' : 'failed');
    });
  });
}

/**
 * So many of the sites: the first places of a seeded permutation.
 * @param {import('./sites.mjs').Site[]} sites
 * @param {number} count
 * @param {number} seed
 */
function draw(sites, count, seed) {
  let state = seed >>> 0;
  // Numerical Recipes' linear congruential generator: good enough to deal cards.
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const keyed = sites.map((site) => ({ site, key: next() }));
  return keyed
    .sort((a, b) => a.key - b.key)
    .slice(0, count)
    .map(({ site }) => site);
}

/** @param {string} text */
function short(text) {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
}
