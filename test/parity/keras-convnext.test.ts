/** ConvNeXt of keras.applications, small, with the layers of its own. Fixtures by fixtures/make-keras-convnext-fixtures.py. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { encodeKeras, loadModel, tensor } from '../../src/index.ts';

const at = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/keras-convnext/${name}`, import.meta.url));
const { input, output } = JSON.parse(readFileSync(at('expected.json'), 'utf8'));

it('predicts what Keras predicts, within 2e-6, and is written so that Keras has read it', async () => {
  const model = await loadModel(at('convnext.keras'));
  const numbers = Float32Array.from(
    { length: 2 * 32 * 32 * 3 },
    (_, i) => (((i * 7919) % 1009) / 1009) * 2 - 1,
  );
  const { data } = await model.predict(tensor(numbers, input));
  expect(data.length).toBe(output.length);
  for (const [i, value] of data.entries()) expect(Math.abs(value - output[i])).toBeLessThan(2e-6);
  expect(Buffer.from(encodeKeras(model)).equals(readFileSync(at('ours.keras')))).toBe(true);
});

it('leaves out whole blocks in training, as StochasticDepth does', async () => {
  const model = await loadModel(at('convnext.keras'));
  const dropped = model.layers.filter(({ className }) => className === 'Dropout');
  expect(dropped.map((layer) => layer.getConfig())).toMatchObject(
    [0.0625, 0.125, 0.1875, 0.25].map((rate) => ({ rate, noiseShape: [null, 1, 1, 1] })),
  );
});
