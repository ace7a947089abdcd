/** What people see of an object that they print, put into a text, or into JSON. */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import * as degelo from '../../src/index.ts';

const { adam, conv2d, dense, flatten, sequential, tensor, zeros } = degelo;

const small = () =>
  sequential([conv2d({ filters: 4, kernelSize: 3, inputShape: [8, 8, 1] }), flatten(), dense({ units: 2 })]);

describe('String, a template, and console.log in Node, show of', () => {
  it.each<[string, object, string]>([
    ['a matrix', tensor([[1, 2.5, -0.1], [4, 5, 1e-9]]), 'tensor of shape [2, 3], float32:\n[[1, 2.5, -0.1],\n [4, 5, 1e-9]]'],
    ['a number', new degelo.Tensor(Float64Array.of(7), []), 'tensor of shape [], float64:\n7'],
    ['what is no number', tensor([Number.NaN, -Infinity]), 'tensor of shape [2], float32:\n[NaN, -Infinity]'],
    ['nothing', zeros([0, 3]), 'tensor of shape [0, 3], float32, without numbers'],
    ['a long row its ends', zeros([1000]), 'tensor of shape [1000], float32:\n[0, 0, 0, …, 0, 0, 0]'],
    ['a model', small(), "Sequential 'sequential': 3 layers (conv2d, flatten, dense), 330 parameters"],
    ['an empty model', sequential(), "Sequential 'sequential': 0 layers"],
    ['a layer', small().layers[2], "Dense 'dense' { units: 2, activation: 'linear' }"],
    ['a frozen layer', dense({ units: 2, trainable: false }), "Dense { units: 2, activation: 'linear', trainable: false }"],
    ['options within options', dense({ units: 2, kernelRegularizer: 'l2' }), "Dense { units: 2, activation: 'linear', kernelRegularizer: { l2: 0.01 } }"],
    ['an optimizer', adam(), 'adam { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 }'],
    ['a loss', degelo.huber(), 'huber { delta: 1 }'],
    ['a callback', degelo.earlyStopping(), 'earlyStopping'],
    ['a symbolic tensor', degelo.input({ shape: [3] }), 'symbolic tensor of shape [3]'],
    ['images', new degelo.ByteImages(new Uint8Array(4), [2, 2]), 'images as bytes, of shape [2, 2]'],
  ])('%s', (_, object, text) => {
    expect(String(object)).toBe(text);
    expect(`${object}`).toBe(text);
    expect(inspect(object)).toBe(text);
  }); // biome-ignore format: a table

  it('large tensors of any shape a few lines', () => {
    for (const shape of [
      [60_000, 28, 28, 1],
      [500, 500],
      Array.from({ length: 12 }, () => 2),
      [1, 1, 1, 1, 99],
    ]) {
      const text = String(zeros(shape));
      expect(text.length, `${shape}`).toBeLessThan(2500);
      expect(text).toContain('…');
    }
    // Both ends of every dimension, however many there are: the last number too.
    const numbers = Float32Array.from({ length: 9 ** 4 }, (_, i) => i);
    expect(String(tensor(numbers, [9, 9, 9, 9]))).toMatch(/\[\[\[\[0, …, 8\],.*\[6552, …, 6560\]\]\]\]$/s);
    const ends = String(
      tensor(
        Float32Array.from({ length: 10_000 }, (_, i) => i),
        [100, 100],
      ),
    );
    expect(ends.split('\n').slice(1)).toEqual([
      '[[0, 1, 2, …, 97, 98, 99],', ' [100, 101, 102, …, 197, 198, 199],', ' [200, 201, 202, …, 297, 298, 299],', ' …,',
      ' [9700, 9701, 9702, …, 9797, 9798, 9799],', ' [9800, 9801, 9802, …, 9897, 9898, 9899],',
      ' [9900, 9901, 9902, …, 9997, 9998, 9999]]',
    ]); // biome-ignore format: rows
  });

  it('plain objects their values, and of a class its own text', () => {
    expect(inspect(degelo.auc())).toBe("{ name: 'auc', numThresholds: 200, curve: 'ROC' }");
    expect(inspect({ x: zeros([1]) })).toContain('x: tensor of shape [1]');
    expect(inspect(degelo.Dense.prototype)).not.toBe('');
    class Net extends degelo.Sequential {
      override toString(): string {
        return 'mine';
      }
    }
    expect(inspect(new Net())).toBe('mine');
  });

  it('names of files on one line', () => {
    const name = 'a\nb\u001b[2J';
    expect(String(sequential([dense({ units: 1, name })]))).toMatch(
      /^Sequential 'sequential': 1 layer \(a b \[2J\)$/,
    );
  });
});

describe('JSON has', () => {
  const again = (object: unknown) => JSON.parse(JSON.stringify(object));

  it('all numbers of a tensor, so that it can be made again', () => {
    const t = tensor([[0.1, 2], [3, 4]], undefined, { dtype: 'float64' }); // biome-ignore format: a matrix
    const { data, shape, dtype } = again(t);
    expect(tensor(data, shape, { dtype })).toEqual(t);
  });

  it('a model’s and a layer’s configuration', () => {
    const model = small();
    expect(again(model)).toEqual(again(model.toConfig()));
    expect(again(model.layers[2])).toEqual({
      className: 'Dense',
      config: again(model.layers[2].getConfig()),
    });
  });

  it('what makes an optimizer and a metric again, and an input without going in circles', () => {
    expect(again(adam())).toEqual(adam().getConfig());
    expect(again(degelo.auc())).toEqual({ name: 'auc', numThresholds: 200, curve: 'ROC' });
    expect(again(degelo.input({ shape: [3] })).shape).toEqual([3]);
  });
});
