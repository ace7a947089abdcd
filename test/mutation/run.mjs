/**
 * Mutation testing: small mistakes in the sources, one at a time, each of which some test should notice.
 *
 *   npm run build && node test/mutation/run.mjs [--sample 300] [--seed 1] [--only PART,…] [--from 1] [--to 300] [--longest 60]
 *     [--patience 60] [--reach FILE] [--out FILE]
 *
 * The sample is drawn from all places where an operator, a number, a condition or a call can be wrong, the same for the same
 * seed and sources; with `--only`, from those in files whose paths hold one of its parts. Mistakes are tried in the order in which
 * they were drawn, so the first part of a run is a sample too; `--from 84` continues with the 84th. First all tests run once, to see
 * which of them come by which mistake's place, and how long they take; `--reach` keeps that in a file, for further runs with the
 * same sample. Then each mistake is tried by those tests alone, the nearest first, until one fails or tests of `--longest` seconds
 * have passed. Tests that take five times as long as they should, and `--patience` seconds (more, where the machine does other work),
 * count as hung, and the mistake as noticed.
 *
 * What lives is printed: each is a missing test, or no mistake at all, which only a reader can tell. What runs in other processes,
 * threads and browsers alone lives too: their tests load dist/, and never meet the mistake. Not part of `npm test`.
 */
import { fork } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { scriptOptions } from '../script.mjs';
import { counters, testsFor } from './reach.mjs';
import { sitesOf } from './sites.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Of which no test looks at every detail: words, colours; and what is generated. */
const LEFT_OUT = /^src\/(kernels\/plain64|report\/(messages|html\/style)|page)/;
const values = scriptOptions(import.meta.url, {
  sample: { type: 'string', default: '300' },
  seed: { type: 'string', default: '1' },
  only: { type: 'string', default: '' },
  from: { type: 'string', default: '1' },
  to: { type: 'string', default: 'Infinity' },
  longest: { type: 'string', default: '60' },
  patience: { type: 'string', default: '60' },
  reach: { type: 'string' },
  out: { type: 'string' },
});

const parts = values.only.split(',');
const all = sitesOf(root, 'src', (file) => !LEFT_OUT.test(file) && parts.some((part) => file.includes(part)));
const sample = draw(all, Number(values.sample), Number(values.seed));
console.log(`${all.length} places, of which ${sample.length} are drawn`);
/** @type {import('node:child_process').ChildProcess | null} */
let tests = null;
const seen = await reached();
/** @type {Map<string, string[]>} of each file, the tests that noticed a mistake in it */
const killers = new Map();
/** @type {Record<string, number>} */
const counts = {};
for (const [i, site] of sample.entries()) {
  if (i + 1 < Number(values.from) || i + 1 > Number(values.to)) continue;
  const { verdict, by } = await tryOut(i);
  counts[verdict] = (counts[verdict] ?? 0) + 1;
  const { file, line, before, text } = site;
  const where = `${file}:${line}: ${short(before)}  ⇒  ${short(text)}`;
  console.log(`${i + 1}/${sample.length} ${verdict} ${where}${by ? `  (${by})` : ''}`);
  if (values.out) appendFileSync(values.out, `${JSON.stringify({ number: i + 1, ...site, verdict, by })}\n`);
}
stop();
console.log(counts);

/** What each test file reaches of the sample, read from a file or measured. */
async function reached() {
  if (values.reach && existsSync(values.reach)) return JSON.parse(readFileSync(values.reach, 'utf8'));
  const order = { wanted: { changes: counters(root, sample), measures: true }, tests: null };
  const answer = /** @type {import('./tests.mjs').Answer} */ (await ask(order, Infinity));
  stop();
  if (values.reach) writeFileSync(values.reach, JSON.stringify(answer.seen));
  return answer.seen;
}

/**
 * @param {number} i
 * @returns {Promise<{ verdict: 'noticed' | 'hung' | 'LIVES', by: string | null }>}
 */
async function tryOut(i) {
  const site = sample[i];
  const before = killers.get(site.file) ?? [];
  let seconds = 0;
  const chosen = testsFor(seen, i, site.file, before).filter((test) => {
    seconds += test.seconds;
    return seconds === test.seconds || seconds <= Number(values.longest);
  });
  const planned = chosen.reduce((sum, test) => sum + test.seconds, 0);
  const order = { wanted: { changes: [site], measures: false }, tests: chosen.map(({ test }) => test) };
  const answer = await ask(order, planned * 5 + Number(values.patience));
  if (!answer) return { verdict: 'hung', by: null };
  if (!answer.failed) return { verdict: 'LIVES', by: `${chosen.length} tests, ${planned.toFixed(0)} s` };
  killers.set(site.file, [...before, answer.failed.split(':')[0]]);
  return { verdict: 'noticed', by: answer.failed };
}

/**
 * The answer of the process that runs tests, which is started when there is none; null: none came in so many seconds.
 * @param {import('./tests.mjs').Order} order
 * @param {number} limit
 * @returns {Promise<import('./tests.mjs').Answer | null>}
 */
function ask(order, limit) {
  const program = fileURLToPath(new URL('tests.mjs', import.meta.url));
  // A group of its own, so that what it starts can be ended with it.
  const kind = order.wanted.measures ? 'measures' : '';
  tests ??= fork(program, [kind], { cwd: root, detached: true });
  const child = tests;
  return new Promise((resolve) => {
    const end = (/** @type {import('./tests.mjs').Answer | null} */ answer) => {
      clearInterval(seconds);
      child.removeAllListeners();
      if (!answer) stop();
      resolve(answer);
    };
    let waited = 0;
    // Counted, not read from a clock, which goes on while this process is stopped.
    const seconds = setInterval(() => ++waited > limit && end(null), 1000);
    child.on('message', end);
    child.on('exit', () => end(null));
    child.send(order);
  });
}

function stop() {
  try {
    if (tests?.pid) process.kill(-tests.pid, 'SIGKILL');
  } catch {} // ended already
  tests = null;
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
