/** Operators that image networks hold now and then, as TensorFlow's interpreter has them. Fixtures by fixtures/make-tflite-operators-fixtures.py. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadModel, tensor } from '../../src/index.ts';

const at = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/tflite-operators/${name}`, import.meta.url));
const { files } = JSON.parse(readFileSync(at('expected.json'), 'utf8'));
const size = (shape: readonly number[]): number => shape.reduce((product, d) => product * d, 1);

describe('TensorFlow Lite’s networks', () => {
  it.each(Object.keys(files))('%s give what TensorFlow’s interpreter gives, within 1e-6', async (name) => {
    const { input, output, shape } = files[name];
    const numbers = Float32Array.from(
      { length: size(input) },
      (_, i) => (((i * 7919) % 1009) / 1009) * 2 - 1,
    );
    const y = await (await loadModel(at(name))).predict(tensor(numbers, input));
    expect(y.shape).toEqual(shape);
    const largest = output.reduce((most: number, value: number) => Math.max(most, Math.abs(value)), 0);
    const errors = output.map((value: number, i: number) => Math.abs(value - y.data[i]) / largest);
    expect(Math.max(...errors)).toBeLessThan(1e-6);
  });

  it('have the operator’s name where one channel is picked', async () => {
    const { layers } = await loadModel(at('blocked.tflite'));
    const one = layers.filter(({ name }) => name.startsWith('one'));
    expect(one.map(({ className, name }) => [className, name])).toEqual([
      ['Permute', 'one_1_GatherV2_part_0'],
      ['Cropping2D', 'one_1_GatherV2_part_1'],
      ['Permute', 'one_1_GatherV2'],
    ]);
  });

  it('have dilated convolutions as layers with dilationRate, trained like any other', async () => {
    const { layers } = await loadModel(at('dilated.tflite'));
    const rates = layers.flatMap((layer) => {
      const { dilationRate } = layer.getConfig() as { dilationRate?: unknown };
      return dilationRate === undefined ? [] : [[layer.className, dilationRate, layer.trainable]];
    });
    expect(rates).toEqual([
      ['Conv2D', [2, 3], true],
      ['DepthwiseConv2D', [2, 2], true],
      ['DepthwiseConv2D', [3, 3], true],
      ['Conv2D', [2, 2], true],
    ]);
  });
});
