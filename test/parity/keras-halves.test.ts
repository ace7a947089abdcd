/** Keras' models of half precision, read as float32. Fixtures by fixtures/make-keras-halves-fixtures.py. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadModel, tensor } from '../../src/index.ts';

const at = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/keras-halves/${name}`, import.meta.url));
const { models } = JSON.parse(readFileSync(at('expected.json'), 'utf8'));

describe('Keras’ models of half precision', () => {
  it.each(Object.keys(models))(
    '%s predicts what the same model predicts in float32, and says so',
    async (name) => {
      const { input, output, halves } = models[name];
      const model = await loadModel(at(name));
      const numbers = Float32Array.from({ length: 50 }, (_, i) => (((i * 7919) % 1009) / 1009) * 2 - 1);
      const data = Array.from((await model.predict(tensor(numbers, input))).data);
      for (const [i, value] of data.entries()) {
        expect(Math.abs(value - output[i])).toBeLessThan(2e-6);
        expect(Math.abs(value - halves[i])).toBeLessThan(0.01);
      }
      const policy = name.split('.')[0];
      expect(model.origin?.remarks[0]).toBe(
        `layers that computed in ${policy} compute in float32 here: more exactly, with other last digits`,
      );
    },
  );
});
