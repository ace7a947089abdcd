import { describe, expect, it } from 'vitest';
import { encodeLayersModel } from '../../src/formats/layers-model.ts';
import {
  activation,
  dense,
  type ElementwiseOptions,
  elementwise,
  encodeKeras,
  input,
  loadModel,
  model,
  sequential,
} from '../../src/index.ts';
import { expectClose } from '../matchers.ts';
import { bench, expectGradients } from './harness.ts';

describe('elementwise', () => {
  it.each([
    ['log', Math.log],
    ['sqrt', Math.sqrt],
    ['reciprocal', (x: number) => 1 / x],
    ['rsqrt', (x: number) => 1 / Math.sqrt(x)],
    ['trunc', Math.trunc],
  ] as const)('%s of each element, with the gradients of central differences', (operation, f) => {
    const test = bench(elementwise(operation), [2, 3], 1);
    test.x.set([0.25, 0.5, 1.5, 2.25, 3.75, 40.5]);
    expectClose(test.forward(), test.x.map(f), { relative: 1e-14 });
    expectGradients(test);
  });

  it('refuses what it does not know', () => {
    const exp = { operation: 'exp' } as unknown as ElementwiseOptions;
    expect(() => elementwise(exp)).toThrow(
      /operation must be one of log, sqrt, reciprocal, trunc, rsqrt, got 'exp'/,
    );
    expect(() => elementwise({ ...exp, power: 2 } as ElementwiseOptions)).toThrow(/unknown option power/);
  });

  it('is an operation in a .keras file of a graph, and has no place in rows of layers and in TensorFlow.js’ files', async () => {
    const x = input({ shape: [3] });
    const graph = model({ inputs: x, outputs: elementwise('rsqrt').apply(elementwise('sqrt').apply(x)) });
    const bytes = encodeKeras(graph);
    const words = new TextDecoder().decode(bytes);
    expect(words).toContain(
      '"module":"keras.src.ops.math","class_name":"Rsqrt","config":{"name":"elementwise_1"}',
    );
    expect(words).toContain('"module":"keras.src.ops.numpy","class_name":"Sqrt"');
    const again = await loadModel(bytes);
    const numbers = [[1, 16, 81]];
    expect((await again.predict(numbers)).data).toEqual((await graph.predict(numbers)).data);
    expect(() => encodeLayersModel(graph)).toThrow(
      /layer elementwise: Elementwise can't be stored in this format/,
    );
  });

  it('are written in a row of layers too, which is a graph for Keras; and so is its gelu that is approximate', async () => {
    const row = sequential([
      dense({ units: 2, inputShape: [3] }),
      sequential({ name: 'inner', layers: [elementwise('trunc'), dense({ units: 2 })] }),
      activation('geluApproximate'),
      dense({ units: 1 }),
    ]);
    const bytes = encodeKeras(row);
    const words = new TextDecoder().decode(bytes);
    expect(words).toContain('"module":"keras.src.ops.numpy","class_name":"Trunc"');
    expect(words).toContain(
      '"module":"keras.src.ops.nn","class_name":"Gelu","config":{"name":"activation","approximate":true}',
    );
    expect(words).not.toContain('"class_name":"Sequential"');
    const again = await loadModel(bytes);
    const numbers = [[1, -2, 3]];
    expect((await again.predict(numbers)).data).toEqual((await row.predict(numbers)).data);
  });
});
