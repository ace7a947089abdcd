/** Graphs of layers, and models within models, in degelo's files and TensorFlow.js': there and back, and what is refused. */
import { describe, expect, it } from 'vitest';
import {
  activation,
  add,
  batchNormalization,
  concatenate,
  conv2d,
  decodeLayersModel,
  decodeModel,
  dense,
  encodeLayersModel,
  encodeModel,
  FormatError,
  globalAveragePooling2d,
  input,
  type Model,
  model,
  multiply,
  sequential,
  tensor,
} from '../../src/index.ts';
import { getWeightsFlat } from '../training/weights.ts';

// biome-ignore lint/suspicious/noExplicitAny: JSON that the tests change at any place.
type Json = any;

/** A residual block whose shortcut is scaled by a vector of channels, as a model of its own. */
function block(name: string): Model {
  const x = input({ shape: [4, 4, 2], name: `${name}_x` });
  const y = batchNormalization({ name: `${name}_norm` }).apply(
    conv2d({ filters: 2, kernelSize: 3, padding: 'same', useBias: false, name: `${name}_conv` }).apply(x),
  );
  const v = globalAveragePooling2d({ keepdims: true, name: `${name}_mean` }).apply(y);
  const scaled = multiply({ name: `${name}_scale` }).apply([y, v]);
  return model({ name, inputs: x, outputs: add({ name: `${name}_add` }).apply([scaled, x]) });
}

const head = () => [globalAveragePooling2d(), dense({ units: 3, activation: 'softmax' })] as const;

const MODELS: Readonly<Record<string, () => Model>> = {
  'a graph': () => block('one'),
  'a graph in a row, half of it frozen': () => {
    const features = block('features');
    features.getLayer('features_conv').trainable = false;
    return sequential({ name: 'classifier', layers: [features, ...head()] });
  },
  'graphs and a row in a graph': () => {
    const x = input({ shape: [4, 4, 2], name: 'image' });
    const row = sequential({
      name: 'row',
      layers: [
        conv2d({ filters: 2, kernelSize: 1, name: 'inner', inputShape: [4, 4, 2] }),
        activation('relu'),
      ],
    });
    const a = block('a').apply(x);
    const both = concatenate({ axis: 1, name: 'both' }).apply([row.apply(a), block('b').apply(x)]);
    const [pool, last] = head();
    return model({ name: 'whole', inputs: x, outputs: last.apply(pool.apply(both)) });
  },
  'a model that always works as in inference': () => {
    const x = input({ shape: [4, 4, 2], name: 'image' });
    const [pool, last] = head();
    const features = block('features').apply(x, { training: false });
    return model({ name: 'still', inputs: x, outputs: last.apply(pool.apply(features)) });
  },
  'a graph in a row in a graph': () => {
    const x = input({ shape: [4, 4, 2], name: 'image' });
    const row = sequential({ name: 'row', layers: [block('deep')] });
    row.build([4, 4, 2]);
    const [pool, last] = head();
    return model({ name: 'outer', inputs: x, outputs: last.apply(pool.apply(row.apply(x))) });
  },
};

const X = tensor(
  Float32Array.from({ length: 64 }, (_, i) => ((i * 37) % 17) / 8 - 1),
  [2, 4, 4, 2],
);

/** Numbers that weren't drawn by a seed. */
function trained(make: () => Model): Model {
  const made = make();
  made.setWeights(
    made.getWeights().map(({ data, shape }, t) =>
      tensor(
        Float32Array.from(data, (_, i) => 1 / (1 + t + i)),
        shape,
      ),
    ),
  );
  return made;
}

const MAKERS = Object.entries(MODELS);

describe('a graph’s files', () => {
  it.each(MAKERS)(
    'degelo’s give the model again: layers, links, weights, predictions: %s',
    async (_, make) => {
      const made = trained(make);
      const { json, weights } = await encodeModel(made);
      const read = await decodeModel(json, weights);
      expect(read.toConfig()).toEqual(made.toConfig());
      expect(read.className).toBe(made.className);
      expect(read.parameters().map(({ name }) => name)).toEqual(made.parameters().map(({ name }) => name));
      expect(getWeightsFlat(read)).toEqual(getWeightsFlat(made));
      expect(await read.predict(X)).toEqual(await made.predict(X));
      expect(await encodeModel(read)).toEqual({ json, weights });
    },
  );

  it.each(MAKERS)('TensorFlow.js’ give the model again: %s', async (_, make) => {
    const made = trained(make);
    const { json, weights } = encodeLayersModel(made);
    const read = decodeLayersModel(json, weights);
    expect(read.nodes().map(({ path, trainable, training }) => ({ path, trainable, training }))).toEqual(
      made.nodes().map(({ path, trainable, training }) => ({ path, trainable, training })),
    );
    expect(getWeightsFlat(read)).toEqual(getWeightsFlat(made));
    expect(await read.predict(X)).toEqual(await made.predict(X));
    expect(encodeLayersModel(read)).toEqual({ json, weights });
  });

  it('freeze all layers of a model that TensorFlow.js’ file says is frozen, at any depth', () => {
    const { json, weights } = encodeLayersModel(MODELS['a graph in a row in a graph']());
    const description = JSON.parse(json);
    const row = description.modelTopology.config.layers.find(({ name }: Json) => name === 'row');
    row.config.trainable = false;
    const read = decodeLayersModel(JSON.stringify(description), weights);
    expect(read.getLayer('row').trainable).toBe(false);
    expect(read.countParams().trainable).toBe(3 * 2 + 3);
  });

  it('can’t hold two layers of one name, where TensorFlow.js’ weights have no other', () => {
    const [pool, last] = head();
    const x = input({ shape: [4, 4, 2] });
    const inner = (name: string) => {
      const y = input({ shape: [4, 4, 2] });
      const a = conv2d({ filters: 2, kernelSize: 1, name: 'same' }).apply(y);
      return model({ name, inputs: y, outputs: add().apply([a, y]) });
    };
    const whole = model({
      inputs: x,
      outputs: last.apply(pool.apply(inner('b').apply(inner('a').apply(x)))),
    });
    expect(() => encodeLayersModel(whole)).toThrow(
      /layer names must differ in this format, also between models within models, got same twice/,
    );
  });
});

async function refusal(decode: () => unknown): Promise<string> {
  try {
    await decode();
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
    const { message } = error as Error;
    expect(message).toMatch(/^.{1,400}$/u);
    return message;
  }
  return 'no error';
}

describe('TensorFlow.js’ graphs are refused by the layer and what is wrong', () => {
  const NODE = ['one_conv', 0, 0, {}];

  it.each<[string, (layers: Json, config: Json) => void, string]>([
    [
      'two inputs',
      (_, c) => c.input_layers.push(['other', 0, 0]),
      'model: input_layers must name one layer, got ["one_x","other"]',
    ],
    [
      'two outputs',
      (_, c) => c.output_layers.push(['one_x', 0, 0]),
      'model: output_layers must name one layer',
    ],
    [
      'an output that isn’t the end',
      (_, c) => (c.output_layers = [['one_scale', 0, 0]]),
      'model: all layers must lead to the output "one_scale", got ["one_add"] at the end',
    ],
    [
      'a layer that leads nowhere',
      (l) => (l.one_add.inbound_nodes[0][0][0] = 'one_x'),
      'all layers must lead to the output "one_add", got ["one_scale","one_add"] at the end',
    ],
    [
      'a name twice',
      (l) => (l.one_norm.name = l.one_norm.config.name = 'one_conv'),
      'model: layer names must differ, got "one_conv" twice',
    ],
    [
      'a second input layer',
      (l) => (l.one_mean.class_name = 'InputLayer'),
      'model: one input for now, got "one_mean" beside "one_x"',
    ],
    [
      'an input that isn’t there',
      (_, c) => (c.input_layers = [['gone', 0, 0]]),
      'input_layers names "gone", which doesn\'t exist',
    ],
    [
      'a layer that is used twice',
      (l) => l.one_norm.inbound_nodes.push([NODE]),
      'layer "one_norm" (BatchNormalization) must be used once, got 2 times',
    ],
    [
      'a layer that isn’t used',
      (l) => (l.one_norm.inbound_nodes = []),
      '"one_norm" (BatchNormalization) must be used once, got 0 times',
    ],
    [
      'a name that isn’t there',
      (l) => (l.one_norm.inbound_nodes[0][0][0] = 'gone'),
      '"one_norm" (BatchNormalization) reads "gone", which doesn\'t exist',
    ],
    [
      'nothing to read',
      (l) => (l.one_norm.inbound_nodes = [[]]),
      '"one_norm" (BatchNormalization) reads nothing: expected the layers before it',
    ],
    [
      'a circle',
      (l) => (l.one_conv.inbound_nodes[0][0][0] = 'one_scale'),
      'model: layers read one another in a circle: ["one_conv",',
    ],
    [
      'shapes that don’t fit',
      (l) => (l.one_conv.config.filters = 3),
      'layer "one_add" (Add): add: shapes must be equal, but for sizes of 1, got [4,4,3] and [4,4,2]',
    ],
    ['a layer that we lack', (l) => (l.one_scale.class_name = 'Dot'), 'Dot'],
    [
      'an argument of a call',
      (l) => (l.one_norm.inbound_nodes[0][0][3] = { mask: 1 }),
      '"one_norm" (BatchNormalization) is called with "mask": 1: expected only its input',
    ],
    [
      'links that are no list',
      (l) => (l.one_norm.inbound_nodes = 'one_conv'),
      'inbound_nodes must be a list',
    ],
  ])('%s', async (_, change, message) => {
    const { json, weights } = encodeLayersModel(MODELS['a graph']());
    const description = JSON.parse(json);
    const { config } = description.modelTopology;
    change(Object.fromEntries(config.layers.map((layer: Json) => [layer.name, layer])), config);
    expect(await refusal(() => decodeLayersModel(JSON.stringify(description), weights))).toContain(message);
  });
});

describe('degelo’s graphs are refused by the field and what is wrong', () => {
  it.each<[string, (network: Json) => void, string]>([
    ['graph that is no flag', (n) => (n.graph = 'yes'), 'network.graph must be true or false, got "yes"'],
    [
      'a layer without links',
      (n) => delete n.layers[2].inputs,
      'network.layers[2].inputs must be a list of layer names, got nothing',
    ],
    [
      'links that aren’t names',
      (n) => (n.layers[2].inputs = [1]),
      'network.layers[2].inputs must be a list of layer names, got [1]',
    ],
    [
      'training that is no flag',
      (n) => (n.layers[2].training = 0),
      'network.layers[2].training must be true or false, got 0',
    ],
    [
      'a layer that isn’t there',
      (n) => (n.layers[2].inputs = ['gone']),
      "model: layer one_norm reads gone, which doesn't exist",
    ],
    [
      'a circle',
      (n) => (n.layers[1].inputs = ['one_scale']),
      'model: layers read one another in a circle: one_conv',
    ],
    ['another input shape than its input’s', (n) => (n.inputShape = [5, 5, 2]), 'inputShape must'],
  ])('%s', async (_, change, message) => {
    const { json, weights } = await encodeModel(MODELS['a graph']());
    const description = JSON.parse(json);
    change(description.network);
    expect(await refusal(() => decodeModel(JSON.stringify(description), weights))).toContain(message);
  });
});
