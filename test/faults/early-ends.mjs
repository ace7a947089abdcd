/**
 * Ends work at random moments, most of them while the worker threads still start, and looks at how the process ends.
 *
 *   npm run --silent build && node test/faults/early-ends.mjs --rounds 500 --threads 24
 *
 *   dispose     `dispose` while `fit` runs, many rounds a process: fit ends, and so does the process, with 0
 *   abort       a signal of fit's in place of dispose: fit rejects with its reason
 *   exit        `process.exit(7)` while fit runs: 7
 *   interrupt   SIGINT to a program that handles none: death by SIGINT, which shells report as 130
 *   command     SIGINT to `degelo transfer`: 130
 *
 * A FATAL ERROR of the engine is none of these. stderr has a line for each process that ended. Exit code 1 where a round ended
 * otherwise; --seed repeats the moments, as far as a machine repeats anything.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scriptOptions } from '../script.mjs';

const KINDS = ['dispose', 'abort', 'exit', 'interrupt', 'command'];
/** Rounds of `dispose` and `abort` in one process. */
const TOGETHER = 10;

const values = scriptOptions(import.meta.url, {
  rounds: { type: 'string', default: '500' },
  threads: { type: 'string', default: '24' },
  kinds: { type: 'string', default: KINDS.join() },
  seed: { type: 'string', default: '1' },
  /** Milliseconds of the latest moment, from the start of fit, or of the process, on. */
  latest: { type: 'string', default: '1500' },
  child: { type: 'string' },
});
const [ROUNDS, THREADS, LATEST] = [values.rounds, values.threads, values.latest].map(Number);

/** How each kind should end. */
const RIGHT = {
  dispose: ({ code, stdout }) => code === 0 && stdout.endsWith('done\n'),
  abort: ({ code, stdout }) => code === 0 && stdout.endsWith('done\n'),
  exit: ({ code }) => code === 7,
  interrupt: ({ signal }) => signal === 'SIGINT',
  // Before its handlers are there, a program dies by the signal itself.
  command: ({ code, signal, stderr }) =>
    signal === 'SIGINT' || (code === 130 && stderr.endsWith('degelo: interrupted\n')),
};

let state = Number(values.seed);
/** A number from 0 to 1, another one at every call (Numerical Recipes' generator). */
function random() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
}
/** Early moments are as likely as late ones by their logarithm: most faults are in the first milliseconds. */
const moment = () => LATEST ** random();
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

if (values.child) await child(values.child);
else await parent();

/** One process's rounds. */
async function child(kind) {
  const degelo = await import('../../dist/index.js');
  console.warn = () => {}; // of work that is done again
  const x = Float32Array.from({ length: 240 }, (_, i) => (i % 7) / 7);
  const y = Int32Array.from({ length: 80 }, (_, i) => i % 2);
  const start = (signal, epochs) => {
    const model = degelo.sequential([degelo.dense({ units: 2, activation: 'softmax', inputShape: [3] })]);
    model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', threads: THREADS });
    return { model, fit: model.fit(x, y, { epochs, ...(signal && { signal }) }) };
  };
  console.log('ready');
  if (kind === 'exit') setTimeout(() => process.exit(7), moment());
  if (kind !== 'dispose' && kind !== 'abort') await start(null, 1_000_000).fit;
  for (let round = 0; round < ROUNDS; round++) {
    if (kind === 'dispose') {
      const { model, fit } = start(null, 1);
      await sleep(moment());
      await model.dispose();
      await fit;
      await model.dispose();
    } else {
      const control = new AbortController();
      const { model, fit } = start(control.signal, 1_000_000);
      setTimeout(() => control.abort(new Error('enough')), moment());
      const reason = await fit.catch((error) => error);
      if (reason !== control.signal.reason) throw reason;
      await model.dispose();
    }
  }
  console.log('done');
}

/** Starts processes, and counts how they ended. */
async function parent() {
  const folder = mkdtempSync(join(tmpdir(), 'degelo-early-'));
  const kinds = values.kinds.split(',');
  const counts = new Map(kinds.map((kind) => [kind, { rounds: 0, right: 0 }]));
  let done = 0;
  for (let turn = 0; done < ROUNDS; turn++) {
    const kind = kinds[turn % kinds.length];
    const rounds = kind === 'dispose' || kind === 'abort' ? Math.min(TOGETHER, ROUNDS - done) : 1;
    const outcome = await run(kind, rounds, folder);
    const isRight = RIGHT[kind](outcome);
    const count = counts.get(kind);
    count.rounds += rounds;
    if (isRight) count.right += rounds;
    else console.log(`${kind} (turn ${turn}): ${JSON.stringify(outcome)}`);
    done += rounds;
    console.error(`${done} of ${ROUNDS} rounds: ${kind} ${isRight ? 'as it should' : 'WRONG'}`);
  }
  rmSync(folder, { recursive: true, force: true });
  const wrong = [...counts.values()].some(({ rounds, right }) => right < rounds);
  for (const [kind, { rounds, right }] of counts)
    console.log(`${kind}: ${right} of ${rounds} ended as they should`);
  process.exitCode = wrong ? 1 : 0;
}

function run(kind, rounds, folder) {
  const seed = String(Math.floor(random() * 2 ** 32));
  const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
  const args =
    kind === 'command'
      ? [path('../../dist/cli/main.js'), 'transfer', '--threads', String(THREADS), '--epochs', '1000']
      : [path('early-ends.mjs'), '--child', kind, '--rounds', String(rounds), '--threads', String(THREADS)];
  if (kind !== 'command') args.push('--seed', seed, '--latest', String(LATEST));
  const process_ = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  let isSent = false;
  const interrupt = () => {
    if (isSent || (kind !== 'interrupt' && kind !== 'command')) return;
    isSent = true;
    setTimeout(() => process_.kill('SIGINT'), moment());
  };
  process_.stdout.on('data', (data) => {
    stdout += data;
    interrupt();
  });
  process_.stderr.on('data', (data) => {
    stderr = (stderr + data).slice(-2000);
    interrupt();
  });
  return new Promise((resolve) => {
    process_.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}
