import { expect, it, describe as suite } from 'vitest';
import { describe } from '../../src/checks/describe.ts';
import { zeros } from '../../src/tensor/tensor.ts';

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
    [{ className: 'Dense', name: '', forward: () => 1 }, 'the layer Dense'],
  ])('%o', (value, text) => {
    expect(describe(value)).toBe(text);
  });

  it('a generator', () => {
    expect(describe((function* () {})())).toBe('a generator');
  });
});
