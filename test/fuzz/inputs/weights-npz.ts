/** Weights in `.npz` files: any arrays in an archive. */
import fc from 'fast-check';
import { mostly } from '../arbitraries.ts';
import { encodeNpy, npy } from './npy.ts';
import { zip } from './zip.ts';

const KERNEL = encodeNpy([2, 3], '<f4', 0x3f);
const BIAS = encodeNpy([3], '<f8', 0x3f);
/** Four megabytes that pack into four kilobytes. */
const BOMB = new Uint8Array(2 ** 22);

export const weightsNpz: fc.Arbitrary<Uint8Array> = zip(
  fc
    .record({
      kernel: mostly(KERNEL, npy([2, 3], ['<f4', '<f8', '<i8']), 2),
      bias: mostly(BIAS, npy([3], ['<f4', '|u1']), 4),
      name: mostly('dense/bias.npy', fc.constantFrom('.npy', 'dense/bias', 'dense/kernel.npy', 'é.npy'), 8),
      bomb: mostly<Uint8Array | null>(null, fc.constant(BOMB), 500),
    })
    .map((f) => [
      { name: 'dense/kernel.npy', data: f.bomb ?? f.kernel },
      { name: f.name, data: f.bias },
    ]),
);
