/** Which coordinates and directions of a large array are checked: decided by the seed. */
import { type RandomKey, threefry2x32 } from '../tensor/random.ts';
import type { FloatArray } from '../tensor/tensor.ts';

/**
 * At most `count` different indices, ascending: every one where the array is that small. Else half of them from
 * anywhere, half from where the gradient isn't zero: after ReLU and dropout most of it is, and a sample of zeros would
 * prove little.
 */
export function chooseCoordinates(gradient: FloatArray, count: number, key: RandomKey): number[] {
  if (gradient.length <= count) return Array.from(gradient, (_, i) => i);
  const nonZero: number[] = [];
  for (let i = 0; i < gradient.length; i++) if (gradient[i] !== 0) nonZero.push(i);
  const half = Math.min(nonZero.length, Math.ceil(count / 2));
  const chosen = new Set<number>();
  let draw = 0;
  const below = (n: number): number => threefry2x32(key[0], key[1], draw++, 0)[0] % n;
  while (chosen.size < half) chosen.add(nonZero[below(nonZero.length)]);
  while (chosen.size < count) chosen.add(below(gradient.length));
  return [...chosen].sort((a, b) => a - b);
}

/** A direction through all elements: +1 or −1 each, so that t·direction is as exact as t. */
export function chooseDirection(length: number, key: RandomKey): Int8Array {
  return Int8Array.from({ length }, (_, i) => {
    const [word] = threefry2x32(key[0], key[1], i >> 5, 1);
    return (word >>> (i & 31)) & 1 ? 1 : -1;
  });
}
