/** Metrics in training: by name and with options, for any number of threads, saved, and of one's own. */
import { describe, expect, it } from 'vitest';
import type { FitPosition } from '../../src/formats/checkpoint.ts';
import { encodeModel } from '../../src/formats/model.ts';
import { dense } from '../../src/layers/dense.ts';
import { auc } from '../../src/metrics/auc.ts';
import { f1Score } from '../../src/metrics/f-score.ts';
import { precision, recall } from '../../src/metrics/precision-recall.ts';
import type { MetricChoice } from '../../src/metrics/registry.ts';
import { topKCategoricalAccuracy } from '../../src/metrics/top-k.ts';
import { deriveKey, Purpose, uniform } from '../../src/tensor/random.ts';
import { tensor } from '../../src/tensor/tensor.ts';
import { decodeModel } from '../../src/training/saved/own-model.ts';
import { type Sequential, sequential } from '../../src/training/sequential.ts';

const N = 30;
const numbers = new Float32Array(N * 4);
uniform(deriveKey(0, Purpose.gradcheck, 0, 0), -1, 1, numbers);
const x = tensor(numbers, [N, 4]);
const y = Array.from({ length: N }, (_, n) => [Number(n % 2 === 0), Number(n % 3 === 0)]);

function make(metrics: readonly MetricChoice[], threads = 0): Sequential {
  const model = sequential([dense({ units: 2, activation: 'sigmoid', inputShape: [4] })]);
  model.compile({ optimizer: 'adam', loss: 'binaryCrossentropy', metrics, threads });
  return model;
}

const ALL = [
  'accuracy',
  precision({ thresholds: 0.4 }),
  'recall',
  auc({ numThresholds: 20 }),
  'mse',
  f1Score({ average: 'weighted' }),
  'binary_iou',
  'falsePositives',
  'r2Score',
  'kld',
] as const;

describe('metrics of yes and no', () => {
  it('are counted over all outputs of all samples, as predict gives them', async () => {
    const model = make(ALL);
    const figures = await model.evaluate(x, y, { batchSize: 7 });
    const { data } = await model.predict(x);
    const should = y.flat();
    const count = (is: (i: number) => boolean): number => should.filter((_, i) => is(i)).length;
    const yes = (i: number): boolean => data[i] > 0.4;
    expect(figures.precision).toBeCloseTo(count((i) => yes(i) && should[i] === 1) / count(yes), 12);
    const right = count((i) => data[i] > 0.5 && should[i] === 1);
    expect(figures.recall).toBeCloseTo(right / count((i) => should[i] === 1), 12);
    expect(Object.keys(figures)).toEqual([
      ...['loss', 'accuracy', 'precision', 'recall', 'auc', 'mse', 'f1Score', 'binary_iou', 'falsePositives'],
      ...['r2Score', 'kld'],
    ]);
    expect(figures.falsePositives).toBe(count((i) => data[i] > 0.5 && should[i] === 0));
  });

  it('are the same for any number of threads and batches', async () => {
    const alone = await make(ALL).evaluate(x, y, { batchSize: 30 });
    for (const threads of [0, 2]) {
      const model = make(ALL, threads);
      const figures = await model.evaluate(x, y, { batchSize: 8 });
      expect(figures).toEqual(alone);
      await model.dispose();
    }
  });

  it('are 0 where nothing says yes', async () => {
    const { precision: figure } = await make([precision({ thresholds: 1 })]).evaluate(x, y);
    expect(figure).toBe(0);
  });

  it('from logits take what a sigmoid makes of them', async () => {
    const model = make(['precision', 'auc']);
    const expected = await model.evaluate(x, y);
    const logits = sequential([dense({ units: 2, inputShape: [4] })]);
    logits.setWeights(model.getWeights());
    const { binaryCrossentropy } = await import('../../src/losses/binary-crossentropy.ts');
    const loss = binaryCrossentropy({ fromLogits: true });
    logits.compile({ optimizer: 'adam', loss, metrics: ['precision', 'auc'], threads: 0 });
    const { precision: p, auc: a } = await logits.evaluate(x, y);
    expect({ p, a }).toEqual({ p: expected.precision, a: expected.auc });
  });
});

describe('metrics with options', () => {
  it('are saved with the model and read again', async () => {
    const model = make(ALL);
    const { json, weights } = await encodeModel(model);
    const again = await decodeModel(json, weights);
    expect(again.compiled?.metrics).toEqual(ALL);
    expect(await again.evaluate(x, y)).toEqual(await model.evaluate(x, y));
  });

  it('go on in the middle of an epoch with what they have gathered', async () => {
    const whole = make(ALL);
    const { history } = await whole.fit(x, y, { batchSize: 8, epochs: 2 });
    const stopped = make(ALL);
    const abort = new AbortController();
    const onBatchEnd = (batch: number): void => {
      if (batch === 1) abort.abort();
    };
    const ended = stopped.fit(x, y, {
      batchSize: 8,
      epochs: 2,
      callbacks: [{ onBatchEnd }],
      signal: abort.signal,
    });
    await expect(ended).rejects.toThrow();
    const position = stopped.fitPosition as FitPosition; // it was stopped amid an epoch
    const { sums } = position;
    for (const metrics of [[], sums.metrics.slice(1), [...sums.metrics, 0]]) {
      const resumeFrom = { ...position, sums: { ...sums, metrics } };
      await expect(stopped.fit(x, y, { batchSize: 8, epochs: 2, resumeFrom })).rejects.toThrow(
        `fit: resumeFrom must come from a training with the same metrics: expected ${sums.metrics.length} sums, got ${metrics.length}`,
      );
    }
    const resumed = await stopped.fit(x, y, { batchSize: 8, epochs: 2, resumeFrom: stopped.fitPosition });
    expect(resumed.history).toEqual(history);
  });

  it.each<[unknown, string]>([
    [precision, 'compile: metrics[0] must be a metric’s name'],
    [{ name: 'precision', threshold: 0.3 }, 'precision: unknown option threshold (did you mean thresholds?)'],
    [{ name: 'auc', numThresholds: 1 }, 'auc: numThresholds must be an integer ≥ 2, got 1'],
    ['f1', 'metrics must be among accuracy'],
    [topKCategoricalAccuracy({ k: 1 }), ''],
  ])('%o: refused, or taken', (choice, message) => {
    const compile = (): Sequential => make([choice as MetricChoice]);
    if (message === '') expect(compile).not.toThrow();
    else expect(compile).toThrow(message.replace('’', "'"));
  });

  it('have a name of their own where one is given, so that two of a kind can be told apart', async () => {
    const metrics = [
      auc(),
      auc({ name: 'prc', curve: 'PR' }),
      { name: 'meanSquaredError', as: 'Brier score' },
      recall({ name: 'tpr' }),
    ];
    const model = make(metrics);
    const figures = await model.evaluate(x, y);
    expect(Object.keys(figures)).toEqual(['loss', 'auc', 'prc', 'Brier score', 'tpr']);
    const plain = await make([auc({ curve: 'PR' }), 'mse', 'recall']).evaluate(x, y);
    expect([figures.prc, figures['Brier score'], figures.tpr]).toEqual([plain.auc, plain.mse, plain.recall]);
    const { json, weights } = await encodeModel(model);
    const again = await decodeModel(json, weights);
    expect(again.compiled?.metrics).toEqual(metrics);
    expect(await again.evaluate(x, y)).toEqual(figures);
    await Promise.all([model.dispose(), again.dispose()]);
  });

  it('refuse names that other figures have, and say how two of a kind get theirs', () => {
    expect(() => auc({ name: 'loss' })).toThrow(
      "auc: name must be neither loss nor begin with val_, which others have, got 'loss'",
    );
    expect(() => auc({ name: 'val_auc' })).toThrow("got 'val_auc'");
    expect(() => auc({ name: '' })).toThrow("auc: name must be a string that isn't empty, got ''");
    expect(() => make([{ name: 'auc', as: 'loss' }])).toThrow('metrics must differ, got loss twice');
    expect(() => make([{ name: 'auc', as: 3 }])).toThrow(
      "metrics[0].as must be a string that isn't empty, got 3",
    );
    expect(() => make([auc(), auc({ curve: 'PR' })])).toThrow(
      "metrics must differ, got auc twice: give one a name: auc({ name: 'auc2', … })",
    );
  });

  it('refuse options out of bounds when they are made', () => {
    expect(() => recall({ thresholds: 2 })).toThrow(
      'recall: thresholds must be one number from 0 to 1, got 2',
    );
    expect(() => topKCategoricalAccuracy({ k: 0 })).toThrow('k must be an integer ≥ 1, got 0');
    expect(() => make([precision(), 'precision'])).toThrow('metrics must differ, got precision twice');
  });
});
