/**
 * What one thread of this machine gives at most: operations a second from registers alone, bytes a second through a
 * core's own caches, and from beyond them (the shared cache or memory, whichever holds a step's 32 MB). Measured now, because clouds' machines differ from one minute to the next.
 */
import { load } from './library.mjs';
import { median } from './statistics.mjs';

const LANES = 4;
/** Independent sums: enough to hide an addition's latency, few enough for V8's registers. */
const SUMS = 12;
const TURNS = 1_000_000;
const REPEATS = 7;

/** Bytes of both arrays of a copy: well within a core's own caches; and as many as a step's arrays have together. */
const IN_CACHE = 2 ** 19;
const STEP = 2 ** 25;

/**
 * @typedef {object} Roofline
 * @property {number} gflops multiply-then-add, each counted as one operation
 * @property {number} cacheGBs bytes read and written
 * @property {number} memoryGBs the same beyond the core's own caches
 */

/** @returns {Promise<Roofline>} */
export async function measureRoofline() {
  return { gflops: await registerPeak(), cacheGBs: copySpeed(IN_CACHE), memoryGBs: copySpeed(STEP) };
}

/** Sums that go through s ← s·a + a, nothing read or written meanwhile. */
async function registerPeak() {
  const { assemble } = await load('kernels/simd/assembler.js');
  const { f32x4, i32 } = await load('kernels/simd/instructions.js');
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const bytes = assemble({ shared: true }, (module) =>
    module.func('kernel', { turns: 'i32', factor: 'f32' }, (f, { turns, factor }) => {
      const sums = f.locals('v128', SUMS);
      const a = f.local('v128', f32x4.splat(factor));
      f.doWhile(() => {
        for (const sum of sums) sum.set(f32x4.add(f32x4.mul(sum, a), a));
        turns.advance(-1);
        return i32.ne(turns, 0);
      });
      for (const sum of sums) f.store(0, 0, sum);
    }),
  );
  const { kernel } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports;
  const ms = time(() => kernel(TURNS, 0.5));
  return (TURNS * SUMS * LANES * 2) / (ms * 1e6);
}

/** @param {number} bytes of source and destination together */
function copySpeed(bytes) {
  const source = new Float32Array(bytes / 8).fill(1);
  const destination = new Float32Array(bytes / 8).fill(2);
  const copies = Math.max(1, Math.round(2 ** 27 / bytes));
  const ms = time(() => {
    for (let i = 0; i < copies; i++) destination.set(source);
  });
  return (bytes * copies) / (ms * 1e6);
}

function time(run) {
  run();
  const times = Array.from({ length: REPEATS }, () => {
    const begin = performance.now();
    run();
    return performance.now() - begin;
  });
  return median(times);
}
