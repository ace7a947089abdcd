/** What is kept of a run beside its result, from a run in miniature; and what a reader takes back. */
import { beforeAll, describe, expect, it } from 'vitest';
import { selectClasses } from '../../src/data/split.ts';
import {
  describeRun,
  type FilterDetails,
  type RunDetails,
  worstMistakes,
} from '../../src/experiment/details.ts';
import { FeatureMapper } from '../../src/experiment/feature-maps.ts';
import type { TransferResult } from '../../src/experiment/result.ts';
import { parseSavedRun } from '../../src/experiment/saved-run.ts';
import { makeFeatureLayers, runTransfer } from '../../src/experiment/transfer.ts';
import { FormatError } from '../../src/formats/errors.ts';
import { decodeModel, encodeModel, type Sequential, sequential, Tensor } from '../../src/index.ts';
import { detailsJson, resultJson } from '../../src/report/json.ts';
import { SIDE, tinyMnist } from './tiny.ts';

const data = tinyMnist({ train: 6, test: 8 });
const command = ['transfer', '--epochs', '1'];
let result: TransferResult;
let details: RunDetails;
let initial: Float32Array;
let learned: Float32Array;
const models: Partial<Record<'source' | 'target', Sequential>> = {};
beforeAll(async () => {
  const filters = (model: Sequential) => Float32Array.from(model.getWeights()[0].data);
  result = await runTransfer(
    { data, epochs: 1, batchSize: 16, threads: 0, seed: 5 },
    {
      onPhaseBegin({ name }, model) {
        if (name === 'source') initial = filters(model);
      },
      async onPhaseEnd({ name }, _result, model) {
        if (name === 'source') learned = filters(model);
        const { json, weights } = await encodeModel(model);
        models[name] = await decodeModel(json, weights);
      },
    },
  );
  details = await describeRun(result, data.test, models as Required<typeof models>, command); // both phases ended
});

describe('feature maps', () => {
  const [height, width] = [SIDE, SIDE];
  const image = new Tensor(selectClasses(data.test, [0, 1, 2, 3, 4]).x.data.slice(0, height * width), [
    1,
    height,
    width,
    1,
  ]);

  it('are what the layers up to theirs give by themselves, 255 being the largest', async () => {
    const source = models.source as Sequential; // kept above
    const mapper = new FeatureMapper(source, [3]);
    const [{ layer, shape, bytes }] = await mapper.mapsOf(image);
    const front = sequential(makeFeatureLayers(source.inputShape).slice(0, 4));
    front.setWeights(source.getWeights().slice(0, 4));
    const { data: values } = await front.predict(image);
    const largest = Math.max(...values);
    expect([...bytes]).toEqual(Array.from(values, (value) => Math.round((value * 255) / largest)));
    expect({ layer, shape }).toEqual({ layer: source.layers[3].name, shape: [height - 4, width - 4, 32] });
    await mapper.dispose();
  });

  it('are the same bytes in the report as on the page, which both ask the same for them', async () => {
    const mapper = new FeatureMapper(models.source as Sequential, [1, 4]);
    const maps = await mapper.mapsOf(image);
    await mapper.dispose();
    expect(details.feature_maps?.layers.map(({ pixels }) => pixels)).toEqual(
      maps.map(({ bytes }) => Buffer.from(bytes).toString('base64')),
    );
  });
});

describe('describeRun', () => {
  it.each(['source', 'target'] as const)('%s: counts just the mistakes that the test counted', (name) => {
    const { confusion, mistakes } = details[name];
    const count = (is: (label: number, k: number) => boolean) =>
      confusion.flatMap((row, label) => row.filter((_, k) => is(label, k))).reduce((sum, n) => sum + n, 0);
    expect(count(() => true)).toBe(result[name].samples.test);
    expect(confusion.map((row) => row.reduce((sum, n) => sum + n, 0))).toEqual([8, 8, 8, 8, 8]);
    const right = count((label, k) => label === k) / result[name].samples.test;
    expect(right).toBeCloseTo(result[name].test.accuracy, 6);
    expect(mistakes.length).toBe(
      Math.min(
        12,
        count((label, k) => label !== k),
      ),
    );
    expect(mistakes.length).toBeGreaterThan(0);
  });

  it('keeps the image and the probabilities of each mistake, the least likely truth first', () => {
    const { mistakes } = details.source;
    const given = mistakes.map(({ probabilities, label }) => probabilities[label]);
    expect(given).toEqual(given.toSorted((a, b) => a - b));
    for (const { label, predicted, probabilities, pixels, index } of mistakes) {
      expect(predicted).not.toBe(label);
      expect(probabilities[predicted]).toBe(Math.max(...probabilities));
      expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 4);
      // The index-th test image of the digits 5–9: of each ten images the last five.
      const n = Math.floor(index / 5) * 10 + 5 + (index % 5);
      const size = SIDE * SIDE;
      expect(Buffer.from(pixels, 'base64')).toEqual(
        Buffer.from(data.test.images.subarray(n * size, (n + 1) * size)),
      );
      expect(data.test.labels[n]).toBe(result.source.digits[label]);
    }
  });

  it('has the first filters as they were before training and after the first phase', () => {
    const { before, after, shape, layer } = details.filters as FilterDetails;
    expect([layer, shape]).toEqual(['conv2d', [3, 3, 1, 32]]);
    for (const [kept, model] of [
      [before, initial],
      [after, learned],
    ] as const) {
      for (const [i, value] of kept.entries()) expect(value).toBeCloseTo(model[i], 6);
    }
    expect(before).not.toEqual(after);
  });

  it('says which layers were frozen, what it ran on and how to run it again', () => {
    expect(details.source.layers.every(({ trainable }) => trainable)).toBe(true);
    expect(details.target.layers.map(({ trainable }) => trainable).indexOf(true)).toBe(7);
    expect(details.target.layers[2]).toEqual({
      ...{ name: 'conv2d_1', class_name: 'Conv2D', output_shape: [8, 8, 32], params: 9248, trainable: false },
    });
    expect(details.arguments).toEqual(command);
    expect(details.machine).toMatchObject({ v8: process.versions.v8 });
    expect(Date.parse(details.finished)).toBeLessThanOrEqual(Date.now());
  });
});

describe('worstMistakes', () => {
  // Three samples of two classes; the second has a tie, which the first class wins.
  const predictions = new Tensor(Float32Array.of(0.25, 0.75, 0.5, 0.5, 0.125, 0.875), [3, 2]);
  const labels = Uint8Array.of(0, 1, 0);
  const images = (side: number) => new Tensor(new Float32Array(3 * side * side), [3, side, side, 1]);

  it('take the first of equal probabilities, as accuracy does', () => {
    expect(worstMistakes(predictions, { x: images(1), labels }).map(({ index }) => index)).toEqual([2, 0, 1]);
  });

  it('keep at most 32,768 pixels of a phase', () => {
    expect(worstMistakes(predictions, { x: images(128), labels })).toHaveLength(2);
    expect(worstMistakes(predictions, { x: images(200), labels })).toEqual([]);
  });
});

describe('parseSavedRun', () => {
  const bytes = (text: string) => new Uint8Array(Buffer.from(text));
  const parse = (resultText: string, detailsText: string) =>
    parseSavedRun(bytes(resultText), bytes(detailsText));

  it('gives back what was written', () => {
    expect(parse(resultJson(result), detailsJson(details))).toEqual({ result, details });
  });

  // biome-ignore lint/suspicious/noExplicitAny: JSON that is to be spoilt somewhere
  type Change = (root: any) => unknown;
  it.each<[string, 'result' | 'details', Change, RegExp]>([
    ['no epochs', 'result', (r) => (r.epochs = 0), /^result.json: epochs must be an integer ≥ 1, got 0$/],
    [
      'a short history',
      'result',
      (r) => r.source.history.loss.pop(),
      /source.history.loss must be a list of 1 numbers/,
    ],
    [
      'a time below zero',
      'result',
      (r) => (r.source.history.seconds[0] = -1),
      /seconds\[0\] must be a number ≥ 0/,
    ],
    [
      'a loss by name',
      'result',
      (r) => (r.target.test.loss = 'NaN'),
      /target.test.loss must be a number ≥ 0/,
    ],
    [
      'no digits',
      'result',
      (r) => (r.source.digits = []),
      /source.digits must be a list of 1 to 256 classes/,
    ],
    [
      'an unknown kernel',
      'result',
      (r) => (r.kernel = 'gpu'),
      /kernel must be plain, simd or fma, got "gpu"/,
    ],
    ['no data', 'result', (r) => delete r.data, /data must be an object, got nothing/],
    [
      'another format',
      'details',
      (d) => (d.format = 'x'),
      /^details.json: format must be "degelo-details", got "x"$/,
    ],
    [
      'another version',
      'details',
      (d) => (d.formatVersion = 2),
      /^details.json: formatVersion must be 1, got 2$/,
    ],
    ['another run', 'details', (d) => (d.weights_sha256 = 'ab'), /must be of the same run as result.json/],
    [
      'a row too few',
      'details',
      (d) => d.source.confusion.pop(),
      /source.confusion must be a list of 5 lists/,
    ],
    [
      'half a mistake',
      'details',
      (d) => (d.target.confusion[1][2] = 0.5),
      /target.confusion\[1\] must be a list of 5 integers/,
    ],
    [
      'a sixth class',
      'details',
      (d) => (d.source.mistakes[0].predicted = 5),
      /predicted must be an integer from 0 to 4, got 5/,
    ],
    [
      'more than certain',
      'details',
      (d) => (d.source.mistakes[0].probabilities[0] = 1.5),
      /must be a number from 0 to 1/,
    ],
    [
      'a cut image',
      'details',
      (d) => (d.source.mistakes[0].pixels = 'AAAA'),
      /pixels must be 144 bytes in base64, got "AAAA"/,
    ],
    [
      'no base64',
      'details',
      (d) => (d.source.mistakes[0].pixels = '<'.repeat(192)),
      /pixels must be 144 bytes in base64/,
    ],
    [
      'filters of another shape',
      'details',
      (d) => (d.filters.shape = [3, 3, 1, 31]),
      /filters.before must be a list of 279 numbers/,
    ],
    [
      'a kernel of three dimensions',
      'details',
      (d) => d.filters.shape.pop(),
      /filters.shape must be four integers ≥ 1/,
    ],
    ['no time', 'details', (d) => (d.finished = 'yesterday'), /finished must be a time such as/],
    ['arguments that are none', 'details', (d) => (d.arguments = [1]), /arguments must be a list of strings/],
  ])('refuses %s', (_, file, change, message) => {
    const root = JSON.parse(file === 'result' ? resultJson(result) : detailsJson(details));
    change(root);
    const changed = JSON.stringify(root);
    const texts = file === 'result' ? [changed, detailsJson(details)] : [resultJson(result), changed];
    expect(() => parse(texts[0], texts[1])).toThrow(FormatError);
    expect(() => parse(texts[0], texts[1])).toThrow(message);
  });
});
