/**
 * Sums, means and norms along dimensions of a sample, as Keras' operations have them, in layers: the dimensions become one, between those
 * before and those behind, and a pooling goes along it.
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
  /** The dimensions, from ≤ d < to, of a sample. */
  readonly from: number;
  readonly to: number;
  readonly keepdims: boolean;
}

/** Mean, or maximum, by an operation's `axis` and `keepdims`. null: along the batch, or dimensions that aren't neighbours. */
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
    const axes = (isList(axis) ? axis : [axis]).map((each) => (axisOf(each, sizes.length + 1) ?? 0) - 1);
    const [from = -1, ...others] = [...new Set(axes)].sort((a, b) => a - b);
    const to = from + others.length + 1;
    const isRange = from >= 0 && to <= sizes.length && (others.at(-1) ?? from) === to - 1;
    const isLeft = keepdims === true || to - from < sizes.length; // a sample has a dimension here
    return isRange && isLeft ? make({ sizes, from, to, keepdims: keepdims === true }) : null;
  });
}

function pooled(kind: Pooling, of: Read, { sizes, from, to, keepdims }: Reduction): Exclude<Read, string> {
  const count = product(sizes.slice(from, to));
  const left = sizes.flatMap((size, d) => (d < from || d >= to ? [size] : keepdims ? [1] : []));
  const image = [product(sizes.slice(0, from)), count, product(sizes.slice(to))];
  const flat: Read = { className: 'Reshape', options: { target_shape: image }, reads: [of] };
  const windows = { pool_size: [1, count], strides: [1, count], padding: 'valid' };
  const along: Read = { className: `${kind}Pooling2D`, options: windows, reads: [flat] };
  return { className: 'Reshape', options: { target_shape: left }, reads: [along] };
}

function sum(of: Read, reduction: Reduction): Exclude<Read, string> {
  const { sizes, from, to } = reduction;
  const options = { scale: product(sizes.slice(from, to)), offset: 0 };
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
