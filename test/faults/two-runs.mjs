/**
 * Starts two runs of different seeds into one new folder, 0 to 100 ms apart, and then two `--resume` of one that was
 * stopped. One of them must end with 0 and leave a whole run of its own; the other must be refused, in one line.
 *
 *   npm run --silent build && node test/faults/two-runs.mjs --rounds 100 --seed 1
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { scriptOptions } from '../script.mjs';
import { writeDigits } from './digits.mjs';

const values = scriptOptions(import.meta.url, {
  rounds: { type: 'string', default: '100' },
  seed: { type: 'string', default: '1' },
  main: { type: 'string', default: fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url)) },
});
const ROUNDS = Number(values.rounds);
const LONGEST_PAUSE = 100;
const REFUSED = /^degelo: --(out|resume): .* is in use by another run, process \d+\n$/;
const FULL = /^degelo: --out: folder must be new or empty: .*\n$/;

const folder = mkdtempSync(join(tmpdir(), 'degelo-two-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const data = writeDigits(join(folder, 'data'));
const newRun = (seed, out) => [
  ...['transfer', '--data', data, '--epochs', '2', '--batch-size', '16', '--threads', '1'],
  ...['--seed', `${seed}`, '--out', out],
];

// Each of the two by itself, and one that was stopped after its first checkpoint.
const alone = new Map();
for (const seed of [3, 4]) {
  const out = join(folder, `alone-${seed}`);
  await run(newRun(seed, out)).exit;
  alone.set(seed, fingerprint(out));
}
const stopped = await stop(join(folder, 'stopped'));

let random = Number(values.seed);
const counts = new Map();
for (let round = 1; round <= ROUNDS; round++) {
  const out = join(folder, 'contested');
  const pause = nextRandom() * LONGEST_PAUSE;
  await race(out, pause, [3, 4], (seed) => newRun(seed, out));
  rmSync(out, { recursive: true });
  cpSync(stopped, out, { recursive: true });
  await race(out, pause, [3, 3], () => ['transfer', '--resume', out]);
  rmSync(out, { recursive: true });
  process.stderr.write(`\r${round} of ${ROUNDS} rounds `);
}
console.log(`\n${ROUNDS} rounds, seed ${values.seed}`);
for (const [what, times] of [...counts].sort()) console.log(`${String(times).padStart(5)}  ${what}`);

/** Two processes at work on one folder. */
async function race(out, pause, seeds, args) {
  const first = run(args(seeds[0]));
  await sleep(pause);
  const second = run(args(seeds[1]));
  const ends = await Promise.all([first.exit, second.exit]);
  const winners = ends.flatMap(({ code }, i) => (code === 0 ? [i] : []));
  const [command] = args(seeds[0]).slice(-2);
  // A resumed run that is done says its result to whoever comes then.
  if (winners.length === 2 && command === '--resume')
    count('--resume: both ended with 0: the second came when it was done');
  else {
    if (winners.length !== 1) fail(`expected one of two to succeed, got ${JSON.stringify(ends)}`, out);
    const { code, stderr } = ends[1 - winners[0]];
    const isRefused = code === 1 && (REFUSED.test(stderr) || FULL.test(stderr));
    if (!isRefused) fail(`expected the other to be refused, got ${code}: ${stderr}`, out);
    count(`${command}: one whole run, the ${winners[0] === 0 ? 'second' : 'first'} refused`);
  }
  const got = fingerprint(out);
  if (got !== alone.get(seeds[winners[0]]))
    fail(`expected the run of seed ${seeds[winners[0]]}, got another or a mixture: ${got}`, out);
  const names = readdirSync(out).sort().join();
  if (names !== 'details.json,report.html,report.txt,result.json,source-model,target-model') {
    fail('expected whole results and nothing else', out);
  }
}

/** What all files say of the run that they are of, as text. */
function fingerprint(out) {
  const read = (...path) => readFileSync(join(out, ...path), 'utf8');
  const model = (name) => JSON.parse(read(name, 'model.json')).weights.sha256;
  const result = JSON.parse(read('result.json'), (key, value) => (key === 'seconds' ? undefined : value));
  return JSON.stringify([
    result,
    JSON.parse(read('details.json')).weights_sha256,
    model('source-model'),
    model('target-model'),
    /--seed\W+\d+/.exec(read('report.html'))?.[0],
  ]);
}

/** A run that was ended by SIGTERM when it had a checkpoint. */
async function stop(out) {
  const { child, exit } = run(newRun(3, out));
  while (!existsSync(join(out, 'checkpoint', 'checkpoint-000002.safetensors'))) await sleep(1);
  child.kill('SIGTERM');
  const { code } = await exit;
  if (code !== 143) fail(`expected a run that was stopped, got ${code}`, out);
  return out;
}

function run(args) {
  const child = spawn(process.execPath, [values.main, ...args, '--json'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    stderr += chunk;
  });
  return { child, exit: once(child, 'close').then(([code]) => ({ code, stderr })) };
}

function count(what) {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

function fail(what, out) {
  console.error(`\nFAILED: ${what}; ${out} holds ${readdirSync(out)}`);
  process.exit(1);
}

/** From 0 to 1: a linear congruence is random enough for moments. */
function nextRandom() {
  random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
  return random / 2 ** 32;
}
