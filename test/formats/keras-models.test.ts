/** Models as Keras and TensorFlow.js write them where they aren't plain Sequentials: chains, models within models, slips of format. */
import { describe, expect, it } from 'vitest';
import { unpacker } from '#unpacker';
import { readZip } from '../../src/data/zip.ts';
import { openHdf5 } from '../../src/formats/hdf5/file.ts';
import {
  add,
  conv2d,
  decodeLayersModel,
  decodeModel,
  dense,
  encodeKeras,
  encodeLayersModel,
  encodeModel,
  FormatError,
  flatten,
  input,
  loadModel,
  model,
  preprocessingOf,
  type Sequential,
  sequential,
  tensor,
} from '../../src/index.ts';
import { layerFromConfig } from '../../src/layers/registry.ts';
import { modelFromConfig } from '../../src/training/functional.ts';
import { getWeightsFlat } from '../training/weights.ts';

// biome-ignore lint/suspicious/noExplicitAny: JSON that the tests change at any place.
type Json = any;

const original = sequential({
  name: 'mine',
  layers: [
    conv2d({ filters: 2, kernelSize: 2, inputShape: [3, 3, 1] }),
    flatten(),
    dense({ units: 3 }),
    dense({ units: 2, activation: 'softmax' }),
  ],
});
const { json, weights } = encodeLayersModel(original);
const [CONV, FLATTEN, DENSE, LAST]: Json[] = JSON.parse(json).modelTopology.config.layers;
const INPUT = {
  class_name: 'InputLayer',
  config: { name: 'in', batch_input_shape: [null, 3, 3, 1], dtype: 'float32', sparse: false },
};

/** The file with another topology. */
const file = (topology: Json, change: (json: Json) => void = () => {}): string => {
  const changed = JSON.parse(json);
  changed.modelTopology = topology;
  change(changed);
  return JSON.stringify(changed);
};
const inRow = (...layers: Json[]): Json => ({ class_name: 'Sequential', config: { name: 'mine', layers } });

const node = (layer: Json, inbound: Json): Json => ({
  ...layer,
  name: layer.config.name,
  inbound_nodes: inbound,
});
const read = (name: string, options: Json = {}): Json => [[[name, 0, 0, options]]];
const chain = (
  layers: Json[] = [
    node(INPUT, []),
    node(CONV, read('in')),
    node(FLATTEN, read('conv2d')),
    node(DENSE, read('flatten')),
    node(LAST, read('dense')),
  ],
  output = 'dense_1',
): Json => ({
  class_name: 'Functional',
  config: { name: 'mine', layers, input_layers: [['in', 0, 0]], output_layers: [[output, 0, 0]] },
});

/** Names of the layers, also of those in models within, and of no inputs. */
const leaves = (model: Sequential): string[] =>
  model.nodes().flatMap(({ layer }) => (layer.className === 'InputLayer' ? [] : [layer.name]));

const same = (model: Sequential): void => {
  expect(leaves(model)).toEqual(['conv2d', 'flatten', 'dense', 'dense_1']);
  expect(model.inputShape).toEqual([3, 3, 1]);
  expect(getWeightsFlat(model)).toEqual(getWeightsFlat(original));
};

function refusal(text: string): string {
  try {
    decodeLayersModel(text, weights);
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
    return (error as Error).message;
  }
  return 'no error';
}

/** A tensor as Keras 3 writes it. */
const keras3 = (name: string, kwargs: Json = {}): Json => [
  {
    args: [{ class_name: '__keras_tensor__', config: { shape: [null], keras_history: [name, 0, 0] } }],
    kwargs,
  },
];

describe('decodeLayersModel', () => {
  it.each<[string, Json]>([
    ['a functional model that is a chain', chain()],
    ['the same under its older class name', { ...chain(), class_name: 'Model' }],
    ['layers in any order', chain([...chain().config.layers].reverse())],
    [
      'nodes as Keras 3 writes them',
      {
        class_name: 'Functional',
        config: {
          name: 'mine',
          trainable: true,
          input_layers: ['in', 0, 0],
          output_layers: ['dense_1', 0, 0],
          layers: [
            node(INPUT, []),
            node(CONV, keras3('in', { mask: null })),
            node(FLATTEN, keras3('conv2d', { training: false })),
            node(DENSE, keras3('flatten')),
            node(LAST, keras3('dense')),
          ],
        },
      },
    ],
    ['a Sequential within one', inRow(INPUT, inRow(CONV, FLATTEN), DENSE, LAST)],
    ['a Sequential that comes first, with its own input', inRow(inRow(INPUT, CONV, FLATTEN), DENSE, LAST)],
    [
      'a Sequential in a functional model',
      chain([
        node(INPUT, []),
        node(
          {
            ...inRow(INPUT, CONV, FLATTEN, DENSE),
            config: { ...inRow(INPUT, CONV, FLATTEN, DENSE).config, name: 'base' },
          },
          read('in'),
        ),
        node(LAST, read('base')),
      ]),
    ],
    ['a chain within a Sequential', inRow(INPUT, chain())],
    [
      'the shape that the model was built for',
      {
        class_name: 'Sequential',
        config: {
          name: 'mine',
          build_input_shape: [null, 3, 3, 1],
          layers: [
            { ...CONV, config: { ...CONV.config, batch_input_shape: undefined } },
            FLATTEN,
            DENSE,
            LAST,
          ],
        },
      },
    ],
    [
      'names in camel case',
      {
        className: 'Sequential',
        config: {
          name: 'mine',
          layers: [
            {
              className: 'Conv2D',
              config: {
                name: 'conv2d',
                filters: 2,
                kernelSize: [2, 2],
                batchInputShape: [null, 3, 3, 1],
                dataFormat: 'channelsLast',
              },
            },
            FLATTEN,
            DENSE,
            LAST,
          ],
        },
      },
    ],
  ])('reads %s, with every weight', (_, topology) => {
    same(decodeLayersModel(file(topology), weights));
  });

  it('reads a file that begins with a byte-order mark, as our own reader does', async () => {
    same(decodeLayersModel(`\ufeff${json}`, weights));
    const ours = await encodeModel(original);
    same(await decodeModel(`\ufeff${ours.json}`, ours.weights));
  });

  it.each(['dense/kernel:0', 'mine/dense/kernel:0', 'dense/dense/kernel', 'a/b/dense/kernel:12'])(
    'finds a weight by the name %s',
    (name) => {
      const renamed = file(inRow(CONV, FLATTEN, DENSE, LAST), (j) => {
        j.weightsManifest[0].weights[2].name = name;
      });
      same(decodeLayersModel(renamed, weights));
    },
  );

  it('finds the weights of a layer whose own name has a slash, behind the model’s', () => {
    const slashed = { ...DENSE, config: { ...DENSE.config, name: 'block/dense' } };
    const text = file(inRow(CONV, FLATTEN, slashed, LAST), (j) => {
      j.weightsManifest[0].weights[2].name = 'mine/block/dense/kernel:0';
      j.weightsManifest[0].weights[3].name = 'block/dense/bias';
    });
    expect(getWeightsFlat(decodeLayersModel(text, weights))).toEqual(getWeightsFlat(original));
  });

  it('freezes all layers of a model that is frozen', () => {
    const frozen = inRow(CONV, FLATTEN);
    frozen.config.trainable = false;
    const nodes = decodeLayersModel(file(inRow(frozen, DENSE, LAST)), weights).nodes();
    expect(nodes.map(({ layer }) => layer.trainable)).toEqual([false, false, true, true]);
  });

  it('keeps models within the model, by their names', () => {
    const named = (model: Json, name: string): Json => ({ ...model, config: { ...model.config, name } });
    const base = named(inRow(INPUT, CONV, FLATTEN), 'base');
    const model = decodeLayersModel(file(inRow(base, named(inRow(DENSE, LAST), 'head'))), weights);
    expect(model.layers.map(({ name }) => name)).toEqual(['base', 'head']);
  });

  const withInput = (config: Json): Json =>
    inRow({ ...INPUT, config: { ...INPUT.config, ...config } }, CONV, FLATTEN, DENSE, LAST);
  const RESCALING = {
    class_name: 'Rescaling',
    config: { name: 'units', trainable: true, scale: 0.5, offset: 0 },
  };
  const bytes = { ...INPUT, config: { ...INPUT.config, dtype: 'uint8' } };
  it.each<[string, Json]>([
    ['a row', inRow(bytes, RESCALING, CONV, FLATTEN, DENSE, LAST)],
    [
      'a graph',
      chain([
        ...[node(bytes, []), node(RESCALING, keras3('in')), node(CONV, read('units'))],
        ...[node(FLATTEN, read('conv2d')), node(DENSE, read('flatten')), node(LAST, read('dense'))],
      ]),
    ],
  ])('cuts an input of whole numbers where a rescaling alone reads it: %s', async (_, topology) => {
    const model = decodeLayersModel(file(topology), weights);
    expect(model.layers.map(({ name }) => name).filter((name) => name !== 'in')).toEqual([
      ...['in_whole', 'units', 'conv2d', 'flatten', 'dense', 'dense_1'],
    ]);
    expect(preprocessingOf(model)).toBe('none');
    const image = (of: (i: number) => number) =>
      tensor(
        Array.from({ length: 9 }, (_, i) => of(i)),
        [1, 3, 3, 1],
      );
    const { data } = await model.predict(image((i) => i + 0.75));
    expect(data).toEqual((await model.predict(image((i) => i))).data);
    expect(data).toEqual((await original.predict(image((i) => i / 2))).data);
  });

  it('refuses a layer that it lacks by its name, also behind an input of whole numbers', () => {
    const embedding = { class_name: 'Embedding', config: { name: 'words' } };
    const other = { ...bytes, config: { ...bytes.config, dtype: 'int32' } };
    expect(refusal(file(inRow(other, embedding, LAST)))).toContain(
      'layer "words" (Embedding): isn\'t supported',
    );
  });

  const branch = chain().config.layers;
  const whole = 'layer "in" (InputLayer): dtype must be "float32" (one of whole numbers is read';
  it.each<[string, Json, string]>([
    [
      'an input of whole numbers that another layer reads too',
      chain([
        ...[node(bytes, []), node(RESCALING, keras3('in')), node(CONV, read('units'))],
        node({ class_name: 'Add', config: { name: 'add', trainable: true } }, [
          [
            ['conv2d', 0, 0, {}],
            ['in', 0, 0, {}],
          ],
        ]),
        ...[node(FLATTEN, read('add')), node(DENSE, read('flatten')), node(LAST, read('dense'))],
      ]),
      whole,
    ],
    [
      'an input of whole numbers that an operation reads',
      chain([
        node(bytes, []),
        {
          ...{
            module: 'keras.src.ops.numpy',
            class_name: 'Negative',
            name: 'minus',
            config: { name: 'minus' },
          },
          inbound_nodes: keras3('in'),
        },
        ...[node(CONV, read('minus')), node(FLATTEN, read('conv2d'))],
        ...[node(DENSE, read('flatten')), node(LAST, read('dense'))],
      ]),
      whole,
    ],
    [
      'an input of whole numbers',
      withInput({ dtype: 'int32' }),
      'layer "in" (InputLayer): dtype must be "float32" (one of whole numbers is read where only Rescaling or Normalization reads it: put Rescaling(1.0) after it in Keras), got "int32"',
    ],
    [
      'a sparse input',
      withInput({ sparse: true }),
      'layer "in" (InputLayer): sparse must be false, got true',
    ],
    ['a ragged input', withInput({ ragged: true }), 'ragged must be false, got true'],
    [
      'an input of whole numbers in a model within the model',
      inRow(INPUT, withInput({ dtype: 'int32' })),
      'layer "in" (InputLayer): dtype must be "float32"',
    ],
    [
      'a model within the model that doesn’t fit',
      inRow(INPUT, withInput({ batch_input_shape: [null, 4, 4, 1] })),
      'layer "in" (InputLayer): must fit the layer before it: expected [3,3,1], got [4,4,1]',
    ],
    [
      'a layer of two inputs',
      chain(
        [
          ...branch,
          node({ class_name: 'Add', config: { name: 'add' } }, [
            [
              ['conv2d', 0, 0, {}],
              ['in', 0, 0, {}],
            ],
          ]),
        ],
        'add',
      ),
      'model: layer "add" (Add): add: shapes must be equal, but for sizes of 1, got [2,2,2] and [3,3,1]',
    ],
    [
      'a branch',
      chain([...branch, node({ ...DENSE, config: { ...DENSE.config, name: 'other' } }, read('flatten'))]),
      'model: all layers must lead to the output "dense_1", got ["dense_1","other"] at the end',
    ],
    [
      'a layer that is used twice',
      chain([...branch.slice(0, -1), node(LAST, [...read('dense'), ...read('dense_1')])]),
      'model: layer "dense_1" (Dense) must be used once, got 2 times: a model takes a layer once',
    ],
    [
      'a use of a layer that isn’t there',
      chain([
        ...branch.slice(0, -1),
        node({ class_name: 'ReLU', config: { name: 'relu' } }, [...read('dense'), ...read('dense')]),
        node({ class_name: 'Add', config: { name: 'dense_1' } }, [
          [
            ['relu', 0, 0, {}],
            ['relu', 2, 0, {}],
          ],
        ]),
      ]),
      'model: layer "dense_1" (Add) reads "relu, use 3", which doesn\'t exist',
    ],
    [
      'more uses of layers than a model has layers',
      chain([
        ...branch.slice(0, -1),
        node({ class_name: 'ReLU', config: { name: 'dense_1' } }, Array(5000).fill(read('dense')[0])),
      ]),
      'model: layer "dense_1" (ReLU) must be used once, got 5000 times',
    ],
    [
      'a layer that nothing leads to',
      chain(branch, 'nowhere'),
      'model: output_layers names "nowhere", which doesn\'t exist',
    ],
    [
      'a layer behind the output',
      chain(branch, 'dense'),
      'model: all layers must lead to the output "dense", got ["dense_1"] at the end',
    ],
    [
      'two outputs',
      {
        ...chain(),
        config: {
          ...chain().config,
          output_layers: [
            ['dense', 0, 0],
            ['dense_1', 0, 0],
          ],
        },
      },
      'model: output_layers must name one layer, got ["dense","dense_1"]',
    ],
    [
      'an input that isn’t there',
      { ...chain(), config: { ...chain().config, layers: branch.slice(1) } },
      'model: input_layers names "in", which doesn\'t exist',
    ],
    [
      'a layer that is called with more than its input',
      chain([...branch.slice(0, -1), node(LAST, read('dense', { training: true }))]),
      'model: layer "dense_1" (Dense) is called with "training": true: expected only its input',
    ],
    [
      'the same in Keras 3’s words',
      chain([...branch.slice(0, -1), node(LAST, keras3('dense', { training: true }))]),
      'is called with "training": true',
    ],
    [
      'a field in two spellings',
      withInput({ batchInputShape: [null, 3, 3, 1] }),
      'layer 0: fields must differ, got "batch_input_shape" in two spellings',
    ],
  ])('refuses %s by name', (_, topology, message) => {
    expect(refusal(file(topology))).toContain(message);
  });
});

it('models within one another may have layers of the same names, as where a base was loaded from a file', async () => {
  const half = (): Sequential => sequential({ name: 'base', layers: [dense({ units: 2, name: 'dense' })] });
  const model = sequential([half(), dense({ units: 3, name: 'dense' })]);
  model.build([2]);
  const again = await loadModel(encodeKeras(model));
  expect(again.layers.map(({ name }) => name)).toEqual(['base', 'dense']);
  expect(getWeightsFlat(again)).toEqual(getWeightsFlat(model));
  expect((await again.predict([[1, 2]])).data).toEqual((await model.predict([[1, 2]])).data);
});

describe('regularizers and constraints of a loaded model', () => {
  const orthogonal = { class_name: 'OrthogonalRegularizer', config: { factor: 0.01, mode: 'rows' } };
  const given = { kernel_regularizer: orthogonal, bias_constraint: { class_name: 'NonNeg', config: {} } };
  const text = file(inRow(CONV, FLATTEN, { ...DENSE, config: { ...DENSE.config, ...given } }, LAST));
  const x = new Float32Array(9);
  const load = (): Sequential => {
    const model = decodeLayersModel(text, weights);
    model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy', threads: 0 });
    return model;
  };
  const refused =
    ": layer dense was made with kernel_regularizer, bias_constraint, which degelo can't train with: freeze the layer";

  it('stop no prediction and no test, and are no part of either', async () => {
    const model = load();
    expect((await model.predict(x)).data).toEqual((await original.predict(x)).data);
    expect((await model.evaluate(x, [1])).loss).toBeGreaterThan(0);
  });

  it('are refused by name where the layer would be trained, until it is frozen or they are given up', async () => {
    const model = load();
    await expect(model.fit(x, [1])).rejects.toThrow(`fit${refused}`);
    await expect(model.trainOnBatch(x, [1])).rejects.toThrow(`trainOnBatch${refused}`);
    expect(model.step).toBe(0);
    model.layers[2].trainable = false;
    model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy', threads: 0 });
    await model.fit(x, [1]);
    const other = load();
    other.layers[2].unsupported = null;
    await other.fit(x, [1]);
    expect(other.step).toBe(1);
  });

  it('of an older file of ours are the options that layers have today, and what they still lack stays', async () => {
    const model = sequential([
      dense({ units: 1, inputShape: [2] }),
      dense({ units: 1, kernelRegularizer: 'l1' }),
    ]);
    const l2 = { class_name: 'L1L2', config: { l1: 0, l2: 0.5 } };
    const rest = { kernel_constraint: { class_name: 'NonNeg', config: {} } };
    for (const layer of model.layers) layer.unsupported = { kernel_regularizer: l2, ...rest };
    const { json, weights } = await encodeModel(model);
    const { layers } = await decodeModel(json, weights);
    expect(layers[0].getConfig()).toMatchObject({ kernelRegularizer: { l2: 0.5 }, unsupported: rest });
    // One that has been given a regularizer since keeps it.
    expect(layers[1].getConfig()).toEqual({ ...model.layers[1].getConfig(), name: 'dense_1' });

    model.layers[0].unsupported = { kernel_regularizer: l2 };
    model.layers[1].unsupported = null;
    const older = await encodeModel(model);
    const read = await decodeModel(older.json, older.weights);
    expect(read.layers[0].unsupported).toBeNull();
    read.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 0 });
    await read.fit([[1, 2]], [1]);
    expect(read.step).toBe(1);
  });

  it('are still known after saving in either format', async () => {
    const model = load();
    const ours = await encodeModel(model);
    const read = await decodeModel(ours.json, ours.weights);
    expect(read.layers[2].unsupported).toEqual(given);
    await expect(read.fit(x, [1])).rejects.toThrow(refused);
    const theirs = await loadModel(encodeKeras(read));
    expect(theirs.layers[2].unsupported).toMatchObject(given);
  });

  it('are nothing where their factors are 0, as Keras writes L1L2', () => {
    const none = {
      kernel_regularizer: { class_name: 'L1L2', config: { l1: 0, l2: 0.0 } },
      kernel_constraint: null,
    };
    const model = decodeLayersModel(
      file(inRow(CONV, FLATTEN, { ...DENSE, config: { ...DENSE.config, ...none } }, LAST)),
      weights,
    );
    expect(model.layers[2].unsupported).toBeNull();
  });

  it('l1 and l2 are trained with, and written as both readers know them', async () => {
    const l2 = { class_name: 'L2', config: { l2: 0.5 } };
    const model = decodeLayersModel(
      file(inRow(CONV, FLATTEN, { ...DENSE, config: { ...DENSE.config, kernel_regularizer: l2 } }, LAST)),
      weights,
    );
    expect(model.layers[2].unsupported).toBeNull();
    const loss = 'sparseCategoricalCrossentropy';
    model.compile({ optimizer: 'sgd', loss, threads: 0 });
    const [kernel] = model.layers[2].getWeights();
    const penalty = 0.5 * Array.from(kernel.data).reduce((sum, w) => sum + w * w, 0);
    const plain = decodeLayersModel(file(inRow(CONV, FLATTEN, DENSE, LAST)), weights);
    plain.compile({ optimizer: 'sgd', loss, threads: 0 });
    const without = (await plain.evaluate(x, [1])).loss;
    expect((await model.evaluate(x, [1])).loss - without).toBeCloseTo(penalty, 6);
    expect((await model.fit(x, [1])).history.loss[0] - without).toBeCloseTo(penalty, 6);
    // Frozen, it costs nothing, as in Keras.
    model.layers[2].trainable = false;
    model.compile({ optimizer: 'sgd', loss, threads: 0 });
    model.setWeights(plain.getWeights());
    expect((await model.evaluate(x, [1])).loss).toBe(without);
    const theirs = encodeLayersModel(model);
    const written = JSON.parse(theirs.json).modelTopology.config.layers[2].config.kernel_regularizer;
    expect(written).toEqual({ class_name: 'L1L2', config: { l1: 0, l2: 0.5 } });
    const ours = await encodeModel(model);
    for (const read of [
      decodeLayersModel(theirs.json, theirs.weights),
      await decodeModel(ours.json, ours.weights),
    ]) {
      expect(read.layers[2].getConfig().kernelRegularizer).toEqual({ l2: 0.5 });
    }
  });

  it('can be nothing else in a file', () => {
    const config = { name: 'x', trainable: true, units: 1 };
    for (const unsupported of [{ units: 3 }, 'x', [1]]) {
      expect(() => layerFromConfig('Dense', { ...config, unsupported })).toThrow(
        'Dense: unsupported must be an object of regularizers, constraints and classes of layers, or null',
      );
    }
  });
});

describe('a reader that gets the other’s format', () => {
  it('names the function that reads it', async () => {
    await expect(decodeModel(json, weights)).rejects.toThrow(
      'this is a TensorFlow.js model: loadLayersModel reads it',
    );
    const early = JSON.parse(json);
    delete early.format;
    await expect(decodeModel(JSON.stringify(early), weights)).rejects.toThrow('loadLayersModel reads it');
    const ours = await encodeModel(original);
    expect(refusal(ours.json)).toBe("model.json: this is degelo's own format: loadModel reads it");
  });
});

describe('encodeKeras', () => {
  it('counts the layers of a graph as Keras does when it reads them, in whatever order a file had them', () => {
    const start = input({ shape: [2], name: 'start' });
    const named = (name: string) => dense({ units: 2, name });
    const short = named('short').apply(start);
    const long = named('second').apply(named('first').apply(start));
    const graph = model({ inputs: start, outputs: add({ name: 'sum' }).apply([short, long]) });
    const config = { ...graph.toConfig(), inputShape: [2] };
    const layers = ['start', 'short', 'first', 'second', 'sum'].map((name) =>
      config.layers.find((layer) => layer.config.name === name),
    ) as typeof config.layers;
    const other = modelFromConfig({ ...config, layers }, { initialize: true });
    expect(other.layers.map(({ name }) => name)).toEqual(['start', 'short', 'first', 'second', 'sum']);

    const members = ['config.json', 'model.weights.h5'];
    const [described, stored] = readZip(encodeKeras(other), members, 'file', unpacker, 10 ** 6);
    const names = JSON.parse(new TextDecoder().decode(described)).config.layers.map(({ name }: Json) => name);
    expect(names).toEqual(['start', 'first', 'short', 'second', 'sum']);
    const kernel = openHdf5(stored, 'file').get('layers/dense/vars/0')?.dataset();
    const [first] = other.getLayer('first').getWeights();
    expect(Float32Array.from(kernel?.read() ?? [])).toEqual(first.data);
  });
});
