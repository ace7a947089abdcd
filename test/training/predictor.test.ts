/** A saved model that only predicts. */
import { describe, expect, it } from 'vitest';
import {
  batchNormalization,
  conv2d,
  conv2dTranspose,
  decodePredictor,
  dense,
  dropout,
  encodeModel,
  flatten,
  globalAveragePooling2d,
  input,
  type Model,
  model,
  reLU,
  sequential,
  Tensor,
  tensor,
} from '../../src/index.ts';

/** A network that has learnt a little, so that it has running means. */
async function trained(): Promise<Model> {
  const features = sequential([
    conv2d({ filters: 4, kernelSize: 3, padding: 'same', inputShape: [6, 6, 1] }),
    batchNormalization(),
    reLU(),
  ]);
  const x = input({ shape: [6, 6, 1] });
  const inner = conv2dTranspose({ filters: 4, kernelSize: 2 }).apply(features.apply(x));
  const y = dense({ units: 2, activation: 'softmax' }).apply(
    dropout({ rate: 0.5 }).apply(globalAveragePooling2d().apply(inner)),
  );
  const made = model({ inputs: x, outputs: y });
  made.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy', threads: 0 });
  await made.trainOnBatch(images(4), [0, 1, 0, 1]);
  made.classNames = ['no', 'yes'];
  made.imageInput = { content: 'digit', preprocessing: 'unit' };
  return made;
}

const images = (n: number): Tensor =>
  new Tensor(
    Float32Array.from({ length: n * 36 }, (_, i) => ((i * 7) % 11) / 11),
    [n, 6, 6, 1],
  );

describe('a predictor', () => {
  it('predicts with the bits of the model that was saved, in any batches, one prediction at a time', async () => {
    const made = await trained();
    const { json, weights } = await encodeModel(made);
    const predictor = await decodePredictor(json, weights);
    const expected = await made.predict(images(11));
    const turned = new Tensor(images(11).data.toReversed(), [11, 6, 6, 1]);
    const [one, other, none, another] = await Promise.all([
      predictor.predict(images(11)),
      predictor.predict(images(11), { batchSize: 3 }),
      predictor.predict(images(0)),
      predictor.predict(turned),
    ]);
    expect(one).toEqual(expected);
    expect(other).toEqual(expected);
    expect(none.shape).toEqual([0, 2]);
    expect(another).toEqual(await made.predict(turned));
    expect([predictor.classNames, predictor.imageInput]).toEqual([made.classNames, made.imageInput]);
  });

  it('follows weights that are set, and refuses other layers', async () => {
    const made = sequential([flatten({ inputShape: [2] }), dense({ units: 1, useBias: false })]);
    const { json, weights } = await encodeModel(made);
    const predictor = await decodePredictor(json, weights);
    expect([predictor.classNames, predictor.imageInput]).toEqual([null, null]);
    await predictor.predict([[1, 2]]);
    predictor.setWeights([tensor([[10], [1]])]);
    expect((await predictor.predict([[1, 2]])).data[0]).toBe(12);
    expect(() => predictor.add(dense({ units: 1 }))).toThrow("add: a predictor's layers stay as they are");
  });

  it('refuses samples of another shape, options that it hasn’t, and what is no saved model', async () => {
    const { json, weights } = await encodeModel(sequential([dense({ units: 1, inputShape: [2] })]));
    const predictor = await decodePredictor(json, weights);
    await expect(predictor.predict([[1, 2, 3]])).rejects.toThrow('predict: x must have shape [n, 2]');
    await expect(predictor.predict([[1, 2]], { verbose: 1 } as never)).rejects.toThrow(/predict: .*verbose/);
    await expect(predictor.predict([[1, 2]], { batchSize: 0 })).rejects.toThrow(RangeError);
    await expect(decodePredictor(json, weights.slice(1))).rejects.toThrow(
      'not the weights that model.json names',
    );
    const names = JSON.stringify({ ...JSON.parse(json), classNames: ['one', 'two'] });
    await expect(decodePredictor(names, weights)).rejects.toThrow(/^model\.json: /);
  });
});
