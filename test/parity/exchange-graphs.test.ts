/** Graphs in TensorFlow.js' files: what it saved, as we predict by it, and what we saved, as it did (fixtures/make-tfjs-graph-fixtures.mjs). */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeLayersModel } from '../../src/formats/layers-model.ts';
import { loadModel } from '../../src/index.ts';
import { sizeOf, Tensor } from '../../src/tensor/tensor.ts';
import { decodeLayersModel } from '../../src/training/saved/layers-model.ts';
import { temporaryFolder } from '../temporary.ts';
import { readFixture } from './fixture.ts';

const [SAMPLES, SHAPE] = [3, [6, 5, 2]] as const;
const fixture = readFixture<{ version: number; theirs: readonly number[]; ours: readonly number[] }>(
  'exchange/graphs.json',
  1,
  'node fixtures/make-tfjs-graph-fixtures.mjs',
);

/** The same line as in the script. */
const x = new Tensor(
  Float32Array.from({ length: SAMPLES * sizeOf(SHAPE) }, (_, i) =>
    Math.fround((((i * 7919) % 1009) / 1009 - 0.5) * 2),
  ),
  [SAMPLES, ...SHAPE],
);

function read(folder: string, name: string): Buffer {
  return readFileSync(new URL(`../../fixtures/exchange/${folder}/${name}`, import.meta.url));
}

describe.each([
  ['TensorFlow.js’ graph, with branches, batch normalisation and a model within', 'tfjs-graph', 'theirs'],
  ['our graph, with a row of layers within too, as TensorFlow.js reads it', 'degelo-graph', 'ours'],
] as const)('%s', (_, folder, key) => {
  const model = decodeLayersModel(
    read(folder, 'model.json').toString(),
    new Uint8Array(read(folder, 'weights.bin')),
  );

  it('predicts the same, within 1e-5', async () => {
    const { data } = await model.predict(x);
    expect(data.length).toBe(fixture[key].length);
    for (const [i, expected] of fixture[key].entries())
      expect(Math.abs(data[i] - expected)).toBeLessThan(1e-5);
  });

  it('is a graph, with its models within', () => {
    expect(model.className).toBe('Functional');
    expect(model.getLayer('block').className).toBe('Functional');
    expect(model.getLayer('block')).toHaveProperty('layers.length', 4);
  });

  it.skipIf(folder !== 'degelo-graph')('is written again as the same bytes', () => {
    const { json, weights } = encodeLayersModel(model);
    expect(json).toBe(read(folder, 'model.json').toString());
    expect(Buffer.from(weights).equals(read(folder, 'weights.bin'))).toBe(true);
  });
});

it('TensorFlow.js’ model of two outputs is read as the one that is chosen', async () => {
  const folder = temporaryFolder();
  const place = new URL('../../fixtures/exchange/tfjs-graph/', import.meta.url);
  cpSync(place, folder, { recursive: true });
  const file = join(folder, 'model.json');
  const whole = await loadModel(file);
  const { name, outputShape } = whole.layers[1];
  const json = JSON.parse(readFileSync(file, 'utf8'));
  (json.modelTopology.model_config ?? json.modelTopology).config.output_layers.push([name, 0, 0]);
  writeFileSync(file, JSON.stringify(json));
  await expect(loadModel(file)).rejects.toThrow('output_layers must name one layer');
  const part = await loadModel(file, { output: name });
  expect(part.layers.length).toBe(2);
  expect(part.outputShape).toEqual(outputShape);
  expect(part.getWeights().map(({ data }) => data)).toEqual(
    whole.layers[1].getWeights().map(({ data }) => data),
  );
  expect((await loadModel(file, { output: 0 })).layers.length).toBe(whole.layers.length);
});
