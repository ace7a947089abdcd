#!/usr/bin/env node
/**
 * Speed of each SIMD kernel in the experiment's shapes: milliseconds for a batch of 128, GFLOP/s, and the share of what
 * registers alone give, measured in the same run (the machine's speed swings by half from minute to minute).
 *
 *   npm run build && node bench/kernels.mjs [simd|fma] [filter]
 *   DEGELO_DIST=/elsewhere node bench/kernels.mjs
 *
 * GFLOP/s count two operations for each multiply-add of the dense formula, so that a kernel which skips zeros may
 * exceed the peak. Data are random with the experiment's shares of zeros (see below). Convolutions run in shards of
 * 8 samples. Times are the tenth percentile of a second's calls: whatever else the machine does only adds to them.
 */
import { load } from './lib/library.mjs';
import { expectWord } from './lib/wrong.mjs';

const [mode = 'simd', filter = ''] = process.argv.slice(2);
expectWord('kernels', mode, ['simd', 'fma']);
await load('everything.js'); // which needs all kernels
const { createSimdKernels, simdSupported } = await load('kernels/simd/index.js');
const { assemble } = await load('kernels/simd/assembler.js');
const { f32x4, i32 } = await load('kernels/simd/instructions.js');
const { conv2dGeometry, depthwiseGeometry, poolGeometry } = await load('kernels/geometry.js');
const { smoothBackward, smoothForward } = await load('kernels/smooth.js');

if (!simdSupported(mode)) {
  console.error(`${mode} is not supported by this engine (Node 20: --experimental-wasm-relaxed-simd)`);
  process.exit(1);
}

const N = 128;
const SHARD = 8;
const memory = new WebAssembly.Memory({ initial: 4096, maximum: 4096, shared: true });
const kernels = createSimdKernels(memory, mode);

// ---- data ----------------------------------------------------------------------------------------------------------
let end = 64;
const floats = (length, fill = () => 0) => {
  const array = new Float32Array(memory.buffer, end, length).map(fill);
  new Float32Array(memory.buffer, end, length).set(array);
  const view = new Float32Array(memory.buffer, end, length);
  end += Math.ceil((length * 4 + 192) / 64) * 64;
  return view;
};
const bytes = (length) => {
  const view = new Uint8Array(memory.buffer, end, length);
  end += Math.ceil((length + 192) / 64) * 64;
  return view;
};
let state = 12345;
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) | 0;
  return (state >>> 8) / 2 ** 24;
};
const signed = () => random() - 0.5;
/** Numbers of which only the share `kept` isn't zero. */
const sparse = (kept) => () => (random() < kept ? signed() : 0);

/**
 * Milliseconds of a batch (tenth percentile), after a warm-up long enough for the optimising compiler. A run that works
 * in shards is timed shard by shard, in turn, so that short calls slip through between other programs.
 */
function time(run, budget = 800) {
  const parts = run.parts ?? 1;
  const times = [];
  let turn = 0;
  const start = performance.now();
  for (let now = start; now < start + budget || times.length < 20; ) {
    run(turn++ % parts);
    const after = performance.now();
    if (after > start + budget / 5) times.push(after - now);
    now = after;
  }
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length / 10)] * parts;
}

// ---- what registers alone give ---------------------------------------------------------------------------------------
/** Twelve independent sums that go through a multiply-add `turns` times, nothing read or written meanwhile. */
function registerPeak() {
  const turns = 1_000_000;
  const lanes = 12;
  const module = assemble({ shared: true }, (m) =>
    m.func('kernel', { turns: 'i32', factor: 'f32' }, (f, { turns: left, factor }) => {
      const sums = f.locals('v128', lanes);
      const a = f.local('v128', f32x4.splat(factor));
      f.doWhile(() => {
        for (const sum of sums) {
          sum.set(mode === 'fma' ? f32x4.relaxedMadd(sum, a, a) : f32x4.add(f32x4.mul(sum, a), a));
        }
        left.advance(-1);
        return i32.ne(left, 0);
      });
      for (const sum of sums) f.store(0, 0, sum);
    }),
  );
  const { kernel } = new WebAssembly.Instance(new WebAssembly.Module(module), { env: { memory } }).exports;
  return (turns * lanes * 8) / (time(() => kernel(turns, 0.5), 300) * 1e6);
}

// ---- cases ---------------------------------------------------------------------------------------------------------
const conv = { kernelSize: [3, 3], strides: [1, 1], padding: 'valid' };
const g1 = conv2dGeometry([28, 28, 1], { filters: 32, ...conv });
const g2 = conv2dGeometry([26, 26, 32], { filters: 32, ...conv });
const pool = poolGeometry([24, 24, 32], [2, 2], [2, 2]);
const E = 12 * 12 * 32;

// A fifth of an image's pixels carry ink; half of conv1's outputs are cut off by ReLU; of the pooled features 19–36 %
// are left by ReLU and dropout, and the same share of their gradients.
const image = floats(N * 28 * 28, sparse(0.2));
const w1 = floats(g1.K * 32, signed);
const b1 = floats(32, signed);
const y1 = floats(N * g1.P * 32);
const dy1 = floats(N * g1.P * 32, sparse(0.5));
const dw1 = floats(g1.K * 32);
const w2 = floats(g2.K * 32, signed);
const b2 = floats(32, signed);
const y2 = floats(N * E);
const choice = bytes(N * E);
const dy2 = floats(N * E, sparse(0.3));
const dw2 = floats(g2.K * 32);
const db2 = floats(32);
const dx2 = floats(N * g1.P * 32);
const scratch = floats(
  Math.max(
    kernels.conv2dScratch(g1, null),
    kernels.conv2dScratch(g2, pool),
    kernels.winogradScratch(g2, pool),
    kernels.winograd4Scratch(g2, pool),
    kernels.denseScratch(N, E, 128),
  ),
);
const u4 = floats(kernels.winogradFilterSize(g2, 4));
kernels.winogradFilters(g2, 4, w2, u4);
const u2 = floats(kernels.winogradFilterSize(g2, 2));
kernels.winogradFilters(g2, 2, w2, u2);
const features = floats(N * E, () => Math.abs(sparse(0.28)()));
const w3 = floats(E * 128, signed);
const b3 = floats(128, signed);
const y3 = floats(N * 128);
const dy3 = floats(N * 128, sparse(0.25));
const dw3 = floats(E * 128, signed);
const dx3 = floats(N * E);
const mask = bytes(N * E);
const G = floats(E * 128, () => random());
const D = floats(E * 128, () => random());
const w4 = floats(128 * 5, signed);
const y4 = floats(N * 5, signed);
const matA = floats(512 * 512, signed);
const matB = floats(512 * 512, signed);
const matC = floats(512 * 512);
const matD = floats(512 * 512);

/** `run(first sample)` for one shard after the other. */
const shards = (run) => Object.assign((shard) => run(shard * SHARD), { parts: N / SHARD });
const part = (array, n, size) => array.subarray(n * size, (n + SHARD) * size);

const dense = 2 * N * E * 128;
const conv1Flops = 2 * N * g1.P * g1.K * 32;
const conv2Flops = 2 * N * g2.P * g2.K * 32;
/** [name, operations, run, phases that it belongs to: full or frozen step] */
const cases = [
  ['matmul 256×256×256', 2 * 256 ** 3, () => kernels.matmul(256, 256, 256, matA, matB, matC), ''],
  ['matmul 576×288×32', 2 * 576 * 288 * 32, () => kernels.matmul(576, 288, 32, matA, matB, matC), ''],
  ['matmulTransposeA 256', 2 * 256 ** 3, () => kernels.matmulTransposeA(256, 256, 256, matA, matB, matC), ''],
  [
    'matmulTransposeB 256',
    2 * 256 ** 3,
    () => kernels.matmulTransposeB(256, 256, 256, matA, matB, matC, matD),
    '',
  ],
  [
    'conv1 forward',
    conv1Flops,
    shards((n) =>
      kernels.conv2dForward(g1, SHARD, part(image, n, 784), w1, b1, true, part(y1, n, g1.P * 32), scratch),
    ),
    'full',
  ],
  [
    'conv2 + pool direct',
    conv2Flops,
    shards((n) =>
      kernels.conv2dPoolForward(
        g2,
        pool,
        SHARD,
        part(y1, n, g1.P * 32),
        w2,
        b2,
        true,
        part(y2, n, E),
        part(choice, n, E),
        scratch,
      ),
    ),
    '',
  ],
  [
    'conv2 + pool Winograd',
    conv2Flops,
    shards((n) =>
      kernels.winogradPoolForward(
        g2,
        pool,
        SHARD,
        part(y1, n, g1.P * 32),
        u2,
        b2,
        true,
        part(y2, n, E),
        part(choice, n, E),
        scratch,
      ),
    ),
    'full',
  ],
  [
    'conv2 + pool Winograd 4×4',
    conv2Flops,
    shards((n) =>
      kernels.winograd4Forward(
        g2,
        pool,
        SHARD,
        part(y1, n, g1.P * 32),
        u4,
        b2,
        true,
        part(y2, n, E),
        scratch,
      ),
    ),
    '',
  ],
  [
    'conv2 + pool backward, dw',
    conv2Flops,
    shards((n) =>
      kernels.conv2dPoolBackward(
        g2,
        pool,
        SHARD,
        part(y1, n, g1.P * 32),
        w2,
        false,
        part(y2, n, E),
        part(choice, n, E),
        part(dy2, n, E),
        'sparse',
        dw2,
        db2,
        null,
        scratch,
      ),
    ),
    '',
  ],
  [
    'conv2 + pool backward, dx',
    conv2Flops,
    shards((n) =>
      kernels.conv2dPoolBackward(
        g2,
        pool,
        SHARD,
        part(y1, n, g1.P * 32),
        w2,
        false,
        part(y2, n, E),
        part(choice, n, E),
        part(dy2, n, E),
        'sparse',
        null,
        null,
        part(dx2, n, g1.P * 32),
        scratch,
      ),
    ),
    '',
  ],
  [
    'conv2 + pool backward',
    2 * conv2Flops,
    shards((n) =>
      kernels.conv2dPoolBackward(
        g2,
        pool,
        SHARD,
        part(y1, n, g1.P * 32),
        w2,
        false,
        part(y2, n, E),
        part(choice, n, E),
        part(dy2, n, E),
        'sparse',
        dw2,
        db2,
        part(dx2, n, g1.P * 32),
        scratch,
      ),
    ),
    'full',
  ],
  [
    'conv1 relu backward',
    0,
    shards((n) =>
      kernels.reluBackward(
        SHARD * g1.P * 32,
        part(y1, n, g1.P * 32),
        part(dx2, n, g1.P * 32),
        part(dy1, n, g1.P * 32),
      ),
    ),
    'full',
  ],
  [
    'conv1 backward, dw',
    conv1Flops,
    shards((n) =>
      kernels.conv2dBackward(
        g1,
        SHARD,
        part(image, n, 784),
        w1,
        part(dy1, n, g1.P * 32),
        'dense',
        dw1,
        db2,
        null,
        scratch,
      ),
    ),
    'full',
  ],
  [
    'dropout forward',
    0,
    () => kernels.dropoutForward(N, E, y2, 1, 2, 0, 2 ** 30, 4 / 3, dx3, mask),
    'full frozen',
  ],
  [
    'dropout backward',
    0,
    () => kernels.dropoutBackward(N * E, mask, dx3, 4 / 3, dy2.subarray(0)),
    'full',
    () =>
      dy2.forEach((_, i) => {
        dy2[i] = sparse(0.3)();
      }),
  ],
  [
    'dense forward',
    dense,
    () => kernels.denseForward(N, E, 128, features, w3, b3, true, y3, scratch),
    'full frozen',
  ],
  [
    'dense backward, dx',
    dense,
    () => kernels.denseBackwardInput(N, E, 128, dy3, w3, features, dx3, scratch),
    'full',
  ],
  [
    'dense backward, dw',
    dense,
    () => kernels.denseBackwardWeights(N, E, 128, features, dy3, 0, E, dw3, scratch),
    'full frozen',
  ],
  [
    'dense 128→5 forward',
    2 * N * 128 * 5,
    () => kernels.denseForward(N, 128, 5, dy3, w4, b3, false, y4, scratch),
    'full frozen',
  ],
  [
    'dense 128→5 backward, dx',
    2 * N * 128 * 5,
    () => kernels.denseBackwardInput(N, 128, 5, y4, w4, null, y3, scratch),
    'full frozen',
  ],
  [
    'dense 128→5 backward, dw',
    2 * N * 128 * 5,
    () => kernels.denseBackwardWeights(N, 128, 5, dy3, y4, 0, 128, dw1, scratch),
    'full frozen',
  ],
  ['dense bias backward', 0, () => kernels.denseBackwardBias(N, 128, dy3, b3), 'full frozen'],
  ['adadelta', 0, () => kernels.adadelta(0, E * 128, w3, dw3, G, D, 1, 0.95, 1e-7), 'full frozen'],
  ['sum of 16 shards', 0, () => kernels.sumShards(16, 9568, matA.subarray(0), 0, 9568, matC), 'full'],
];

// ---- depthwise convolution: limited by memory, so against a copy ---------------------------------------------------
/** Height and width, channels, kernel, strides: those of MobileNetV2, and one of 5×5. */
const DEPTHWISE = [
  [112, 32, 3, 1],
  [112, 96, 3, 2],
  [56, 144, 3, 1],
  [28, 192, 3, 1],
  [14, 384, 3, 1],
  [7, 960, 3, 1],
  [28, 240, 5, 1],
];
/** Images of a call. */
const IMAGES = 8;

/** Its bytes a second, x read and y written, and their share of what a copy of x moves. */
function depthwise([size, channels, kernel, strides]) {
  const g = depthwiseGeometry([size, size, channels], {
    ...{ kernelSize: [kernel, kernel], strides: [strides, strides], padding: 'same', depthMultiplier: 1 },
  });
  const begin = end;
  const x = floats(IMAGES * size * size * channels, signed);
  const y = floats(x.length);
  const w = floats(kernel * kernel * channels, signed);
  const b = floats(channels, signed);
  const scratch = floats(kernels.depthwiseScratch(g));
  const ms = time(() => kernels.depthwiseForward(g, IMAGES, x, w, b, true, y, scratch), 400);
  const copyMs = time(() => y.set(x), 400);
  end = begin;
  const rate = (4 * (x.length + IMAGES * g.OH * g.OW * channels)) / (ms * 1e6);
  return { ms, rate, share: rate / ((8 * x.length) / (copyMs * 1e6)) };
}

// ---- activations made of exponentials, against plain code ----------------------------------------------------------
const ACTIVATIONS = ['swish', 'gelu', 'geluApproximate', 'elu', 'selu', 'softplus', 'mish', 'exponential'];

/** Nanoseconds an element, forward and backward, by these kernels and by plain ones. */
function activation(name) {
  const begin = end;
  const [x, dy] = [floats(2 ** 18, () => 8 * signed()), floats(2 ** 18, signed)];
  const y = floats(x.length);
  const ns = (run) => (time(run, 300) * 1e6) / x.length;
  const forward = [kernels.smoothForward, smoothForward].map((f) => ns(() => f(name, x.length, x, y)));
  const backward = [kernels.smoothBackward, smoothBackward].map((f) => ns(() => f(name, x.length, x, dy, y)));
  end = begin;
  return { forward, backward };
}

// ---- report --------------------------------------------------------------------------------------------------------
const peak = registerPeak();
console.log(`${mode}, Node ${process.version}, registers alone: ${peak.toFixed(1)} GFLOP/s`);
const totals = { full: 0, frozen: 0 };
for (const [name, flops, run, phases, after] of cases) {
  if (!name.includes(filter)) continue;
  const ms = time(run);
  after?.();
  for (const phase of Object.keys(totals)) if (phases.split(' ').includes(phase)) totals[phase] += ms;
  const speed = flops / (ms * 1e6);
  const rate = flops
    ? `${speed.toFixed(1).padStart(6)} GFLOP/s ${((100 * speed) / peak).toFixed(0).padStart(4)} %`
    : '';
  console.log(`${name.padEnd(28)} ${ms.toFixed(3).padStart(8)} ms ${rate}`);
}
for (const shape of DEPTHWISE) {
  const [size, channels, kernel, strides] = shape;
  const name = `depthwise ${kernel}×${kernel}, ${size}×${size}×${channels}${strides > 1 ? `, strides ${strides}` : ''}`;
  if (!name.includes(filter)) continue;
  const { ms, rate, share } = depthwise(shape);
  const percent = (100 * share).toFixed(0);
  console.log(`${name.padEnd(36)} ${ms.toFixed(3)} ms ${rate.toFixed(1)} GB/s, ${percent} % of a copy`);
}
for (const name of ACTIVATIONS.filter((each) => each.includes(filter))) {
  const [forward, backward] = Object.values(activation(name)).map(
    ([here, plain]) => `${here.toFixed(1)} ns (plain ${plain.toFixed(1)})`,
  );
  console.log(`${name.padEnd(18)} forward ${forward}, backward ${backward} an element`);
}
if (!filter)
  console.log(
    `full step ${totals.full.toFixed(1)} ms, frozen step ${totals.frozen.toFixed(1)} ms (sums of the above)`,
  );
