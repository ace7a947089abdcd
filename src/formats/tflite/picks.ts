/**
 * Operators that put a tensor together of its own slices: turned round (STRIDED_SLICE with a step of −1, as BGR of RGB), picked (GATHER), repeated
 * (TILE), and mirrored at the edges (MIRROR_PAD). Each slice is one wide; so there are few.
 */
import { concatenate, reshape } from '../../layers/index.ts';
import type { LayerConfig, SymbolicTensor } from '../../layers/layer.ts';
import { layerFromConfig } from '../../layers/registry.ts';
import { sliceSteps } from '../slices.ts';
import { behind, type Call } from './call.ts';
import { OPTIONS } from './options.ts';

/** The most parts that a tensor is put together of. */
const MOST_PARTS = 16;

/** `x[..., indices, ...]` along one dimension of a sample. */
function picked(call: Call, axis: number, indices: readonly number[]): SymbolicTensor {
  const x = call.input(0);
  return joined(call, axis, indices, (index, what) => sliceAt(call, x, axis, index, what));
}

/** Back to front along one dimension. */
export function turned(call: Call, axis: number): SymbolicTensor {
  const size = few(call.input(0).shape[axis]);
  return picked(
    call,
    axis,
    Array.from({ length: size }, (_, i) => size - 1 - i),
  );
}

/** Indices along one dimension, which the file says. */
export function gathering(call: Call): SymbolicTensor {
  const options = call.options(OPTIONS.gather);
  const { shape } = call.input(0);
  const given = options.int(0);
  const axis = (given < 0 ? given + shape.length + 1 : given) - 1;
  const indices = call.whole(1);
  const isThere = indices.every((index) => index >= 0 && index < (shape[axis] ?? 0));
  // A single index, which isn't in a list, takes its dimension away.
  const isOne = indices.length === 1 && call.outputShape.length === shape.length - 1;
  if (options.int(1) !== 0 || !isThere || (call.outputShape.length !== shape.length && !isOne)) {
    throw new RangeError(
      `indices must be a list of places along a dimension of a sample [${shape}], got [${indices}] along ${given}`,
    );
  }
  if (!isOne) return picked(call, axis, indices);
  const slice = sliceAt(call, call.input(0), axis, indices[0], 'part');
  return call.put(reshape({ ...call.own, targetShape: call.outputShape }), slice);
}

/** So many times each dimension, one after the other. */
export function tiling(call: Call): SymbolicTensor {
  const [samples, ...times] = call.whole(1);
  if (samples !== 1) throw new RangeError(`samples must stay as many as they are, got ${samples} times`);
  const last = times.findLastIndex((count) => count > 1);
  return times.reduce((x, count, axis) => {
    const parts = Array.from({ length: few(count) }, () => 0);
    return joined(call, axis, parts, () => x, axis === last ? call.own : behind(call, `${axis}`));
  }, call.input(0));
}

/** REFLECT leaves the edge out, SYMMETRIC has it twice. */
export function mirroring(call: Call): SymbolicTensor {
  const edge = call.options(OPTIONS.mirrorPad).byte(0) === 0 ? 1 : 0;
  const margins = call.whole(1);
  if (margins[0] !== 0 || margins[1] !== 0) throw new RangeError('samples must stay as many as they are');
  const { shape } = call.input(0);
  return shape.reduce((x, size, axis) => {
    const [before, after] = margins.slice(2 * axis + 2);
    const indices = [
      ...Array.from({ length: few(before) }, (_, i) => before - 1 - i + edge),
      -1,
      ...Array.from({ length: few(after) }, (_, i) => size - 1 - edge - i),
    ];
    // −1 stands for the tensor itself.
    const part = (index: number, what: string): SymbolicTensor =>
      index < 0 ? x : sliceAt(call, x, axis, index, `${axis}_${what}`);
    return joined(call, axis, indices, part, behind(call, `${axis}`));
  }, call.input(0));
}

function joined(
  call: Call,
  axis: number,
  indices: readonly number[],
  part: (index: number, what: string) => SymbolicTensor,
  own = call.own,
): SymbolicTensor {
  few(indices.length);
  if (indices.length === 1) return part(indices[0], '');
  const parts = indices.map((index, i) => part(index, `part_${i}`));
  return call.put(concatenate({ ...own, axis: axis + 1 }), parts);
}

/** The number, before anything of so many parts is made. @throws RangeError where they are too many. */
function few(count: number): number {
  if (count <= MOST_PARTS) return count;
  throw new RangeError(`a tensor must be put together of at most ${MOST_PARTS} parts, got ${count}`);
}

/** A slice that is one wide. @param what it is called behind the operator's name, which the last layer has alone where it is empty */
function sliceAt(call: Call, x: SymbolicTensor, axis: number, index: number, what: string): SymbolicTensor {
  const ranges = x.shape.map((size, d) =>
    d === axis
      ? { begin: index, end: index + 1, step: 1, isIndex: false }
      : { begin: 0, end: size, step: 1, isIndex: false },
  );
  return sliceSteps(x.shape, ranges).reduce((y, { className, config }, i, { length }) => {
    const { name = '' } = what === '' && i === length - 1 ? call.own : behind(call, `${what || 'part'}_${i}`);
    const own: LayerConfig = { ...config, name, trainable: true };
    return call.put(layerFromConfig(className, own), y);
  }, x);
}
