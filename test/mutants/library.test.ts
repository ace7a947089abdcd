/** Mistakes in what came after the experiment's layers, each of which must be caught. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSource } from './loader.ts';
import { mutant, mutantsOf } from './mutate.ts';
import { expectDeaths, optimizerKiller } from './verdict.ts';

const SIGMOID = 'kernels/plain/sigmoid.ts';
const LEAKY = 'kernels/plain/leaky-relu.ts';
const CLIPPED = 'kernels/plain/clipped-relu.ts';
const HARD = 'kernels/plain/hard-sigmoid.ts';
const SMOOTH = 'kernels/smooth.ts';
const AVERAGE = 'kernels/plain/average-pool.ts';
const GLOBAL_MAX = 'kernels/plain/global-max-pool.ts';
const NORM = 'layers/batch-normalization.ts';
const NORM_KERNELS = 'kernels/plain/normalize.ts';
const BCE = 'losses/binary-crossentropy.ts';
const MSE = 'losses/mean-squared-error.ts';
const SGD_KERNEL = 'kernels/plain/sgd.ts';
const ADAM_KERNEL = 'kernels/plain/adam.ts';
const ADAM = 'optimizers/adam.ts';
const POWER = 'optimizers/power.ts';
const ADAM_W = 'optimizers/adam-w.ts';
const RMSPROP = 'optimizers/rmsprop.ts';
/** Optimizers whose kernels have their names; the others' are in others.test.ts. */
const KERNELS = ['adam', 'rmsprop', 'nadam', 'adamax', 'adagrad', 'lion'];
const HUBER = 'losses/huber.ts';
const MAE = 'losses/mean-absolute-error.ts';
const HINGE = 'losses/hinge.ts';
const RELATIVE = 'losses/relative-errors.ts';
const SGD = 'optimizers/sgd.ts';
const FOCAL = 'losses/binary-focal-crossentropy.ts';
const COSINE = 'losses/cosine-similarity.ts';
const OVERLAP = 'losses/overlap.ts';

describe('the list', () => {
  it('has every loss and every optimizer: its file stands in one of these tests', () => {
    const tests = ['others.test.ts', 'library.test.ts'].map((file) => `../test/mutants/${file}`);
    const text = tests.map(readSource).join('\n');
    const files = ['losses', 'optimizers'].flatMap((folder) =>
      readdirSync(new URL(`../../src/${folder}/`, import.meta.url))
        .filter((file) => file.endsWith('.ts'))
        .map((file) => `${folder}/${file}`),
    );
    const isRule = (file: string): boolean =>
      /^export const \w+ = elementLoss\(|^(export )?class \w+ (extends|implements)/m.test(readSource(file));
    const ruled = files.filter(isRule);
    expect(ruled.length).toBeGreaterThanOrEqual(15);
    expect(ruled.filter((file) => !text.includes(file))).toEqual([]);
  });
});

describe('no mutant lives', () => {
  it.each(['sigmoidBackward', 'tanhBackward'])('of %s', (name) => {
    expectDeaths(mutantsOf(SIGMOID, [name]), name.replace('Backward', ''));
  });

  it('of leaky ReLU', () => {
    expectDeaths(mutantsOf(LEAKY, ['leakyReluBackward']), 'leaky');
    expectDeaths(mutantsOf('layers/leaky-relu.ts', ['backward']), 'leaky');
  });

  it('of clipped ReLU', () => {
    expectDeaths(mutantsOf(CLIPPED, ['clippedReluBackward']), 'relu layer');
    expectDeaths(mutantsOf('layers/relu.ts', ['backward']), 'relu layer');
  });

  it.each(['hardSigmoidBackward', 'hardSwishBackward'])('of %s', (name) => {
    expectDeaths(mutantsOf(HARD, [name]), name.replace('Backward', ''));
  });

  it('of the smooth activations', () => {
    expectDeaths(mutantsOf('kernels/smooth.ts', ['smoothBackward']), 'gelu');
    expectDeaths(mutantsOf('kernels/softmax.ts', ['logSoftmaxBackward']), 'logSoftmax');
    expectDeaths(mutantsOf('layers/elementwise.ts', ['backward']), 'rsqrt');
  });

  it('of depthwise convolution', () => {
    expectDeaths(mutantsOf('kernels/plain/depthwise.ts', ['depthwiseBackward']), 'depthwise');
    expectDeaths(mutantsOf('layers/depthwise-conv2d.ts', ['backward']), 'depthwise');
  });

  it('of separable and transposed convolution', () => {
    expectDeaths(mutantsOf('layers/separable-conv2d.ts', ['backward']), 'separable');
    expectDeaths(mutantsOf('layers/conv2d-transpose.ts', ['backward']), 'transposed');
  });

  it('of augmentation', () => {
    expectDeaths(mutantsOf('layers/affine-sampling.ts', ['sampleAffineBackward']), 'random flip');
    expectDeaths(mutantsOf('layers/augmentation.ts', ['backward']), 'random');
  });

  it('of resizing', () => {
    expectDeaths(mutantsOf('layers/resizing.ts', ['backward']), 'resizing');
  });

  it('of up-sampling', () => {
    expectDeaths(mutantsOf('kernels/plain/upsample.ts', ['upsample2dBackward']), 'up-sampling');
    expectDeaths(mutantsOf('layers/up-sampling2d.ts', ['backward']), 'up-sampling');
  });

  it('of what only copies, scales or adds noise', () => {
    expectDeaths(mutantsOf('layers/permute.ts', ['backward', '#eachElement']), 'permute');
    expectDeaths(mutantsOf('layers/rescaling.ts', ['backward']), 'rescaling');
    expectDeaths(mutantsOf('layers/gaussian-noise.ts', ['backward']), 'gaussian');
  });

  it('of convolution in groups', () => {
    const functions = ['groupedConv2dBackward', 'gather', 'scatter', 'cut'];
    expectDeaths(mutantsOf('kernels/grouped.ts', functions), 'group');
  });

  it('of average pooling', () => {
    expectDeaths(mutantsOf(AVERAGE, ['averagePool2dBackward']), 'average');
    expectDeaths(mutantsOf('layers/average-pooling2d.ts', ['backward']), 'average');
    expectDeaths(mutantsOf('layers/global-average-pooling2d.ts', ['backward']), 'global average');
  });

  it('of global max-pooling', () => {
    expectDeaths(mutantsOf(GLOBAL_MAX, ['globalMaxPoolBackward']), 'global max');
    expectDeaths(mutantsOf('layers/global-max-pooling2d.ts', ['backward']), 'global max');
  });

  it('of zero padding and cropping', () => {
    expectDeaths(mutantsOf('layers/margin.ts', ['embed']), 'cropping');
    expectDeaths(mutantsOf('layers/margin.ts', ['cutOut', 'eachRow']), 'zero padding');
    expectDeaths(mutantsOf('layers/zero-padding2d.ts', ['backward']), 'zero padding');
    expectDeaths(mutantsOf('layers/cropping2d.ts', ['backward']), 'cropping');
  });

  it('of layer and group normalisation, learnt scales and slopes', () => {
    const functions = ['normalizeSamplesBackward', 'moments', 'eachGroup'];
    expectDeaths(mutantsOf('kernels/sample-normalization.ts', functions), 'group normalisation');
    expectDeaths(mutantsOf('layers/sample-normalization.ts', ['backward']), 'layer normalisation', [
      {
        before: 'const C = groups.G * groups.K;',
        because:
          'along the last dimension one number more is written, behind the gradient, where nobody reads',
      },
    ]);
    expectDeaths(mutantsOf('layers/layer-scale.ts', ['backward']), 'learnt scale');
    expectDeaths(mutantsOf('layers/prelu.ts', ['backward']), 'parametric relu');
  });

  it('of batch normalisation', () => {
    expectDeaths(mutantsOf(NORM_KERNELS, ['channelSums', 'normalizeBackward']), 'batch normalisation');
    expectDeaths(mutantsOf(NORM, ['sumBackward', 'mergeBackward', 'backward']), 'batch normalisation');
  });

  it.each([
    ['add', 'layers/add.ts'],
    ['multiply', 'layers/multiply.ts'],
    ['average', 'layers/average.ts'],
    ['subtract', 'layers/subtract.ts'],
    ['maximum', 'layers/extreme.ts'],
  ])('of %s', (name, file) => {
    expectDeaths(mutantsOf(file, ['backward']), name);
  });

  it('of inputs that are repeated', () => {
    expectDeaths(mutantsOf('layers/merge.ts', ['gather', 'eachGradient']), 'an image and');
  });

  it('of normalization', () => {
    expectDeaths(mutantsOf('layers/normalization.ts', ['backward']), 'normalization');
  });

  it('of regularizers', () => {
    expectDeaths(mutantsOf('kernels/plain/regularize.ts', ['regularize']), 'regularized');
    expectDeaths(mutantsOf('layers/regularizer.ts', ['penaltyOf']), 'regularized');
  });

  it.each(['logitCrossEntropy', 'probabilityCrossEntropy'])('of binary cross-entropy: %s', (name) => {
    expectDeaths(mutantsOf(BCE, [name]), 'binary', [
      { before: 'probabilities[i] = p;', because: 'it is the prediction, on which no gradient depends' },
      {
        before: 'const kept = Math.min(Math.max(p[i], NEAREST), 1 - NEAREST);',
        because: 'no probability comes so near to 1: test/losses holds the bounds',
      },
    ]);
  });

  it.each([
    [
      'a slope of 1 − y where y·(1 − y) belongs',
      SIGMOID,
      'Math.fround(y[i] * Math.fround(1 - y[i]))',
      'Math.fround(1 - y[i])',
    ],
    [
      'sigmoid’s slope for tanh',
      SIGMOID,
      'Math.fround(1 - Math.fround(y[i] * y[i]))',
      'Math.fround(y[i] - Math.fround(y[i] * y[i]))',
    ],
    ['a gradient above the maximum', CLIPPED, 'x[i] < m ? dy[i] : 0', 'x[i] > 0 ? dy[i] : 0', 'relu6'],
    ['a gradient of the hard sigmoid where it is 1', HARD, 'y[i] > 0 && y[i] < 1', 'y[i] > 0', 'hardSigmoid'],
    ['hard swish’s gradient without its second term', HARD, 'Math.fround(h + rise)', 'h', 'hardSwish'],
    ['gelu’s gradient without its second term', SMOOTH, ' + x * NORMAL_PEAK * exp((-x * x) / 2)', '', 'gelu'],
    ['swish’s gradient without its second term', SMOOTH, 's * (1 + x * sigmoid(-x))', 's', 'swish'],
    [
      'elu’s slope as its value',
      SMOOTH,
      'slope: (x) => (x > 0 ? 1 : exp(x))',
      'slope: (x) => (x > 0 ? 1 : exp(x) - 1)',
      'elu',
    ],
    [
      'the approximate gelu’s inner slope',
      SMOOTH,
      '(1 + 3 * CUBIC * x * x)',
      '(1 + CUBIC * x * x)',
      'geluApproximate',
    ],
    ['selu’s slope without α', SMOOTH, 'SELU_SCALE * SELU_ALPHA * exp(x)', 'SELU_SCALE * exp(x)', 'selu'],
    [
      'softplus’ slope of another number',
      SMOOTH,
      'slope: sigmoid,',
      'slope: (x) => sigmoid(-x),',
      'softplus',
    ],
    ['a leak for positive numbers', LEAKY, 'y[i] > 0 ? dy[i] : Math', 'y[i] < 0 ? dy[i] : Math'],
    ['no leak, backward', LEAKY, 'y[i] > 0 ? dy[i] : Math.fround(s * dy[i])', 'y[i] > 0 ? dy[i] : 0'],
    ['the sum of a window’s gradient for its mean', AVERAGE, 'Math.fround(dy[out] / count)', 'dy[out]'],
    ['windows that overwrite one another', AVERAGE, 'dx[i] = Math.fround(dx[i] + share)', 'dx[i] = share'],
    [
      'the low byte of a place alone',
      GLOBAL_MAX,
      'choice[2 * out] + 256 * choice[2 * out + 1]',
      'choice[2 * out]',
    ],
    ['a gradient that has no bound', HUBER, 'Math.max(-delta, Math.min(delta, x - t))', 'x - t'],
    [
      'an element’s loss divided by the batch alone',
      'losses/mean-of-elements.ts',
      ' / (C * batch)',
      ' / batch',
      'logCosh',
    ],
    [
      'a divergence that ignores its target',
      'losses/kullback-leibler-divergence.ts',
      '-t / p / batch',
      '-1 / p / batch',
      'klDivergence',
    ],
    [
      'a hinge that pushes the right class twice',
      'losses/categorical-hinge.ts',
      '(i === wrong ? 1 - t[i] : 0)',
      '(i === wrong ? -t[i] : 0)',
      'categoricalHinge',
    ],
    [
      'a focus that never changes, binary',
      FOCAL,
      '(factor * (slope - ofFocus))',
      '(factor * slope)',
      'binary focal',
    ],
    ['a focus on what is right', FOCAL, 't * q + (1 - t) * p', 't * p + (1 - t) * q', 'binary focal'],
    [
      'a focus that never changes, of classes',
      'losses/categorical-focal-crossentropy.ts',
      'weight * (ofFocus - factor)',
      'weight * -factor',
      'categorical focal',
    ],
    ['a direction’s gradient along itself', COSINE, '- turn * (x[i] / length)', '', 'cosineSimilarity'],
    ['an overlap whose size never changes', OVERLAP, '- top * belowSlope(t[i])', '', 'dice'],
    [
      'what was missed for what was too much',
      OVERLAP,
      't - alpha * t + beta * (1 - t)',
      't - beta * t + alpha * (1 - t)',
      'tversky',
    ],
    ['the size of an error for its sign', MAE, 'Math.sign(x - t)', 'Math.abs(x - t) + 0', 'mean absolute'],
    ['a hinge’s slope within its margin', HINGE, 'margin(x, t) > 0 ?', 'margin(x, t) > 1 ?', 'hinge'],
    ['half of a squared hinge’s slope', HINGE, '-2 * side(t) * margin', '-side(t) * margin', 'squaredHinge'],
    ['an error for its hyperbolic tangent', 'losses/log-cosh.ts', 'tanh(x - t)', '(x - t)', 'logCosh'],
    ['a count’s slope without its rate', 'losses/poisson.ts', '1 - t / (x + EPSILON)', '1 - t', 'poisson'],
    [
      'an error for its percentage',
      RELATIVE,
      'percent(t) * Math.sign(x - t)',
      'Math.sign(x - t)',
      'PercentageError',
    ],
    [
      'a logarithm without its slope',
      RELATIVE,
      '(2 * (order(x) - order(t))) / (x + 1)',
      '2 * (order(x) - order(t))',
      'LogarithmicError',
    ],
    ['a gradient without the batch’s mean', NORM, 'sums ? sums.backward[c] : 0', '0'],
    [
      'a gradient without the batch’s variance',
      NORM,
      'sums ? sums.backward[C + c] * inverse[c] * inverse[c] : 0',
      '0',
    ],
    ['the deviation for the variance', NORM, 'sums.backward[C + c] * inverse[c] *', 'sums.backward[C + c] *'],
    ['shards’ sums without their number', NORM, 'result[i] /= count', 'result[i] /= 1'],
    ['ReLU’s gradient forgotten in inference', NORM, 'if (!sums) rectify', 'if (sums) rectify'],
    [
      'the wrong part of what was put side by side',
      'layers/concatenate.ts',
      'dx[xRow + e] = dy[yRow + e]',
      'dx[xRow + e] = dy[xRow + e]',
    ],
    [
      'a gradient for all, not the maximum alone',
      'layers/extreme.ts',
      'kept[e] === i ? dy[e] : 0',
      'kept[e] === i ? dy[e] : dy[e]',
    ],
    ['half of the gradient', MSE, 'slope: (x, t) => 2 * (x - t)', 'slope: (x, t) => x - t', 'mean squared'],
    ['the sum over yes and no instead of the mean', BCE, '(p - t) / (C * batch)', '(p - t) / batch'],
    [
      'the wrong half of the cross-entropy',
      BCE,
      '(1 - t) / (1 - kept) - t / kept',
      '(1 - t) / (1 - kept) + t / kept',
    ],
  ])('not %s', (_, file, before, after, ...[check]) => {
    expectDeaths([mutant(file, before, after)], check);
  });
});

describe('no mutant of an optimizer lives', () => {
  it('of the kernels', () => {
    const mutants = KERNELS.flatMap((name) => mutantsOf(`kernels/plain/${name}.ts`, [name]));
    expectDeaths([...mutants, ...mutantsOf(SGD_KERNEL, ['sgdMomentum'])], '', [], optimizerKiller);
  });

  it('of the rules that call them', () => {
    expectDeaths(mutantsOf(SGD, ['update']), '', [], optimizerKiller);
    expectDeaths(mutantsOf(ADAM, ['update']), '', [], optimizerKiller);
    expectDeaths(mutantsOf(ADAM_W, ['update']), '', [], optimizerKiller);
    expectDeaths(mutantsOf(RMSPROP, ['update']), '', [], optimizerKiller);
  });

  it.each(['optimizers/nadam.ts', 'optimizers/adamax.ts', 'optimizers/adagrad.ts', 'optimizers/lion.ts'])(
    'of %s',
    (file) => {
      expectDeaths(mutantsOf(file, ['update']), '', [], optimizerKiller);
    },
  );

  it.each([
    [
      'Nesterov’s step with the old velocity',
      SGD_KERNEL,
      'Math.fround(decay * vi)',
      'Math.fround(decay * v[i] * decay)',
    ],
    ['Nesterov’s for plain momentum', SGD_KERNEL, 'if (nesterov) w[i]', 'if (!nesterov) w[i]'],
    ['ε inside of Adam’s root', ADAM_KERNEL, 'Math.fround(root + eps)', 'Math.fround(Math.sqrt(vi + eps))'],
    [
      'the means’ shares mistaken',
      ADAM_KERNEL,
      'Math.fround(share1 * Math.fround(gi - m[i]))',
      'Math.fround(share2 * Math.fround(gi - m[i]))',
    ],
    ['no correction of the first mean', ADAM, ' / (1 - power(beta1, iteration))', ''],
    ['no correction of the second mean', ADAM, 'Math.sqrt(1 - power(beta2, iteration))', '1'],
    // Of its loop's header a mutant may never end.
    ['a power that adds', POWER, 'result *= square', 'result += square'],
    ['a power that doubles', POWER, 'square *= square', 'square += square'],
    ['updates counted from 0', ADAM, 'power(beta1, iteration))', 'power(beta1, iteration + 1))'],
    ['Adam’s means mistaken', ADAM, 'w, g, m, v,', 'w, g, v, m,'],
    ['PyTorch’s ε as the default', ADAM, 'epsilon = 1e-7', 'epsilon = 1e-8'],
    ['momentum by default', SGD, 'momentum = 0,', 'momentum = 0.9,'],
    ['Nesterov’s by default', SGD, 'nesterov = false', 'nesterov = true'],
  ])('not %s', (_, file, before, after) => {
    expectDeaths([mutant(file, before, after)], '', [], optimizerKiller);
  });
});
