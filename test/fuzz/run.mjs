/**
 * `npm run fuzz`: hostile files for every reader. Prints what came of them; ends with 1 where a reader did what it
 * may not, hung or broke down, and then leaves the input in a file.
 *
 *   --runs N        inputs a reader, after those at its limits; default 100,000; 0 for none but those
 *   --no-edges      not those at its limits, which take minutes
 *   --seed N        makes all inputs. Default: another one each time. Batches of 10,000 have seeds of their own,
 *                   counted from this one, and are named with what they find
 *   --reader A,B    these readers alone
 *   --input FILE    one input again, as a failure left it, for the one --reader
 *   --limit MS      time for one input. Default: 20,000, since machines that are busy take their time
 *   --list FILE     other readers than readers.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { scriptOptions } from '../script.mjs';

const values = scriptOptions(import.meta.url, {
  runs: { type: 'string', default: '100000' },
  seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  reader: { type: 'string', default: '' },
  input: { type: 'string' },
  limit: { type: 'string', default: '20000' },
  'no-edges': { type: 'boolean', default: false },
  list: { type: 'string', default: new URL('readers.ts', import.meta.url).pathname },
});

/** Longest input that is kept for a reproducer. */
const MOST_BYTES = 8 * 2 ** 20;
/** Growth from which on memory counts as lost; far more than garbage that is not yet collected. */
const MOST_GROWTH = 16 * 2 ** 20;
/** What the whole process may take at any time. */
const MOST_MEMORY = 3 * 2 ** 30;

const shared = new SharedArrayBuffer(8 + MOST_BYTES);
const state = new Int32Array(shared, 0, 2);
const worker = new Worker(new URL('worker.mjs', import.meta.url), {
  workerData: {
    list: resolve(values.list),
    names: values.reader.split(',').filter((name) => name !== ''),
    runs: Number(values.runs),
    edges: !values['no-edges'],
    seed: Number(values.seed),
    input: values.input === undefined ? null : new Uint8Array(readFileSync(values.input)),
    shared,
  },
  // As much stack as a main thread has; and too little heap for whoever believes a header.
  resourceLimits: { stackSizeMb: 1, maxOldGenerationSizeMb: 512 },
});

/** Which reader is at work, on which batch. */
let at = { reader: values.reader, seed: Number(values.seed), inputs: 0 };
let total = 0;

worker.on('message', (message) => {
  if (message.wrong) {
    console.error(`fuzz: ${message.wrong}`);
    process.exitCode = 2;
  }
  if (message.cost) {
    const { outcome, time, memory } = message.cost;
    console.log(`${outcome.kind} ${outcome.rule}: ${Math.round(time)} ms, ${megabytes(memory)}`);
  }
  if (message.edges) reportEdges(message.edges);
  if (message.at) {
    at = message.at;
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${at.reader}: ${at.inputs} of ${values.runs}`);
  }
  if (message.tally) report(message.tally, message.growth);
});
worker.on('error', (error) => fail(`the thread broke down: ${error.message}`, inputAtHand(), at.seed));
worker.on('exit', () => {
  clearInterval(watch);
  if (total > 0) console.log(`${total.toLocaleString('en')} inputs, seed ${values.seed}`);
});

// A reader that never comes back can't say so itself.
let last = 0;
let since = performance.now();
const watch = setInterval(() => {
  const number = Atomics.load(state, 0);
  if (number !== last || Atomics.load(state, 1) === 0) {
    last = number;
    since = performance.now();
  }
  if (performance.now() - since > Number(values.limit)) giveUp(`no answer for ${values.limit} ms`);
  else if (process.memoryUsage.rss() > MOST_MEMORY)
    giveUp(`the process takes more than ${MOST_MEMORY} bytes`);
}, 50);

function giveUp(message) {
  fail(message, inputAtHand(), at.seed);
  clearInterval(watch);
  void worker.terminate();
}

/** What is being read, or was when the thread broke down. */
function inputAtHand() {
  return new Uint8Array(shared, 8, Atomics.load(state, 1)).slice();
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** What a reader's limits cost. */
function reportEdges({ inputs, slowest, largest, failures }) {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  const most = `at most ${Math.round(slowest)} ms of the processor and ${megabytes(largest)}`;
  console.log(`${at.reader.padEnd(14)}${String(inputs).padStart(11)} inputs at its limits: ${most} each`);
  for (const { message, input, seed } of failures) fail(message, input, `edge-${seed}`);
}

/** A reader's line in the table. */
function report({ reader, inputs, time, slowest, measured, outcomes, failure }, growth) {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  total += inputs;
  const kinds = Array.from(outcomes, ([kind, rules]) => {
    const count = Array.from(rules.values()).reduce((sum, n) => sum + n, 0);
    return `${count.toLocaleString('en')} ${kind}${kind === 'value' ? '' : ` (${rules.size} rules)`}`;
  });
  const speed = Math.round((inputs / time) * 1000).toLocaleString('en');
  console.log(
    `${reader.padEnd(14)}${inputs.toLocaleString('en').padStart(11)} inputs, ${speed.padStart(7)}/s, ` +
      `slowest ${Math.round(slowest)} ms (${measured} measured alone), memory ${growth < 0 ? '−' : '+'}${(Math.abs(growth) / 1e6).toFixed(1)} MB: ` +
      kinds.sort().reverse().join(', '),
  );
  if (failure) fail(failure.message, failure.input, failure.seed);
  else if (growth > MOST_GROWTH)
    fail(`memory grew by ${growth} bytes over ${inputs} inputs`, new Uint8Array(4), at.seed);
}

/** Says what went wrong, and leaves the input where it can be tried again. */
function fail(message, input, seed) {
  const file = join(tmpdir(), `degelo-fuzz-${at.reader}-${seed}.bin`);
  writeFileSync(file, input);
  console.log(`FAILED ${at.reader}, batch of seed ${seed}: ${message}`);
  console.log(`  input: ${JSON.stringify(Buffer.from(input).toString('latin1').slice(0, 300))}`);
  console.log(`  again: npm run fuzz -- --reader ${at.reader} --input ${file}`);
  process.exitCode = 1;
}
