/** Keras' layers of one dimension, read as their kin of two. Fixtures by fixtures/make-keras-steps-fixtures.py. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  decodeLayersModel,
  encodeKeras,
  loadModel,
  loadWeights,
  type Model,
  modelFromJSON,
  tensor,
  zeros,
} from '../../src/index.ts';
import { getWeightsFlat } from '../training/weights.ts';

const at = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/keras-steps/${name}`, import.meta.url));
const { models } = JSON.parse(readFileSync(at('expected.json'), 'utf8'));
const X = Float32Array.from({ length: 96 }, (_, i) => (((i * 7919) % 1009) / 1009) * 2 - 1);

async function expectPrediction(model: Model, name: string): Promise<void> {
  const { data } = await model.predict(tensor(X, models[name].input));
  const { output } = models[name];
  expect(data.length).toBe(output.length);
  for (const [i, value] of data.entries()) expect(Math.abs(value - output[i])).toBeLessThan(2e-6);
}

describe('layers of one dimension', () => {
  it.each(Object.keys(models))('%s predicts what Keras predicts by it, saved again too', async (name) => {
    const model = await loadModel(at(name));
    await expectPrediction(model, name);
    await expectPrediction(await loadModel(encodeKeras(model)), name);
  });

  it('are models of their names, each with its kin of two dimensions, and train', async () => {
    const model = await loadModel(at('row.keras'));
    const [first] = model.layers;
    expect([first.name, first.className]).toEqual(['conv1d', 'Functional']);
    expect(model.getLayer('conv1d').getWeights()[0].shape).toEqual([3, 1, 4, 6]);
    model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy', threads: 0 });
    const before = getWeightsFlat(model);
    await model.fit(tensor(X, [2, 12, 4]), [0, 1], { epochs: 1 });
    expect(getWeightsFlat(model)).not.toEqual(before);
  });

  it.each(['row.keras', 'graph.keras'])(
    'take the weights of %s alone, as Keras counts them',
    async (name) => {
      const model = await loadModel(at(name));
      model.setWeights(model.getWeights().map(({ shape }) => zeros(shape)));
      await loadWeights(model, at(name));
      await expectPrediction(model, name);
    },
  );

  it.each(['DepthwiseConv1D', 'SeparableConv1D'])(
    'of %s has equal strides, without which TensorFlow computes none',
    (class_name) => {
      const config = {
        name: 'apart',
        filters: 2,
        kernel_size: [3],
        strides: [2],
        batch_input_shape: [null, 9, 1],
      };
      if (class_name === 'DepthwiseConv1D') Reflect.deleteProperty(config, 'filters');
      const json = { class_name: 'Sequential', config: { name: 'row', layers: [{ class_name, config }] } };
      const kin = modelFromJSON(json)
        .nodes()
        .find(({ layer }) => layer.name === 'apart');
      expect(kin?.layer.getConfig().strides).toEqual([2, 2]);
      expect(modelFromJSON(json).outputShape[0]).toBe(4);
    },
  );

  const topology = (layers: readonly object[]): string =>
    JSON.stringify({
      format: 'layers-model',
      modelTopology: { class_name: 'Sequential', config: { name: 'sequential', layers } },
      weightsManifest: [
        {
          paths: ['weights.bin'],
          weights: [
            { name: 'conv1d_Conv1D1/kernel', shape: [2, 1, 1], dtype: 'float32' },
            { name: 'conv1d_Conv1D1/bias', shape: [1], dtype: 'float32' },
          ],
        },
      ],
    });
  const conv1d = (options: object = {}): object => ({
    class_name: 'Conv1D',
    config: {
      ...{ name: 'conv1d_Conv1D1', filters: 1, kernel_size: [2], strides: [1], padding: 'causal' },
      ...{ data_format: 'channels_last', dilation_rate: [1], activation: 'linear', use_bias: true },
      batch_input_shape: [null, 4, 1],
      ...options,
    },
  });

  it('are read from TensorFlow.js’ files', async () => {
    const pool = { class_name: 'MaxPooling1D', config: { name: 'pool', pool_size: [2], strides: [2] } };
    const weights = new Uint8Array(Float32Array.of(1, 10, 0.5).buffer);
    const model = decodeLayersModel(topology([conv1d(), pool]), weights);
    const { data, shape } = await model.predict(tensor([1, 2, 3, 4], [1, 4, 1]));
    expect([...data, ...shape]).toEqual([21.5, 43.5, 1, 2, 1]);
  });

  it('are refused for other samples, and with channels first', () => {
    const json = (options: object) => JSON.stringify(JSON.parse(topology([conv1d(options)])).modelTopology);
    expect(() => modelFromJSON(json({ batch_input_shape: [null, 4, 4, 1] }))).toThrow(
      'layer "conv1d_Conv1D1" (Conv1D): expected samples [steps, channels], got [4,4,1]',
    );
    expect(() => modelFromJSON(json({ data_format: 'channels_first' }))).toThrow(
      'data_format must be "channels_last"',
    );
  });
});
