/** The test photos that a fine-tuned network puts into a wrong class, to look at. */
import { argmax } from '../../metrics/accuracy.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Half } from './halves.ts';
import type { PhotoMistake } from './result.ts';

/** Mistakes that are shown. */
const MOST = 12;

/** Those in which the right class got the least probability. @param predictions [n, classes] */
export function worstMistakes({ data, shape }: Tensor, { files, labels }: Half): PhotoMistake[] {
  const [N, K] = shape;
  const given = (n: number): number => data[n * K + labels[n]];
  return Array.from({ length: N }, (_, n) => n)
    .filter((n) => argmax(data, n * K, K) !== labels[n])
    .sort((a, b) => given(a) - given(b) || a - b)
    .slice(0, MOST)
    .map((n) => ({
      file: files[n],
      label: labels[n],
      predicted: argmax(data, n * K, K),
      probabilities: Array.from(data.subarray(n * K, (n + 1) * K)),
    }));
}
