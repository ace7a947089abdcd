/** The networks that people fine-tune, as Keras 3 builds them and predicts by them (fixtures/make-applications-fixtures.py). */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  allOutputs,
  eachPermuted,
  errorOf,
  errorsOf,
  images,
  makeApplication,
  readApplication,
  weightedLayers,
} from '../../fixtures/applications.mjs';
import * as degelo from '../../src/index.ts';
import { predictHere } from './predict-here.ts';

/** Of the largest magnitude. Keras' own float32 is off by up to a tenth of it, by float64. */
const BOUND = 1e-4;
const folder = new URL('../../fixtures/applications/', import.meta.url);
const files = readdirSync(folder);

function load(file: string) {
  const application = readApplication(readFileSync(new URL(file, folder)));
  const { samples, size } = application;
  const model = makeApplication(degelo, application);
  return { application, model, x: new degelo.Tensor(images(application), [samples, size, size, 3]) };
}

it('there are all eight', () => {
  expect(files.map((file) => file.replace('.json.gz', '')).sort()).toEqual([
    ...['DenseNet121', 'EfficientNetB0', 'InceptionV3', 'MobileNetV2', 'MobileNetV3Small', 'ResNet50'],
    ...['VGG16', 'Xception'],
  ]);
});

describe.each(files)('keras.applications: %s', (file) => {
  it('logits and three inner tensors are Keras’, within 1e-4 of the largest', async () => {
    const { application, model, x } = load(file);
    const errors = errorsOf(await predictHere(allOutputs(degelo, model, application), x), application);
    expect(errors.length).toBe(4);
    for (const { name, error } of errors) expect(error, name).toBeLessThanOrEqual(BOUND);
  });
});

it('a weight turned around shows in the logits, in every layer of MobileNetV2', async () => {
  const { application, model, x } = load('MobileNetV2.json.gz');
  const layers = weightedLayers(model);
  expect(layers.length).toBe(105);
  for (const layer of layers) {
    // Of every weight: node fixtures/check-applications.mjs --permute, for all eight.
    const errors: number[] = [];
    const [first] = layer.parameters;
    await eachPermuted(degelo, layer, async (parameter) => {
      if (parameter === first.name) errors.push(errorOf(await predictHere(model, x), application.logits));
    });
    expect(errors[0], layer.name).toBeGreaterThan(BOUND);
  }
});
