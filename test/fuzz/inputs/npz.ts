/** `mnist.npz`: four arrays in an archive; and archives that are larger than they look. */
import fc from 'fast-check';
import { mostly } from '../arbitraries.ts';
import { encodeNpy, npy } from './npy.ts';
import { zip } from './zip.ts';

const TYPES = ['|u1', '|u1', '<i8', '<f4'];
/** Four megabytes that pack into four kilobytes. */
const BOMB = new Uint8Array(2 ** 22);

const IMAGES = encodeNpy([2, 2, 2], '|u1', 0);
const LABELS = encodeNpy([2], '<i8', 0);

export const npz: fc.Arbitrary<Uint8Array> = zip(
  fc
    .record({
      images: mostly(IMAGES, npy([2, 2, 2], TYPES), 2),
      labels: mostly(LABELS, npy([2], TYPES), 2),
      bomb: mostly<Uint8Array | null>(null, fc.constant(BOMB), 500),
    })
    .map((f) => [
      { name: 'x_train.npy', data: f.bomb ?? f.images },
      { name: 'y_train.npy', data: f.labels },
      { name: 'x_test.npy', data: f.images },
      { name: 'y_test.npy', data: LABELS },
    ]),
);
