/**
 * The peers that are written in Python: each in a process of its own for each number of threads, which lives as long as the
 * benchmark and is asked turn by turn over lines of JSON (pytorch.py, keras_tensorflow.py: the same requests and answers).
 * Each Python is named by an environment variable, so that every framework has an environment with versions of its own.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { CLASSES } from '../lib/networks.mjs';
import { notInstalled } from '../lib/peers.mjs';
import { asFile } from '../lib/samples.mjs';
import { wrong } from '../lib/wrong.mjs';

/**
 * One way to run a framework.
 * @typedef {object} PythonPeer
 * @property {string} name
 * @property {string} variable that names the Python
 * @property {string} [python] where that isn't set
 * @property {string} script beside this file
 * @property {string} way what the script is told: see `Trainer` there
 * @property {string} install
 */

const pip = (requirements, variable) =>
  `python3 -m venv ENV && ENV/bin/pip install -r bench/peers/${requirements}; ${variable}=ENV/bin/python`;

const DEBIAN = {
  variable: 'DEGELO_BENCH_PYTHON',
  python: '/usr/bin/python3',
  script: 'pytorch.py',
  install: 'apt-get install python3-torch libopenblas0-pthread',
};
const PIP = {
  variable: 'DEGELO_BENCH_PYTORCH',
  script: 'pytorch.py',
  install: pip('requirements-pytorch.txt', 'DEGELO_BENCH_PYTORCH'),
};
const KERAS = {
  variable: 'DEGELO_BENCH_KERAS',
  script: 'keras_tensorflow.py',
  install: pip('requirements-keras.txt', 'DEGELO_BENCH_KERAS'),
};

/** @type {readonly PythonPeer[]} */
const ALL = [
  { name: 'PyTorch 1', ...DEBIAN, way: 'default' },
  { name: 'PyTorch 1 tuned', ...DEBIAN, way: 'tuned' },
  { name: 'PyTorch 2', ...PIP, way: 'default' },
  { name: 'PyTorch 2 tuned', ...PIP, way: 'tuned' },
  { name: 'PyTorch 2 compiled', ...PIP, way: 'compiled' },
  { name: 'Keras + TensorFlow', ...KERAS, way: 'default' },
  { name: 'Keras + TensorFlow, jit', ...KERAS, way: 'compiled' },
];

const only = process.env.DEGELO_BENCH_ONLY?.split(';');
const unknown = only?.find((name) => !ALL.some((peer) => peer.name === name));
if (unknown !== undefined) {
  const names = ALL.map(({ name }) => name).join('; ');
  wrong(`bench: DEGELO_BENCH_ONLY: expected some of ${names}, got ${unknown}`);
}
/** Those that DEGELO_BENCH_ONLY names, for a run of few against few; all of them where it isn't set. */
export const PYTHON_PEERS = ALL.filter(({ name }) => only?.includes(name) ?? true);

/** Names of those that others are divided by, in a phase. */
export const references = (phase = 'full') => PYTHON_PEERS.map(({ name }) => named(name, phase));

const named = (name, phase) => `${name}${phase === 'full' ? '' : `, ${phase}`}`;

/**
 * glibc gives large blocks back to the system and asks for them anew, some dozen a step. Where a new page is dear, as in
 * some virtual machines, that makes a step up to four times as long: whoever tunes a framework there lets it keep them.
 */
const KEEP_MEMORY = { MALLOC_MMAP_THRESHOLD_: '1000000000', MALLOC_TRIM_THRESHOLD_: '4000000000' };

/** What a machine may set to make a library choose other kernels than the processor's best: none of it for peers. */
const { OPENBLAS_CORETYPE: _, OPENBLAS_L2_SIZE: __, ...ENVIRONMENT } = process.env;

/** A child that answers one JSON line with another. */
class Python {
  /**
   * @param {PythonPeer} peer
   * @param {number} threads
   */
  constructor({ name, variable, python, script, way }, threads) {
    const path = process.env[variable] ?? python;
    if (!path || !existsSync(path)) throw new Error(`no Python at ${path ?? `$${variable}`}`);
    const env = {
      ...ENVIRONMENT,
      ...{ OMP_NUM_THREADS: `${threads}`, OPENBLAS_NUM_THREADS: `${threads}` },
      ...{ TF_CPP_MIN_LOG_LEVEL: '3', CUDA_VISIBLE_DEVICES: '' },
      ...(way !== 'default' && KEEP_MEMORY),
    };
    const args = [fileURLToPath(new URL(script, import.meta.url)), `${threads}`, way];
    this.name = name;
    this.child = spawn(path, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.errors = '';
    this.child.stderr.on('data', (text) => {
      this.errors = `${this.errors}${text}`.slice(-2000);
    });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    this.child.stdin.on('error', () => {}); // the next answer tells that it has ended
    this.failed = new Promise((_, reject) => this.child.once('error', reject));
    this.failed.catch(() => {});
  }

  async answer() {
    const { value, done } = await Promise.race([this.lines.next(), this.failed]);
    if (done) throw new Error(`${this.name} ended: ${this.errors.trim().split('\n').at(-1)}`);
    const answer = JSON.parse(value);
    if (answer.error) throw new Error(`${this.name}: ${answer.error}`);
    return answer;
  }

  async ask(request) {
    this.child.stdin.write(`${JSON.stringify(request)}\n`);
    return this.answer();
  }

  /** Its input ends, and so does it. */
  stop() {
    this.child.stdin.end();
  }
}

/** @type {Map<string, Promise<Python | null>>} */
const running = new Map();

/** Versions of what was asked, by the peer's name. @type {Record<string, string>} */
export const pythonVersions = {};

/**
 * The process with so many threads; null where the framework isn't installed.
 * @param {PythonPeer} peer
 * @param {number} threads
 */
function python(peer, threads) {
  const key = `${peer.name} ${threads}`;
  let started = running.get(key);
  if (!started) {
    started = start(peer, threads);
    running.set(key, started);
  }
  return started;
}

/**
 * A process of its own, for what is measured over a whole life (memory).
 * @param {PythonPeer} peer
 * @param {number} threads
 */
async function start(peer, threads) {
  try {
    const started = new Python(peer, threads);
    pythonVersions[peer.name] = (await started.answer()).version;
    return started;
  } catch (error) {
    return notInstalled(peer.name, error, peer.install);
  }
}

/** Ends them all. */
export async function stopPython() {
  for (const started of running.values()) (await started)?.stop();
  running.clear();
}

/** @param {readonly {data: Float32Array}[]} weights */
const weightsFile = (weights) => asFile(Float32Array.from(weights.flatMap(({ data }) => [...data])));

/** @param {import('../lib/samples.mjs').Samples} samples */
const sampleFiles = ({ pixels, labels }) => ({ images: asFile(pixels), labels: asFile(labels) });

let ids = 0;

/**
 * @param {PythonPeer} peer
 * @param {object} options see degeloSteps
 * @returns {Promise<import('../lib/interleave.mjs').Contestant | null>}
 */
export async function pythonSteps(peer, { network, phase, threads, batch, samples, weights }) {
  const child = await python(peer, threads);
  if (!child) return null;
  const id = ids++;
  const files = sampleFiles(samples);
  await child.ask({ do: 'make', id, network, phase, batch, ...files, weights: weightsFile(weights) });
  return {
    name: named(peer.name, phase),
    threads,
    turn: async () => (await child.ask({ do: 'steps', id, count: Math.ceil(samples.count / batch) })).ms,
    close: async () => void (await child.ask({ do: 'drop', id })),
  };
}

/**
 * @param {PythonPeer} peer
 * @param {object} options see degeloPredictor in ../predict.mjs
 * @returns {Promise<import('../predict.mjs').Predictor | null>}
 */
export async function pythonPredictor(peer, { network, weights, samples, threads, batch }) {
  const child = await python(peer, threads);
  if (!child) return null;
  const id = ids++;
  const output = asFile(new Float32Array(samples.count * CLASSES));
  await child.ask({ do: 'load', id, network, weights: weightsFile(weights), ...sampleFiles(samples) });
  return {
    name: peer.name,
    threads,
    outputs: () => new Float32Array(Uint8Array.from(readFileSync(output)).buffer),
    turn: async () => (await child.ask({ do: 'predict', id, batch, output })).ms,
    close: async () => {},
  };
}

/**
 * A network of ../lib/graphs.mjs; of PyTorch's alone.
 * @param {PythonPeer} peer
 * @param {import('./graphs.mjs').Work} work
 * @returns {Promise<import('../lib/interleave.mjs').Contestant | null>}
 */
export async function pythonGraph(peer, { graph, batch, threads, trained }) {
  const child = await python(peer, threads);
  if (!child) return null;
  const id = ids++;
  await child.ask({ do: 'graph', id, graph, batch, trained });
  return {
    name: peer.name,
    threads,
    turn: async () => (await child.ask({ do: 'graphTurn', id })).ms,
    close: async () => void (await child.ask({ do: 'dropGraph', id })),
  };
}

/**
 * The whole experiment in a process of its own, whose start-up and imports are in the time, as ours are.
 * @param {PythonPeer} peer
 * @param {object} request network, batch, halves, epochs
 * @param {number} threads
 * @returns {Promise<{ms: number, answer: any} | null>}
 */
export async function pythonJob(peer, request, threads) {
  const begin = performance.now();
  const child = await start(peer, threads);
  if (!child) return null;
  const answer = await child.ask({ do: 'job', ...request });
  const ms = performance.now() - begin;
  child.stop();
  return { ms, answer };
}
