/** Models that Keras saves otherwise than to one file of float32. Fixtures by fixtures/make-keras-variants-fixtures.py. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadModelFiles } from '../../src/browser.ts';
import { readShards } from '../../src/formats/keras-shards.ts';
import { encodeKeras, loadModel, loadWeights, type Model, modelFromJSON, tensor } from '../../src/index.ts';
import { loadBase } from '../../src/training/saved/load-model.ts';
import { getWeightsFlat } from '../training/weights.ts';

const at = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/keras-variants/${name}`, import.meta.url));
const { models } = JSON.parse(readFileSync(at('expected.json'), 'utf8'));
const REMARKS: Readonly<Record<string, string>> = {
  'float64.keras':
    'layers that computed in float64 compute in float32 here: less exactly, to some seven digits',
  'lora.keras': 'LoRA: its matrices are part of the kernels that they belong to, which train whole here',
};

async function expectPrediction(model: Model, name: string): Promise<void> {
  const { input, output } = models[name];
  const numbers = Float32Array.from({ length: 32 }, (_, i) => (((i * 7919) % 1009) / 1009) * 2 - 1);
  const { data } = await model.predict(tensor(numbers, input));
  expect(data.length).toBe(output.length);
  for (const [i, value] of data.entries()) expect(Math.abs(value - output[i])).toBeLessThan(2e-6);
}

describe('Keras’ models that aren’t one file of float32', () => {
  it.each(Object.keys(models).filter((name) => !name.startsWith('heads')))(
    '%s predicts what Keras predicts by it',
    async (name) => {
      const model = await loadModel(at(name), name === 'open.keras' ? { inputShape: [4, 4, 1] } : {});
      await expectPrediction(model, name);
      expect(model.origin?.remarks).toEqual(name in REMARKS ? [REMARKS[name]] : []);
      expect(model.origin?.format).toBe(name.endsWith('.h5') ? 'h5' : 'keras');
    },
  );

  it('have no LoRA beside their kernels, as .h5 has it', async () => {
    await expect(loadModel(at('lora.h5'))).rejects.toThrow(
      /expected 2 arrays of weights .*: save it from Keras as \.keras, with LoRA within the kernels$/,
    );
  });

  it('use a layer without weights several times: each use is a layer, saved too', async () => {
    const model = await loadModel(at('shared.keras'));
    const uses = model.layers.map(({ name }) => name).filter((name) => name.includes('_use_'));
    const pools = [2, 3, 4].map((use) => `max_pooling2d_use_${use}`);
    expect(uses.sort()).toEqual(['dropout_use_2', ...pools, 're_lu_use_2']);
    await expectPrediction(await loadModel(encodeKeras(model)), 'shared.keras');
    await expectPrediction(await loadModel(encodeKeras(await loadModel(at('row.h5')))), 'row.h5');
  });

  it.each(['keras', 'h5'])(
    'have several outputs, of which one is chosen by its name or place: .%s',
    async (ending) => {
      const place = at(`heads.${ending}`);
      for (const output of ['class', 'scores', 0])
        await expectPrediction(await loadModel(place, { output }), 'heads: class');
      for (const output of ['place', 'box', 1])
        await expectPrediction(await loadModel(place, { output }), 'heads: place');
      const { layers } = await loadModel(place, { output: 'scores' });
      expect(layers.map(({ name }) => name)).toEqual(['input_layer', 'conv2d', 're_lu', 'flatten', 'scores']);
      await expect(loadModel(place)).rejects.toThrow(
        'output_layers must name one layer, got ["scores","box"]: choose one: loadModel(place, { output: "scores" })',
      );
      await expect(loadModel(place, { output: 'boxes' })).rejects.toThrow(
        'loadModel: output must be one of "class", "place", or its place from 0, got "boxes"',
      );
      for (const output of [-1, 0.5, []])
        await expect(loadModel(place, { output: output as never })).rejects.toThrow(
          'loadModel: output must be a name',
        );
    },
  );

  it('of one output know it by its name, or as 0; a row of layers by its last', async () => {
    await expectPrediction(await loadModel(at('ends.keras'), { output: 'scores' }), 'ends.keras');
    await expectPrediction(await loadModel(at('row.keras'), { output: 0 }), 'row.keras');
    await expect(loadModel(at('row.keras'), { output: 1 })).rejects.toThrow(
      /must be one of "unit_normalization_1"/,
    );
  });

  it('leave sizes open, which are to be given, and only these', async () => {
    await expect(loadModel(at('open.keras'))).rejects.toThrow(
      /loadModel\(place, { inputShape: .*got \[null,null,null,1\]/,
    );
    await expect(loadModel(at('open.keras'), { inputShape: [4, 4, 2] })).rejects.toThrow('got [4,4,2]');
    await expect(loadModel(at('open.keras'), { inputShape: [4] })).rejects.toThrow('got [null,null,null,1]');
    await expect(loadModel(at('ends.keras'), { inputShape: [8, 8, 1] })).rejects.toThrow(
      'must have shape [4,4,1]',
    );
    await expect(loadModel(at('ends.keras'), { inputShape: 4 as never })).rejects.toThrow('[4]');
    expect(await loadBase(at('open.keras'), undefined).catch(({ message }) => message)).toContain(
      'or --size 224',
    );
    expect((await loadBase(at('ends.keras'), [8, 8])).inputShape).toEqual([4, 4, 1]);
  });

  it('are files that one chooses together, whichever comes first', async () => {
    const names = ['metadata.json', 'model.weights.h5', 'config.json'];
    const files = names.map((name) => ({
      name,
      arrayBuffer: async () => new Uint8Array(readFileSync(at(`folder/${name}`))).buffer,
    }));
    await expectPrediction(await loadModelFiles(files), 'folder');
    await expect(loadModelFiles(files.slice(2))).rejects.toThrow('model.weights.h5: choose both together');
  });
});

/** The model of the folder, with other weights than it came with. */
const blank = (): Model => modelFromJSON(readFileSync(at('folder/config.json'), 'utf8'), { seed: 3 });

describe('weights of Keras in several files', () => {
  it.each(['sharded.weights.json', 'folder'])('are read by the index, or the folder: %s', async (name) => {
    const model = blank();
    expect(await loadWeights(model, at(name))).toEqual([]);
    await expectPrediction(model, 'folder');
  });

  it('are read too where the index names one file in place of a list', async () => {
    const index = JSON.parse(readFileSync(at('sharded.weights.json'), 'utf8'));
    index.weight_map['/layers/conv2d/vars'] = 'sharded_00000.weights.h5';
    const weights = await readShards(source(at), index, blank());
    expect(weights.get('conv2d/kernel')?.data).toEqual((await loadModel(at('folder'))).getWeights()[0].data);
  });

  it.each<[string, unknown, string]>([
    [
      'names no layer of the model',
      { '/layers/dense_7/vars': 'sharded_00000.weights.h5' },
      'index: layer "conv2d": expected 2 arrays of weights (kernel [3,3,1,2], bias [2]), got 0 in layers/conv2d/vars',
    ],
    [
      'names the file that has the others',
      {
        '/layers/conv2d/vars': 'sharded_00000.weights.h5',
        '/layers/dense/vars': ['sharded_00000.weights.h5', 'sharded_00001.weights.h5'],
      },
      'layer "dense": expected 2 arrays',
    ],
    [
      'leads out of its folder',
      { '/layers/conv2d/vars': ['../x.weights.h5'] },
      'index: weight_map["/layers/conv2d/vars"] must be plain file names, got "../x.weights.h5"',
    ],
    [
      'names too many files',
      { '/vars': Array.from({ length: 1025 }, (_, i) => `x${i}`) },
      'index: files must be at most 1024',
    ],
    ['has no map', [], 'index: weight_map must be an object, got []'],
  ])('are refused where the index %s', async (_, weight_map, message) => {
    // Every file is the first one.
    const model = blank();
    const first = source((name) => at(name.startsWith('x') ? 'sharded_00000.weights.h5' : name));
    await expect(readShards(first, { weight_map }, model)).rejects.toThrow(message);
  });

  it('are no model, and say what to do', async () => {
    await expect(loadModel(at('sharded.weights.json'))).rejects.toThrow(
      "this is Keras' index of weights in several files (save_weights with max_shard_size), without layers: make the model",
    );
  });

  it('that are quantised are refused, and say so, with the model’s weights as they were', async () => {
    const model = blank();
    const before = getWeightsFlat(model);
    await expect(loadWeights(model, at('int8.weights.h5'))).rejects.toThrow(
      'layer "dense": expected 2 arrays of weights (kernel [8,3], bias [3]), got 3 in layers/dense/vars, some of them whole numbers (quantised: save the weights before quantize())',
    );
    expect(getWeightsFlat(model)).toEqual(before);
  });
});

function source(place: (name: string) => string) {
  return {
    name: 'index',
    bytes: new Uint8Array(),
    beside: async (name: string) => ({ name, bytes: new Uint8Array(readFileSync(place(name))) }),
  };
}
