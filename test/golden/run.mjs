/**
 * The golden run: the experiment in small, whose figures and weights are known to the last bit (golden.json).
 *
 * The network is the experiment's own, at full size; the images are few. First all of it learns the digits 5–9, then,
 * with the feature layers frozen, the digits 0–4. A batch has 128 samples, the last one 4: a shard that isn't full,
 * and fewer shards than there are workers.
 *
 * JavaScript, not TypeScript: every engine runs this file as it is, on the built library.
 */
import {
  activation,
  adadelta,
  conv2d,
  dense,
  dropout,
  flatten,
  maxPooling2d,
  sequential,
  Tensor,
  weightsSha256,
} from '../../dist/index.js';

const CLASSES = 5;
const SIZE = 28 * 28;
const BATCH = 128;
/** Training samples of each half: one whole batch, and one of 4. */
const TRAIN = 132;
/** Samples that each epoch is tested on. */
const TEST = 20;

/** Images of each digit that the run needs. */
export const IMAGES_PER_DIGIT = Math.ceil((TRAIN + TEST) / CLASSES);

/**
 * @param {readonly Uint8Array[]} digits for each digit its images, [n, 28, 28] as bytes, n ≥ IMAGES_PER_DIGIT
 * @param {import('./run.d.mts').GoldenOptions} options
 * @returns {Promise<import('./run.d.mts').Golden>}
 */
export async function goldenRun(digits, { kernel, threads, worker, featureCache = true }) {
  const features = [
    conv2d({ filters: 32, kernelSize: 3, inputShape: [28, 28, 1] }),
    activation('relu'),
    conv2d({ filters: 32, kernelSize: 3 }),
    activation('relu'),
    maxPooling2d(),
    dropout({ rate: 0.25 }),
    flatten(),
  ];
  const classifier = [
    dense({ units: 128 }),
    activation('relu'),
    dropout({ rate: 0.5 }),
    dense({ units: CLASSES }),
    activation('softmax'),
  ];
  const model = sequential({ layers: [...features, ...classifier], seed: 0 });

  /** @param {readonly Uint8Array[]} half @param {number} epochs */
  const train = async (half, epochs) => {
    model.compile({
      optimizer: adadelta({ learningRate: 1 }),
      loss: 'categoricalCrossentropy',
      metrics: ['accuracy'],
      kernel,
      ...(threads !== undefined && { threads }),
      ...(worker && { worker }),
    });
    const learnt = samples(half, 0, TRAIN);
    const held = samples(half, TRAIN, TEST);
    const { history } = await model.fit(learnt.x, learnt.y, {
      batchSize: BATCH,
      epochs,
      validationData: [held.x, held.y],
      ...(!featureCache && { featureCacheMB: 0 }),
    });
    return { ...history, weights_sha256: await weightsSha256(model) };
  };

  try {
    const source = await train(digits.slice(5), 1);
    for (const layer of features) layer.trainable = false;
    const target = await train(digits.slice(0, 5), 2);
    return { source, target };
  } finally {
    await model.dispose();
  }
}

/**
 * `count` samples from the given one on: the classes take turns.
 * @param {readonly Uint8Array[]} half @param {number} from @param {number} count
 */
function samples(half, from, count) {
  const x = new Float32Array(count * SIZE);
  const y = new Float32Array(count * CLASSES);
  for (let n = 0; n < count; n++) {
    const digit = (from + n) % CLASSES;
    const image = Math.floor((from + n) / CLASSES) * SIZE;
    for (let i = 0; i < SIZE; i++) x[n * SIZE + i] = half[digit][image + i] / 255;
    y[n * CLASSES + digit] = 1;
  }
  return { x: new Tensor(x, [count, 28, 28, 1]), y: new Tensor(y, [count, CLASSES]) };
}
