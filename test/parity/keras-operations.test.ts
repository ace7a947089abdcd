/** Operations between layers, as Keras 3 and Keras 2 write them and compute them (fixtures/make-keras-operations-fixtures.py). */
import { describe, expect, it } from 'vitest';
import { decodeModel, encodeKeras, encodeModel, loadModel } from '../../src/index.ts';
import { Tensor } from '../../src/tensor/tensor.ts';
import { modelFromJSON } from '../../src/training/saved/model-from-json.ts';
import { readFixture } from './fixture.ts';
import { predictHere } from './predict-here.ts';

interface Case {
  readonly name: string;
  readonly json: string;
  readonly shape: readonly number[];
  readonly y: readonly number[];
}
interface Fixture {
  readonly version: number;
  readonly samples: number;
  readonly inputShape: readonly number[];
  readonly keras3: readonly Case[];
  readonly keras2: readonly Case[];
  readonly refused: readonly Pick<Case, 'name' | 'json'>[];
}

const fixture = readFixture<Fixture>(
  'keras-operations.json',
  1,
  'python fixtures/make-keras-operations-fixtures.py',
);
const { samples, inputShape } = fixture;

/** The same line as in the script. */
const x = new Tensor(
  Float32Array.from({ length: samples * 24 }, (_, i) => Math.fround((((i * 7919) % 1009) / 1009) * 16 - 8)),
  [samples, ...inputShape],
);

describe.each([
  ['Keras 3', fixture.keras3],
  ['Keras 2', fixture.keras2],
] as const)('%s', (_, cases) => {
  it.each(cases.map((each) => [each.name, each] as const))(
    '%s: what it gives, within 1e-5 of the largest, also once saved',
    async (_name, { json, shape, y }) => {
      const model = modelFromJSON(json);
      expect(model.outputShape).toEqual(shape);
      const largest = Math.max(...y.map(Math.abs));
      const near = (data: Tensor['data']): boolean =>
        data.length === y.length && y.every((value, i) => Math.abs(value - data[i]) <= 1e-5 * largest);
      expect(near(await predictHere(model, x))).toBe(true);
      const { json: saved, weights } = await encodeModel(model);
      expect(near(await predictHere(await decodeModel(saved, weights), x))).toBe(true);
    },
  );
});

it('operations of .h5 files, where Keras 3 writes no modules, are the same layers', () => {
  for (const { name, json } of fixture.keras3) {
    const model = JSON.parse(json);
    for (const layer of model.config.layers) delete layer.module;
    const own = modelFromJSON(JSON.stringify(model));
    expect(own.toConfig(), name).toEqual(modelFromJSON(json).toConfig());
  }
});

it('what only training knows is refused there, until it is frozen, and is written as it came', async () => {
  const [erasing] = fixture.keras3.filter(({ name }) => name === 'erasing');
  const model = modelFromJSON(erasing.json);
  const layer = model.layers[0];
  expect(layer.unsupported).toHaveProperty('RandomErasing');
  const again = await loadModel(encodeKeras(model));
  expect(again.layers[0].unsupported).toEqual(layer.unsupported);
});

it.each(fixture.refused.map((each) => [each.name, each.json] as const))(
  '%s is refused by its name',
  (_, json) => {
    expect(() => modelFromJSON(json)).toThrow(
      /^modelFromJSON: (model: operation "\w+" \(\w+\) with these arguments has no layer here: expected |layer "\w+" \(Resizing\): )/,
    );
  },
);
