/**
 * One training step of a very small network, by hand, and the same step by the library.
 *
 *   node docs/convolution-step.mjs      after npm run build; docs/convolution.md explains every number
 *
 *   image [4, 4] → convolution 3×3, one filter → ReLU → flatten → dense, two classes → softmax → cross-entropy
 */
import { activation, conv2d, dense, flatten, sequential, sgd, tensor } from 'degelo';

const LEARNING_RATE = 0.5;

// A vertical stroke with a foot; its class is 0.
const image = [
  [0, 1, 0, 0],
  [0, 1, 0, 0],
  [0, 1, 0, 0],
  [0, 1, 1, 0],
];
const target = [1, 0];

// What the network has learned so far: quarters, so that the first half can be followed in one's head.
const kernel = [
  [0.5, 0.5, -0.5],
  [-0.25, 0.5, 0.25],
  [0.25, -1, 0.5],
];
const bias = 0.25;
const weights = [
  [0.5, -0.5],
  [0.25, 0.75],
  [-0.25, 0.5],
  [0.75, 0.25],
];
const biases = [0, 0];

const K = 3; // height and width of the kernel
const O = 2; // height and width of the convolution's output

/** Everything from the image to the loss. */
function forward({ kernel, bias, weights, biases }) {
  // z[oh, ow] = b + Σ_(kh, kw) x[oh + kh, ow + kw]·w[kh, kw]
  const z = grid(O, (oh, ow) => {
    let sum = 0;
    for (let kh = 0; kh < K; kh++) {
      for (let kw = 0; kw < K; kw++) sum += image[oh + kh][ow + kw] * kernel[kh][kw];
    }
    return sum + bias;
  });
  // a = relu(z)
  const a = grid(O, (oh, ow) => Math.max(z[oh][ow], 0));
  // h: the four numbers of a in a row
  const h = a.flat();
  // logit[k] = b[k] + Σ_i h[i]·w[i, k]
  const logits = biases.map((b, k) => h.reduce((sum, value, i) => sum + value * weights[i][k], 0) + b);
  // p[k] = exp(logit[k]) / Σ_j exp(logit[j])
  const exps = logits.map((logit) => Math.exp(logit));
  const p = exps.map((e) => e / (exps[0] + exps[1]));
  // loss = −Σ_k t[k]·log p[k]
  const loss = -target.reduce((sum, t, k) => sum + t * Math.log(p[k]), 0);
  return { z, a, h, logits, p, loss };
}

/** Everything from the loss back to the kernel. Each d… is the loss's derivative by what follows the d. */
function backward({ weights }, { z, h, p }) {
  // dlogit[k] = p[k] − t[k]
  const dlogits = p.map((probability, k) => probability - target[k]);
  // dw[i, k] = h[i]·dlogit[k]; db = dlogit
  const dweights = h.map((value) => dlogits.map((d) => value * d));
  // dh[i] = Σ_k dlogit[k]·w[i, k]
  const dh = weights.map((row) => row.reduce((sum, w, k) => sum + dlogits[k] * w, 0));
  // dz = where z > 0: dh, put back into two rows; elsewhere 0
  const dz = grid(O, (oh, ow) => (z[oh][ow] > 0 ? dh[oh * O + ow] : 0));
  // dw[kh, kw] = Σ_(oh, ow) x[oh + kh, ow + kw]·dz[oh, ow]
  const dkernel = grid(K, (kh, kw) => {
    let sum = 0;
    for (let oh = 0; oh < O; oh++) {
      for (let ow = 0; ow < O; ow++) sum += image[oh + kh][ow + kw] * dz[oh][ow];
    }
    return sum;
  });
  // db = Σ_(oh, ow) dz[oh, ow]
  const dbias = dz.flat().reduce((sum, d) => sum + d, 0);
  return { dlogits, dweights, dh, dz, dkernel, dbias };
}

/** w' = w − rate·dw, for every parameter. */
function update({ kernel, bias, weights, biases }, { dkernel, dbias, dweights, dlogits }) {
  const step = (w, dw) => w - LEARNING_RATE * dw;
  return {
    kernel: kernel.map((row, kh) => row.map((w, kw) => step(w, dkernel[kh][kw]))),
    bias: step(bias, dbias),
    weights: weights.map((row, i) => row.map((w, k) => step(w, dweights[i][k]))),
    biases: biases.map((b, k) => step(b, dlogits[k])),
  };
}

// ---- the step --------------------------------------------------------------------------------------------------------

const before = { kernel, bias, weights, biases };
const y = forward(before);
console.log('Forward');
show('image', image);
show('kernel', kernel);
show('z = convolution + bias', y.z);
show('a = relu(z)', y.a);
show('logits', [y.logits]);
show('probabilities', [y.p]);
show('loss', [[y.loss]]);

const d = backward(before, y);
console.log('\nBackward');
show('dlogits', [d.dlogits]);
show('dweights', d.dweights);
show('dh', [d.dh]);
show('dz', d.dz);
show('dkernel', d.dkernel);
show('dbias', [[d.dbias]]);

const after = update(before, d);
const next = forward(after);
console.log('\nAfter the step');
show('kernel', after.kernel);
show('bias', [[after.bias]]);
show('probabilities', [next.p]);
show('loss', [[next.loss]]);

// ---- is it right? ------------------------------------------------------------------------------------------------------

console.log('\nA derivative is a slope');
const EPSILON = 1e-4;
const shifted = (by) => {
  const moved = kernel.map((row) => [...row]);
  moved[1][1] += by;
  return forward({ ...before, kernel: moved }).loss;
};
const slope = (shifted(EPSILON) - shifted(-EPSILON)) / (2 * EPSILON);
console.log(
  `  dkernel[1][1] by the formula ${d.dkernel[1][1].toFixed(6)}, by two losses ${slope.toFixed(6)}`,
);

console.log('\nThe same step by the library');
const model = sequential([
  conv2d({ filters: 1, kernelSize: 3, inputShape: [4, 4, 1] }),
  activation('relu'),
  flatten(),
  dense({ units: 2 }),
  activation('softmax'),
]);
model.setWeights([tensor(kernel.flat(), [3, 3, 1, 1]), tensor([bias]), tensor(weights), tensor(biases)]);
model.compile({
  optimizer: sgd({ learningRate: LEARNING_RATE }),
  loss: 'categoricalCrossentropy',
  threads: 0,
});
const { loss } = await model.trainOnBatch(tensor(image.flat(), [1, 4, 4, 1]), [target]);
console.log(`  loss ${loss.toFixed(6)}, by hand ${y.loss.toFixed(6)}`);
const ours = [after.kernel, after.bias, after.weights, after.biases].flat(2);
const theirs = model.getWeights().flatMap(({ data }) => Array.from(data));
const difference = Math.max(...ours.map((w, i) => Math.abs(w - theirs[i])));
console.log(
  `  ${ours.length} weights, none of them ${difference < 1e-7 ? 'more than 1e-7' : difference} apart`,
);

// ---- helpers -----------------------------------------------------------------------------------------------------------

/** A square of numbers. */
function grid(size, value) {
  return Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) => value(row, column)),
  );
}

/** Prints rows of numbers under a name. */
function show(name, rows) {
  rows.forEach((row, i) => {
    const numbers = row.map((v) => (Number.isInteger(v) ? `${v}` : v.toFixed(4)).padStart(8)).join('');
    console.log(`  ${(i === 0 ? name : '').padEnd(24)}${numbers}`);
  });
}
