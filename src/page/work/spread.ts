/** Some samples that stand for all. */
import { sizeOf, Tensor } from '../../tensor/tensor.ts';

/** So many rows at even distances, or all of them where there are fewer. */
export function spread({ data, shape }: Tensor<Float32Array>, count: number): Tensor<Float32Array> {
  const [rows, ...rest] = shape;
  const [size, n] = [sizeOf(rest), Math.min(count, rows)];
  const out = new Float32Array(n * size);
  for (let i = 0; i < n; i++) {
    const row = Math.floor((i * rows) / n);
    out.set(data.subarray(row * size, (row + 1) * size), i * size);
  }
  return new Tensor(out, [n, ...rest]);
}
