/** Models that are graphs: Keras' order of layers, shared tensors, models within models, and what is refused. */
import { describe, expect, it } from 'vitest';
import { activation } from '../../src/layers/activation.ts';
import { add } from '../../src/layers/add.ts';
import { batchNormalization } from '../../src/layers/batch-normalization.ts';
import { concatenate } from '../../src/layers/concatenate.ts';
import { conv2d } from '../../src/layers/conv2d.ts';
import { dense } from '../../src/layers/dense.ts';
import { dropout } from '../../src/layers/dropout.ts';
import { flatten } from '../../src/layers/flatten.ts';
import { globalAveragePooling2d } from '../../src/layers/global-average-pooling2d.ts';
import { input } from '../../src/layers/input-layer.ts';
import type { SymbolicTensor } from '../../src/layers/layer.ts';
import { categoricalCrossentropy } from '../../src/losses/categorical-crossentropy.ts';
import { Network } from '../../src/model/network.ts';
import { networkFromConfig } from '../../src/model/network-config.ts';
import { makePlan } from '../../src/model/plan.ts';
import { describePlan, summarize } from '../../src/model/summary.ts';

const named = (name: string) => dense({ units: 2, name });

function diamond(): { x: SymbolicTensor; a: SymbolicTensor; b: SymbolicTensor } {
  const x = input({ shape: [2], name: 'x' });
  return { x, a: named('a').apply(x), b: named('b').apply(x) };
}

const orderOf = (network: Network) => network.layers.map(({ name }) => name);

describe('a graph’s layers', () => {
  it('stand by depth, then as a walk back from the output meets them, whatever was made first', () => {
    const one = diamond();
    expect(orderOf(new Network({ inputs: one.x, outputs: add().apply([one.a, one.b]) }))).toEqual([
      'x',
      'a',
      'b',
      'add',
    ]);
    const other = diamond();
    expect(orderOf(new Network({ inputs: other.x, outputs: add().apply([other.b, other.a]) }))).toEqual([
      'x',
      'b',
      'a',
      'add',
    ]);
    const { x, a } = diamond();
    const deep = named('c').apply(named('d').apply(a));
    const far = new Network({ inputs: x, outputs: add().apply([a, deep]) });
    expect(orderOf(far)).toEqual(['x', 'a', 'd', 'c', 'add']);
  });

  it('have the weights that the same row has, for the same seed', () => {
    const layers = () => [dense({ units: 3, inputShape: [4] }), dense({ units: 2 })];
    const row = new Network({ layers: layers(), seed: 5 });
    const x = input({ shape: [4] });
    const [first, second] = layers();
    const graph = new Network({ inputs: x, outputs: second.apply(first.apply(x)), seed: 5 });
    expect(graph.getWeights()).toEqual(row.getWeights());
  });

  it('are the same made again from their configuration, in the order that it has', () => {
    const { x, a, b } = diamond();
    const network = new Network({ inputs: x, outputs: add().apply([b, a]), seed: 2 });
    const config = JSON.parse(JSON.stringify(network.toConfig()));
    expect(networkFromConfig(config).toConfig()).toEqual(config);
    expect(networkFromConfig(config).getWeights()).toEqual(network.getWeights());
    [config.layers[1], config.layers[2]] = [config.layers[2], config.layers[1]];
    expect(orderOf(networkFromConfig(config))).toEqual(['x', 'a', 'b', 'add']);
  });
});

describe('a model within a model', () => {
  const base = () => {
    const x = input({ shape: [4, 4, 1] });
    const y = conv2d({ filters: 2, kernelSize: 3 }).apply(x);
    return new Network({ name: 'base', inputs: x, outputs: add().apply([y, activation('relu').apply(y)]) });
  };

  it('is one layer, whose weights are named by both', () => {
    const model = new Network({ layers: [base(), flatten(), dense({ units: 2 })] });
    expect(orderOf(model)).toEqual(['base', 'flatten', 'dense']);
    expect(model.parameters().map(({ name }) => name)).toEqual([
      'base/conv2d/kernel',
      'base/conv2d/bias',
      'dense/kernel',
      'dense/bias',
    ]);
    expect(model.countParams()).toEqual({ total: 38, trainable: 38, nonTrainable: 0 });
    model.layers[0].trainable = false;
    expect(model.countParams()).toEqual({ total: 38, trainable: 18, nonTrainable: 20 });
    expect(model.nodes()[0]).toMatchObject({ trainable: false, path: ['base', 'conv2d'] });
  });

  it('shares its weights with models of its layers', () => {
    const whole = base();
    const part = new Network({ inputs: whole.input, outputs: whole.getLayer('conv2d').output });
    expect(orderOf(part)).toEqual(['input_layer', 'conv2d']);
    expect(part.getWeights()).toEqual(whole.getWeights());
    expect(part.layers[1]).toBe(whole.layers[1]);
  });

  it('has its input and output as lists of one, too, as code for Keras takes them', () => {
    const whole = base();
    const part = new Network({ inputs: whole.inputs[0], outputs: whole.outputs[0] });
    expect([whole.inputs, whole.outputs]).toEqual([[whole.input], [whole.output]]);
    const first = new Network({ inputs: whole.inputs, outputs: [whole.getLayer('conv2d').output] });
    expect(orderOf(first)).toEqual(['input_layer', 'conv2d']);
    expect(part.outputShape).toEqual(whole.outputShape);
  });

  it('prints its layers on request, and what a graph’s layers are connected to', () => {
    const model = new Network({ layers: [base(), flatten(), dense({ units: 2 })] });
    expect(summarize(model)).not.toContain('conv2d');
    const lines = summarize(model, { expandNested: true }).split('\n');
    expect(lines.find((line) => line.includes('│ add'))).toMatch(/conv2d, activation$/);
    const deeper = new Network({ layers: [model, dense({ units: 1 })] });
    expect(summarize(deeper, { expandNested: true })).toContain('│ │ add');
    expect(summarize(base())).toMatch(/add \(Add\) .* conv2d, activation\n/);
  });

  it('of any number of layers gives what its last layer gives, wherever it stands', () => {
    for (const count of [1, 2, 3, 4]) {
      const layers = () => Array.from({ length: count }, (_, i) => named(`inner_${i}`));
      const first = () => dense({ units: 2, inputShape: [2], name: 'first' });
      const inner = new Network({
        layers: [dense({ units: 2, inputShape: [2], name: 'inner' }), ...layers()],
      });
      for (const model of [inner, new Network({ layers: [inner] })]) {
        const nodes = new Network({ layers: [first(), model, named('last')] }).nodes();
        const names = nodes.map(({ layer }) => layer.name).filter((name) => name !== 'input_layer');
        expect(names).toEqual(['first', 'inner', ...layers().map(({ name }) => name), 'last']);
        const read = nodes.at(-1)?.inputs.map((place) => nodes[place].layer.name);
        expect(read).toEqual([`inner_${count - 1}`]);
      }
    }
  });

  it('works as in inference where it is applied with training: false', () => {
    const x = input({ shape: [3] });
    const inner = new Network({
      layers: [dense({ units: 2, inputShape: [3] }), batchNormalization(), dropout({ rate: 0.5 })],
    });
    const still = new Network({ inputs: x, outputs: inner.apply(x, { training: false }) });
    expect(still.toConfig().layers.map(({ training }) => training)).toEqual([undefined, false]);
    const { stages } = makePlan(still, categoricalCrossentropy({ fromLogits: true }));
    expect(stages.map(({ layer, training }) => `${layer.name} ${training}`)).toEqual([
      'dense false',
      'batch_normalization false',
    ]);
    expect(stages[1].roles).toEqual(['trained', 'trained', 'fixed', 'fixed']);
    const config = still.toConfig();
    expect(networkFromConfig(JSON.parse(JSON.stringify(config))).toConfig()).toEqual(config);
  });
});

describe('the plan of a graph', () => {
  it('computes no gradient where nothing trained lies before, and keeps the cut of what is frozen', () => {
    const x = input({ shape: [4, 4, 1] });
    const a = conv2d({ filters: 2, kernelSize: 1, trainable: false, name: 'a' }).apply(x);
    const b = conv2d({ filters: 3, kernelSize: 1, trainable: false, name: 'b' }).apply(a);
    const both = concatenate().apply([a, conv2d({ filters: 2, kernelSize: 1, name: 't' }).apply(b)]);
    const y = dense({ units: 2 }).apply(globalAveragePooling2d().apply(both));
    const plan = makePlan(
      new Network({ inputs: x, outputs: y }),
      categoricalCrossentropy({ fromLogits: true }),
    );
    const of = (name: string) => plan.stages.findIndex(({ layer }) => layer.name === name);
    expect(plan.stages[of('t')].inputGradient).toBe(false);
    expect(plan.stages[of('concatenate')].inputGradients).toEqual([false, true]);
    expect(plan.cut.map(({ shape }) => shape)).toEqual([
      [4, 4, 2],
      [4, 4, 3],
    ]);
    expect(describePlan(plan)).toContain(
      '80 features (0 KB) a sample are computed once and kept: a [4, 4, 2], b [4, 4, 3].',
    );
  });

  it('folds a frozen normalisation into a frozen convolution, and never into one that is trained', () => {
    const model = (trainable: boolean) =>
      new Network({
        layers: [
          conv2d({ filters: 2, kernelSize: 2, inputShape: [4, 4, 1], trainable }),
          batchNormalization({ trainable: false }),
          activation('relu'),
          flatten(),
          dense({ units: 2 }),
        ],
      });
    const names = (trainable: boolean, which: 'stages' | 'inference') =>
      makePlan(model(trainable), categoricalCrossentropy({ fromLogits: true }))[which].map(
        ({ layer, folded }) => [layer, ...folded].map(({ name }) => name).join('+'),
      );
    const folded = ['conv2d+batch_normalization+activation', 'dense'];
    expect(names(false, 'stages')).toEqual(folded);
    expect(names(true, 'stages')).toEqual(['conv2d', 'batch_normalization+activation', 'dense']);
    expect(names(true, 'inference')).toEqual(folded);
  });
});

describe('refused in one line', () => {
  const x = input({ shape: [2], name: 'x' });
  it.each<[string, () => unknown, RegExp]>([
    [
      'outputs of another input',
      () => new Network({ inputs: x, outputs: named('a').apply(input({ shape: [2], name: 'z' })) }),
      /outputs must come from inputs: they also need input z/,
    ],
    [
      'two inputs',
      () => new Network({ inputs: [x, input({ shape: [2] })], outputs: named('a').apply(x) }),
      /^model: inputs must be one tensor, got 2: put their numbers side by side into one, and take parts of it with cropping2d$/,
    ],
    [
      'two outputs',
      () => new Network({ inputs: x, outputs: [named('a').apply(x), named('b').apply(x)] }),
      /^model: outputs must be one tensor, got 2: make a model for each: they share the layers that both have$/,
    ],
    [
      'no tensor',
      () => new Network({ inputs: x, outputs: 3 as unknown as SymbolicTensor }),
      /^model: outputs must be a tensor .*, got 3$/,
    ],
    ['an output that is the input', () => new Network({ inputs: x, outputs: x }), /needs at least one layer/],
    [
      'a layer twice',
      () => {
        const a = named('a');
        return new Network({ inputs: x, outputs: add().apply([a.apply(x), a.apply(x)]) });
      },
      /^model: layer a is used twice: a model takes a layer once: make another$/,
    ],
    [
      'a name twice',
      () => new Network({ inputs: x, outputs: named('a').apply(named('a').apply(x)) }),
      /layer names must differ, got a twice/,
    ],
    [
      'shapes that can’t be added',
      () => add().apply([x, input({ shape: [3] })]),
      /^layer Add: shapes must be equal, but for sizes of 1, got \[2\] and \[3\]$/,
    ],
    [
      'shapes that can’t be concatenated',
      () => concatenate({ axis: 1 }).apply([input({ shape: [2, 3] }), input({ shape: [2, 4] })]),
      /Concatenate: shapes must be equal but for dimension 0, got \[2,3\] and \[2,4\]/,
    ],
    [
      'several inputs for a layer of one',
      () => named('a').apply([x, x]),
      /^a\.apply: the layer takes one input, got 2$/,
    ],
    [
      'an array in place of a tensor',
      () => named('a').apply([1, 2] as unknown as SymbolicTensor),
      /^a\.apply: expected what input\(\{ shape \}\) or another layer's apply gives, got 1$/,
    ],
    [
      'another shape than a layer was built for',
      () => {
        const a = named('a');
        a.apply(x);
        return a.apply(input({ shape: [3] }));
      },
      /^layer a: its input must have shape \[2\], got \[3\]$/,
    ],
    [
      'a layer added to a graph',
      () => new Network({ inputs: x, outputs: named('a').apply(x) }).add(named('b')),
      /is a graph of layers, not a row/,
    ],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      'an output that the input never meets',
      () => new Network({ inputs: named('a').apply(x), outputs: named('b').apply(x) }),
      /^model: outputs must come from inputs: they also need input x, which isn't theirs$/,
    ],
    [
      'an input without shape',
      () => input({} as { shape: [] }),
      /^input: shape is missing: expected the shape of/,
    ],
    [
      'options that input lacks',
      () => input({ shape: [2], dtype: 'int32' } as { shape: [number] }),
      /^input: .*dtype/,
    ],
    ['nothing to apply to', () => named('a').apply([]), /^a\.apply: expected what input/],
    [
      'a list with a hole',
      () => add({ name: 'sum' }).apply([x, undefined as unknown as SymbolicTensor]),
      /^sum\.apply: expected what input.*, got undefined$/,
    ],
    [
      'a tensor of nothing',
      () => named('a').apply(undefined as unknown as SymbolicTensor),
      /^a\.apply: expected .*undefined/,
    ],
    [
      'training that is no flag',
      () => named('a').apply(x, { training: 1 as unknown as boolean }),
      /training must be true or false, got 1/,
    ],
    [
      'an option that apply lacks',
      () => named('a').apply(x, { mask: x } as object),
      /^a\.apply: unknown option mask/,
    ],
    [
      'the output of a layer that isn’t applied',
      () => named('a').output,
      /^output: layer a isn't applied to anything yet$/,
    ],
    [
      'fewer inputs than a layer is built for',
      () => {
        const sum = add({ name: 'sum' });
        sum.apply([x, x]);
        return sum.apply([x, x, x]);
      },
      /^layer sum: it is built for 2 inputs, got 3$/,
    ],
    [
      'a layer off a graph',
      () => new Network({ inputs: x, outputs: named('a').apply(x) }).pop(),
      /^pop: functional is a graph of layers, not a row/,
    ],
    [
      'a layer of a model within once more beside it',
      () => {
        const inner = new Network({
          name: 'inner',
          layers: [dense({ units: 2, name: 'a', inputShape: [2] })],
        });
        return new Network({ layers: [inner, inner.layers[0]] });
      },
      /^add: layer a is already in sequential: a model takes a layer once: make another$/,
    ],
    [
      'the input of a model that isn’t built',
      () => new Network({ layers: [named('a')] }).input,
      /not built yet/,
    ],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  it('a row that can’t follow: what its build has built is taken back, and layers built before keep their weights', () => {
    const kept = named('kept');
    const owner = new Network({ layers: [dense({ units: 4, inputShape: [2] }), kept] });
    const weights = owner.getWeights();
    const row = new Network({ name: 'row', layers: [flatten(), kept] });
    const whole = new Network({ layers: [row, conv2d({ filters: 1, kernelSize: 1 })] });
    expect(() => whole.build([2, 2])).toThrow(/conv2d/);
    expect([row.built, row.layers[0].built, kept.built]).toEqual([false, false, true]);
    expect(owner.getWeights()).toEqual(weights);
    row.build([4, 1]);
    expect(row.getWeights()).toEqual(kept.getWeights());
  });

  const config = () => {
    const { x: from, a, b } = diamond();
    return JSON.parse(JSON.stringify(new Network({ inputs: from, outputs: add().apply([a, b]) }).toConfig()));
  };
  it.each<[string, (c: ReturnType<typeof config>) => void, RegExp]>([
    [
      'a dangling name',
      (c) => (c.layers[1].inputs = ['gone']),
      /^model: layer a reads gone, which doesn't exist$/,
    ],
    [
      'a circle',
      (c) => (c.layers[1].inputs = ['add']),
      /^model: layers read one another in a circle: a, add$/,
    ],
    ['nothing to read', (c) => (c.layers[1].inputs = []), /^model: layer a reads nothing/],
    ['two ends', (c) => (c.layers[3].inputs = ['a', 'a']), /^model: one output for now, got b, add$/],
    [
      'two inputs',
      (c) => (c.layers[1] = { ...c.layers[0], config: { ...c.layers[0].config, name: 'a' } }),
      /^model: one input for now, got x and a$/,
    ],
    ['a name twice', (c) => (c.layers[1].config.name = 'b'), /^model: layer names must differ, got b twice$/],
  ])('a configuration with %s', (_, change, message) => {
    const changed = config();
    change(changed);
    expect(() => networkFromConfig(changed)).toThrow(message);
  });
});
