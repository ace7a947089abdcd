/** Operators that cut a tensor along one dimension and give all of its parts: SPLIT, SPLIT_V, UNPACK. Each part is a slice of the input. */
import { reshape } from '../../layers/index.ts';
import type { SymbolicTensor } from '../../layers/layer.ts';
import type { Call } from './call.ts';
import { OPTIONS } from './options.ts';
import { slicedAlong } from './shapes.ts';

/** Parts of one size: SPLIT's axis is its input 0. */
export function splitting(call: Call, place: number): SymbolicTensor {
  const [axis] = call.whole(0);
  const at = axisOf(axis, call.outputShape.length);
  const size = call.outputShape[at];
  return slicedAlong(call, 1, at, place * size, (place + 1) * size);
}

/** Parts of the sizes that input 1 says, one of which may be −1, the rest. */
export function splittingBySizes(call: Call, place: number): SymbolicTensor {
  const [sizes, [axis]] = [call.whole(1), call.whole(2)];
  const at = axisOf(axis, call.outputShape.length);
  const given = sizes.filter((size) => size >= 0).reduce((sum, size) => sum + size, 0);
  const whole = sizes.map((size) => (size < 0 ? call.input(0).shape[at] - given : size));
  const begin = whole.slice(0, place).reduce((sum, size) => sum + size, 0);
  return slicedAlong(call, 0, at, begin, begin + whole[place]);
}

/** One number each along a dimension, which goes. */
export function unpacking(call: Call, place: number): SymbolicTensor {
  const rank = call.input(0).shape.length;
  const at = axisOf(call.options(OPTIONS.unpack).int(1), rank);
  const part = slicedAlong(call, 0, at, place, place + 1, 'part');
  return call.put(reshape({ ...call.own, targetShape: call.outputShape }), part);
}

/** A dimension of a sample, of so many. @throws RangeError for the batch's. */
function axisOf(axis: number, rank: number): number {
  const at = (axis < 0 ? axis + rank + 1 : axis) - 1;
  if (at >= 0 && at < rank) return at;
  throw new RangeError(`a tensor must be cut along a dimension of a sample, 1 to ${rank}, got ${axis}`);
}
