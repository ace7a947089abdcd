/**
 * PyTorch in a process of its own for each number of threads, which lives as long as the benchmark and is asked turn by
 * turn (pytorch.py). Debian: apt-get install python3-torch libopenblas0-pthread. DEGELO_BENCH_PYTHON names another
 * Python than /usr/bin/python3.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { notInstalled } from '../lib/peers.mjs';
import { asFile } from '../lib/samples.mjs';

const PYTHON = process.env.DEGELO_BENCH_PYTHON ?? '/usr/bin/python3';
const SCRIPT = fileURLToPath(new URL('./pytorch.py', import.meta.url));
const INSTALL = 'apt-get install python3-torch libopenblas0-pthread';

/**
 * glibc gives large blocks back to the system and asks for them anew, some dozen a step. Where a new page is dear, as in
 * some virtual machines, that makes a step up to four times as long: whoever tunes PyTorch there lets it keep them.
 */
const KEEP_MEMORY = { MALLOC_MMAP_THRESHOLD_: '1000000000', MALLOC_TRIM_THRESHOLD_: '4000000000' };

/** A child that answers one JSON line with another. */
class PyTorch {
  /**
   * @param {number} threads
   * @param {boolean} tuned
   */
  constructor(threads, tuned) {
    const environment = {
      ...process.env,
      OMP_NUM_THREADS: `${threads}`,
      OPENBLAS_NUM_THREADS: `${threads}`,
      ...(tuned && KEEP_MEMORY),
    };
    this.child = spawn(PYTHON, [SCRIPT, `${threads}`], { env: environment, stdio: ['pipe', 'pipe', 'pipe'] });
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
    if (done) throw new Error(`PyTorch ended: ${this.errors.trim().split('\n').at(-1)}`);
    const answer = JSON.parse(value);
    if (answer.error) throw new Error(`PyTorch: ${answer.error}`);
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

/** @type {Map<string, Promise<PyTorch | null>>} */
const running = new Map();

export let pytorchVersion = null;

/**
 * The process with so many threads; null where there is no PyTorch.
 * @param {number} threads
 * @param {boolean} tuned
 */
export function pytorch(threads, tuned) {
  const key = `${threads} ${tuned}`;
  let started = running.get(key);
  if (!started) {
    started = start(threads, tuned);
    running.set(key, started);
  }
  return started;
}

/**
 * A process of its own, for what is measured over a whole life (memory).
 * @param {number} threads
 * @param {boolean} tuned
 */
export async function start(threads, tuned) {
  const started = new PyTorch(threads, tuned);
  try {
    pytorchVersion = (await started.answer()).version;
    return started;
  } catch (error) {
    return notInstalled('PyTorch', error, INSTALL);
  }
}

/** Ends them all. */
export async function stopPytorch() {
  for (const started of running.values()) (await started)?.stop();
  running.clear();
}

/** @param {readonly {data: Float32Array}[]} weights */
export const weightsFile = (weights) => asFile(Float32Array.from(weights.flatMap(({ data }) => [...data])));

/** @param {import('../lib/samples.mjs').Samples} samples */
export const sampleFiles = ({ pixels, labels }) => ({ images: asFile(pixels), labels: asFile(labels) });

let ids = 0;

/**
 * @param {object} options see degeloSteps
 * @param {boolean} [options.tuned] channels_last, foreach=True, and memory kept
 * @returns {Promise<import('../lib/interleave.mjs').Contestant | null>}
 */
export async function pytorchSteps({ network, phase, threads, batch, samples, weights, tuned = false }) {
  const python = await pytorch(threads, tuned);
  if (!python) return null;
  const id = ids++;
  const files = sampleFiles(samples);
  await python.ask({ do: 'make', id, network, phase, batch, tuned, ...files, weights: weightsFile(weights) });
  return {
    name: `PyTorch${tuned ? ' tuned' : ''}${phase === 'full' ? '' : `, ${phase}`}`,
    threads,
    turn: async () => (await python.ask({ do: 'steps', id, count: Math.ceil(samples.count / batch) })).ms,
    close: async () => void (await python.ask({ do: 'drop', id })),
  };
}
