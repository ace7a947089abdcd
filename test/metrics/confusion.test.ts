import { expect, it } from 'vitest';
import { Tensor } from '../../src/index.ts';
import { confusionMatrix } from '../../src/metrics/confusion.ts';

it('confusionMatrix counts samples by class and prediction; of equal predictions the first, as accuracy does', () => {
  const predictions = new Tensor(Float32Array.of(0.25, 0.75, 0.5, 0.5, 0.125, 0.875), [3, 2]);
  expect(confusionMatrix(predictions, Uint8Array.of(0, 1, 0))).toEqual([
    [0, 2],
    [1, 0],
  ]);
});
