/** Operations between Keras' layers, one by one: which layers stand for them, and which are refused. */
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../src/formats/errors.ts';
import type { JsonObject } from '../../src/formats/json.ts';
import { operationAsLayers, operationAsModel } from '../../src/formats/keras-operations.ts';

const tensor = (layer: string, shape: unknown = [null, 4, 4, 3]): JsonObject => ({
  class_name: '__keras_tensor__',
  config: { shape, keras_history: [layer, 0, 0] },
});

/** As Keras 3 writes it. */
const keras3 = (
  className: string,
  args: readonly unknown[],
  config: JsonObject = {},
  kwargs: unknown = {},
): JsonObject => ({
  module: 'keras.src.ops.numpy',
  class_name: className,
  name: 'op',
  config: { name: 'op', ...config },
  inbound_nodes: [{ args, kwargs }],
});

/** As Keras 2 writes it. */
const keras2 = (name: string, node: unknown, more: JsonObject = {}): JsonObject => ({
  class_name: 'TFOpLambda',
  name: 'op',
  config: { name: 'op', function: name },
  inbound_nodes: [node],
  ...more,
});

const range = (start: unknown = null, stop: unknown = null, step: unknown = null): JsonObject => ({
  class_name: '__slice__',
  config: { start, stop, step },
});

const layersOf = (layer: JsonObject): [unknown, JsonObject][] =>
  operationAsLayers(layer, 'model', 'file').map(({ class_name, config }) => {
    const { name: _, trainable: _t, ...options } = config as JsonObject;
    return [class_name, options];
  });

describe('an operation', () => {
  it.each<[string, JsonObject, [unknown, JsonObject][]]>([
    ['clip from 0', keras3('Clip', [tensor('a')], { x_min: 0, x_max: 4 }), [['ReLU', { max_value: 4 }]]],
    ['a difference', keras3('Subtract', [tensor('a'), tensor('b')]), [['Subtract', {}]]],
    ['a minimum', keras3('Minimum', [tensor('a'), tensor('b')]), [['Minimum', {}]]],
    ['elu', keras3('Elu', [tensor('a')]), [['Activation', { activation: 'elu' }]]],
    ['leaky ReLU', keras3('LeakyRelu', [tensor('a')]), [['LeakyReLU', { negative_slope: 0.2 }]]],
    ['softmax', keras3('Softmax', [tensor('a')]), [['Activation', { activation: 'softmax' }]]],
    [
      'concatenation, a list being its one argument',
      keras3('Concatenate', [[tensor('a'), tensor('b')]]),
      [['Concatenate', { axis: -1 }]],
    ],
    [
      'reshape',
      keras3('Reshape', [tensor('a')], { newshape: [-1, 48] }),
      [['Reshape', { target_shape: [48] }]],
    ],
    [
      'reshape of batches of any size',
      keras3('Reshape', [tensor('a')], { newshape: [null, 6, 8] }),
      [['Reshape', { target_shape: [6, 8] }]],
    ],
    [
      'a new axis, counted from behind',
      keras3('ExpandDims', [tensor('a', [null, 5])], { axis: -1 }),
      [['Reshape', { target_shape: [5, 1] }]],
    ],
    [
      'an axis less',
      keras3('Squeeze', [tensor('a', [null, 1, 5])], { axis: 1 }),
      [['Reshape', { target_shape: [5] }]],
    ],
    [
      'two axes less',
      keras3('Squeeze', [tensor('a', [null, 1, 1, 5])], { axis: [1, 2] }),
      [['Reshape', { target_shape: [5] }]],
    ],
    [
      'mean over height and width',
      keras3('Mean', [tensor('a')], { axis: [1, 2] }),
      [['GlobalAveragePooling2D', { keepdims: false }]],
    ],
    [
      'padding',
      keras3('Pad', [tensor('a')], {
        pad_width: [
          [0, 0],
          [1, 1],
          [2, 0],
          [0, 0],
        ],
      }),
      [
        [
          'ZeroPadding2D',
          {
            padding: [
              [1, 1],
              [2, 0],
            ],
          },
        ],
      ],
    ],
    [
      'a number added',
      keras2('__operators__.add', ['a', 0, 0, { y: 3 }]),
      [['Rescaling', { scale: 1, offset: 3 }]],
    ],
    [
      'a number first',
      keras2('math.subtract', ['_CONSTANT_VALUE', -1, 2, { y: ['a', 0, 0] }]),
      [['Rescaling', { scale: -1, offset: 2 }]],
    ],
    ['two tensors', keras2('math.add', ['a', 0, 0, { y: ['b', 0, 0], name: null }]), [['Add', {}]]],
    [
      'a list of tensors',
      keras2('concat', [
        ['a', 0, 0, { axis: 3 }],
        ['b', 0, 0, { axis: 3 }],
      ]),
      [['Concatenate', { axis: 3 }]],
    ],
    [
      'a new axis of a shape that the file says',
      keras2('expand_dims', ['a', 0, 0, { axis: 1 }], { build_config: { input_shape: [null, 7] } }),
      [['Reshape', { target_shape: [1, 7] }]],
    ],
  ])('%s has a layer', (_, layer, expected) => {
    expect(layersOf(layer)).toEqual(expected);
  });

  it.each([
    [1, [1, 5, 6, 7]],
    [2, [5, 1, 6, 7]],
    [3, [5, 6, 1, 7]],
    [4, [5, 6, 7, 1]],
    [-1, [5, 6, 7, 1]],
    [-4, [1, 5, 6, 7]],
  ])('that is a stack along axis %d puts a dimension there', (axis, target_shape) => {
    const read = ['a', 'b'].map((name) => tensor(name, [null, 5, 6, 7]));
    const reshaped = ['Reshape', { target_shape }];
    const joined = ['Concatenate', { axis: axis < 0 ? axis + 5 : axis }];
    expect(layersOf(keras3('Stack', [read], { axis }))).toEqual([reshaped, reshaped, joined]);
  });

  it('keeps its name, or that of its layer', () => {
    const { name: _, ...nameless } = keras3('Relu', [tensor('a')]);
    expect(operationAsLayers(nameless, 'model', 'file')).toMatchObject([
      { name: 'op', inbound_nodes: [[['a', 0, 0, {}]]] },
    ]);
    const layer = { class_name: 'Dense', config: {} };
    expect(operationAsLayers(layer, 'model', 'file')).toEqual([layer]);
  });

  it.each<[string, JsonObject]>([
    ['clip to no number', keras3('Clip', [tensor('a')], { x_min: -1, x_max: null })],
    ['a ninth power', keras3('Power', [tensor('a'), 9])],
    ['a power that is a tensor', keras3('Power', [tensor('a'), tensor('b')])],
    ['a number to a power', keras3('Power', [2, tensor('a')])],
    ['a stack of a tensor and a number', keras3('Stack', [[tensor('a'), 2]], { axis: 1 })],
    ['a stack of samples', keras3('Stack', [[tensor('a'), tensor('b')]], { axis: 0 })],
    ['a stack of one', keras3('Stack', [[tensor('a')]], { axis: 1 })],
    ['a maximum of three', keras3('Maximum', [tensor('a'), tensor('b'), tensor('c')])],
    ['a slice of a number', keras3('Absolute', [3, tensor('a')])],
    ['a slice back to front', keras3('GetItem', [tensor('a'), [range(), range(null, null, -2)]])],
    ['a slice of samples', keras3('GetItem', [tensor('a'), range(1)])],
    ['one sample', keras3('GetItem', [tensor('a'), 0])],
    ['a place that isn’t there', keras3('GetItem', [tensor('a'), [range(), 7]])],
    ['a slice from a text', keras3('GetItem', [tensor('a'), [range(), range('1')]])],
    ['a slice to a text', keras3('GetItem', [tensor('a'), [range(), range(1, '2')]])],
    ['more dimensions than there are', keras3('GetItem', [tensor('a'), [range(), 0, 0, 0, 0]])],
    ['a new dimension', keras3('GetItem', [tensor('a'), [range(), null]])],
    ['elu of an alpha that is no number', keras3('Elu', [tensor('a')], { alpha: '0.5' })],
    ['celu of an alpha that is no number', keras3('Celu', [tensor('a')], { alpha: null })],
    ['softmax over samples', keras3('Softmax', [tensor('a')], { axis: 0 })],
    ['softmax over one dimension twice', keras3('Softmax', [tensor('a')], { axis: [1, -3] })],
    ['softmax over all there is', keras3('Softmax', [tensor('a')], { axis: null })],
    ['softmax over another axis of an unknown shape', keras3('Softmax', [tensor('a', null)], { axis: 1 })],
    ['a reshape over samples', keras3('Reshape', [tensor('a')], { newshape: [4, 12] })],
    ['a reshape to what is no list', keras3('Reshape', [tensor('a')], { newshape: 12 })],
    ['a new axis before the samples', keras3('ExpandDims', [tensor('a')], { axis: 0 })],
    ['a new axis of an unknown shape', keras3('ExpandDims', [tensor('a', [null, null, 3])], { axis: 1 })],
    ['a new axis of a shape that isn’t said', keras3('ExpandDims', [tensor('a', null)], { axis: 1 })],
    ['a new axis that is no number', keras3('ExpandDims', [tensor('a')], { axis: 'x' })],
    ['an axis less than there are', keras3('Squeeze', [tensor('a')], { axis: 9 })],
    ['samples and rows exchanged', keras3('Transpose', [tensor('a')], { axes: [1, 0, 2, 3] })],
    [
      'padded samples',
      keras3('Pad', [tensor('a')], {
        pad_width: [
          [1, 0],
          [1, 1],
          [1, 1],
          [0, 0],
        ],
      }),
    ],
    [
      'padding of three axes',
      keras3('Pad', [tensor('a')], {
        pad_width: [
          [0, 0],
          [1, 1],
          [0, 0],
        ],
      }),
    ],
    [
      'a mirror that is larger than the image',
      keras3('Pad', [tensor('a')], {
        pad_width: [
          [0, 0],
          [1, 1],
          [4, 1],
          [0, 0],
        ],
        mode: 'reflect',
      }),
    ],
    [
      'padding with ones',
      keras3('Pad', [tensor('a')], {
        pad_width: [
          [0, 0],
          [1, 1],
          [1, 1],
          [0, 0],
        ],
        constant_values: 1,
      }),
    ],
    ['a mean over the batch', keras3('Mean', [tensor('a')], { axis: [0, 3] })],
    ['a mean over everything', keras3('Mean', [tensor('a')])],
    ['a sum of one', keras3('Add', [tensor('a')])],
    ['a difference of three', keras3('Subtract', [tensor('a'), tensor('b'), tensor('c')])],
    ['a text as an argument', keras3('Add', [tensor('a'), 'three'])],
    ['no number', keras3('Add', [tensor('a'), { config: { value: [] } }])],
    ['arguments that are no list', { ...keras3('Relu', []), inbound_nodes: [{ args: 'a' }] }],
    ['a tensor of no layer', keras3('Relu', [{ config: { keras_history: [] } }])],
    ...[0, 2, [1, 2]].map((axes): [string, JsonObject] => [
      `a product of vectors along axes that they lack: ${JSON.stringify(axes)}`,
      keras3('Dot', [[tensor('a', [null, 5]), tensor('b', [null, 5])]], { axes }),
    ]),
    ['what nobody knows', keras3('Cumsum', [tensor('a')])],
    ['a function that nobody knows', keras2('math.cumsum', ['a', 0, 0, {}])],
    ['a name that every object has', keras2('constructor', ['a', 0, 0, {}])],
    ['a node that is no list', keras2('nn.relu', 3)],
    ['a node of nodes that are no lists', keras2('nn.relu', [3])],
    ...[Infinity, Number.NaN, '1', true, [], [1, Infinity], [1, '2'], [[1], [2]]].map(
      (what): [string, JsonObject] => [
        `a sum with ${JSON.stringify(what)}`,
        keras3('Add', [tensor('a'), what]),
      ],
    ),
  ])('%s is refused with its name and what there is', (_, layer) => {
    const refusal = () => operationAsLayers(layer, 'model', 'file');
    expect(refusal).toThrow(FormatError);
    expect(refusal).toThrow(
      /^file: model: operation "op" \(.+\) with these arguments has no layer here: expected Absolute/,
    );
  });

  it('that takes nothing is refused with what is wrong', () => {
    const nothing = keras3('GetItem', [tensor('a'), [range(), range(2, 2)]]);
    expect(() => operationAsLayers(nothing, 'model', 'file')).toThrow(
      /^file: model: operation "op" \(GetItem\): a slice must be .* leave something of each/,
    );
  });

  it('of several layers gives the last its name, and the others names of their own', () => {
    const dots = { class_name: '__ellipsis__', config: {} };
    const made = operationAsLayers(keras3('GetItem', [tensor('a'), [dots, range(1, 9)]]), 'model', 'file');
    expect(made.map(({ class_name, name, inbound_nodes }) => [class_name, name, inbound_nodes])).toEqual([
      ['Permute', 'op_part_0', [[['a', 0, 0, {}]]]],
      ['Cropping2D', 'op_part_1', [[['op_part_0', 0, 0, {}]]]],
      ['Permute', 'op', [[['op_part_1', 0, 0, {}]]]],
    ]);
    expect(layersOf(keras3('GetItem', [tensor('a'), range()]))).toEqual([
      ['Activation', { activation: 'linear' }],
    ]);
  });

  it.each([[{}], [{ inbound_nodes: [] }], [{ inbound_nodes: [[], []] }]])(
    'that isn’t used once is refused: %j',
    (nodes) => {
      const layer = { ...keras3('Relu', []), inbound_nodes: undefined, ...nodes };
      expect(() => operationAsLayers(layer, 'model', 'file')).toThrow(
        /must be used once, got 2 times|is only read in functional models: in Keras, keras.Model/,
      );
    },
  );

  it.each([[undefined], [true], [false]])(
    'as a model of its own is frozen only where the file says so: trainable %s',
    (trainable) => {
      const layer = keras3('Relu', [tensor('a')], trainable === undefined ? {} : { trainable });
      const { config } = operationAsModel(layer, [4, 4, 3], 'model', 'file');
      expect(config).toMatchObject({ name: 'op', trainable: trainable ?? true });
    },
  );

  it('without a name is refused like the others', () => {
    const layer = { module: 'keras.ops', class_name: 'Cumsum', inbound_nodes: [{ args: [] }] };
    expect(() => operationAsLayers(layer, 'model', 'file')).toThrow('model: operation');
  });
});
