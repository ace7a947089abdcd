/** How weights begin. Both dtypes begin with the same numbers: drawn in float64, rounded to float32. */
import { type RandomKey, uniform } from './random.ts';
import type { FloatArray } from './tensor.ts';

/**
 * Glorot's limit √(6/(fanIn + fanOut)) (Glorot and Bengio 2010, "Understanding the difficulty of training deep
 * feedforward neural networks", formula 16): activations and gradients keep their variance through a layer.
 * A convolution's fans count kernel positions: KH·KW·C in, KH·KW·OC out.
 * @throws RangeError where a fan isn't a finite number ≥ 0 or both are zero.
 */
export function glorotLimit(fanIn: number, fanOut: number): number {
  const sum = fanIn + fanOut;
  if (!(fanIn >= 0 && fanOut >= 0 && sum > 0 && sum < Infinity)) {
    throw new RangeError(`glorotUniform: fans must be ≥ 0 and not both zero, got ${fanIn} and ${fanOut}`);
  }
  return Math.sqrt(6 / sum);
}

/**
 * Fills `out` with numbers spread evenly over ±glorotLimit(fanIn, fanOut); see `uniform` for the exact formula.
 * @throws RangeError as glorotLimit does.
 */
export function glorotUniform(fanIn: number, fanOut: number, key: RandomKey, out: FloatArray): void {
  const limit = glorotLimit(fanIn, fanOut);
  uniform(key, -limit, limit, out);
}

/** Fills `out` with +0, as biases begin. */
export function zeros(out: FloatArray): void {
  out.fill(0);
}
