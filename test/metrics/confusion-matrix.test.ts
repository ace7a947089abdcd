import { describe, expect, it } from 'vitest';
import { confusionMatrix, Tensor, tensor } from '../../src/index.ts';

describe('confusionMatrix', () => {
  const counts = [[0, 2], [1, 0]]; // biome-ignore format: a matrix

  it('counts samples by class and prediction; of equal predictions the first, as accuracy does', () => {
    const predictions = new Tensor(Float32Array.of(0.25, 0.75, 0.5, 0.5, 0.125, 0.875), [3, 2]);
    expect(confusionMatrix(Uint8Array.of(0, 1, 0), predictions)).toEqual(counts);
  });

  it('takes class numbers and one-hot rows, on either side', () => {
    const rows = tensor([[1, 0], [0, 1], [1, 0]]); // biome-ignore format: a matrix
    for (const labels of [
      [0, 1, 0],
      Int32Array.of(0, 1, 0),
      tensor([0, 1, 0]),
      tensor([[0], [1], [0]]),
      rows,
    ]) {
      expect(confusionMatrix(labels, [1, 0, 1])).toEqual(counts);
    }
  });

  it('has as many classes as asked for, as a row has, or as the largest number says', () => {
    expect(confusionMatrix([0], [0], 3)).toEqual([[1, 0, 0], [0, 0, 0], [0, 0, 0]]); // biome-ignore format: a matrix
    expect(confusionMatrix([0], tensor([[0.5, 0.25, 0.25]]))).toHaveLength(3);
    expect(confusionMatrix([0, 1], [2, 1])).toHaveLength(3);
  });

  it.each<[string, unknown[], string]>([
    ['different numbers of samples', [[0, 1], [0]], 'labels and predictions must be as many, got 2 and 1'],
    [
      'a label that is no class of the rows',
      [[2], tensor([[1, 0]])],
      'labels must be integers from 0 to 1, got 2',
    ],
    [
      'rows of other lengths',
      [tensor([[1, 0, 0]]), tensor([[1, 0]])],
      'labels must have rows of 2 classes, got 3',
    ],
    ['probabilities of one class', [[1], tensor([[0.75]])], 'got 0.75: of probabilities make class numbers'],
    ['nested arrays', [[0], [[1, 0]]], 'tensor(rows) makes a tensor of rows'],
    ['an array with holes', [new Array(1), [0]], 'labels must be integers from 0 to 0, got undefined'],
    ['images', [[0], tensor([[[1]]])], 'predictions must have shape [n] or [n, classes], got [1,1,1]'],
    ['no samples and no classes', [[], []], 'without samples, classes must be given'],
    ['a number of classes that is none', [[0], [0], 0], 'classes must be an integer ≥ 1, got 0'],
    ['a text', ['0', [0]], "labels must be class numbers or a tensor of rows, got '0'"],
    ['class numbers that are ids', [[2e9], [0]], 'expected at most 10000 classes, got 2000000001'],
    ['a fourth argument', [[0], [0], 1, 1], 'expected at most 3 arguments'],
  ])('refuses %s', (_, given, message) => {
    expect(() => confusionMatrix(...(given as [[], []]))).toThrow(`confusionMatrix: `);
    expect(() => confusionMatrix(...(given as [[], []]))).toThrow(message);
  });
});
