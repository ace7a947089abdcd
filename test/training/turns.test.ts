/** Who works when: predictions within callbacks, several at once, and what stays refused. */

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as degelo from '../../src/index.ts';
import { training } from '../../src/training/loop/turns.ts';
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

describe('what is saved while the model is trained', () => {
  const at = (name: string): string => join(temporaryFolder(), name);
  const weightsOf = async (loaded: Promise<degelo.Model>): Promise<unknown> => getWeightsFlat(await loaded);

  it.each<
    [
      string,
      string,
      (model: degelo.Sequential, place: string) => Promise<void>,
      (place: string) => Promise<unknown>,
    ]
  >([
    ['save', 'model', (model, place) => model.save(place), (place) => weightsOf(degelo.loadModel(place))],
    ['save', 'm.keras', (model, place) => model.save(place), (place) => weightsOf(degelo.loadModel(place))],
    ['saveLayersModel', 'model', degelo.saveLayersModel, (place) => weightsOf(degelo.loadLayersModel(place))],
    [
      'saveCheckpoint',
      'c.safetensors',
      degelo.saveCheckpoint,
      async (place) => getWeightsFlat((await degelo.loadCheckpoint(place)).model),
    ],
    [
      'saveWeights',
      'w.npz',
      degelo.saveWeights,
      async (place) => {
        const model = tinyModel(degelo, 2);
        await degelo.loadWeights(model, place);
        return getWeightsFlat(model);
      },
    ],
  ])('by %s (%s) is what it was between two steps', async (_, name, save, weightsFrom) => {
    const model = compiled();
    const [place, before] = [at(name), getWeightsFlat(model)];
    const [{ value }] = model.parameters();
    const weight = value.data[0];
    let saved: Promise<void> | undefined;
    await training(model, 'fit', async (turn) => {
      value.data[0] = 99; // a step has begun
      saved = save(model, place);
      await new Promise(setImmediate);
      value.data[0] = weight; // and ends
      await turn.pause(async () => {});
      value.data[0] = 98;
    });
    await saved;
    expect(await weightsFrom(place)).toEqual(before);
  });
});

describe('a callback that notes something of its model', () => {
  it.each<[string, () => degelo.Callback]>([
    ['earlyStopping', () => degelo.earlyStopping({ monitor: 'loss', patience: 9 })],
    ['reduceLROnPlateau', () => degelo.reduceLROnPlateau({ monitor: 'loss' })],
    ['learningRateScheduler', () => degelo.learningRateScheduler((_, rate) => rate)],
    ['modelCheckpoint', () => degelo.modelCheckpoint({ folder: temporaryFolder() })],
    ['csvLogger', () => degelo.csvLogger({ path: join(temporaryFolder(), 'log.csv') })],
  ])(
    'such as %s is refused while it is at work for another model, and free afterwards',
    async (name, make) => {
      const [one, other] = [compiled(), compiled()];
      const callbacks = [make()];
      const first = one.fit(x, y, { ...options, callbacks });
      await expect(other.fit(x, y, { ...options, callbacks })).rejects.toThrow(
        `${name}: is at work for another model: make one for each model`,
      );
      await first;
      expect((await other.fit(x, y, { ...options, callbacks })).epoch).toEqual([0, 1]);
    },
  );
});
