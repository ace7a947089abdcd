import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { isWithoutWeights } from '../../src/formats/keras-layer-table.ts';
import { toKeras } from '../../src/formats/keras-layers.ts';
import { LAYER_CASES } from '../../src/gradcheck/suite.ts';
import {
  type ActivationName,
  activation,
  concatenate,
  conv2d,
  decodeLayersModel,
  dense,
  depthwiseConv2d,
  dropout,
  encodeKeras,
  encodeLayersModel,
  FormatError,
  flatten,
  model as functional,
  input,
  Layer,
  leakyReLU,
  loadLayersModel,
  maxPooling2d,
  type Run,
  randomFlip,
  reLU,
  reshape,
  resizing,
  type Sequential,
  saveLayersModel,
  sequential,
  tensor,
  upSampling2d,
  zeroPadding2d,
} from '../../src/index.ts';
import { layers } from '../../src/layers/registry.ts';
import { asNetwork } from '../../src/model/network.ts';
import { temporaryFolder } from '../temporary.ts';
import { getWeightsFlat } from '../training/weights.ts';

/** A model with every layer. */
const everyLayer = (): Sequential =>
  sequential({
    name: 'mine',
    layers: [
      conv2d({ filters: 3, kernelSize: [3, 2], strides: [2, 1], padding: 'same', inputShape: [9, 8, 2] }),
      maxPooling2d({ poolSize: [2, 3], strides: 1 }),
      activation('relu'),
      dropout({ rate: 0.25 }),
      flatten(),
      dense({ units: 4, activation: 'relu', trainable: false, name: 'hidden' }),
      dense({ units: 2, activation: 'softmax' }),
    ],
  });

/** What a layer is, except for the input shape, which is the model's to say. */
const described = (model: Sequential) =>
  model.layers.map((layer) => {
    const { inputShape: _, ...config } = layer.getConfig();
    return [layer.className, config];
  });

// biome-ignore lint/suspicious/noExplicitAny: JSON that the tests change at any place.
type Json = any;

/** The files of everyLayer, with model.json changed. */
function changed(change: (json: Json) => void): [string, Uint8Array] {
  const { json, weights } = encodeLayersModel(everyLayer());
  const description = JSON.parse(json);
  change(description);
  return [JSON.stringify(description), weights];
}

const config = (json: Json, layer: number): Json => json.modelTopology.config.layers[layer].config;

function refusal(files: [string, Uint8Array]): string {
  try {
    decodeLayersModel(...files);
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
    const { message } = error as Error;
    expect(message).toMatch(/^.{1,400}$/u);
    return message;
  }
  return 'no error';
}

/** Activations that TensorFlow.js lacks. */
const LACKING: readonly string[] = [
  ...['hardSigmoid', 'hardSwish', 'geluApproximate', 'exponential', 'logSigmoid', 'hardTanh'],
  ...['hardShrink', 'softShrink', 'tanhShrink', 'squareplus', 'sparsePlus', 'sparseSigmoid'],
];

describe('encodeLayersModel and decodeLayersModel', () => {
  it('are each other’s inverse, for every layer: layers, names, what is frozen, and every bit of the weights', () => {
    const model = everyLayer();
    const { json, weights } = encodeLayersModel(model);
    const read = decodeLayersModel(json, weights);
    expect(read.name).toBe('mine');
    expect(read.inputShape).toEqual([9, 8, 2]);
    expect(described(read)).toEqual(described(model));
    expect(getWeightsFlat(read)).toEqual(getWeightsFlat(model));
    expect(encodeLayersModel(read)).toEqual({ json, weights });
    expect(read.compiled).toBeNull();
  });

  it('have an entry in the table of layers for each that the library has', () => {
    expect(layers.names).toContain('Dense');
    // An operation of Keras has no class there: test/layers/elementwise.test.ts.
    for (const className of layers.names.filter((name) => name !== 'Elementwise')) {
      // Throws where there is none.
      expect(toKeras({ className, config: { name: 'x', trainable: true } }, null).class_name).toBe(className);
    }
  });

  it('know which of the library’s layers have weights', () => {
    const all = LAYER_CASES.flatMap(({ layers: make }) => sequential(make()).layers);
    const having = new Set(
      all.filter((layer) => layer.parameters.length > 0).map((layer) => layer.className),
    );
    having.add('Normalization'); // whose case is given its mean
    // Keras has no class Elementwise.
    const own = layers.names.filter((name) => name !== 'Elementwise');
    expect(own.filter((name) => !isWithoutWeights(name)).sort()).toEqual([...having].sort());
  });

  it('are each other’s inverse for every layer that the gradient checks have and TensorFlow.js too', () => {
    // What it lacks, and what is written in other words: test/parity/tfjs-layers.test.ts.
    const isWritten = (model: Sequential): boolean => {
      try {
        encodeLayersModel(model);
        return true;
      } catch {
        return false;
      }
    };
    const models = LAYER_CASES.map(({ name, layers: make }) => sequential({ name, layers: make() }));
    const inOtherWords = [
      'reshape, permute and cropping',
      'dropout of channels, and of samples',
      'global poolings that keep their dimensions',
    ];
    const written = models.filter((model) => isWritten(model) && !inOtherWords.includes(model.name));
    expect(written.length).toBeGreaterThan(70);
    for (const model of written) {
      const { json, weights } = encodeLayersModel(model);
      expect(described(decodeLayersModel(json, weights))).toEqual(described(model));
    }
  });

  it('read a leaky ReLU under either name of its slope', () => {
    const model = sequential([leakyReLU({ negativeSlope: 0.125, inputShape: [2] })]);
    const { json, weights } = encodeLayersModel(model);
    expect(json).toMatch(/"alpha": ?0.125/);
    const keras3 = json.replace('"alpha"', '"negative_slope"');
    expect(described(decodeLayersModel(keras3, weights))).toEqual(described(model));
  });

  it.each<[string, unknown, string]>([
    ['relu6', 'relu6', '2.15.0'],
    ['gelu_new', 'geluApproximate', 'tfjs-layers 4.22.0'],
    ['silu', 'swish', '2.15.0'],
    ['hard_silu', 'hardSwish', '3.4.1'],
    ['hard_sigmoid', 'hardSigmoidKeras2', '2.15.0'],
    ['hard_sigmoid', 'hardSigmoidKeras2', 'tfjs-layers 4.22.0'],
    ['hard_sigmoid', 'hardSigmoid', '3.4.1'],
  ])('read activation %s as %s in a file of Keras %s', (theirs, ours, version) => {
    const { json, weights } = encodeLayersModel(sequential([dense({ units: 2, inputShape: [3] })]));
    const file = JSON.parse(json);
    file.modelTopology.keras_version = version;
    config(file, 0).activation = theirs;
    expect(decodeLayersModel(JSON.stringify(file), weights).layers[0].getConfig().activation).toBe(ours);
  });

  it('refuse to write an activation that TensorFlow.js would compute otherwise, or not at all', () => {
    for (const activation of LACKING as ActivationName[]) {
      const model = sequential([dense({ units: 2, activation, inputShape: [3] })]);
      expect(() => encodeLayersModel(model)).toThrow(
        `layer dense: activation ${activation} can't be stored in this format: TensorFlow.js lacks it`,
      );
    }
  });

  it('refuse layers that prepare images, and odd names, with a way out that works', () => {
    const head = () => [
      randomFlip({ inputShape: [6, 6, 1] }),
      resizing({ height: 4, width: 4 }),
      flatten(),
      dense({ units: 2, name: 'two units' }),
    ];
    const x = input({ shape: [6, 6, 1] });
    const graph = functional({
      inputs: x,
      outputs: head().reduce((tensor, layer) => layer.apply(tensor), x),
    });
    for (const net of [sequential(head()), graph]) {
      expect(() => encodeLayersModel(net)).toThrow(
        "layer random_flip: RandomFlip can't be stored in this format: TensorFlow.js lacks it (.keras and degelo's own format have it): " +
          "where it begins the model, cut it off: model({ inputs: net.getLayer('random_flip').output, outputs: net.output })",
      );
      const cut = functional({ inputs: net.getLayer('resizing').output, outputs: net.output });
      expect(() => encodeLayersModel(cut)).toThrow(
        /layer two units: its name .*: rename it: layer.name = '…'$/,
      );
      cut.getLayer('two units').name = 'two_units';
      const { json, weights } = encodeLayersModel(cut);
      const read = decodeLayersModel(json, weights);
      expect([read.inputShape, read.outputShape]).toEqual([[4, 4, 1], [2]]);
      expect(read.getWeights()).toEqual(net.getWeights());
    }
  });

  it.each<[unknown, unknown]>([
    [{ class_name: 'HeNormal', config: { seed: null } }, 'heNormal'],
    ['lecun_uniform', 'lecunUniform'],
    [
      { class_name: 'Constant', config: { value: 0.5 } },
      { name: 'constant', value: 0.5 },
    ],
    [
      {
        class_name: 'VarianceScaling',
        config: { scale: 2, mode: 'fan_in', distribution: 'normal', seed: 1 },
      },
      'heNormal',
    ],
    [
      { class_name: 'VarianceScaling', config: { scale: 3, mode: 'fan_out', distribution: 'uniform' } },
      { name: 'varianceScaling', scale: 3, mode: 'fanOut', distribution: 'uniform' },
    ],
    [
      { class_name: 'VarianceScaling', config: { scale: 1, mode: 'fan_avg', distribution: 'uniform' } },
      undefined,
    ],
    [{ class_name: 'Orthogonal', config: { gain: 1 } }, undefined],
    // A whole array, or what none draws from: the weights are in the file.
    [
      {
        class_name: 'Constant',
        config: {
          value: [
            [1, 2],
            [3, 4],
            [5, 6],
          ],
        },
      },
      undefined,
    ],
    [{ class_name: 'RandomNormal', config: { mean: 0, stddev: -1 } }, undefined],
  ])('read initializer %j as %j, and write it so that it is read again', (theirs, ours) => {
    const { json, weights } = encodeLayersModel(sequential([dense({ units: 2, inputShape: [3] })]));
    const file = JSON.parse(json);
    config(file, 0).kernel_initializer = theirs;
    const read = decodeLayersModel(JSON.stringify(file), weights);
    expect(read.layers[0].getConfig().kernelInitializer).toEqual(ours);
    const again = encodeLayersModel(read);
    expect(described(decodeLayersModel(again.json, again.weights))).toEqual(described(read));
  });

  it('refuse to write what TensorFlow.js lacks of what is kept for training alone', () => {
    const kept = (unsupported: Json): Sequential => {
      const model = sequential([dense({ units: 2, inputShape: [3], name: 'd' })]);
      model.layers[0].unsupported = unsupported;
      return model;
    };
    const norm = { class_name: 'MaxNorm', config: { max_value: 2, axis: 0 } };
    expect(encodeLayersModel(kept({ kernel_constraint: norm })).json).toContain('MaxNorm');
    for (const [key, value] of Object.entries({
      activity_regularizer: { class_name: 'L1L2', config: { l1: 0.1, l2: 0 } },
      kernel_regularizer: { class_name: 'OrthogonalRegularizer', config: { factor: 0.1 } },
      bias_constraint: { class_name: 'Mine', config: {} },
    })) {
      expect(() => encodeLayersModel(kept({ [key]: value }))).toThrow(
        `layer d: ${key} can't be stored in this format: TensorFlow.js lacks it (layer.unsupported = null gives it up, which changes no prediction)`,
      );
    }
    expect(() => encodeLayersModel(kept({ RandomHue: { factor: 0.1 } }))).toThrow(
      "layer d: RandomHue can't be stored in this format: TensorFlow.js lacks it",
    );
    // Keras 3 has a policy where TensorFlow.js has the name of a type.
    const dtype = { class_name: 'DTypePolicy', config: { name: 'float32' } };
    const { json } = encodeLayersModel(kept({ GaussianDropout: { rate: 0.1, dtype } }));
    expect(json).toContain('GaussianDropout');
    expect(json).not.toContain('DTypePolicy');
  });

  it('write what Keras 2 reads too, by tensorflowjs_converter: inputs that aren’t told whether they train, LeCun’s initializers as scalings', () => {
    const x = input({ shape: [3] });
    const model = functional({
      inputs: x,
      outputs: dense({ units: 2, kernelInitializer: 'lecunNormal' }).apply(x),
    });
    const { json, weights } = encodeLayersModel(model);
    const [first, second] = JSON.parse(json).modelTopology.config.layers;
    expect(first.class_name).toBe('InputLayer');
    expect(first.config).not.toHaveProperty('trainable');
    expect(second.config.kernel_initializer).toEqual({
      class_name: 'VarianceScaling',
      config: { scale: 1, mode: 'fan_in', distribution: 'truncated_normal' },
    });
    const read = decodeLayersModel(json, weights);
    expect(read.layers.at(-1)?.getConfig().kernelInitializer).toBe('lecunNormal');
  });

  it('keep the bits of any finite weights', () => {
    const bits = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(bits, (bytes) => {
        const numbers = new Float32Array(Uint8Array.from(bytes).buffer);
        fc.pre(numbers.every(Number.isFinite));
        const model = sequential([dense({ units: 2, inputShape: [3] })]);
        model.setWeights([tensor(numbers.slice(0, 6), [3, 2]), tensor(numbers.slice(6), [2])]);
        const { json, weights } = encodeLayersModel(model);
        expect(weights).toEqual(bytes);
        const read = decodeLayersModel(json, weights).getWeights();
        expect(read.map(({ data }) => [...data])).toEqual([[...numbers.slice(0, 6)], [...numbers.slice(6)]]);
      }),
    );
  });

  it('refuse to write what can’t be read: models that aren’t built, numbers that aren’t finite', () => {
    expect(() => encodeLayersModel(sequential([dense({ units: 1 })]))).toThrow('not built yet');
    const model = sequential([dense({ units: 1, inputShape: [1] })]);
    model.setWeights([tensor([[Number.NaN]]), tensor([0])]);
    expect(() => encodeLayersModel(model)).toThrow(
      new FormatError('weights.bin', 'tensor "dense/kernel": numbers must be finite, got NaN at index 0'),
    );
    const scaled = { className: 'Dense', config: { name: 'x', trainable: true, units: 1, gain: 2 } };
    expect(() => toKeras(scaled, null)).toThrow(
      /^layer x: Dense's gain can't be stored in this format \(degelo's own has it\)$/,
    );
    const alien = { className: 'Alien', config: { name: 'x', trainable: true } };
    expect(() => toKeras(alien, null)).toThrow(
      /^layer x: Alien can't be stored in this format: expected Activation, Add, Average, AveragePooling2D/,
    );
    class Own extends Layer {
      readonly className = 'Own';
      forward({ x, y }: Run): void {
        y.set(x);
      }
      backward(): void {}
    }
    const unregistered = sequential([new Own({ name: 'x', inputShape: [3] })]);
    for (const encode of [encodeLayersModel, encodeKeras]) {
      expect(() => encode(unregistered)).toThrow(/^layer x: Own can't be stored in this format: expected /);
    }
  });
});

describe('decodeLayersModel', () => {
  it('reads a size that TensorFlow.js leaves open, as null', () => {
    const model = sequential([reshape({ targetShape: [4, 3], inputShape: [2, 2, 3] })]);
    const { json, weights } = encodeLayersModel(model);
    const file = JSON.parse(json);
    config(file, 0).target_shape = [null, 3];
    const read = decodeLayersModel(JSON.stringify(file), weights);
    expect(read.layers[0].getConfig().targetShape).toEqual([-1, 3]);
    expect(read.outputShape).toEqual([4, 3]);
  });

  it.each<[string, () => Layer, string, unknown, string]>([
    [
      'dilation of depthwise convolutions, which it passes over',
      () => depthwiseConv2d({ kernelSize: 2 }),
      'dilation_rate',
      [2, 2],
      'dilation_rate must be [1,1] in a file that TensorFlow.js wrote, since it computes that, whatever it wrote (put it there), got [2,2]',
    ],
    [
      'bilinear up-sampling, which it computes otherwise',
      () => upSampling2d({}),
      'interpolation',
      'bilinear',
      'interpolation must be "nearest" in a file that TensorFlow.js wrote, whose "bilinear" is another than Keras\', got "bilinear"',
    ],
  ])(
    'refuses in a file of TensorFlow.js, and not in one of Keras: %s',
    (_, layer, option, value, message) => {
      const { json, weights } = encodeLayersModel(
        sequential([zeroPadding2d({ padding: 1, inputShape: [4, 4, 2] }), layer()]),
      );
      const file = JSON.parse(json);
      config(file, 1)[option] = value;
      file.modelTopology.keras_version = '2.15.0';
      expect(decodeLayersModel(JSON.stringify(file), weights).layers.length).toBe(2);
      file.modelTopology.keras_version = 'tfjs-layers 4.22.0';
      expect(refusal([JSON.stringify(file), weights])).toMatch(/^model\.json: layer "\w+" \(\w+\): /);
      expect(refusal([JSON.stringify(file), weights])).toContain(message);
      config(file, 1)[option] = null;
      expect(decodeLayersModel(JSON.stringify(file), weights).layers.length).toBe(2);
    },
  );

  it('refuses an axis below −1 of a concatenation in a file of TensorFlow.js, which takes it for −1', () => {
    const x = input({ shape: [2, 2, 3] });
    const { json, weights } = encodeLayersModel(
      functional({ inputs: x, outputs: concatenate({ axis: 2, name: 'c' }).apply([x, reLU().apply(x)]) }),
    );
    const file = JSON.parse(json);
    const last = file.modelTopology.config.layers.at(-1).config;
    last.axis = -2;
    expect(decodeLayersModel(JSON.stringify(file), weights).outputShape).toEqual([2, 4, 3]);
    file.modelTopology.keras_version = 'tfjs-layers 4.22.0';
    expect(refusal([JSON.stringify(file), weights])).toContain(
      'layer "c" (Concatenate): axis must be −1 or above in a file that TensorFlow.js wrote, since it takes all below for −1 (put that there), got -2',
    );
    last.axis = -1;
    expect(decodeLayersModel(JSON.stringify(file), weights).outputShape).toEqual([2, 2, 6]);
  });

  it.each<[string, (json: Json) => void]>([
    ['no format, as early versions wrote it', (j) => delete j.format],
    [
      'a topology one level deeper',
      (j) => (j.modelTopology = { model_config: j.modelTopology, backend: 'tensorflow' }),
    ],
    [
      'an input layer',
      (j) => {
        j.modelTopology.config.layers.unshift({
          class_name: 'InputLayer',
          config: {
            name: 'in',
            batch_input_shape: [null, 9, 8, 2],
            dtype: 'float32',
            sparse: false,
            ragged: false,
          },
        });
        delete config(j, 1).batch_input_shape;
      },
    ],
    ['layers without a name of the model', (j) => (j.modelTopology.config = j.modelTopology.config.layers)],
    [
      'Keras 3’s names',
      (j) => {
        config(j, 0).batch_shape = config(j, 0).batch_input_shape;
        delete config(j, 0).batch_input_shape;
        config(j, 0).dtype = { module: 'keras', class_name: 'DTypePolicy', config: { name: 'float32' } };
      },
    ],
    [
      'defaults left out, or null',
      (j) => {
        delete config(j, 0).dilation_rate;
        config(j, 0).groups = null;
        delete config(j, 4).data_format;
        delete config(j, 6).trainable;
        config(j, 6).kernel_regularizer = null;
        config(j, 6).kernel_initializer = { class_name: 'Orthogonal', config: { gain: 1, seed: null } };
      },
    ],
    [
      'the model’s name before a weight’s',
      (j) => {
        j.weightsManifest[0].weights[0].name = 'mine/conv2d/kernel';
        j.weightsManifest[0].weights[2].name = 'hidden/hidden/kernel';
      },
    ],
    [
      'weights in any order, an optimizer’s among them',
      (j) => {
        const [{ weights }] = j.weightsManifest;
        const [kernel] = weights.splice(0, 1);
        // conv2d/kernel's 36 numbers said to be an optimizer's, and others' in its place.
        weights.unshift({ ...kernel, name: 'conv2d/kernel/accum', group: 'optimizer', dtype: 'int32' });
        weights.push(kernel);
      },
    ],
  ])('reads %s', (name, change) => {
    const [json, weights] = changed(change);
    const isLonger = name.includes('optimizer');
    const bytes = isLonger ? Uint8Array.from([...weights, ...weights.subarray(0, 144)]) : weights;
    const read = decodeLayersModel(json, bytes);
    expect(described(read)).toEqual(described(everyLayer()));
    expect(getWeightsFlat(read)).toEqual(getWeightsFlat(everyLayer()));
  });

  it('tells layers apart whose names differ in front of a slash alone', () => {
    const written = sequential([
      dense({ units: 2, name: 'a/dense', inputShape: [2] }),
      dense({ units: 2, name: 'b/dense' }),
    ]);
    const { json, weights } = encodeLayersModel(written);
    const read = decodeLayersModel(json, weights);
    expect(read.layers.map(({ name }) => name)).toEqual(['a/dense', 'b/dense']);
    expect(getWeightsFlat(read)).toEqual(getWeightsFlat(written));
  });

  it('refuses at once a weight whose name has half a million slashes, and a model of very many layers', () => {
    const name = 'a/'.repeat(400_000);
    expect(refusal(changed((j) => (j.weightsManifest[0].weights[0].name = name)))).toMatch(
      /tensor "a\/.* belongs to no layer|is missing/,
    );
    const many = changed((j) => {
      const { layers } = j.modelTopology.config;
      for (let i = 0; i < 10_000; i++) layers.push({ class_name: 'ReLU', config: { name: `${i}` } });
    });
    expect(refusal(many)).toMatch(/^model.json: layers must be at most 4096, got 100\d\d$/);
  });

  it('reads ReLU and softmax where they are layers of their own, the axis from either end', () => {
    for (const axis of [-1, 1, undefined, null]) {
      const [json, weights] = changed((j) => {
        const { layers } = j.modelTopology.config;
        layers[2] = {
          class_name: 'ReLU',
          config: { name: 're_lu', max_value: null, negative_slope: 0.0, threshold: 0 },
        };
        layers.push({
          class_name: 'Softmax',
          config: { name: 'softmax', ...(axis !== undefined && { axis }) },
        });
      });
      const read = described(decodeLayersModel(json, weights));
      const relu = { name: 're_lu', trainable: true, maxValue: null, negativeSlope: 0, threshold: 0 };
      expect(read[2]).toEqual(['ReLU', relu]);
      expect(read[7]).toEqual(['Softmax', { name: 'softmax', trainable: true }]);
    }
    const other = changed((j) => {
      j.modelTopology.config.layers[2] = { class_name: 'Softmax', config: { name: 's', axis: 1 } };
    });
    // Rows of an image: its dimensions change places, and change back.
    const classes = ([json, weights]: typeof other): string[] =>
      decodeLayersModel(json, weights)
        .layers.flatMap((layer) => asNetwork(layer)?.layers ?? [layer])
        .map(({ className }) => className);
    expect(classes(other).join()).toContain('InputLayer,Permute,Activation,Permute');
    const samples = changed((j) => {
      j.modelTopology.config.layers[2] = { class_name: 'Softmax', config: { name: 's', axis: 0 } };
    });
    expect(refusal(samples)).toMatch(/operation "s" \(Softmax\) with these arguments has no layer here/);
  });

  it.each<[string, (json: Json) => unknown, string]>([
    [
      'another format',
      (j) => (j.format = 'graph-model'),
      'model.json: format must be "layers-model", got "graph-model"',
    ],
    ['our own', (j) => (j.format = 'degelo-model'), "this is degelo's own format: loadModel reads it"],
    ['no topology', (j) => delete j.modelTopology, 'modelTopology must be an object, got nothing'],
    [
      'a wrong topology',
      (j) => (j.modelTopology.model_config = 3),
      'modelTopology.model_config must be an object, got 3',
    ],
    [
      'a model of another class',
      (j) => (j.modelTopology.class_name = 'Agent'),
      'model: class_name must be "Sequential", "Functional" or "Model" (other classes are Python code: make a functional model of them in Keras), got "Agent"',
    ],
    ['a wrong config', (j) => (j.modelTopology.config = 'x'), 'model: config must be an object, got "x"'],
    [
      'no list of layers',
      (j) => (j.modelTopology.config.layers = {}),
      'model: config.layers must be a list, got {}',
    ],
    ['no layer', (j) => (j.modelTopology.config.layers = []), 'a model needs at least one layer, got none'],
    [
      'a model without a name',
      (j) => delete j.modelTopology.config.name,
      'model: config.name must be a string, got nothing',
    ],
    [
      'a layer that is none',
      (j) => (j.modelTopology.config.layers[1] = 1),
      'layer 1 must be an object, got 1',
    ],
    [
      'a layer without class',
      (j) => delete j.modelTopology.config.layers[1].class_name,
      'layer 1: class_name must be a string, got nothing',
    ],
    [
      'a layer without config',
      (j) => delete j.modelTopology.config.layers[1].config,
      'layer 1: config must be an object, got nothing',
    ],
    ['a layer without a name', (j) => (config(j, 1).name = ''), 'layer 1: name must be a name, got ""'],
    [
      'a layer that we lack',
      (j) =>
        (j.modelTopology.config.layers[2] = { class_name: 'LSTM', config: { name: 'lstm_1', units: 3 } }),
      'layer "lstm_1" (LSTM): isn\'t supported: expected one of Activation, Add, Average, AveragePooling1D, ',
    ],
    [
      'an activation that we lack',
      (j) => (config(j, 5).activation = 'maxout'),
      `layer "hidden" (Dense): dense: activation must be one of`,
    ],
    [
      'images with channels first',
      (j) => (config(j, 0).data_format = 'channels_first'),
      'layer "conv2d" (Conv2D): data_format must be "channels_last" (keras.config.set_image_data_format("channels_last"), make the model again, and give it these weights by set_weights: kernels are alike), got "channels_first"',
    ],
    [
      'a flatten of channels first',
      (j) => (config(j, 4).data_format = 'channels_first'),
      'layer "flatten" (Flatten): data_format must be "channels_last"',
    ],
    [
      'dilation of no number',
      (j) => (config(j, 0).dilation_rate = ['2', 2]),
      'layer "conv2d" (Conv2D): conv2d: dilationRate must be an integer ≥ 1, got',
    ],
    [
      'groups that don’t divide the filters',
      (j) => (config(j, 0).groups = 2),
      'layer "conv2d" (Conv2D): conv2d: filters must be a multiple of groups: expected one of 2, got 3',
    ],
    [
      'a bias that is neither there nor not',
      (j) => (config(j, 6).use_bias = 0),
      'layer "dense" (Dense): dense: useBias must be true or false, got 0',
    ],
    [
      'pooling with another padding',
      (j) => (config(j, 1).padding = 'full'),
      'layer "max_pooling2d" (MaxPooling2D): maxPooling2d: padding must be one of valid, same, got \'full\'',
    ],
    [
      'an option of tomorrow',
      (j) => (config(j, 6).rank_of_tomorrow = 4),
      'layer "dense" (Dense): rank_of_tomorrow must be null or absent (it isn\'t supported), got 4',
    ],
    [
      'other numbers',
      (j) => (config(j, 5).dtype = 'int32'),
      'layer "hidden" (Dense): dtype must be "float32", or of half or double precision, got "int32"',
    ],
    [
      'a frozen layer that isn’t sure',
      (j) => (config(j, 5).trainable = 'no'),
      'layer "hidden" (Dense): trainable must be true or false, got "no"',
    ],
    [
      'an option out of range',
      (j) => (config(j, 3).rate = 1),
      'layer "dropout" (Dropout): dropout: rate must be',
    ],
    [
      'a layer that can’t follow',
      (j) => (config(j, 0).strides = [9, 9]),
      'layer "max_pooling2d" (MaxPooling2D): maxPooling2d: ',
    ],
    [
      'no input shape',
      (j) => delete config(j, 0).batch_input_shape,
      'layer "conv2d" (Conv2D): batch_input_shape must be [null, …sizes] without another null, since it is the first layer (keras.Input), got nothing',
    ],
    [
      'an input of any size',
      (j) => (config(j, 0).batch_input_shape = [null, null, null, 3]),
      'batch_input_shape must be [null, …sizes] without another null',
    ],
    [
      'two layers of one name',
      (j) => (config(j, 6).name = 'hidden'),
      'layer "hidden" (Dense): layer names must differ, got it twice',
    ],
    ['no manifest', (j) => delete j.weightsManifest, 'weightsManifest must be a list, got nothing'],
    [
      'a group that is none',
      (j) => (j.weightsManifest[0] = 1),
      'weightsManifest[0] must be an object, got 1',
    ],
    [
      'no paths',
      (j) => delete j.weightsManifest[0].paths,
      'weightsManifest[0].paths must be a list, got nothing',
    ],
    [
      'a path out of the folder',
      (j) => (j.weightsManifest[0].paths = ['../weights.bin']),
      'weightsManifest[0].paths must be plain file names, got "../weights.bin"',
    ],
    [
      'a file named twice',
      (j) => (j.weightsManifest[0].paths = ['a.bin', './a.bin']),
      'weightsManifest[0].paths must differ, got "a.bin" twice',
    ],
    [
      'no weights',
      (j) => delete j.weightsManifest[0].weights,
      'weightsManifest[0].weights must be a list, got nothing',
    ],
    [
      'a weight that is none',
      (j) => (j.weightsManifest[0].weights[0] = 7),
      'weightsManifest[0].weights must be a list of objects, got 7',
    ],
    [
      'a weight without a name',
      (j) => delete j.weightsManifest[0].weights[0].name,
      'weightsManifest[0].weights: name must be a string, got nothing',
    ],
    [
      'quantised weights without their least value',
      (j) =>
        Object.assign(j.weightsManifest[0].weights[0], {
          dtype: 'float32',
          quantization: { dtype: 'uint8', scale: 0.1 },
        }),
      'weight "conv2d/kernel": quantization must be { dtype: "uint8" or "uint16", scale, min }, or { dtype: "float16" }, got {"dtype":"uint8"',
    ],
    [
      'weights of another type',
      (j) => (j.weightsManifest[0].weights[0].dtype = 'int32'),
      'weight "conv2d/kernel": dtype must be "float32", got "int32"',
    ],
    [
      'an optimizer’s weights of another type',
      (j) => Object.assign(j.weightsManifest[0].weights[0], { group: 'optimizer', dtype: 'string' }),
      'weight "conv2d/kernel": dtype must be float32, int32 or bool, got "string"',
    ],
    [
      'a shape that is none',
      (j) => (j.weightsManifest[0].weights[0].shape = [-1]),
      'weight "conv2d/kernel": shape must be a list of integers ≥ 0, got [-1]',
    ],
    [
      'a shape past all numbers',
      (j) => (j.weightsManifest[0].weights[0].shape = [2 ** 53 - 1, 2 ** 53 - 1]),
      'weights must be fewer bytes than 2^53: got weight "conv2d/kernel" of shape [9007199254740991,9007199254740991]',
    ],
    [
      'a larger shape',
      (j) => (j.weightsManifest[0].weights[0].shape = [1e6, 1e6]),
      'weights.bin: truncated: expected',
    ],
    ['a missing weight', (j) => j.weightsManifest[0].weights.pop(), 'weights.bin: too long: expected'],
    [
      'a weight of no layer',
      (j) => (j.weightsManifest[0].weights[0].name = 'conv2d/gamma'),
      'weights.bin: tensor "conv2d/gamma" belongs to no layer of the model',
    ],
    [
      'a weight there twice',
      (j) => (j.weightsManifest[0].weights[1].name = 'x/conv2d/kernel'),
      'weights must differ by name, got "conv2d/kernel" twice',
    ],
    [
      'another shape of as many',
      (j) => (j.weightsManifest[0].weights[0].shape = [36]),
      'tensor "conv2d/kernel" must be float32 of shape [3,2,2,3], got float32 of shape [36]',
    ],
  ])('refuses %s', (_, change, message) => {
    expect(refusal(changed(change))).toContain(message);
  });

  it('refuses damaged JSON, keys said twice, a file over the limit, and numbers that aren’t finite', () => {
    const [json, weights] = changed(() => {});
    expect(refusal([json.slice(0, -2), weights])).toContain('model.json: damaged JSON: ');
    expect(refusal([json.replace('"format"', '"format":1,"format"'), weights])).toContain(
      'got "format" twice',
    );
    expect(refusal([json.padEnd(1_000_001), weights])).toContain(
      'too long: expected at most 1000000 characters',
    );
    expect(refusal([json, Uint8Array.from(weights).fill(0xff, 0, 4)])).toBe(
      'weights.bin: tensor "conv2d/kernel": numbers must be finite, got NaN at index 0',
    );
  });
});

describe('saveLayersModel and loadLayersModel', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });

  it('give the model back, by its folder or its model.json, and leave no other file', async () => {
    const place = join(folder, 'a', 'b');
    await saveLayersModel(everyLayer(), place);
    expect(readdirSync(place).sort()).toEqual(['model.json', 'weights.bin']);
    for (const path of [place, join(place, 'model.json')]) {
      expect(getWeightsFlat(await loadLayersModel(path))).toEqual(getWeightsFlat(everyLayer()));
    }
  });

  it('write nothing where the model can’t be saved', async () => {
    await expect(saveLayersModel(sequential([dense({ units: 1 })]), join(folder, 'new'))).rejects.toThrow(
      'not built',
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('say in one line what is missing, too long or cut off, with its path', async () => {
    const refused = async (path: string): Promise<string> =>
      loadLayersModel(path).then(
        () => 'no error',
        (error: unknown) => {
          expect(error).toBeInstanceOf(FormatError);
          return (error as Error).message;
        },
      );
    const json = join(folder, 'model.json');
    expect(await refused(folder)).toContain(`${json}: no such file`);
    expect(await refused(join(folder, 'nowhere.json'))).toBe(
      `${join(folder, 'nowhere.json')}: no such file or folder`,
    );
    const [text, weights] = changed((j) => (j.weightsManifest[0].paths = ['a.bin', './b.bin']));
    writeFileSync(json, text);
    expect(await refused(folder)).toBe(`${join(folder, 'a.bin')}: no such file`);
    const [a, b] = [join(folder, 'a.bin'), join(folder, 'b.bin')];
    writeFileSync(a, weights.subarray(0, 10));
    writeFileSync(b, weights.subarray(10));
    expect(getWeightsFlat(await loadLayersModel(json))).toEqual(getWeightsFlat(everyLayer()));
    writeFileSync(b, weights.subarray(11));
    expect(await refused(folder)).toContain(
      `${b}: truncated: expected ${weights.length} bytes, as model.json says`,
    );
    writeFileSync(b, weights);
    expect(await refused(folder)).toBe(
      `${b}: too large: expected at most ${weights.length - 10} bytes, got ${weights.length}`,
    );
    rmSync(b);
    mkdirSync(b);
    expect(await refused(folder)).toBe(`${b}: must be a regular file`);
  });
});
