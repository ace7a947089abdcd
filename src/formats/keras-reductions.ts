/**
 * Sums, means and norms along dimensions of a sample, as Keras' operations have them, in layers: neighbouring dimensions become one, between those
 * before and those behind, and a pooling goes along it; along others one pooling follows the other.
 *
 *   mean of [4, 5, 6] along 5   →   Reshape [4, 5, 6], AveragePooling2D of 1×5, Reshape [4, 6], or [4, 1, 6] where dimensions are kept
 */
import { isList } from './fields.ts';
import type { JsonObject } from './json.ts';
import {
  axisOf,
  numbersLike,
  type Read,
  type Replacement,
  type Tensor,
  withShape,
} from './keras-operation-parts.ts';

/** What is left of the numbers along a dimension: their mean, or the largest. */
export type Pooling = 'Average' | 'Max';

/** Keras' own, where nothing else is said. */
const EPSILON = 1e-7;

/** What is reduced: a layer's output, or what is made of it, of `sizes`. */
interface Reduction {
  readonly sizes: readonly number[];
  /** The dimensions of a sample, ascending. */
  readonly axes: readonly number[];
  readonly keepdims: boolean;
}

/** Mean, or maximum, by an operation's `axis` and `keepdims`. null: along the batch. */
export function reduction(kind: Pooling, x: Tensor, options: JsonObject): Replacement | null {
  return along(x, options, (of) => pooled(kind, x.layer, of));
}

/** −max(−x) */
export function minimumAlong(x: Tensor, options: JsonObject): Replacement | null {
  return along(x, options, (of) => negative(pooled('Max', negative(x.layer), of)));
}

export function sumAlong(x: Tensor, options: JsonObject): Replacement | null {
  return along(x, options, (of) => sum(x.layer, of));
}

/** √Σx² */
export function norm(x: Tensor, options: JsonObject): Replacement | null {
  if (options.ord !== null && options.ord !== 2) return null;
  return along(x, options, (of) => elementwise('sqrt', sum(square(x.layer), of)));
}

/** The mean of (x − mean)², or its root. */
export function spread(x: Tensor, options: JsonObject, isRoot: boolean): Replacement | null {
  return along(x, options, (of) => {
    const mean = pooled('Average', x.layer, { ...of, keepdims: true });
    const centred: Read = { className: 'Subtract', reads: [x.layer, mean] };
    const variance = pooled('Average', square(centred), of);
    return isRoot ? elementwise('sqrt', variance) : variance;
  });
}

/** x/√(Σx²), or x/ε where that is less. */
export function normalized(x: Tensor, { axis = -1, order = 2, epsilon }: JsonObject): Replacement | null {
  if (order !== 2) return null;
  const least = typeof epsilon === 'number' ? epsilon : EPSILON;
  return along(x, { axis, keepdims: true }, (of) => ofLength1(x.layer, of, least));
}

function ofLength1(layer: string, of: Reduction, least: number): Exclude<Read, string> {
  const squares = sum(square(layer), of);
  const above: Read = { className: 'Maximum', reads: [squares, numbersLike(squares, least * least)] };
  return { className: 'Multiply', reads: [layer, elementwise('rsqrt', above)] };
}

/** Σ x·y of two vectors, each of length 1 first where they are normalised. null: of other tensors. */
export function dot(x: Tensor, y: Tensor, { axes, normalize = false }: JsonObject): Replacement | null {
  const isLast = (isList(axes) ? axes : [axes]).every((axis) => axis === 1 || axis === -1);
  if (!isLast) return null;
  return along(x, { axis: -1, keepdims: true }, (of) => {
    const [a, b] = [x, y].map((each) => (normalize ? ofLength1(each.layer, of, EPSILON) : each.layer));
    return of.sizes.length === 1 ? sum({ className: 'Multiply', reads: [a, b] }, of) : null;
  });
}

/** A function of each element. */
export function elementwise(operation: string, of: Read): Exclude<Read, string> {
  return { className: 'Elementwise', options: { operation }, reads: [of] };
}

function along(
  x: Tensor,
  { axis, keepdims = false }: JsonObject,
  make: (of: Reduction) => Replacement | null,
): Replacement | null {
  return withShape(x, (sizes) => {
    const given = (isList(axis) ? axis : [axis]).map((each) => (axisOf(each, sizes.length + 1) ?? 0) - 1);
    const axes = [...new Set(given)].sort((a, b) => a - b);
    const isSound = axes.length > 0 && axes[0] >= 0;
    const isLeft = keepdims === true || axes.length < sizes.length; // a sample has a dimension here
    return isSound && isLeft ? make({ sizes, axes, keepdims: keepdims === true }) : null;
  });
}

function pooled(kind: Pooling, of: Read, { sizes, axes, keepdims }: Reduction): Exclude<Read, string> {
  let read = of;
  let left = sizes;
  for (const [from, to] of neighbours(axes)) {
    const count = product(left.slice(from, to));
    const image = [product(left.slice(0, from)), count, product(left.slice(to))];
    const flat: Read = { className: 'Reshape', options: { target_shape: image }, reads: [read] };
    const windows = { pool_size: [1, count], strides: [1, count], padding: 'valid' };
    read = { className: `${kind}Pooling2D`, options: windows, reads: [flat] };
    left = left.map((size, d) => (d >= from && d < to ? 1 : size));
  }
  const target_shape = keepdims ? left : sizes.filter((_, d) => !axes.includes(d));
  return { className: 'Reshape', options: { target_shape }, reads: [read] };
}

/** The dimensions, from ≤ d < to, that are side by side. */
function neighbours(axes: readonly number[]): [from: number, to: number][] {
  const ranges: [number, number][] = [];
  for (const axis of axes) {
    const last = ranges.at(-1);
    if (last?.[1] === axis) last[1] = axis + 1;
    else ranges.push([axis, axis + 1]);
  }
  return ranges;
}

function sum(of: Read, reduction: Reduction): Exclude<Read, string> {
  const { sizes, axes } = reduction;
  const options = { scale: product(axes.map((d) => sizes[d])), offset: 0 };
  return { className: 'Rescaling', options, reads: [pooled('Average', of, reduction)] };
}

function square(of: Read): Read {
  return { className: 'Multiply', reads: [of, of] };
}

function negative(of: Read): Exclude<Read, string> {
  return { className: 'Rescaling', options: { scale: -1, offset: 0 }, reads: [of] };
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}
