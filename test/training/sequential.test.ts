import { describe, expect, it } from 'vitest';
import * as degelo from '../../src/index.ts';
import { compiled } from './compiled.ts';
import { tinyData, tinyModel } from './tiny.ts';
import { getWeightsFlat } from './weights.ts';

const { sequential, dense, activation, dropout, tensor } = degelo;

describe('evaluate and predict', () => {
  it('give the same whatever the batch size', async () => {
    const { x, y } = tinyData(21);
    const model = compiled();
    const expected = await model.evaluate(x, y, { batchSize: 1 });
    const predictions = await model.predict(x, { batchSize: 1 });
    expect(predictions.shape).toEqual([21, 3]);
    for (const batchSize of [2, 8, 21, 64]) {
      const { loss, accuracy } = await model.evaluate(x, y, { batchSize });
      expect(loss).toBeCloseTo(expected.loss, 12);
      expect(accuracy).toBe(expected.accuracy);
      expect(await model.predict(x, { batchSize })).toEqual(predictions);
    }
  });

  it('are those of the layers that are left where the last was popped, and of what is added then', async () => {
    const layers = [dense({ units: 5, inputShape: [3] }), dense({ units: 4 }), activation('relu')];
    const whole = sequential([...layers, dense({ units: 3 }), dense({ units: 2 })]);
    const x = tensor([[1, -2, 3]]);
    whole.pop();
    expect(whole.pop().outputShape).toEqual([3]);
    expect(await whole.predict(x)).toEqual(await sequential(layers).predict(x));
    const head = dense({ units: 2 });
    whole.add(head);
    const [kernel, bias] = head.getWeights();
    const [row] = (await sequential(layers).predict(x)).toNested() as number[][];
    const sums = [0, 1].map((k) => row.reduce((sum, v, i) => sum + v * kernel.at(i, k), bias.at(k)));
    const predicted = [...(await whole.predict(x)).data];
    for (const [k, sum] of sums.entries()) expect(predicted[k]).toBeCloseTo(sum, 5);
  });

  it('predict probabilities that sum to 1', async () => {
    const predictions = await compiled().predict(tinyData(5).x);
    for (let n = 0; n < 5; n++) {
      expect(predictions.at(n, 0) + predictions.at(n, 1) + predictions.at(n, 2)).toBeCloseTo(1, 6);
    }
  });

  it('predict logits where the loss takes logits', async () => {
    const logits = sequential([dense({ units: 2, inputShape: [2] })]);
    logits.setWeights([
      tensor([
        [1, 2],
        [3, 4],
      ]),
      tensor([0.5, -0.5]),
    ]);
    logits.compile({
      optimizer: 'sgd',
      loss: degelo.categoricalCrossentropy({ fromLogits: true }),
      threads: 0,
    });
    expect([...(await logits.predict([[1, 1]])).data]).toEqual([4.5, 5.5]);
    const { loss } = await logits.evaluate([[1, 1]], [[0, 1]]);
    expect(loss).toBeCloseTo(Math.log(1 + Math.exp(-1)), 12);
  });

  it('read through dropout at the very end', async () => {
    const model = sequential([
      dense({ units: 2, inputShape: [2] }),
      dropout({ rate: 0.5 }),
      activation('softmax'),
    ]);
    model.setWeights([
      tensor([
        [1, 0],
        [0, 1],
      ]),
      tensor([0, 0]),
    ]);
    model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy', threads: 0 });
    const expected = Math.exp(1) / (Math.exp(1) + Math.exp(3));
    expect((await model.predict([[1, 3]])).at(0, 0)).toBeCloseTo(expected, 6);
    expect((await model.evaluate([[1, 3]], [0])).loss).toBeCloseTo(-Math.log(expected), 6);
  });

  it('of no samples: predict gives none, evaluate refuses', async () => {
    const model = compiled();
    expect((await model.predict([])).shape).toEqual([0, 3]);
    await expect(model.evaluate([], [])).rejects.toThrow(/at least one sample/);
    await expect(model.evaluate([], [], { batchSize: 0 })).rejects.toThrow(/batchSize/);
  });
});

it('a model’s forward and backward, as PyTorch has them, say what to call: they did nothing', () => {
  const model = degelo.sequential([degelo.dense({ units: 2, inputShape: [3] })]);
  const x = degelo.zeros([1, 3]);
  for (const pass of [model.forward, model.backward]) {
    expect(() => Reflect.apply(pass, model, [x])).toThrow(
      'sequential: only layers have forward and backward: call predict or gradients',
    );
  }
});

describe('trainOnBatch', () => {
  it('does one step of fit', async () => {
    const { x, y } = tinyData(8);
    const [a, b] = [compiled(), compiled()];
    await a.fit(x, y, { batchSize: 8, shuffle: false });
    const { loss, accuracy } = await b.trainOnBatch(x, y);
    expect(loss).toBeGreaterThan(0);
    expect(accuracy).toBeGreaterThanOrEqual(0);
    expect(getWeightsFlat(b)).toEqual(getWeightsFlat(a));
    await expect(b.trainOnBatch([], [])).rejects.toThrow(/at least one sample/);
  });
});

describe('samples and targets', () => {
  const rows = tensor([
    [1, 2],
    [3, 4],
  ]);
  const unbuilt = () => sequential([dense({ units: 3 }), activation('softmax')]);

  it('build a model of which nobody said the input shape', async () => {
    const options = { optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy', threads: 0 } as const;
    const trained = unbuilt();
    trained.compile(options);
    await trained.trainOnBatch(rows, [0, 1]);
    expect(trained.inputShape).toEqual([2]);
    for (const calculate of [degelo.gradients, degelo.backward]) {
      const differentiated = unbuilt();
      differentiated.compile(options);
      const y = calculate === degelo.gradients ? [0, 1] : degelo.zeros([2, 3]);
      await calculate(differentiated, rows, y as never);
      expect(differentiated.inputShape).toEqual([2]);
    }
    const asked = unbuilt();
    asked.compile(options);
    expect((await asked.predict(rows)).shape).toEqual([2, 3]);
  });

  it('are taken as tensors, nested, or flat of any kind, with the same bits', async () => {
    const outcome = async (x: degelo.Samples, y: degelo.TargetValues) => {
      const model = sequential([dense({ units: 3, inputShape: [2] }), activation('softmax')]);
      model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy', threads: 0 });
      return model.trainOnBatch(x, y);
    };
    const expected = await outcome(rows, Int32Array.of(2, 0));
    expect(await outcome(Float64Array.of(1, 2, 3, 4), tensor([2, 0]))).toEqual(expected);
    expect(await outcome(Uint8Array.of(1, 2, 3, 4), [2, 0])).toEqual(expected);
  });
});

describe('a softmax in the middle', () => {
  it('is trained through', async () => {
    const model = sequential([
      dense({ units: 3, activation: 'softmax', inputShape: [2] }),
      dense({ units: 2, activation: 'softmax' }),
    ]);
    const optimizer = degelo.sgd({ learningRate: 1 });
    model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', threads: 0 });
    const x = [
      [1, 0],
      [0, 1],
    ];
    const { history } = await model.fit(x, [0, 1], { batchSize: 2, epochs: 60 });
    expect(history.loss[59]).toBeLessThan(history.loss[0] / 2);
  });
});

describe('summary', () => {
  it('prints to any sink', () => {
    const lines: string[] = [];
    tinyModel(degelo).summary((line) => lines.push(line));
    expect(lines[0]).toBe('Model: sequential');
    expect(lines.at(-1)).toBe('Non-trainable params: 0');
  });
});
