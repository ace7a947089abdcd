/**
 * Kills `degelo transfer` at random moments, resumes it, kills it again, until it is done, and holds the result against
 * that of a run that nobody disturbed: every bit of the weights and every figure of the history must be the same.
 *
 *   npm run --silent build && node test/faults/kill-harness.mjs --kills 100 --seed 1
 *
 * Most kills are `kill -9`; one in five is a Ctrl-C or a SIGTERM, whose time to the exit is taken. After one kill in
 * six the newest checkpoint is cut short or has a bit flipped, as if the power had failed before its bytes were on the
 * disk: the one before must then do. All choices follow from the seed; the moments also from the machine's speed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scriptOptions } from '../script.mjs';
import { writeDigits } from './digits.mjs';

const values = scriptOptions(import.meta.url, {
  kills: { type: 'string', default: '100' },
  seed: { type: 'string', default: '1' },
  main: { type: 'string', default: fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url)) },
});
const KILLS = Number(values.kills);
const random = mulberry32(Number(values.seed));
const between = (min, max) => min + Math.floor(random() * (max - min + 1));

const folder = mkdtempSync(join(tmpdir(), 'degelo-kills-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const data = writeDigits(join(folder, 'data'));
const EPOCHS = 25;
const newRun = (out) => [
  'transfer',
  '--data',
  data,
  '--epochs',
  `${EPOCHS}`,
  '--batch-size',
  '16',
  '--out',
  out,
];

// What it should come to, and how long a run takes here.
const undisturbed = join(folder, 'undisturbed');
const begin = performance.now();
await run(newRun(undisturbed)).exit;
const duration = performance.now() - begin;
const expected = decided(undisturbed);
console.error(`an undisturbed run takes ${Math.round(duration)} ms; ${KILLS} kills, seed ${values.seed}`);

const table = new Map();
const count = (what) => table.set(what, (table.get(what) ?? 0) + 1);
const graceful = [];
let kills = 0;
let runs = 0;
let same = 0;
while (kills < KILLS) {
  const out = join(folder, `run-${runs++}`);
  let isDone = false;
  while (!isDone) {
    const isKnown = existing(join(out, 'checkpoint')).some((name) => name.startsWith('checkpoint-'));
    const every = random() < 0.5 ? ['--checkpoint-steps', `${between(1, 5)}`] : [];
    const { child, exit, stderr } = run([
      ...(isKnown ? ['transfer', '--resume', out] : newRun(out)),
      ...every,
    ]);
    const timer = kills < KILLS && setTimeout(() => void kill(child), random() * duration);
    const { code, signal } = await exit;
    clearTimeout(timer);
    isDone = existing(out).includes('result.json') && !existing(out).includes('checkpoint');
    if (signal === null && ![0, 130, 143].includes(code)) fail(`exit code ${code}: ${stderr()}`, out);
    if (code === 0 && !isDone) fail('it said that it was done', out);
    if (code !== 0) {
      kills++;
      if (!isDone) count(momentOf(out));
      if (!isDone && random() < 1 / 6) damageNewest(out);
    }
  }
  if (decided(out) !== expected) fail('another result', out);
  same++;
  process.stderr.write(`\r${kills} kills, ${runs} runs `);
}

console.log(`\n| killed | times |\n| --- | --- |`);
for (const [what, times] of [...table].sort()) console.log(`| ${what} | ${times} |`);
graceful.sort((a, b) => a - b);
const median = graceful[graceful.length >> 1] ?? 0;
console.log(
  `| with SIGINT or SIGTERM: exit after ${median} ms (median), ${graceful.at(-1)} ms (longest) | ${graceful.length} |`,
);
console.log(`\n${kills} kills in ${runs} runs: ${same} of ${runs} ended with the same weights and history`);

async function kill(child) {
  const choice = random();
  const signal = choice < 0.8 ? 'SIGKILL' : choice < 0.9 ? 'SIGINT' : 'SIGTERM';
  const sent = performance.now();
  child.kill(signal);
  await once(child, 'exit');
  // A signal before the handlers are there ends a process as it ends any other.
  if (signal !== 'SIGKILL' && child.exitCode > 128) graceful.push(Math.round(performance.now() - sent));
}

/** How far the run had come, by what it left. */
function momentOf(out) {
  const names = existing(join(out, 'checkpoint'));
  if (names.includes('replaced')) return 'while the results took their place';
  if (names.includes('results')) return 'while the results were written';
  if (!names.some((name) => name.startsWith('checkpoint-'))) return 'before the first checkpoint';
  const half = names.some((name) => name.endsWith('.partial')) ? ', in the middle of a write' : '';
  return `in the ${names.includes('source.safetensors') ? 'second' : 'first'} phase${half}`;
}

function damageNewest(out) {
  const work = join(out, 'checkpoint');
  const names = existing(work)
    .filter((name) => name.startsWith('checkpoint-'))
    .sort();
  if (names.length < 2) return;
  const path = join(work, names.at(-1));
  const bytes = readFileSync(path);
  if (random() < 0.5) writeFileSync(path, bytes.subarray(0, between(0, bytes.length - 1)));
  else {
    bytes[between(0, bytes.length - 1)] ^= 1 << between(0, 7);
    writeFileSync(path, bytes);
  }
  count('… after which the newest checkpoint was damaged');
}

/** A result without its times, as text. */
function decided(out) {
  return JSON.stringify(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')), (name, value) =>
    name === 'seconds' ? undefined : value,
  );
}

function run(args) {
  const child = spawn(process.execPath, [values.main, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  const exit = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  return { child, exit, stderr: () => text };
}

function existing(path) {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function fail(what, out) {
  console.error(
    `\nFAILED after ${kills} kills: ${what}; ${out} holds ${existing(out)}; ${existing(join(out, 'checkpoint'))}`,
  );
  process.exit(1);
}

/** Mulberry32 by Tommy Ettinger: numbers from 0 to 1. */
function mulberry32(seed) {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
