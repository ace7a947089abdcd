/**
 * `ops.pad` of Keras' functional models: zeros, or what a mirror at the edges shows, along any dimension.
 *
 *   reflect: dcb|abcd|cba        symmetric: cba|abcd|dcb
 *
 * A mirror is put together of slices that are one wide; so its margins are small. Source: keras/src/ops/numpy.py.
 */
import { isList } from './fields.ts';
import { isCount, wordOf } from './json.ts';
import {
  isTensor,
  type Operand,
  type Operation,
  type Read,
  type Replacement,
  reshaped,
  withShape,
} from './keras-operation-parts.ts';
import { sliced } from './keras-slices.ts';
import { sliceSteps } from './slices.ts';

/** The most slices of a margin. */
const MOST_SLICES = 8;

/** The layers that pad; null: other margins, or another mode. */
export function padded({ operands: [x], options }: Operation): Replacement | null {
  const { pad_width: margins, mode = 'constant', constant_values: value } = options;
  if (!isMargins(margins) || margins[0].some((size) => size > 0)) return null;
  const how = wordOf(mode).toLowerCase();
  if (how === 'constant') {
    return value ? null : withZeros(x, margins.slice(1));
  }
  if (how !== 'reflect' && how !== 'symmetric') return null;
  // With `symmetric` the edge itself is seen.
  const edge = how === 'reflect' ? 1 : 0;
  return withShape(x, (sizes) => {
    const own = margins.slice(1);
    const fits = own.every(([a, b], d) => Math.max(a, b) <= Math.min(MOST_SLICES, sizes[d] - edge));
    return own.length === sizes.length && fits && 'layer' in x ? mirrored(x.layer, sizes, own, edge) : null;
  });
}

/** Zeros around an image; of other samples and dimensions, of what has been made an image of them. */
function withZeros(x: Operand, margins: readonly Margin[]): Replacement | null {
  const [rows, columns = NONE, channels = NONE] = margins;
  const around = zeros([rows, columns]);
  if (margins.length === 3 && channels.every((size) => size === 0)) return around;
  return withShape(x, (sizes) => {
    if (!isTensor(x) || sizes.length !== margins.length || sizes.length > 3) return null;
    if (sizes.length < 3) {
      const grown = sizes.map((size, d) => margins[d][0] + size + margins[d][1]);
      const [H, W = 1] = sizes;
      const image: Read = { ...reshaped([H, W, 1]), reads: [x.layer] };
      return { ...reshaped(grown), reads: [{ ...around, reads: [image] }] };
    }
    const padded: Read = { ...around, reads: [x.layer] };
    const turned: Read = { ...TURNED, reads: [padded] };
    return { ...TURNED, reads: [{ ...zeros([channels, NONE]), reads: [turned] }] };
  });
}

function zeros(padding: readonly Margin[]): Replacement {
  return { className: 'ZeroPadding2D', options: { padding } };
}

/** Channels and rows change places. */
const TURNED: Replacement = { className: 'Permute', options: { dims: [3, 2, 1] } };
const NONE: Margin = [0, 0];

/** One dimension after the other. */
function mirrored(
  layer: string,
  sizes: readonly number[],
  margins: readonly Margin[],
  edge: number,
): Replacement | null {
  const now = [...sizes];
  let last: Read = layer;
  for (const [axis, [before, after]] of margins.entries()) {
    if (before + after === 0) continue;
    const whole = last;
    const one = (place: number): Read => {
      if (now[axis] === 1) return whole;
      const ranges = now.map((size, d) => ({
        ...(d === axis ? { begin: place, end: place + 1 } : { begin: 0, end: size }),
        ...{ step: 1, isIndex: false },
      }));
      return sliced(whole, sliceSteps(now, ranges)) as Exclude<Read, string>; // of more than one place, so there is a step
    };
    const reads: Read[] = [
      ...Array.from({ length: before }, (_, i) => one(before - 1 - i + edge)),
      whole,
      ...Array.from({ length: after }, (_, i) => one(now[axis] - 1 - edge - i)),
    ];
    now[axis] += before + after;
    last = { className: 'Concatenate', options: { axis: axis + 1 }, reads };
  }
  return typeof last === 'string' ? null : last;
}

type Margin = readonly [number, number];

function isMargins(value: unknown): value is readonly Margin[] {
  return (
    isList(value) &&
    value.length > 1 &&
    value.every((margin) => isList(margin) && margin.length === 2 && margin.every(isCount))
  );
}
