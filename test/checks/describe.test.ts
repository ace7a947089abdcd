import ndarray from 'ndarray';
import { expect, it, describe as suite } from 'vitest';
import { describe } from '../../src/checks/describe.ts';
import {
  checkGradient,
  dense,
  earlyStopping,
  encodeNpz,
  input,
  loadModel,
  modelCheckpoint,
  registerLoss,
  sequential,
  tensor,
  zeros,
} from '../../src/index.ts';

class Uncle {}
class Reader {
  readonly a = 1;
}

suite('describe names what came, as the person who handed it in would', () => {
  it.each<[unknown, string]>([
    ['3', "'3'"],
    ['x'.repeat(70), `'${'x'.repeat(60)}…'`],
    [12n, '12n'],
    [null, 'null'],
    [undefined, 'undefined'],
    [() => 1, 'a function'],
    [new Float32Array(3), 'a Float32Array of 3 numbers'],
    [new Int8Array(3), 'an Int8Array of 3 numbers'],
    [new Uint8Array(2), 'a Uint8Array of 2 numbers'],
    [new DataView(new ArrayBuffer(5)), 'a DataView of 5 bytes'],
    [new ArrayBuffer(4), 'an ArrayBuffer of 4 bytes'],
    [new SharedArrayBuffer(4), 'a SharedArrayBuffer of 4 bytes'],
    [Promise.resolve(1), 'a promise (is an await missing?)'],
    [zeros([2, 3]), 'a tensor of shape [2, 3]'],
    [new Date(0), 'a date'],
    [[1, 'a'], "[1, 'a']"],
    [[1, 2, 3, 4, 5, 6, 7], 'an array of 7'],
    [[[1]], 'an array of 1'],
    [{}, 'an object without properties'],
    [{ a: 1, b: 2 }, 'an object { a, b }'],
    [{ a: 1, b: 2, c: 3, d: 4, e: 5 }, 'an object { a, b, c, d, … }'],
    [Object.create(null), 'an object without properties'],
    [new Uncle(), 'an Uncle'],
    [new Reader(), 'a Reader'],
    [dense({ units: 1, name: 'head' }), 'the layer head'],
    [
      { className: 'Dense', name: '', forward: () => 1 },
      'the layer Dense, of another copy of degelo: let both import the same one',
    ],
    [ndarray(new Float32Array(6), [2, 3]), 'an ndarray of shape [2, 3]'],
  ])('%o', (value, text) => {
    expect(describe(value)).toBe(text);
  });

  it('a generator', () => {
    expect(describe((function* () {})())).toBe('a generator');
  });
});

suite('a name of 100,000 characters', () => {
  const long = 'a'.repeat(100_000);
  const named = () => Object.defineProperty(() => 1, 'name', { value: long });
  const odd = (value: unknown) => value as never;
  const x = tensor([[1, 2]]);
  const net = (options: object = {}) => {
    const model = sequential({ layers: [dense({ units: 2, inputShape: [2], ...options })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 0 });
    return model;
  };

  it.each<[string, () => unknown]>([
    ['of a layer', () => dense({ units: 1, name: long })],
    ['that a layer is given', () => Object.assign(dense({ units: 1 }), { name: long })],
    ['of a model', () => sequential({ name: long })],
    ['of an input', () => input({ shape: [1], name: long })],
    ['of a registered loss', () => registerLoss(long, odd(3))],
    ['that is monitored', () => earlyStopping({ monitor: long })],
  ])('%s is refused: with a thousand, messages still say it whole', (_, call) => {
    expect(call).toThrow(/name must have at most|monitor must have at most/);
    expect(call).toThrow(/1000 characters$/);
  });

  it.each<[string, () => unknown]>([
    ['an option', () => dense(odd({ units: 1, [long]: 1 }))],
    ['an option of fit', () => net().fit(x, x, odd({ [long]: 1 }))],
    ['an initializer’s option', () => net({ kernelInitializer: { name: 'heNormal', [long]: 1 } })],
    ['a regularizer’s factor', () => net({ kernelRegularizer: { [long]: 1 } })],
    ['a function', () => net({ units: named() })],
    ['an object’s class', () => net({ units: { constructor: named() } })],
    ['an object’s property', () => net({ units: { [long]: 1 } })],
    ['a symbol', () => net({ units: Symbol(long) })],
    ['a number', () => net({ units: 10n ** 5000n })],
    ['a tensor', () => encodeNpz(new Map([[long, odd(3)]]))],
    ['a metric', () => net().compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: [odd(long)] })],
    ['a layer that is sought', () => net().getLayer(long)],
    ['a figure in a path', () => modelCheckpointAt(`{${long}}`)],
    [
      'an array to check',
      () => checkGradient({ f: () => 1, gradient: () => ({ b: [1], [long]: [1] }), at: { b: [1] } }),
    ],
    ['a file', () => loadModel(long)],
  ])('is quoted by its beginning: %s', async (_, call) => {
    const error = await (async () => call())().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).toMatch(/(a|1)\w{40}/);
    expect((error as Error).message.length).toBeLessThan(2100);
  });
  const modelCheckpointAt = (path: string) => net().fit(x, x, { callbacks: [modelCheckpoint({ path })] });
});
