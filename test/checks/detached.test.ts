/** Memory that went away, or became less, is told from memory that is there. */
import { expect, it } from 'vitest';
import { expectMemory, whereItWent } from '../../src/checks/detached.ts';
import { Tensor } from '../../src/tensor/tensor.ts';

/** What is made on memory of 16 bytes, of which so many are left. */
function left<T>(bytes: number, make: (buffer: ArrayBuffer) => T): T {
  const buffer = Reflect.construct(ArrayBuffer, [16, { maxByteLength: 16 }]) as ArrayBuffer;
  const made = make(buffer);
  (Reflect.get(buffer, 'resize') as (bytes: number) => void).call(buffer, bytes);
  return made;
}
const tensor = (buffer: ArrayBuffer): Tensor => new Tensor(new Float32Array(buffer), [2, 2]);
const said = (value: unknown): string => {
  try {
    expectMemory('f', 'x', value);
  } catch (error) {
    return (error as Error).message.replace(/^([^:]*: [^:]*):.*$/, '$1');
  }
  return 'nothing';
};

it.each<[string, unknown, string]>([
  ['a tensor whose memory is all there', left(16, tensor), 'nothing'],
  ['a tensor whose memory is a number shorter', left(12, tensor), "f: x isn't whole"],
  ['an array as long as its memory', left(8, (buffer) => new Float32Array(buffer)), 'nothing'],
  [
    'an array of a length that its memory has',
    left(8, (buffer) => new Float32Array(buffer, 0, 2)),
    'nothing',
  ],
  ['an array that is longer', left(8, (buffer) => new Float32Array(buffer, 0, 3)), "f: x isn't whole"],
  ['something with a shape that was never right', { data: new Float32Array(2), shape: [4] }, 'nothing'],
])('what is gone of %s is said', (_, value, expected) => {
  expect(said(value)).toBe(expected);
});

it('what is gone of memory that was given away is all, and that is said', () => {
  const array = new Float32Array(4);
  const whole = new Tensor(array, [4]);
  structuredClone(array.buffer, { transfer: [array.buffer] });
  for (const value of [array, array.buffer, whole]) {
    expect(said(value)).toBe('f: x is empty');
    expect(whereItWent(value)).not.toBe('');
  }
});
