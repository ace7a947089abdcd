/** Mistakes in activations, dropout, losses, sums over shards and optimizers, each of which must be caught. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mutatedSources, readSource, toFloat64 } from './loader.ts';
import { mutant, mutantsOf } from './mutate.ts';
import { expectDeaths, gradcheckKiller, optimizerKiller } from './verdict.ts';

const SOFTMAX = 'kernels/softmax.ts';
const DROPOUT = 'kernels/plain/dropout.ts';
const STEP = 'model/step.ts';
const ADADELTA_KERNEL = 'kernels/plain/adadelta.ts';
const SGD_KERNEL = 'kernels/plain/sgd.ts';
const ADADELTA = 'optimizers/adadelta.ts';

const PREDICTION = {
  before: 'probabilities[row + c] = p;',
  because: 'it is the prediction, on which no gradient depends',
};

describe('the unchanged sources', () => {
  const asItIs = (file: string) => ({ file, line: 0, before: '', after: '', text: readSource(file) });

  it('pass all checks, so that it is the mutation that kills', () => {
    expect(gradcheckKiller(asItIs(SOFTMAX), '', false)).toBeNull();
    for (const file of [SOFTMAX, SGD_KERNEL, ADADELTA]) expect(optimizerKiller(asItIs(file))).toBeNull();
  });

  it('are turned into float64 as src/kernels/generate-float64.mjs does it', () => {
    for (const file of ['conv2d.ts', 'dense.ts', 'index.ts']) {
      const { file: path, text } = toFloat64(`kernels/plain/${file}`, readSource(`kernels/plain/${file}`));
      expect(text).toBe(readSource(path));
    }
  });

  it('are loaded afresh each time', () => {
    const load = () => mutatedSources(SOFTMAX, readSource(SOFTMAX))(SOFTMAX);
    expect(load().softmaxForward).not.toBe(load().softmaxForward);
  });
});

describe('the list', () => {
  it('has every function of a backward pass: its name stands in one of these tests', () => {
    const here = new URL('.', import.meta.url);
    const tests = readdirSync(here).filter((file) => file.endsWith('.test.ts'));
    const text = tests.map((file) => readFileSync(new URL(file, here), 'utf8')).join('\n');
    const kernels = readdirSync(new URL('../../src/kernels/plain/', here)).map(
      (file) => `kernels/plain/${file}`,
    );
    const names = [...kernels, SOFTMAX].flatMap((file) =>
      [
        ...readSource(file).matchAll(/^(?:export )?function (\w*(?:Backward|Gradient|CrossEntropy)\w*)/gm),
      ].map(([, name]) => name),
    );
    expect(names.length).toBeGreaterThan(15);
    const works = names.filter((name) => !name.endsWith('Scratch'));
    expect(works.filter((name) => !text.includes(`'${name}'`))).toEqual([]);
    const layers = readdirSync(new URL('../../src/layers/', here)).filter((file) =>
      /^ {2}(override )?backward\(.*\{$/m.test(readSource(`layers/${file}`)),
    );
    expect(layers.length).toBeGreaterThanOrEqual(4);
    expect(layers.filter((file) => !text.includes(`layers/${file}`))).toEqual([]);
  });
});

describe('no mutant lives', () => {
  it('of ReLU', () => {
    expectDeaths(mutantsOf('kernels/plain/relu.ts', ['reluBackward']), 'relu');
    expectDeaths(mutantsOf('layers/activation-layer.ts', ['backward']), 'softmax');
    expectDeaths(mutantsOf('layers/rectifier.ts', ['rectifyGradient']), 'relu cut off');
  });

  it('of dropout', () => {
    expectDeaths(mutantsOf(DROPOUT, ['dropoutBackward']), 'dropout');
    expectDeaths(mutantsOf('layers/dropout.ts', ['backward']), 'dropout');
  });

  it('of softmax', () => {
    expectDeaths(mutantsOf(SOFTMAX, ['softmaxBackward']), 'softmax');
  });

  it.each(['softmaxCrossEntropy', 'sparseSoftmaxCrossEntropy'])('of the losses: %s', (name) => {
    expectDeaths(mutantsOf(SOFTMAX, [name]), 'cross-entropy', [PREDICTION]);
  });

  it('of the sum over shards', () => {
    expectDeaths(mutantsOf('kernels/plain/shards.ts', ['sumShards']), 'conv2d');
  });

  it.each([
    ['a gradient where ReLU is 0', 'kernels/plain/relu.ts', 'y[i] > 0 ? dy[i] : 0', 'y[i] >= 0 ? dy[i] : 0'],
    [
      'a gradient through dropped elements',
      DROPOUT,
      'mask[i] === 1 ? Math.fround(dy[i] * s) : 0',
      'Math.fround(dy[i] * s)',
    ],
    ['no scale in dropout, backward', 'layers/dropout.ts', 'kept, dy, this.scale, dx', 'kept, dy, 1, dx'],
    [
      'no scale in dropout, forward',
      DROPOUT,
      'kept ? Math.fround(x[row + e] * s) : 0',
      'kept ? x[row + e] : 0',
    ],
    [
      'the rate as dropout’s scale',
      'layers/dropout.ts',
      'kept, dy, this.scale, dx',
      'kept, dy, 1 - this.rate, dx',
    ],
    ['softmax element by element', SOFTMAX, '* (dy[row + c] - mean)', '* dy[row + c]'],
    [
      'softmax as if it were a sigmoid',
      SOFTMAX,
      '* (dy[row + c] - mean)',
      '* (1 - y[row + c]) * dy[row + c]',
    ],
    ['the sum instead of the mean over the batch', SOFTMAX, '(p * T - t) / batch', 'p * T - t'],
    [
      'the sum instead of the mean (classes)',
      SOFTMAX,
      '(p - (c === classes[n] ? 1 : 0)) / batch',
      'p - (c === classes[n] ? 1 : 0)',
    ],
    ['the target left out', SOFTMAX, '(p * T - t) / batch', '(p * T) / batch'],
    [
      'the mean over this thread’s samples',
      'losses/categorical-crossentropy.ts',
      'C, x, t, batch,',
      'C, x, t, batch + 1,',
    ],
    ['the second shard left out', 'kernels/plain/shards.ts', 'let s = 1; s < S', 'let s = 2; s < S'],
    [
      'only whole shards',
      STEP,
      'this.kernels.sumShards(Math.ceil(batch / SHARD)',
      'this.kernels.sumShards(Math.floor(batch / SHARD)',
    ],
    [
      'every shard with all its samples',
      STEP,
      'this.#pass(pass, n, N, range.batch, options)',
      'this.#pass(pass, n, SHARD, range.batch, options)',
    ],
    [
      'every shard with the first one’s views',
      STEP,
      'this.training[n / block][pass.stage]',
      'this.training[0][pass.stage]',
    ],
    [
      'the gradient of the first layer alone',
      STEP,
      "if (pass.kind === 'backward') {",
      "if (pass.kind === 'backward' && pass.stage === 0) {",
    ],
  ])('not %s', (_, file, before, after) => {
    expectDeaths([mutant(file, before, after)]);
  });
});

describe('no mutant of an optimizer lives', () => {
  it('of the kernels', () => {
    expectDeaths(mutantsOf(ADADELTA_KERNEL, ['adadelta']), '', [], optimizerKiller);
    expectDeaths(mutantsOf(SGD_KERNEL, ['sgd']), '', [], optimizerKiller);
  });

  it('of the rules that call them', () => {
    expectDeaths(mutantsOf(ADADELTA, ['update']), '', [], optimizerKiller);
    expectDeaths(mutantsOf('optimizers/sgd.ts', ['update']), '', [], optimizerKiller);
  });

  it.each([
    [
      'the old mean divides (as in TensorFlow.js 4.22)',
      ADADELTA_KERNEL,
      'Math.fround(Gi + eps)',
      'Math.fround(G[i] + eps)',
    ],
    [
      'the mean of steps with the learning rate',
      ADADELTA_KERNEL,
      'Math.fround(delta * delta)',
      'Math.fround(lr * delta * lr * delta)',
    ],
    [
      'the new mean of steps before the step',
      ADADELTA_KERNEL,
      'Math.fround(D[i] + eps)',
      'Math.fround(decay * D[i] + eps)',
    ],
    [
      'no root over the steps',
      ADADELTA_KERNEL,
      'Math.fround(Math.sqrt(Math.fround(D[i] + eps)))',
      'Math.fround(D[i] + eps)',
    ],
    [
      'no root over the gradients',
      ADADELTA_KERNEL,
      'Math.fround(Math.sqrt(Math.fround(Gi + eps)))',
      'Math.fround(Gi + eps)',
    ],
    ['ε outside of the root', ADADELTA_KERNEL, 'Math.sqrt(Math.fround(Gi + eps))', 'Math.sqrt(Gi) + eps'],
    [
      '|g| instead of g²',
      ADADELTA_KERNEL,
      'G[i]) + Math.fround(share * Math.fround(gi * gi)',
      'G[i]) + Math.fround(share * Math.abs(gi)',
    ],
    [
      'ρ where 1 − ρ belongs',
      ADADELTA_KERNEL,
      'share = Math.fround(1 - rho);\n  const eps',
      'share = Math.fround(rho);\n  const eps',
    ],
    ['no learning rate', ADADELTA_KERNEL, 'Math.fround(lr * delta)', 'delta'],
    [
      'ascent instead of descent',
      ADADELTA_KERNEL,
      'Math.fround(-Math.fround(rootD * gi) / rootG)',
      'Math.fround(Math.fround(rootD * gi) / rootG)',
    ],
    [
      'gradient ascent',
      SGD_KERNEL,
      'Math.fround(w[i] - Math.fround(lr * g[i]))',
      'Math.fround(w[i] + Math.fround(lr * g[i]))',
    ],
    ['both means mistaken', ADADELTA, 'w, g, G, D,', 'w, g, D, G,'],
    ['ρ and ε mistaken', ADADELTA, 'this.rho, this.epsilon)', 'this.epsilon, this.rho)'],
    ['Zeiler’s ε as the default', ADADELTA, 'epsilon = 1e-7', 'epsilon = 1e-6'],
    [
      'the notebook’s learning rate as the default',
      ADADELTA,
      "'adadelta', given, 0.001",
      "'adadelta', given, 1",
    ],
    ['another ρ as the default', ADADELTA, 'rho = 0.95', 'rho = 0.9'],
    ['another default', 'optimizers/sgd.ts', "'sgd', given, 0.01", "'sgd', given, 0.001"],
  ])('not %s', (_, file, before, after) => {
    expectDeaths([mutant(file, before, after)], '', [], optimizerKiller);
  });
});
