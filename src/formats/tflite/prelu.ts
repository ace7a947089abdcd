/**
 * PRELU: y = max(x, 0) + a·min(x, 0), with a slope for all, for each channel, or for each place: where the file has one for a whole dimension, it is
 * shared along it. Source: tensorflow/lite/kernels/internal/reference/prelu.h.
 */
import { leakyReLU, prelu } from '../../layers/index.ts';
import type { SymbolicTensor } from '../../layers/layer.ts';
import { Tensor } from '../../tensor/tensor.ts';
import type { Call } from './call.ts';

/** @throws RangeError for slopes that aren't constant, or don't fit the input. */
export function parametricReLU(call: Call): SymbolicTensor {
  const x = call.input(0);
  const slopes = call.constant(1);
  if (!slopes) throw new RangeError('slopes must be constant, got what an operator gives');
  const [first, ...others] = slopes.data;
  if (others.every((slope) => slope === first) && first >= 0) {
    return call.put(leakyReLU({ ...call.own, negativeSlope: first }), x);
  }
  // Dimensions are counted from the last one; before the first there may be more of size 1, of which one is the batch's.
  const sizes = x.shape.map((_, d) => slopes.shape.at(d - x.shape.length) ?? 1);
  const fits = sizes.every((size, d) => size === 1 || size === x.shape[d]);
  if (!fits || sizes.reduce((product, size) => product * size, 1) !== slopes.size) {
    throw new RangeError(`slopes must fit a sample [${x.shape}], got shape [${slopes.shape}]`);
  }
  const sharedAxes = sizes.flatMap((size, d) => (size < x.shape[d] ? [d + 1] : []));
  return call.put(prelu({ ...call.own, sharedAxes }), x, [new Tensor(slopes.data, sizes)]);
}
