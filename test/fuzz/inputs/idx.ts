/** IDX files, field by field: images and their labels. */
import fc from 'fast-check';
import { bigEndian, concat, damaged, lies, mostly, wildNumber } from '../arbitraries.ts';

/** Fields of a header that may lie. */
const header = lies({
  zeros: fc.constantFrom([0, 1], [1, 0], [0x1f, 0x8b]),
  type: fc.constantFrom(0, 9, 0x0b, 0x0c, 0x0d, 0x0e, 255),
  rank: fc.constantFrom(0, 1, 2, 3, 4, 255),
  first: wildNumber(4),
  last: wildNumber(4),
});

type Lies = typeof header extends fc.Arbitrary<infer T> ? T : never;

function idx(shape: readonly number[], numbers: Uint8Array, lie: Lies): Uint8Array {
  const dimensions = shape.map((dimension) => bigEndian(dimension, 4));
  if (lie.first !== undefined) dimensions[0] = bigEndian(lie.first, 4);
  if (lie.last !== undefined) dimensions[shape.length - 1] = bigEndian(lie.last, 4);
  const magic = [...(lie.zeros ?? [0, 0]), lie.type ?? 8, lie.rank ?? shape.length];
  return concat(Uint8Array.from(magic), ...dimensions, numbers);
}

/** Images and labels; their counts mostly agree. */
export const idxPair: fc.Arbitrary<readonly Uint8Array[]> = fc
  .record({
    shape: fc.constantFrom([1, 2, 2], [2, 3, 1], [5, 4, 4], [1, 1, 1], [0, 4, 4], [3, 0, 2]),
    more: mostly(0, fc.integer({ min: 1, max: 3 })),
    label: fc.constantFrom(0, 1, 9, 9, 10, 255),
    images: header,
    labels: header,
  })
  .map(({ shape: [N, H, W], more, label, images, labels }) => ({
    images: idx([N, H, W], new Uint8Array(N * H * W).fill(label), images),
    labels: idx([N + more], new Uint8Array(N + more).fill(label), labels),
  }))
  .chain(({ images, labels }) => fc.tuple(damaged(fc.constant(images)), damaged(fc.constant(labels))));
