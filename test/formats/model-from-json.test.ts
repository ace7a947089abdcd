import { describe, expect, it } from 'vitest';
import { tensor } from '../../src/tensor/tensor.ts';
import { modelFromJSON } from '../../src/training/saved/model-from-json.ts';

/** A layer of Keras 2's JSON that reads others. */
function layer(className: string, name: string, reads: readonly string[], config: object = {}): object {
  const nodes = reads.length > 0 ? [reads.map((each) => [each, 0, 0, {}])] : [];
  return { class_name: className, name, config: { name, ...config }, inbound_nodes: nodes };
}
const dense = (name: string, ...reads: string[]): object => layer('Dense', name, reads, { units: 3 });
const x = layer('InputLayer', 'x', [], { batch_input_shape: [null, 3] });

function functional(layers: readonly object[], output = 'y', input = 'x') {
  const config = { name: 'm', layers, input_layers: [[input, 0, 0]], output_layers: [[output, 0, 0]] };
  return { class_name: 'Functional', config };
}

describe('modelFromJSON', () => {
  it('takes the text or the object, a seed, and leaves weights out that come from elsewhere', () => {
    const json = functional([x, dense('y', 'x')]);
    const weights = (seed: number) => modelFromJSON(json, { seed }).getWeights()[0].data;
    expect(modelFromJSON(JSON.stringify(json)).toConfig()).toEqual(modelFromJSON(json).toConfig());
    expect(weights(1)).toEqual(weights(1));
    expect(weights(1)).not.toEqual(weights(2));
    const { parameters } = modelFromJSON(json, { initialize: false }).layers[0];
    expect(parameters.map(({ value }) => value)).toEqual([null, null]);
  });

  const circle: Record<string, unknown> = {};
  circle.itself = circle;
  it.each([
    [3, undefined, TypeError, 'modelFromJSON: json must be a string or an object, got 3'],
    [circle, undefined, TypeError, 'modelFromJSON: json must be an object of what JSON can say'],
    [functional([x, dense('y', 'x')]), { seed: -1 }, RangeError, /^modelFromJSON: seed must be an integer/],
    [
      functional([x, dense('y', 'x')]),
      { initialize: 1 },
      TypeError,
      /^modelFromJSON: initialize must be true or false/,
    ],
    [
      { format: 'layers-model' },
      undefined,
      Error,
      /^modelFromJSON: this is a whole model.json.*loadModel reads it$/,
    ],
  ])('refuses %j, %j', (json, options, kind, message) => {
    const make = (): unknown => modelFromJSON(json as never, options as never);
    expect(make).toThrow(kind);
    expect(make).toThrow(message);
  });

  it.each([
    [
      'a circle in a row',
      [x, dense('a', 'y'), dense('y', 'a')],
      'model: layers read one another in a circle: ["a","y"]',
    ],
    [
      'a name that two layers have',
      [x, dense('y', 'x'), dense('y', 'y')],
      'model: layer names must differ, got "y" twice',
    ],
    [
      'a layer that isn’t there',
      [x, dense('y', 'q')],
      'model: layer "y" (Dense) reads "q", which doesn\'t exist',
    ],
    [
      'a layer that nobody reads',
      [x, dense('y', 'x'), dense('z', 'x')],
      'model: all layers must lead to the output "y", got ["y","z"] at the end',
    ],
    [
      'a layer that reads nothing',
      [x, dense('y')],
      'model: layer "y" (Dense) must be used once, got 0 times: a model takes a layer once',
    ],
    [
      'an output that isn’t there',
      [x, dense('z', 'x')],
      'model: output_layers names "y", which doesn\'t exist',
    ],
    ['an input that isn’t there', [dense('y', 'x')], 'model: input_layers names "x", which doesn\'t exist'],
    [
      'shapes that can’t be added',
      [x, layer('Dense', 'a', ['x'], { units: 2 }), layer('Add', 'y', ['a', 'x'])],
      'model: layer "y" (Add): add: shapes must be equal, but for sizes of 1, got [2] and [3]',
    ],
  ])('names %s', (_, layers, message) => {
    expect(() => modelFromJSON(functional(layers))).toThrow(`modelFromJSON: ${message}`);
  });
});

it.each([
  ['class_name', { class_name: { toString: 1, valueOf: 1 } }],
  ['name', { name: { toString: 1, valueOf: 1 } }],
  ['module', { module: { toString: 1, valueOf: 1 } }],
])('a %s that no text can be made of is refused in one line', (_, fields) => {
  const y = { ...dense('y', 'x'), ...fields };
  const make = (): unknown => modelFromJSON(functional([x, y, layer('Add', 'z', ['x', 'y'])], 'z'));
  if ('module' in fields) expect(make).not.toThrow();
  else expect(make).toThrow(/^modelFromJSON: model: [^\n]*$/);
});

it('layers that several stand for are one model each in Keras 2’s graphs, which say no shapes', async () => {
  const unit = layer('UnitNormalization', 'unit', ['x'], { axis: [-1] });
  const twice = layer('RepeatVector', 'twice', ['unit'], { n: 2 });
  const model = modelFromJSON(functional([x, unit, twice, layer('Flatten', 'y', ['twice'])]));
  const { data } = await model.predict(tensor([3, 0, 4], [1, 3]));
  for (const [i, value] of [0.6, 0, 0.8, 0.6, 0, 0.8].entries()) expect(data[i]).toBeCloseTo(value, 6);
});
