/**
 * What happens to frozen features with batch normalisation: docs/batch-normalization.md.
 *
 *   npm run build && node bench/frozen-batch-normalization.mjs [seeds] [epochs] [inverted]
 *
 * inverted: 0–4 are dark on white, whose statistics are others.
 *
 * A small network learns 5–9. Then a new head learns 0–4 on its features, in three ways: features frozen, as Keras and degelo freeze them;
 * kernels frozen, while batch normalisation goes on normalising by the batch and moving its averages, as TensorFlow.js 4.22 does; nothing
 * frozen. After that the old head gets its features back: what is its accuracy on 5–9 now? No timing; the figures are the same everywhere.
 *
 * Batch normalisation here has neither γ nor β, so that a layer that isn't frozen has nothing but its averages to change.
 */
import {
  batchNormalization,
  conv2d,
  dense,
  flatten,
  maxPooling2d,
  reLU,
  rmsprop,
  sequential,
} from '../dist/index.js';
import { loadMnist } from '../dist/mnist.js';
import { expectCount, expectWord } from './lib/wrong.mjs';

const NAME = 'frozen-batch-normalization';
const [givenSeeds = 3, givenEpochs = 3, ...words] = process.argv.slice(2);
const seeds = expectCount(NAME, 'seeds', givenSeeds);
const epochs = expectCount(NAME, 'epochs', givenEpochs);
for (const word of words) expectWord(NAME, word, ['inverted']);
const isInverted = words.length > 0;
const OLD = [5, 6, 7, 8, 9];
const NEW = [0, 1, 2, 3, 4];
const BATCH = 32;
const loss = 'sparseCategoricalCrossentropy';

const normalization = () => batchNormalization({ center: false, scale: false, momentum: 0.9 });
const makeFeatures = (seed) =>
  sequential({
    name: 'features',
    seed,
    layers: [
      conv2d({ filters: 8, kernelSize: 3, useBias: false, inputShape: [28, 28, 1] }),
      normalization(),
      reLU(),
      maxPooling2d({ poolSize: 2 }),
      conv2d({ filters: 16, kernelSize: 3, useBias: false }),
      normalization(),
      reLU(),
      maxPooling2d({ poolSize: 2 }),
      flatten(),
    ],
  });
const onTop = (features, head, seed) => sequential({ seed, layers: [features, head] });
const newHead = () => dense({ units: 5, activation: 'softmax' });
const compile = (model) => model.compile({ optimizer: rmsprop(), loss, metrics: ['accuracy'] });
const accuracy = async (model, { x, labels }) => (await model.evaluate(x, labels)).accuracy;

/** What is frozen while the new head learns. */
const WAYS = {
  'features frozen (Keras, degelo)': (features) => {
    features.trainable = false;
  },
  'kernels frozen, averages move': (features) => {
    for (const layer of features.layers) layer.trainable = layer.className === 'BatchNormalization';
  },
  'nothing frozen': () => {},
};

const data = { old: await loadMnist({ classes: OLD }), new: await loadMnist({ classes: NEW }) };

if (isInverted) for (const { x } of [data.new.train, data.new.test]) x.data.set(x.data.map((v) => 1 - v));

console.log('seed  way                                0–4 before   after   5–9 before   after');
for (let seed = 0; seed < seeds; seed++) {
  for (const [way, freeze] of Object.entries(WAYS)) {
    const features = makeFeatures(seed);
    const old = onTop(features, newHead(), seed);
    compile(old);
    await old.fit(data.old.train.x, data.old.train.labels, { epochs, batchSize: BATCH });
    const before = await accuracy(old, data.old.test);
    freeze(features);
    const model = onTop(features, newHead(), seed + 100);
    compile(model);
    const start = await accuracy(model, data.new.test);
    await model.fit(data.new.train.x, data.new.train.labels, { epochs, batchSize: BATCH });
    // The old head's own layers are trained no more; this only takes in what is frozen now.
    compile(old);
    const figures = [start, await accuracy(model, data.new.test), before, await accuracy(old, data.old.test)];
    console.log(`${seed}     ${way.padEnd(34)} ${figures.map((v) => v.toFixed(4).padStart(10)).join('')}`);
    await old.dispose();
    await model.dispose();
  }
}
