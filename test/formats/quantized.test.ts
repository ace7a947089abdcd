/** TensorFlow.js' weights in fewer bytes, as its converter stores them with --quantize_*. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { decodeLayersModel, dense, encodeLayersModel, loadModel, sequential } from '../../src/index.ts';
import { temporaryFolder } from '../temporary.ts';

/** model.json of a dense layer, whose kernel [2, 3] is stored so, and whose bias is float32. */
const jsonWith = (quantization: object): string => {
  const { json } = encodeLayersModel(sequential([dense({ units: 3, inputShape: [2], name: 'd' })]));
  const root = JSON.parse(json);
  root.weightsManifest[0].weights[0].quantization = quantization;
  return JSON.stringify(root);
};
const join2 = (kernel: ArrayBufferLike): Uint8Array =>
  new Uint8Array([...new Uint8Array(kernel), ...new Uint8Array(Float32Array.of(1, 2, 3).buffer)]);

const CASES: readonly [string, object, ArrayBufferLike, readonly number[]][] = [
  [
    'uint8',
    { dtype: 'uint8', scale: 0.1, min: -1, original_dtype: 'float32' },
    Uint8Array.of(0, 1, 2, 10, 127, 255).buffer,
    [0, 1, 2, 10, 127, 255].map((q) => Math.fround(q * 0.1 + -1)),
  ],
  [
    'uint16',
    { dtype: 'uint16', scale: 1e-4, min: -3.25 },
    Uint16Array.of(0, 1, 2, 10, 40000, 65535).buffer,
    [0, 1, 2, 10, 40000, 65535].map((q) => Math.fround(q * 1e-4 + -3.25)),
  ],
  [
    'float16',
    { dtype: 'float16' },
    Uint16Array.of(0x3c00, 0xc000, 1, 0, 0x3555, 0x7bff).buffer,
    [1, -2, 2 ** -24, 0, 1365 / 4096, 65504],
  ],
];

it.each(CASES)(
  '%s: value = q·scale + min, rounded once, and said',
  async (dtype, quantization, kernel, values) => {
    const json = jsonWith(quantization);
    const [w, b] = decodeLayersModel(json, join2(kernel)).getWeights();
    expect(Array.from(w.data)).toEqual(values);
    expect(Array.from(b.data)).toEqual([1, 2, 3]);
    expect(() => decodeLayersModel(json, join2(kernel).subarray(1))).toThrow(
      `truncated: expected ${kernel.byteLength + 12} bytes`,
    );
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'model.json'), json);
    writeFileSync(join(folder, 'weights.bin'), join2(kernel));
    const { origin } = await loadModel(folder);
    expect(origin?.remarks).toEqual([
      expect.stringMatching(new RegExp(`^1 weight stored as ${dtype}.* became float32$`)),
    ]);
  },
);

it.each(CASES)('%s: behind other weights, in the middle of a buffer', (_, quantization, stored, values) => {
  const { json } = encodeLayersModel(sequential([dense({ units: 6, inputShape: [1], name: 'd' })]));
  const root = JSON.parse(json);
  root.weightsManifest[0].weights[1].quantization = quantization;
  const kernel = Float32Array.of(1, 2, 3, 4, 5, 6);
  const all = [...new Uint8Array(kernel.buffer), ...new Uint8Array(stored)];
  const bytes = Uint8Array.from([7, 7, 7, ...all, 7]).subarray(3, 3 + all.length);
  const [w, b] = decodeLayersModel(JSON.stringify(root), bytes).getWeights();
  expect(Array.from(w.data)).toEqual(Array.from(kernel));
  expect(Array.from(b.data)).toEqual(values);
});

it('a half that is infinite is refused by its weight', () => {
  const json = jsonWith({ dtype: 'float16' });
  expect(() => decodeLayersModel(json, join2(Uint16Array.of(0, 0, 0x7c00, 0, 0, 0).buffer))).toThrow(
    'weights.bin: tensor "d/kernel": numbers must be finite, got Infinity at index 2',
  );
});
