/**
 * How much memory MobileNetV2 takes at its full size, 224×224: predicting 1 image and 8 at a time, and training a head on its features.
 *
 *   npm run build && node bench/mobilenet-memory.mjs           prints the largest resident memory of each, a process each
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as degelo from '../dist/index.js';
import { MOBILENET } from './lib/graphs.mjs';
import { expectWord } from './lib/wrong.mjs';

const LIMIT_MB = 500;
const {
  add,
  batchNormalization,
  conv2d,
  dense,
  depthwiseConv2d,
  globalAveragePooling2d,
  input,
  model,
  reLU,
  Tensor,
  zeroPadding2d,
} = degelo;

/** MobileNetV2 as Keras builds it, up to its features [7, 7, 1280]. */
function mobileNetV2() {
  const norm = (x) => batchNormalization({ epsilon: 1e-3, momentum: 0.999 }).apply(x);
  const relu6 = (x) => reLU({ maxValue: 6 }).apply(norm(x));
  const pointwise = (x, filters) => conv2d({ filters, kernelSize: 1, useBias: false }).apply(x);
  const image = input({ shape: [224, 224, 3] });
  let x = relu6(
    conv2d({ filters: 32, kernelSize: 3, strides: 2, padding: 'same', useBias: false }).apply(image),
  );
  for (const [expansion, channels, count, stride] of MOBILENET) {
    for (let i = 0; i < count; i++) {
      const strides = i === 0 ? stride : 1;
      const before = x;
      const wide = expansion === 1 ? x : relu6(pointwise(x, x.shape[2] * expansion));
      const padded = strides === 2 ? zeroPadding2d({ padding: [[0, 1], [0, 1]] }).apply(wide) : wide; // biome-ignore format: two axes
      const padding = strides === 2 ? 'valid' : 'same';
      const deep = relu6(depthwiseConv2d({ kernelSize: 3, strides, padding, useBias: false }).apply(padded));
      x = norm(pointwise(deep, channels));
      if (strides === 1 && before.shape[2] === channels) x = add().apply([before, x]);
    }
  }
  return model({ inputs: image, outputs: relu6(pointwise(x, 1280)) });
}

const pixels = (n) =>
  new Tensor(
    Float32Array.from({ length: n * 224 * 224 * 3 }, (_, i) => ((i * 7919) % 1009) / 504.5 - 1),
    [n, 224, 224, 3],
  );

function classifier(units) {
  const base = mobileNetV2();
  const y = dense({ units, activation: 'softmax' }).apply(globalAveragePooling2d().apply(base.output));
  return { base, all: model({ inputs: base.input, outputs: y }) };
}

const WORK = {
  async 'predict 1'() {
    const { all } = classifier(1000);
    console.log(all.countParams().total); // Keras: 3,538,984
    await all.predict(pixels(1), { batchSize: 1 });
  },
  async 'predict 8'() {
    await classifier(1000).all.predict(pixels(8), { batchSize: 8 });
  },
  async 'train the head, batches of 8'() {
    const { base, all } = classifier(5);
    base.trainable = false;
    all.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
    await all.fit(
      pixels(16),
      Array.from({ length: 16 }, (_, i) => i % 5),
      { epochs: 2, batchSize: 8 },
    );
  },
};

const [name] = process.argv.slice(2);
if (name) {
  expectWord('mobilenet-memory', name, Object.keys(WORK));
  await WORK[name]();
  console.log(process.resourceUsage().maxRSS / 1024); // kilobytes
} else {
  for (const work of Object.keys(WORK)) {
    const out = execFileSync(process.execPath, [fileURLToPath(import.meta.url), work]).toString();
    const mb = Number(out.trim().split('\n').at(-1));
    console.log(`${work}: ${mb.toFixed(0)} MB`);
    if (!(mb < LIMIT_MB)) process.exitCode = 1;
  }
}
