/** Keras' own files: read as Keras reads them. Fixtures by fixtures/make-keras-file-fixtures.py. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { encodeHdf5 } from '../../src/formats/hdf5/write.ts';
import {
  dense,
  encodeKeras,
  loadModel,
  loadWeights,
  type Model,
  sequential,
  tensor,
} from '../../src/index.ts';
import { temporaryFolder } from '../temporary.ts';
import { getWeightsFlat } from '../training/weights.ts';

const at = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/keras-files/${name}`, import.meta.url));
const { version, models } = JSON.parse(readFileSync(at('expected.json'), 'utf8'));

/** The numbers that the script's function of this name gives. */
function numbers(shape: readonly number[]) {
  const count = shape.reduce((product, size) => product * size, 1);
  const data = Float32Array.from({ length: count }, (_, i) => (((i * 7919) % 1009) / 1009) * 2 - 1);
  return tensor(data, shape);
}

/** The largest difference from what Keras predicts. */
async function error(model: Model, name: string): Promise<number> {
  const { input, output } = models[name];
  const { data } = await model.predict(numbers(input));
  expect(data.length).toBe(output.length);
  return Math.max(...output.map((value: number, i: number) => Math.abs(value - data[i])));
}

describe('models in Keras’ files', () => {
  it('are those of the script', () => expect(version).toBe(1));

  it.each(Object.keys(models))('%s predicts what Keras predicts by it, within 2e-6', async (name) => {
    const model = await loadModel(at(name));
    expect(await error(model, name)).toBeLessThan(2e-6);
    expect(model.origin?.description).toMatch(name.startsWith('keras2') ? /by Keras 2/ : /by Keras 3|degelo/);
    expect(model.origin?.remarks).toEqual(
      /^sequential\./.test(name) ? [expect.stringContaining("optimizer's state, aren't read")] : [],
    );
  });

  it('keep which layers are frozen, and the hard sigmoid of their version', async () => {
    const frozen = (model: Model): string[] =>
      model.nodes().flatMap(({ layer }) => (layer.trainable ? [] : [layer.name]));
    expect(frozen(await loadModel(at('functional.keras')))).toEqual(['depthwise_conv2d']);
    expect(frozen(await loadModel(at('nested.keras')))).toEqual(['c', 'n']);
    const activation = async (name: string) =>
      (await loadModel(at(name))).getLayer('dense').getConfig().activation;
    expect(await activation('sequential.h5')).toBe('hardSigmoid');
    expect(await activation('keras2-sequential.h5')).toBe('hardSigmoidKeras2');
  });
});

describe('models that degelo writes as .keras', () => {
  it.each(Object.keys(models).filter((name) => name.startsWith('ours/')))(
    '%s comes out the same to the byte, which Keras has read',
    async (name) => {
      const model = await loadModel(at(name));
      expect(Buffer.from(encodeKeras(model)).equals(readFileSync(at(name)))).toBe(true);
    },
  );

  it('are written by save, and say what Keras lacks before anything is written', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'm.keras');
    const make = (activation: 'hardSigmoid' | 'hardSigmoidKeras2' | 'geluApproximate', name = 'd') =>
      sequential([dense({ units: 2, inputShape: [3], activation, name })]);
    await expect(make('hardSigmoidKeras2').save(path)).rejects.toThrow(
      new RangeError(
        "layer d: activation hardSigmoidKeras2 can't be stored in this format: Keras 3 lacks it (degelo's own format has it)",
      ),
    );
    await expect(make('geluApproximate').save(path)).rejects.toThrow('Keras 3 lacks it');
    await expect(make('hardSigmoid', 'a/b').save(path)).rejects.toThrow('a name with "/" can\'t be stored');
    await expect(sequential([dense({ units: 1 })]).save(path)).rejects.toThrow(/built/);
    expect(readdirSync(folder)).toEqual([]);
    const model = make('hardSigmoid');
    await model.save(path);
    expect(getWeightsFlat(await loadModel(path))).toEqual(getWeightsFlat(model));
    expect(readdirSync(folder)).toEqual(['m.keras']);
  });
});

describe('weights in Keras’ files', () => {
  it.each([
    ['sequential.weights.h5', 'sequential.keras'],
    ['sequential.h5', 'sequential.keras'],
    ['sequential.keras', 'sequential.h5'],
    ['keras2-weights.h5', 'keras2-sequential.h5'],
    ['keras2-functional.h5', 'keras2-functional.h5'],
    ['functional.keras', 'functional.h5'],
    ['nested.keras', 'nested.h5'],
    ['nested.h5', 'nested.keras'],
  ])('%s are those of %s', async (weights, whole) => {
    const model = await loadModel(at(whole));
    const expected = getWeightsFlat(model);
    model.setWeights(
      model.getWeights().map(({ shape, data }) =>
        tensor(
          data.map(() => 7),
          shape,
        ),
      ),
    );
    await loadWeights(model, at(weights));
    expect(getWeightsFlat(model)).toEqual(expected);
  });

  it('may have their lists of names cut into numbered attributes, as Keras cuts long ones', async () => {
    const bytes = readFileSync(at('keras2-weights.h5'));
    for (const name of ['layer_names', 'weight_names']) {
      // In HDF5 an attribute's name ends with a zero, is filled up to sixteen bytes, and its length is before it.
      for (let found = bytes.indexOf(`${name}\0`); found >= 0; found = bytes.indexOf(`${name}\0`, found)) {
        bytes.writeUInt16LE(name.length + 2, found - 6);
        bytes.write('0', found + name.length);
      }
    }
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'cut.weights.h5'), bytes);
    const [model, other] = [
      await loadModel(at('keras2-sequential.h5')),
      await loadModel(at('keras2-sequential.h5')),
    ];
    other.setWeights(
      other.getWeights().map(({ shape, data }) =>
        tensor(
          data.map((w) => w + 1),
          shape,
        ),
      ),
    );
    await loadWeights(other, join(folder, 'cut.weights.h5'));
    expect(getWeightsFlat(other)).toEqual(getWeightsFlat(model));
  });

  it('say which layer they don’t fit', async () => {
    const model = await loadModel(at('nested.keras'));
    await expect(loadWeights(model, at('sequential.weights.h5'))).rejects.toThrow(
      'sequential.weights.h5: layer "c": expected 2 arrays of weights (kernel [2,2,2,2], bias [2]), got 0 in layers/',
    );
    await expect(loadWeights(sequential([]), at('sequential.weights.h5'))).rejects.toThrow('not built');
    await expect(loadModel(at('sequential.weights.h5'))).rejects.toThrow(
      'weights and no layers (save_weights): make the model',
    );
    await expect(loadModel(at('keras2-weights.h5'))).rejects.toThrow(
      'weights and no layers (save_weights): make the model',
    );
    await expect(loadModel(at('h5py/arrays.h5'))).rejects.toThrow(
      'expected the attribute model_config, got groups',
    );
    expect(existsSync(at('expected.json'))).toBe(true);
    // As Keras names what a model class of one's own keeps: by its attributes in Python.
    const vars = { members: new Map([['vars', { members: new Map() }]]) };
    const own = encodeHdf5({ members: new Map([...vars.members, ['encoder', vars]]) }, 'own');
    await expect(loadModel(own)).rejects.toThrow(
      'weights of a class of its own (Python code) and no layers: make a functional model of the same layers in Keras',
    );
  });
});
