/**
 * Softmax along other dimensions than the last, in layers: these dimensions are brought to the end, become one, and go back.
 *
 *   [4, 5, 6] along 1 and 2, the batch being 0   →   Permute [6, 4, 5], Reshape [6, 20], softmax, Reshape [6, 4, 5], Permute [4, 5, 6]
 */
import { isList } from './fields.ts';
import {
  activation,
  axisOf,
  type Read,
  type Replacement,
  type Tensor,
  withShape,
} from './keras-operation-parts.ts';

/** An activation along `axis`, one dimension or several. null: along the batch. */
export function activationAlong(name: string, x: Tensor, axis: unknown): Replacement | null {
  const given = isList(axis) ? axis : [axis];
  if (given.length === 1 && given[0] === -1) return activation(name);
  return withShape(x, (sizes) => {
    const axes = given.map((each) => (axisOf(each, sizes.length + 1) ?? 0) - 1);
    if (axes.length === 0 || axes.includes(-1) || new Set(axes).size < axes.length) return null;
    const others = sizes.flatMap((_, d) => (axes.includes(d) ? [] : [d]));
    const order = [...others, ...axes];
    const sizesOf = (dimensions: readonly number[]): number[] => dimensions.map((d) => sizes[d]);
    const together = sizesOf(axes).reduce((product, size) => product * size, 1);
    const steps: Replacement[] = [
      ...turned(order),
      ...(axes.length > 1 ? [reshaped([...sizesOf(others), together])] : []),
      activation(name),
      ...(axes.length > 1 ? [reshaped(sizesOf(order))] : []),
      ...turned(sizes.map((_, d) => order.indexOf(d))),
    ];
    const [first, ...behind] = steps;
    return behind.reduce<Exclude<Read, string>>((read, step) => ({ ...step, reads: [read] }), {
      ...first,
      reads: [x.layer],
    });
  });
}

/** Dimensions in this order, counted from 0; nothing where that is theirs. */
function turned(order: readonly number[]): Replacement[] {
  if (order.every((from, d) => from === d)) return [];
  return [{ className: 'Permute', options: { dims: order.map((d) => d + 1) } }];
}

function reshaped(sizes: readonly number[]): Replacement {
  return { className: 'Reshape', options: { target_shape: sizes } };
}
