import { describe, expect, test } from 'vitest';
import * as degelo from '../../src/index.ts';
import { checkInitializer } from '../../src/tensor/initializers.ts';

/** What takes a number, numbers at its bounds or just within them, and numbers just beyond. */
const BOUNDS: readonly (readonly [
  name: string,
  take: (value: number) => unknown,
  taken: readonly number[],
  refused: readonly number[],
])[] = [
  ['huber: delta', (delta) => degelo.huber({ delta }), [1e-9, 1e9], [0, Infinity]],
  [
    'labelSmoothing',
    (labelSmoothing) => degelo.categoricalCrossentropy({ labelSmoothing }),
    [0, 0.999],
    [-1e-9, 1],
  ],
  ['reduceLROnPlateau: factor', (factor) => degelo.reduceLROnPlateau({ factor }), [1e-9, 0.999], [0, 1]],
  [
    'exponentialDecay: decayRate',
    (decayRate) => degelo.exponentialDecay({ initialLearningRate: 1, decaySteps: 1, decayRate }),
    [1e-9, 2],
    [-1e-9, 0],
  ],
  [
    'polynomialDecay: power',
    (power) => degelo.polynomialDecay({ initialLearningRate: 1, decaySteps: 1, power }),
    [1e-9, 2],
    [-1e-9, 0],
  ],
  [
    'piecewiseConstantDecay: boundaries',
    (first) => degelo.piecewiseConstantDecay({ boundaries: [first, 2], values: [3, 2, 1] }),
    [0, 1],
    [-1, 2],
  ],
  [
    'cosineDecay: warmupSteps without a target',
    (warmupSteps) => degelo.cosineDecay({ initialLearningRate: 1, decaySteps: 1, warmupSteps }),
    [0],
    [-1],
  ],
  [
    'cosineDecayRestarts: tMul',
    (tMul) => degelo.cosineDecayRestarts({ initialLearningRate: 1, firstDecaySteps: 1, tMul }),
    [1, 1e9],
    [0.999, Infinity],
  ],
  ['clipnorm', (clipnorm) => degelo.sgd({ clipnorm }), [1e-9, 1e9], [0, Infinity]],
  ['adadelta: epsilon', (epsilon) => degelo.adadelta({ epsilon }), [1e-9, 1], [-1e-9, 0]],
  ['adam: beta1', (beta1) => degelo.adam({ beta1 }), [0, 0.999], [-1e-9, 1]],
  ['dropout: rate', (rate) => degelo.dropout({ rate }), [0, 0.999], [-1e-9, 1]],
  ['normalization: variance', (v) => degelo.normalization({ mean: 0, variance: v }), [0, 1e-9], [-1e-9]],
  ['randomZoom: one number', (f) => degelo.randomZoom({ heightFactor: f }), [0, 0.999], [-1e-9, 1]],
  ['randomZoom: a range', (f) => degelo.randomZoom({ heightFactor: [f, f] }), [-0.999, 1], [-1, 1.001]],
  ['stddev', (stddev) => checkInitializer('w', { name: 'randomNormal', stddev }), [0, 1e-9], [-1e-9]],
  ['scale', (scale) => checkInitializer('w', { name: 'varianceScaling', scale }), [1e-9, 2], [-1e-9, 0]],
];

const AXES: readonly (readonly [name: string, take: (axis: never) => unknown])[] = [
  ['batchNormalization', (axis) => degelo.batchNormalization({ axis })],
  ['concatenate', (axis) => degelo.concatenate({ axis })],
  ['normalization', (axis) => degelo.normalization({ axis, mean: 0, variance: 1 })],
  ['layerNormalization', (axis) => degelo.layerNormalization({ axis })],
  ['rmsNormalization', (axis) => degelo.rmsNormalization({ axis })],
];

describe('an axis', () => {
  test.each(AXES)('of %s is a number, no text and no fraction', (name, take) => {
    expect(() => take('1' as never)).toThrow(TypeError);
    expect(() => take('1' as never)).toThrow(new RegExp(`^${name}: axis.* must be .*, got '1'`));
    expect(() => take(1.5 as never)).toThrow(/axis.* must be .*, got 1.5/);
  });
});

describe('an option takes numbers as far as its bounds, and none beyond', () => {
  test.each(BOUNDS)('%s', (_, take, taken, refused) => {
    for (const value of taken) expect(() => take(value), `${value}`).not.toThrow();
    for (const value of refused) expect(() => take(value), `${value}`).toThrow(/must be .*, got /);
  });
});
