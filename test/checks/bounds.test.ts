import { describe, expect, test } from 'vitest';
import * as degelo from '../../src/index.ts';
import { checkInitializer } from '../../src/tensor/initializers.ts';

const small = () => degelo.sequential([degelo.dense({ units: 1, inputShape: [1] })]);
const compiled = (metric: ReturnType<typeof degelo.auc>) => {
  const model = degelo.sequential([degelo.dense({ units: 1, inputShape: [1], activation: 'sigmoid' })]);
  model.compile({ optimizer: 'sgd', loss: 'binaryCrossentropy', metrics: [metric] });
};
/** As Keras writes it. */
const JSON_OF_KERAS = {
  class_name: 'Sequential',
  config: {
    name: 'row',
    layers: [{ class_name: 'Dense', config: { name: 'd', units: 1, batch_input_shape: [null, 1] } }],
  },
};

/** An image of four pixels, one of them black. */
const PIXELS = {
  ...{ width: 2, height: 2 },
  data: Uint8ClampedArray.from([0, 1, 2, 3].flatMap((i) => (i ? [255, 255, 255, 255] : [0, 0, 0, 255]))),
};

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
  ['sgd: momentum', (momentum) => degelo.sgd({ momentum }), [0, 0.999], [-1e-9, 1]],
  ['rmsprop: rho', (rho) => degelo.rmsprop({ rho }), [0, 0.999], [-1e-9, 1]],
  ['rmsprop: momentum', (momentum) => degelo.rmsprop({ momentum }), [0, 0.999], [-1e-9, 1]],
  ['lion: beta1', (beta1) => degelo.lion({ beta1 }), [0, 0.999], [-1e-9, 1]],
  ['lion: beta2', (beta2) => degelo.lion({ beta2 }), [0, 0.999], [-1e-9, 1]],
  ['adam: beta2', (beta2) => degelo.adam({ beta2 }), [0, 0.999], [-1e-9, 1]],
  ['adadelta: rho', (rho) => degelo.adadelta({ rho }), [0, 0.999], [-1e-9, 1]],
  [
    'cosineDecayRestarts: firstDecaySteps',
    (firstDecaySteps) => degelo.cosineDecayRestarts({ initialLearningRate: 1, firstDecaySteps }),
    [1],
    [0],
  ],
  [
    'exponentialDecay: decaySteps',
    (decaySteps) => degelo.exponentialDecay({ initialLearningRate: 1, decaySteps, decayRate: 0.5 }),
    [1],
    [0],
  ],
  [
    'polynomialDecay: decaySteps',
    (decaySteps) => degelo.polynomialDecay({ initialLearningRate: 1, decaySteps }),
    [1],
    [0],
  ],
  [
    'cosineDecay: decaySteps',
    (decaySteps) => degelo.cosineDecay({ initialLearningRate: 1, decaySteps }),
    [1],
    [0],
  ],
  [
    'cosineDecay: warmupSteps with a target',
    (warmupSteps) =>
      degelo.cosineDecay({ initialLearningRate: 0, decaySteps: 1, warmupTarget: 1, warmupSteps }),
    [1],
    [-1],
  ],
  [
    'batchNormalization: momentum',
    (momentum) => degelo.batchNormalization({ momentum }),
    [0, 1],
    [-1e-9, 1.001],
  ],
  ['auc: numThresholds', (numThresholds) => compiled(degelo.auc({ numThresholds })), [2], [1]],
  ['fBetaScore: beta', (beta) => compiled(degelo.fBetaScore({ beta })), [1e-9], [0]],
  ['earlyStopping: patience', (patience) => degelo.earlyStopping({ patience }), [0], [-1]],
  ['earlyStopping: startFromEpoch', (n) => degelo.earlyStopping({ startFromEpoch: n }), [0], [-1]],
  ['reduceLROnPlateau: patience', (patience) => degelo.reduceLROnPlateau({ patience }), [0], [-1]],
  ['reduceLROnPlateau: cooldown', (cooldown) => degelo.reduceLROnPlateau({ cooldown }), [0], [-1]],
  [
    'reduceLROnPlateau: minLearningRate',
    (minLearningRate) => degelo.reduceLROnPlateau({ minLearningRate }),
    [0],
    [-1e-9],
  ],
  ['fitDigit: height', (height) => degelo.fitDigit(PIXELS, { height }), [1, 4096], [0, 4097]],
  ['fitDigit: width', (width) => degelo.fitDigit(PIXELS, { width }), [1, 4096], [0, 4097]],
  ['memoryMB', (memoryMB) => Object.assign(small(), { memoryMB }), [0.5, Infinity], [0]],
  ['describePlan: columns', (columns) => ready().describePlan(columns), [0.5, 1], [0]],
  ['modelFromJSON: seed', (seed) => degelo.modelFromJSON(JSON_OF_KERAS, { seed }), [0], [-1]],
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

/** Options of what answers later. */
const LATER: readonly (readonly [
  name: string,
  take: (value: number) => Promise<unknown>,
  taken: readonly number[],
  refused: readonly number[],
])[] = [
  ...(['fit', 'evaluate', 'predict'] as const).map(
    (method) =>
      [
        `${method}: batchSize`,
        (batchSize: number) =>
          method === 'predict'
            ? ready().predict([[1]], { batchSize })
            : ready()[method]([[1]], [[1]], { batchSize }),
        [1],
        [0],
      ] as const,
  ),
  ['fit: epochs', (epochs) => ready().fit([[1]], [[1]], { epochs }), [0, 1], [-1]],
  ['fit: initialEpoch', (n) => ready().fit([[1]], [[1]], { initialEpoch: n, epochs: 2 }), [0, 1], [-1]],
  ['fit: stepsPerEpoch', (stepsPerEpoch) => ready().fit([[1]], [[1]], { stepsPerEpoch }), [], [0]],
  ['fit: featureCacheMB', (mb) => ready().fit([[1]], [[1]], { featureCacheMB: mb }), [0, Infinity], [-1e-9]],
  [
    'fit: validationSplit',
    (validationSplit) => ready().fit([[1], [2]], [[1], [2]], { validationSplit }),
    [0, 0.5],
    [-1e-9, 1],
  ],
];

function ready() {
  const model = small();
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return model;
}

describe('an option takes numbers as far as its bounds, and none beyond', () => {
  test.each(BOUNDS)('%s', (_, take, taken, refused) => {
    for (const value of taken) expect(() => take(value), `${value}`).not.toThrow();
    for (const value of refused) expect(() => take(value), `${value}`).toThrow(/must be .*, got /);
  });
});

describe('an option of what answers later does too', () => {
  test.each(LATER)('%s', async (_, take, taken, refused) => {
    for (const value of taken) await expect(take(value), `${value}`).resolves.toBeDefined();
    for (const value of refused) await expect(take(value), `${value}`).rejects.toThrow(/must be .*, got /);
  });
});
