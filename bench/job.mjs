/**
 * The whole experiment, `degelo transfer` as anybody runs it, against PyTorch and Keras on TensorFlow doing the same: five epochs on one half
 * of the digits, five on the other with the features frozen, a test after each epoch. A process of its own for each
 * run, because the most memory that it ever held is measured too. The time is that of the process, start-up, imports
 * and reading the data included.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { contest } from './lib/interleave.mjs';
import { DIST, loadMnist, selectClasses } from './lib/library.mjs';
import { experiment } from './lib/networks.mjs';
import { asFile } from './lib/samples.mjs';
import { PYTHON_PEERS, pythonJob, references } from './peers/python.mjs';

const BATCH = 128;
const HALVES = [
  [5, 6, 7, 8, 9],
  [0, 1, 2, 3, 4],
];
const runFile = promisify(execFile);
const PRELOAD = new URL('./lib/max-rss.mjs', import.meta.url).href;

export const title = 'The whole job';

/** @param {import('./lib/options.mjs').Options} options */
export async function run({ data, kernels, threads, repeats, epochs, log }) {
  const count = Math.max(...threads);
  const name = `whole job, ${epochs} + ${epochs} epochs, ${data}, ${count} threads`;
  log(name);
  const halves = halvesOf(data);
  const own = (kernel) => async () => degeloJob({ data, kernel, threads: count, epochs });
  const rows = await contest(
    [
      ...kernels.filter((kernel) => kernel !== 'plain' || kernels.length === 1).map(own),
      ...PYTHON_PEERS.map((peer) => () => jobOf(peer, { halves, threads: count, epochs })),
    ],
    { rounds: repeats, references: references(), log },
  );
  return { title, groups: [{ title: name, unit: 'ms', rows }] };
}

/** Bytes of both halves, training and test, as files for PyTorch. */
function halvesOf(source) {
  const mnist = loadMnist(source);
  const files = (dataset, digits) => {
    const { labels } = selectClasses(dataset, digits);
    const size = dataset.height * dataset.width;
    const chosen = Array.from(dataset.labels.keys()).filter((n) => digits.includes(dataset.labels[n]));
    const pixels = new Uint8Array(chosen.length * size);
    for (const [i, n] of chosen.entries())
      pixels.set(dataset.images.subarray(n * size, (n + 1) * size), i * size);
    return [asFile(pixels), asFile(labels)];
  };
  return HALVES.map((digits) => ({ train: files(mnist.train, digits), test: files(mnist.test, digits) }));
}

/** @returns {Promise<import('./lib/interleave.mjs').Contestant>} */
async function degeloJob({ data, kernel, threads, epochs }) {
  const rss = asFile(new Uint8Array(0));
  const args = [
    'transfer',
    '--json',
    '--data',
    data,
    '--kernel',
    kernel,
    '--threads',
    threads,
    '--epochs',
    epochs,
  ];
  const contestant = {
    name: `degelo ${kernel}`,
    threads,
    warmups: 0,
    extra: {},
    async turn() {
      const begin = performance.now();
      const { stdout } = await runFile(
        process.execPath,
        [...process.execArgv, '--import', PRELOAD, `${DIST}/cli/main.js`, ...args.map(String)],
        { env: { ...process.env, DEGELO_BENCH_RSS: rss }, maxBuffer: 2 ** 26 },
      );
      const ms = performance.now() - begin;
      const { source, target, weights_sha256 } = JSON.parse(stdout);
      contestant.extra = {
        ...figures(
          Number(readFileSync(rss, 'utf8')),
          [source, target].map(({ seconds, history }) => ({ seconds, val_accuracy: history.val_accuracy })),
        ),
        weights: weights_sha256.slice(0, 8),
      };
      return ms;
    },
    async close() {},
  };
  return contestant;
}

/** @returns {Promise<import('./lib/interleave.mjs').Contestant | null>} */
async function jobOf(peer, { halves, threads, epochs }) {
  const request = { network: experiment(), batch: BATCH, halves, epochs };
  // A job without epochs tells whether there is such a peer.
  if (!(await pythonJob(peer, { ...request, halves: [] }, threads))) return null;
  const contestant = {
    name: peer.name,
    threads,
    warmups: 0,
    extra: {},
    async turn() {
      const { ms, answer } = await pythonJob(peer, request, threads);
      contestant.extra = figures(answer.rss_mb, answer.phases);
      return ms;
    },
    async close() {},
  };
  return contestant;
}

/** Columns beside the time. */
function figures(rss, phases) {
  const [full, frozen] = phases.map(({ seconds }) => `${seconds.toFixed(1)} s`);
  const [source, target] = phases.map(({ val_accuracy }) => val_accuracy.at(-1).toFixed(4));
  return {
    'max RSS': `${Math.round(rss)} MB`,
    full,
    frozen,
    'accuracy, full': source,
    'accuracy, frozen': target,
  };
}
