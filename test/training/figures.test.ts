/** Figures that can be had in two ways are the same in both. */
import { describe, expect, it } from 'vitest';
import * as degelo from '../../src/index.ts';
import { createKernels } from '../../src/kernels/index.ts';
import { Arena } from '../../src/model/arena.ts';
import { bindLosses } from '../../src/model/binding.ts';
import { StepMemory } from '../../src/model/step-memory.ts';
import { compiled, compileOptions } from './compiled.ts';
import { tinyData, tinyModel } from './tiny.ts';

const { sequential, dense, activation } = degelo;
const { x, y, classes } = tinyData(45);

describe('accuracy', () => {
  it.each([0, 2])('of evaluate is what one counts from predict, %i threads', async (threads) => {
    await using model = tinyModel(degelo);
    model.compile({ ...compileOptions, optimizer: degelo.adadelta({ learningRate: 1 }), threads });
    await model.fit(x, y, { batchSize: 8, epochs: 2 });
    const { data } = await model.predict(x);
    let right = 0;
    for (const [n, k] of classes.entries()) {
      const row = [...data.subarray(n * 3, n * 3 + 3)];
      if (row.indexOf(Math.max(...row)) === k) right++;
    }
    expect(right).toBeGreaterThan(9);
    expect(right).toBeLessThan(45);
    expect((await model.evaluate(x, y)).accuracy).toBe(right / 45);
  });
});

describe('the loss’s views of a batch', () => {
  it('follow one another, shard by shard: no two workers write at the same place', () => {
    const model = compiled();
    const memory = new StepMemory(
      model.plan(),
      createKernels('plain', null),
      { batch: 40, workers: 2, metrics: [1], optimizer: model.optimizer },
      new Arena('float32', new ArrayBuffer(2 ** 22)),
    );
    for (const program of [memory.training, memory.inference]) {
      if (!program) throw new Error('a compiled plan trains');
      const runs = bindLosses(program, model.plan(), memory);
      expect(runs).toHaveLength(5);
      for (const [shard, run] of runs.entries()) {
        for (const name of ['x', 'y', 'probabilities', 'targets'] as const) {
          expect(run[name].byteOffset - runs[0][name].byteOffset, name).toBe(shard * 8 * 3 * 4);
        }
        expect(run.losses.byteOffset - runs[0].losses.byteOffset).toBe(shard * 8 * 8);
      }
    }
  });
});

describe('fromLogits', () => {
  const { binaryCrossentropy, categoricalCrossentropy, sparseCategoricalCrossentropy } = degelo;
  it.each([binaryCrossentropy, categoricalCrossentropy, sparseCategoricalCrossentropy])(
    'of %o is saved and read back, with models and with checkpoints',
    async (make) => {
      const { name } = make();
      for (const fromLogits of [true, false]) {
        const end = name === 'binaryCrossentropy' ? 'sigmoid' : 'softmax';
        const model = sequential([
          dense({ units: 3, inputShape: [100] }),
          ...(fromLogits ? [] : [activation(end)]),
        ]);
        const metrics = ['accuracy'] as const;
        model.compile({ optimizer: 'sgd', loss: make({ fromLogits }), metrics, threads: 0 });
        const targets = name.startsWith('sparse') ? classes : y;
        const expected = await model.evaluate(x.data, targets);
        const { json, weights } = await degelo.encodeModel(model);
        const checkpoint = await degelo.encodeCheckpoint(model);
        for (const read of [
          await degelo.decodeModel(json, weights),
          (await degelo.decodeCheckpoint(checkpoint, { threads: 0 })).model,
        ]) {
          expect(read.compiled?.loss.fromLogits).toBe(fromLogits);
          expect(await read.evaluate(x.data, targets)).toEqual(expected);
          await read.dispose();
        }
      }
    },
  );
});

describe('binary cross-entropy', () => {
  it('of probabilities is refused behind a linear dense or convolutional layer', () => {
    const options = { optimizer: 'sgd', loss: 'binaryCrossentropy', threads: 0 } as const;
    const rule = "compile: binaryCrossentropy needs probabilities: end the model with activation('sigmoid')";
    expect(() => sequential([dense({ units: 2, inputShape: [3] })]).compile(options)).toThrow(rule);
    const conv = degelo.conv2d({ filters: 1, kernelSize: 2, inputShape: [4, 4, 1] });
    expect(() => sequential([conv]).compile(options)).toThrow(rule);
    const loss = degelo.binaryCrossentropy({ fromLogits: true });
    sequential([dense({ units: 2, inputShape: [3] })]).compile({ ...options, loss });
    sequential([dense({ units: 2, activation: 'sigmoid', inputShape: [3] })]).compile(options);
  });
});
