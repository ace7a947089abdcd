/** Everything that takes options refuses what is none, and says which name was meant. */
import { describe, expect, it } from 'vitest';
import * as degelo from '../../src/index.ts';
import { loadMnist } from '../../src/mnist.ts';
import { fromNdarray, toNdarray } from '../../src/ndarray.ts';
import { compileOptions } from '../training/compiled.ts';
import { tinyData, tinyModel } from '../training/tiny.ts';
import { refusal } from './refusal.ts';

const { x, y } = tinyData(4);

function compiled() {
  const model = tinyModel(degelo);
  model.compile({ ...compileOptions, optimizer: 'sgd' });
  return model;
}

const tinyLayer = () => degelo.dense({ units: 1, inputShape: [1] });

/** A function of options, options that it takes, and the names of all. */
type Subject = readonly [string, (options: never) => unknown, object, readonly string[]];

const LAYER = ['name', 'trainable', 'inputShape'];
const EVALUATE = ['batchSize', 'callbacks', 'signal'];

const SUBJECTS: readonly Subject[] = [
  ['adadelta', degelo.adadelta, {}, ['learningRate', 'rho', 'epsilon']],
  ['adam', degelo.adam, {}, ['learningRate', 'beta1', 'beta2', 'epsilon']],
  ['sgd', degelo.sgd, {}, ['learningRate', 'momentum', 'nesterov']],
  ['binaryCrossentropy', degelo.binaryCrossentropy, {}, ['fromLogits']],
  ['categoricalCrossentropy', degelo.categoricalCrossentropy, {}, ['fromLogits']],
  ['sparseCategoricalCrossentropy', degelo.sparseCategoricalCrossentropy, {}, ['fromLogits']],
  ['dense', degelo.dense, { units: 1 }, ['units', 'activation', ...LAYER]],
  ['conv2d', degelo.conv2d, { filters: 1, kernelSize: 1 }, ['filters', 'kernelSize', ...LAYER]],
  ['maxPooling2d', degelo.maxPooling2d, {}, ['poolSize', 'strides', ...LAYER]],
  ['averagePooling2d', degelo.averagePooling2d, {}, ['poolSize', 'strides', 'padding', ...LAYER]],
  ['globalAveragePooling2d', degelo.globalAveragePooling2d, {}, LAYER],
  ['globalMaxPooling2d', degelo.globalMaxPooling2d, {}, LAYER],
  ['zeroPadding2d', degelo.zeroPadding2d, {}, ['padding', ...LAYER]],
  ['leakyReLU', degelo.leakyReLU, {}, ['negativeSlope', ...LAYER]],
  ['activation', degelo.activation, { activation: 'relu' }, ['activation', ...LAYER]],
  ['dropout', degelo.dropout, { rate: 0.5 }, ['rate', ...LAYER]],
  ['flatten', degelo.flatten, {}, LAYER],
  [
    'earlyStopping',
    degelo.earlyStopping,
    {},
    ['minDelta', 'patience', 'restoreBestWeights', 'startFromEpoch'],
  ],
  ['csvLogger', degelo.csvLogger, { path: 'a' }, ['path', 'separator', 'append']],
  ['modelCheckpoint', degelo.modelCheckpoint, { folder: 'a' }, ['saveBestOnly', 'saveFreq', 'monitor']],
  ['tensor', (o) => degelo.tensor([1], [1], o), {}, ['dtype', 'shared']],
  ['zeros', (o) => degelo.zeros([1], o), {}, ['dtype', 'shared']],
  ['encodeSafetensors', (o) => degelo.encodeSafetensors(new Map(), o), {}, ['file', 'metadata']],
  ['checkGradients', (o) => degelo.checkGradients(tinyLayer(), o), { samples: 1 }, ['seed', 'coordinates']],
  ['fromNdarray', (o) => fromNdarray(toNdarray(degelo.tensor([1])), o), {}, ['copy', 'dtype']],
  ['loadMnist', (o) => loadMnist(o), {}, ['source', 'classes']],
  ['decodeCheckpoint', (o) => degelo.decodeCheckpoint(new Uint8Array(), o), {}, ['threads', 'kernel']],
  [
    'compile',
    (o) => tinyModel(degelo).compile(o as never),
    { ...compileOptions, optimizer: 'sgd' },
    ['metrics'],
  ],
  ['sequential', (o) => degelo.sequential(o), {}, ['layers', 'name', 'seed']],
  ['fit', (o) => compiled().fit(x, y, o), {}, ['epochs', 'validationData', 'featureCacheMB', ...EVALUATE]],
  ['evaluate', (o) => compiled().evaluate(x, y, o), {}, EVALUATE],
  ['predict', (o) => compiled().predict(x, o), {}, EVALUATE],
];

/** Those that take nothing beside their options. */
const ONE_ARGUMENT = SUBJECTS.map(([name]) => name).slice(
  0,
  SUBJECTS.findIndex(([name]) => name === 'tensor'),
);

const snake = (name: string): string => name.replace(/[A-Z]+/g, (c) => `_${c.toLowerCase()}`);

describe.each(SUBJECTS)('%s', (name, call, options, known) => {
  const make = call as (options: unknown, ...more: unknown[]) => unknown;

  it('takes no number, no string, null or array for its options', async () => {
    for (const wrong of [1, 'one', null, [[]], true]) {
      if (name === 'activation' && wrong === 'one') continue; // which it takes for an activation's name
      const error = await refusal(() => make(wrong));
      expect(error, String(wrong)).toBeInstanceOf(Error);
      expect(error?.message).toMatch(new RegExp(`^${name}: `));
      expect(error?.message).not.toMatch(/undefined|\n/);
    }
  });

  it('refuses a name that it does not know, as an own, an inherited or a computed property', async () => {
    class Computed {
      get colour() {
        return 1;
      }
    }
    const others = [
      { ...options, colour: 1 },
      Object.assign(Object.create({ colour: 1 }), options),
      Object.assign(new Computed(), options),
    ];
    for (const other of others) {
      const error = await refusal(() => make(other));
      expect(error).toBeInstanceOf(RangeError);
      expect(error?.message).toMatch(new RegExp(`^${name}: unknown option colour: `));
    }
    if (ONE_ARGUMENT.includes(name)) {
      expect(await refusal(() => make({ ...options, colour: undefined }))).toBeNull();
    }
  });

  it('says what was meant by each of its names in snake_case, and refuses null and holes for it', async () => {
    for (const each of known) {
      if (snake(each) !== each) {
        const error = await refusal(() => make({ ...options, [snake(each)]: 1 }));
        expect(error?.message).toContain(`${name}: unknown option ${snake(each)} (did you mean ${each}?)`);
      }
      const error = await refusal(() => make({ ...options, [each]: null }));
      expect(error?.message).toBe(`${name}: ${each} must not be null: leave it out to take its default`);
      const holes = await refusal(() => make({ ...options, [each]: Object.assign([1], { 2: 3 }) }));
      expect(holes?.message).toBe(`${name}: ${each} must have no holes: ${each}[1] is missing`);
    }
  });

  it('refuses a second argument, and what would be right stands beside it', async () => {
    if (!ONE_ARGUMENT.includes(name)) return; // see slips.test.ts
    const error = await refusal(() => make(options, 'relu'));
    expect(error?.message).toBe(
      `${name}: expected at most one argument, got 'relu' behind: put it into the options`,
    );
  });
});

/** Public functions that make nothing of options alone: they take data, files, models, names or nothing. */
const NOT_MADE_OF_OPTIONS =
  /^(all|load|save|decode|encode|register|set|weights|format|named|check|sizeOf|zeros|tensor|known|argMax|toCategorical|from|fit|learningRateScheduler|apply|input|model|preprocess|resize|imageDataset|splitDataset|confusionMatrix|clone|gradients|backward)/;

describe('every other public function that makes something of options', () => {
  const makers = Object.entries(degelo).filter(
    ([name, value]) => typeof value === 'function' && /^[a-z]/.test(name) && !NOT_MADE_OF_OPTIONS.test(name),
  );

  it.each(makers)('%s refuses a number, null, an unknown name and a second argument', async (name, value) => {
    const make = value as unknown as (...given: unknown[]) => unknown;
    expect((await refusal(() => make(1)))?.message).toMatch(`${name}: options must be an object, got 1`);
    expect((await refusal(() => make(null)))?.message).toMatch(
      `${name}: options must be an object, got null`,
    );
    expect((await refusal(() => make({ colour: 1 })))?.message).toMatch(`${name}: unknown option colour: `);
    expect((await refusal(() => make({}, 1)))?.message).toMatch(`${name}: expected at most one argument`);
  });

  it('are many: makers of layers, losses, optimizers, schedules, callbacks and models', () => {
    expect(makers.length).toBeGreaterThan(25);
  });
});
