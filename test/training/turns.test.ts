/** Who works when: predictions within callbacks, several at once, and what stays refused. */

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as degelo from '../../src/index.ts';
import { training } from '../../src/layers/turns.ts';
import { temporaryFolder } from '../temporary.ts';
import { compiled, compileOptions } from './compiled.ts';
import { tinyData, tinyModel } from './tiny.ts';
import { getWeightsFlat } from './weights.ts';

const { x, y } = tinyData(24);
const options = { batchSize: 8, epochs: 2 } as const;

async function trained(callbacks: (model: degelo.Sequential) => degelo.Callback[], threads = 0) {
  await using model = tinyModel(degelo);
  model.compile({ ...compileOptions, optimizer: degelo.adadelta({ learningRate: 1 }), threads });
  const { history } = await model.fit(x, y, {
    ...options,
    validationData: [x, y],
    callbacks: callbacks(model),
  });
  return { history, weights: getWeightsFlat(model), slots: [...model.optimizerState().entries()] };
}

describe('within a callback', () => {
  it.each([0, 2])(
    'predict and evaluate do not disturb a bit of the training, %i threads',
    async (threads) => {
      const expected = await trained(() => []);
      const seen: number[] = [];
      const look = async (model: degelo.Sequential): Promise<void> => {
        // Of another batch size: memory of its own.
        const [{ loss }, predictions] = await Promise.all([
          model.evaluate(x, y, { batchSize: 24, callbacks: [{ onTestBatchEnd: () => {} }] }),
          model.predict(x, { batchSize: 24 }),
        ]);
        seen.push(loss, predictions.data[0]);
      };
      const got = await trained(
        (model) => [
          { onBatchEnd: () => look(model), onTestBatchEnd: () => look(model), onEpochEnd: () => look(model) },
        ],
        threads,
      );
      expect(got).toEqual(expected);
      expect(new Set(seen).size).toBeGreaterThan(10);
    },
  );

  it('the weights are those of that moment', async () => {
    const losses: number[] = [];
    const { history } = await trained((model) => [
      { onEpochEnd: async () => void losses.push((await model.evaluate(x, y, { batchSize: 8 })).loss) },
    ]);
    expect(losses).toEqual(history.val_loss);
  });

  it('a prediction that nobody awaits ends before the next step', async () => {
    const expected = await trained(() => []);
    const late: Promise<unknown>[] = [];
    const got = await trained((model) => [{ onBatchEnd: () => void late.push(model.predict(x)) }]);
    await Promise.all(late);
    expect(late).toHaveLength(6);
    expect(got).toEqual(expected);
  });

  it('a prediction may have callbacks that predict', async () => {
    const model = compiled();
    let inner = 0;
    const onProgress = async (): Promise<void> => {
      inner += (await model.predict(x)).shape[0];
    };
    await model.predict(x, { callbacks: [{ onProgress }] });
    expect(inner).toBe(24);
  });

  it.each([
    ['fit', (model: degelo.Sequential) => model.fit(x, y)],
    ['trainOnBatch', (model: degelo.Sequential) => model.trainOnBatch(x, y)],
    ['compile', (model: degelo.Sequential) => model.compile({ ...compileOptions, optimizer: 'sgd' })],
    ['add', (model: degelo.Sequential) => model.add(degelo.flatten())],
    ['pop', (model: degelo.Sequential) => model.pop()],
  ])('%s is refused, and the training goes on as it was', async (operation, call) => {
    const expected = await trained(() => []);
    const refusals: string[] = [];
    const got = await trained((model) => [
      {
        async onEpochEnd() {
          try {
            await call(model);
          } catch (error) {
            refusals.push((error as Error).message);
          }
        },
      },
    ]);
    const refusal = `${operation}: this model is busy with fit: await that first`;
    expect(refusals).toEqual([refusal, refusal]);
    expect(got).toEqual(expected);
  });
});

describe('predictions of a server', () => {
  it('that come at once are answered in the order of their calls', async () => {
    const model = compiled();
    const expected = await model.predict(x);
    const answered: number[] = [];
    const answers = await Promise.all(
      [3, 1, 2].map(async (samples, i) => {
        const answer = await model.predict(x.data.slice(0, samples * 100));
        answered.push(i);
        return answer;
      }),
    );
    expect(answered).toEqual([0, 1, 2]);
    for (const { data } of answers) expect([...data]).toEqual([...expected.data.slice(0, data.length)]);
  });

  it('see the numbers of their call, whatever becomes of the array while they wait', async () => {
    const model = compiled();
    const expected = await model.predict(x);
    const mine = x.data.slice();
    const [first, second] = [model.predict(mine), model.predict(mine)];
    mine.fill(0.5);
    expect((await first).data).toEqual(expected.data);
    expect((await second).data).toEqual(expected.data);
  });

  it('come in between the steps of a training that runs', async () => {
    const model = compiled();
    let ended = false;
    const training = model.fit(x, y, { ...options, epochs: 4 }).then(() => {
      ended = true;
    });
    await model.predict(x);
    expect(ended).toBe(false);
    await training;
  });

  it('do not wait in vain: an abort ends the waiting, and those behind go on', async () => {
    const model = compiled();
    const stop = new AbortController();
    const first = model.predict(x);
    const second = model.predict(x, { signal: stop.signal });
    const third = model.predict(x);
    stop.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
    expect((await third).data).toEqual((await first).data);
    await expect(model.predict(x, { signal: stop.signal })).rejects.toThrow('enough');
  });

  it('keep a training from beginning', async () => {
    const model = compiled();
    const answer = model.predict(x);
    await expect(model.fit(x, y)).rejects.toThrow(/fit: this model is busy with predict: await that first/);
    await answer;
    await model.fit(x, y);
  });
});

/** Runs `look` while a training step is half done, the first weight 99 in place of `weight`. */
async function inTheMiddle(model: degelo.Model, look: () => void): Promise<void> {
  const [{ value }] = model.parameters();
  const weight = value.data[0];
  await training(model, 'fit', async (turn) => {
    value.data[0] = 99; // a step has begun
    look();
    await new Promise(setImmediate);
    value.data[0] = weight; // and ends
    await turn.pause(async () => {});
    value.data[0] = 98;
  });
  value.data[0] = weight;
}

describe('what is read of a model while it is trained, by a promise,', () => {
  const at = (name: string): string => join(temporaryFolder(), name);
  const weightsOf = async (loaded: Promise<degelo.Model>): Promise<unknown> => getWeightsFlat(await loaded);
  const reading: Record<string, (model: degelo.Sequential) => Promise<unknown>> = {
    async 'save (a folder)'(model) {
      const place = at('model');
      await model.save(place);
      return weightsOf(degelo.loadModel(place));
    },
    async 'save (.keras)'(model) {
      const place = at('m.keras');
      await model.save(place);
      return weightsOf(degelo.loadModel(place));
    },
    async saveLayersModel(model) {
      const place = at('layers-model');
      await degelo.saveLayersModel(model, place);
      return weightsOf(degelo.loadLayersModel(place));
    },
    async saveCheckpoint(model) {
      const place = at('c.safetensors');
      await degelo.saveCheckpoint(model, place);
      return getWeightsFlat((await degelo.loadCheckpoint(place)).model);
    },
    async saveWeights(model) {
      const place = at('w.npz');
      await degelo.saveWeights(model, place);
      const other = tinyModel(degelo, 2);
      await degelo.loadWeights(other, place);
      return getWeightsFlat(other);
    },
    async encodeModel(model) {
      const { json, weights } = await degelo.encodeModel(model);
      return weightsOf(degelo.decodeModel(json, weights));
    },
    async encodeCheckpoint(model) {
      const bytes = await degelo.encodeCheckpoint(model);
      return getWeightsFlat((await degelo.decodeCheckpoint(bytes)).model);
    },
    weightsSha256: (model) => degelo.weightsSha256(model),
    predict: async (model) => (await model.predict(x)).data,
    evaluate: (model) => model.evaluate(x, y),
    gradients: async (model) => (await degelo.gradients(model, x, y)).weights,
    backward: async (model) => (await degelo.backward(model, x, (output) => output)).weights,
  };

  it.each(Object.keys(reading))('is what it was between two steps: %s', async (name) => {
    const model = compiled();
    const expected = await reading[name](model);
    let got: Promise<unknown> | undefined;
    await inTheMiddle(model, () => {
      got = reading[name](model);
    });
    expect(await got).toEqual(expected);
  });

  it('is read at once in a callback', async () => {
    const model = compiled();
    const read = async (): Promise<string> => degelo.weightsSha256(model);
    const seen = new Set<string>();
    const onBatchEnd = async (): Promise<void> => void seen.add(await read());
    await model.fit(x, y, { ...options, callbacks: [{ onBatchEnd }] });
    expect(seen.size).toBe(6);
    expect([...seen].at(-1)).toBe(await read());
  });
});

describe('what reads or sets weights without a promise', () => {
  const layerOf = (model: degelo.Sequential): degelo.Layer =>
    model.layers.find(({ parameters }) => parameters.length > 0)!;
  const calls: Record<string, (model: degelo.Sequential) => unknown> = {
    getWeights: (model) => model.getWeights(),
    setWeights: (model) => model.setWeights(model.parameters().map(({ value }) => value)),
    'getWeights of a layer': (model) => layerOf(model).getWeights(),
    'setWeights of a layer': (model) =>
      layerOf(model).setWeights(layerOf(model).parameters.map(({ value }) => value!)),
    namedWeights: (model) => degelo.namedWeights(model),
    setNamedWeights: (model) =>
      degelo.setNamedWeights(model, new Map(model.parameters().map(({ name, value }) => [name, value]))),
    encodeKeras: (model) => degelo.encodeKeras(model),
    encodeLayersModel: (model) => degelo.encodeLayersModel(model),
    optimizerState: (model) => model.optimizerState(),
  };

  it.each(Object.keys(calls))('is refused in the middle of a step, not in a callback: %s', async (name) => {
    const model = compiled();
    const [operation] = name.split(' ');
    let refusal: unknown;
    await inTheMiddle(model, () => {
      try {
        calls[name](model);
      } catch (error) {
        refusal = error;
      }
    });
    expect(refusal).toMatchObject({
      message: expect.stringMatching(
        new RegExp(`^${operation} outside callbacks: .* is busy with fit: await that first$`),
      ),
    });
    await model.fit(x, y, { ...options, callbacks: [{ onBatchEnd: () => void calls[name](model) }] });
    calls[name](model);
  });

  it('may use a model that shares no weights with the one that is trained', async () => {
    const other = compiled();
    await inTheMiddle(compiled(), () => {
      for (const call of Object.values(calls)) call(other);
    });
  });

  it('isn’t kept from a model by predictions', async () => {
    const model = compiled();
    const answer = model.predict(x);
    for (const call of Object.values(calls)) call(model);
    await answer;
  });
});

it('weights that loadWeights sets while the model is trained come between two steps', async () => {
  const model = compiled();
  const file = degelo.encodeSafetensors(degelo.namedWeights(tinyModel(degelo, 2)));
  let loaded: Promise<unknown> | undefined;
  let before: number | undefined;
  const [{ value }] = model.parameters();
  await training(model, 'fit', async (turn) => {
    loaded = degelo.loadWeights(model, file);
    await new Promise(setImmediate);
    before = value.data[0];
    await turn.pause(async () => {});
    expect(value.data[0]).not.toBe(before);
  });
  await loaded;
});
