/** The two halves of MNIST with their fingerprint, as Node makes it. */
import { createHash } from 'node:crypto';
import { expectSameSize, type ImageDataset, type MnistData } from './dataset.ts';

/**
 * Joins the two halves, and hashes them.
 * @throws DataError where their images differ in size.
 */
export function mnistData(source: string, train: ImageDataset, test: ImageDataset): MnistData {
  expectSameSize(source, train, test);
  const hash = createHash('sha256');
  for (const half of [train, test]) hash.update(half.images).update(half.labels);
  return { train, test, source, sha256: hash.digest('hex') };
}
