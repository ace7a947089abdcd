/** Layers of Keras that stand for others here, one by one. What they give is compared with Keras in test/parity. */
import { describe, expect, it } from 'vitest';
import { cropLayer } from '../../src/formats/keras-crops.ts';
import { openKeras, parseKeras } from '../../src/formats/keras-file.ts';
import { turnedAxis } from '../../src/formats/keras-slices.ts';
import { WHOLE } from '../../src/formats/outputs.ts';
import { dense, encodeKeras, input, type Model, model as makeModel, modelFromJSON } from '../../src/index.ts';

const row = (...layers: [className: string, config: object][]): string =>
  JSON.stringify({
    class_name: 'Sequential',
    config: {
      name: 'row',
      layers: layers.map(([class_name, config], i) => ({
        ...{
          class_name,
          config: { name: `layer_${i}`, ...(i === 0 && { batch_input_shape: [null, 4, 4, 3] }), ...config },
        },
      })),
    },
  });

it('Keras 3’s softmax along no axis, which is one over the whole batch, is refused; Keras 2’s is along the last', () => {
  const softmax = (keras_version: string): Model =>
    modelFromJSON(JSON.stringify({ ...JSON.parse(row(['Softmax', { axis: null }])), keras_version }));
  expect(() => softmax('3.15.1')).toThrow('axis must be -1, the last dimension');
  expect(softmax('2.15.0').outputShape).toEqual([4, 4, 3]);
});

describe('layers of Keras 3.15 that are nowhere here say what to do in Keras', () => {
  it.each([
    [
      'EinsumDense',
      'put Dense in its place in Keras where its equation is a product along the last dimension',
    ],
    ['TFSMLayer', 'it holds a network of another library: make it again of layers of Keras'],
    ['LSTMCell', 'recurrent layers, embeddings and attention are for'],
    ['StackedRNNCells', 'recurrent layers, embeddings and attention are for'],
    ['ReversibleEmbedding', 'recurrent layers, embeddings and attention are for'],
    ['ContrastLimitedAdaptiveHistogramEqualization', 'leave it out in Keras, and do to the data what it did'],
    ['MaxNumBoundingBoxes', 'leave it out in Keras, and do to the data what it did'],
    ['Conv3D', 'degelo has images, and neither volumes nor films'],
  ])('%s', (className, advice) => {
    expect(() => modelFromJSON(row([className, {}]))).toThrow(advice);
  });
});

it('what is refused of a file that a newer Keras wrote, says so', () => {
  const x = input({ shape: [2] });
  const y = dense({ units: 1, name: 'last' }).apply(x);
  const opened = openKeras(encodeKeras(makeModel({ inputs: x, outputs: y })), 'm.keras');
  const model = JSON.parse(JSON.stringify(opened.model).replace('"Dense"', '"Denser"'));
  const read = (version: string | undefined, model = opened.model) =>
    parseKeras({ ...opened, model, version }, WHOLE);
  const why = /(; Keras .*)?$/;
  for (const [version, said] of [
    ['3.15.9', ''],
    ['2.15.0', ''],
    [undefined, ''],
    ['3.16.0', '; Keras 3.16 wrote it, and degelo knows Keras up to 3.15'],
    ['4.0.1', '; Keras 4.0 wrote it, and degelo knows Keras up to 3.15'],
  ] as const) {
    expect(read(version).config.network.layers.length).toBe(1);
    const message = (() => {
      try {
        return read(version, model);
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(message).toMatch(/^m\.keras: config\.json: layer "last" \(Denser\): isn't supported/);
    expect(why.exec(String(message))?.[0]).toBe(said);
  }
});

describe('photos of other sizes', () => {
  it.each<[string, object, readonly number[], string]>([
    [
      'CenterCrop',
      { height: 2, width: 2 },
      [4],
      'expected images, and a height and a width for them, got input [4]',
    ],
    ['RandomCrop', { height: 2 }, [4, 4, 3], 'expected images, and a height and a width for them'],
  ])('%s %o of %o is refused', (className, config, shape, message) => {
    expect(() => cropLayer(className, config as never, shape, true)).toThrow(message);
  });

  it('what Keras 3’s RandomCrop leaves as it is in a prediction, Keras 2’s resizes: it is refused, with what does that', () => {
    const size = { height: 8, width: 8 };
    expect(cropLayer('RandomCrop', size, [4, 6, 3], true)?.className).toBe('Activation');
    expect(() => cropLayer('RandomCrop', size, [4, 6, 3], false)).toThrow(
      'put Resizing(8, 8, crop_to_aspect_ratio=True) in its place in Keras',
    );
    expect(cropLayer('RandomCrop', size, [8, 8, 3], false)?.className).toBe('Activation');
    expect(cropLayer('Dense', size, [4, 4, 3], true)).toBeNull();
  });

  it('whose channels come first aren’t cropped as if they came last', () => {
    const crop = (data_format: string): Model =>
      modelFromJSON(row(['CenterCrop', { height: 2, width: 2, data_format }]));
    expect(crop('channels_last').outputShape).toEqual([2, 2, 3]);
    expect(() => crop('channels_first')).toThrow('data_format must be "channels_last"');
  });

  it('a network that crops at random predicts, and says in training that it can’t', () => {
    const model = modelFromJSON(
      row(['RandomCrop', { height: 4, width: 4 }], ['Flatten', {}], ['Dense', { units: 1 }]),
    );
    expect(() => model.compile({ optimizer: 'sgd', loss: 'mse', threads: 0 })).not.toThrow();
    expect(model.layers[0].unsupported).toEqual({ RandomCrop: expect.objectContaining({ height: 4 }) });
  });
});

it('activations with options stand behind their layer, whose name and weights stay', () => {
  const leaky = { class_name: 'LeakyReLU', config: { name: 'own', negative_slope: 0.3 } };
  const model = modelFromJSON(row(['Dense', { units: 2, activation: leaky }], ['Flatten', {}]));
  expect(model.layers.map(({ name, className }) => [name, className])).toEqual([
    ['layer_0', 'Dense'],
    ['layer_0_activation', 'LeakyReLU'],
    ['layer_1', 'Flatten'],
  ]);
  const other = { class_name: 'Mine', config: {} };
  expect(() => modelFromJSON(row(['Dense', { units: 2, activation: other }]))).toThrow(
    'activation must be one of',
  );
});

it('what only training knows keeps its options when it is written, also one that LeakyReLU calls otherwise', () => {
  const model = modelFromJSON(row(['AugMix', { alpha: 0.5 }], ['LeakyReLU', { alpha: 0.25 }]));
  const words = new TextDecoder().decode(encodeKeras(model));
  expect(words).toContain('"alpha":0.5');
  expect(words).toContain('"negative_slope":0.25');
});

describe('what only training knows', () => {
  const x = [new Float32Array(48)];
  const penalty = { class_name: 'L2', config: { l2: 0.5 } };
  const gaussian = (): Model =>
    modelFromJSON(row(['GaussianDropout', { rate: 0.1 }], ['Flatten', {}], ['Dense', { units: 1 }]));
  const penalized = (): Model =>
    modelFromJSON(row(['Flatten', {}], ['Dense', { units: 2, activity_regularizer: penalty }]));
  const compile = (model: Model): void => model.compile({ optimizer: 'sgd', loss: 'mse', threads: 0 });

  // Keras' GaussianDropout drops in a frozen layer too, and a penalty on outputs reaches the layers before.
  it.each([
    ['layer_0 was made with GaussianDropout', gaussian, [1]],
    ['layer_1 was made with activity_regularizer', penalized, [[1, 1]]],
  ])('is refused by fit, frozen or not, until it is given up: layer %s', async (message, make, y) => {
    for (const trainable of [true, false]) {
      const model = make();
      for (const layer of model.layers) layer.trainable = trainable;
      compile(model);
      await expect(model.fit(x, y)).rejects.toThrow(
        `fit: layer ${message}, which degelo can't train with: set its unsupported to null to train without`,
      );
      for (const layer of model.layers) layer.unsupported = null;
      await model.fit(x, y);
    }
  });

  it('does nothing where training mode does not reach it, but for a penalty on outputs', async () => {
    const around = (base: Model): Model => {
      const image = input({ shape: base.inputShape });
      const end = dense({ units: 1 }).apply(base.apply(image, { training: false }));
      return makeModel({ inputs: image, outputs: end });
    };
    const still = around(gaussian());
    compile(still);
    await still.fit(x, [1]);
    const loud = around(penalized());
    compile(loud);
    await expect(loud.fit(x, [1])).rejects.toThrow('layer_1 was made with activity_regularizer');
  });
});

it('one dimension back to front is told from others', () => {
  const slice = (start: unknown, stop: unknown, step: unknown) => ({
    class_name: '__slice__',
    config: { start, stop, step },
  });
  const [all, back] = [slice(null, null, null), slice(null, null, -1)];
  const dots = { class_name: '__ellipsis__' };
  expect(turnedAxis([dots, back], [2, 3])).toBe(1);
  expect(turnedAxis([dots, back, all], [2, 3])).toBe(0);
  expect(turnedAxis([all, all, back], [2, 3])).toBe(1);
  expect(turnedAxis([all, back], [2, 3])).toBe(0);
  expect(turnedAxis(back, [2, 3])).toBeNull(); // the batch
  expect(turnedAxis([all, back, slice(1, null, null)], [2, 3])).toBeNull();
  expect(turnedAxis([all, back, 0], [2, 3])).toBeNull();
  expect(turnedAxis([all, all], [2, 3])).toBeNull();
  expect(turnedAxis([all, slice(1, null, -1)], [2, 3])).toBeNull();
});
