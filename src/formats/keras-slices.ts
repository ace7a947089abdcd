/**
 * What is between the brackets of `x[:, 1:-1, ..., 0]`, as Keras 3 writes it:
 *
 *   [{ "class_name": "__slice__", "config": { "start": 1, "stop": -1, "step": null } }, { "class_name": "__ellipsis__" }, 0]
 *
 * Source: Keras' saving/serialization_lib.py.
 */
import type { Shape } from '../tensor/tensor.ts';
import { isList, isString } from './fields.ts';
import { isObject } from './json.ts';
import { activation, type Read, type Replacement } from './keras-operation-parts.ts';
import { snakeCase } from './keras-values.ts';
import type { Range, Step } from './slices.ts';

const ALL = { class_name: '__slice__', config: {} };

/** The ranges of a sample's dimensions; null: not all samples, a new dimension, back to front, or places that aren't there. */
export function rangesOf(key: unknown, sizes: Shape): Range[] | null {
  const given = isList(key) ? key : [key];
  const dots = given.findIndex((item) => isObject(item) && item.class_name === '__ellipsis__');
  const [before, behind] = dots < 0 ? [given, []] : [given.slice(0, dots), given.slice(dots + 1)];
  const left = 1 + sizes.length - before.length - behind.length;
  if (left < 0) return null;
  const items = [...before, ...Array.from({ length: left }, () => ALL), ...behind];
  const ranges = items.map((item, d) => rangeOf(item, d === 0 ? Infinity : sizes[d - 1]));
  const [batch, ...others] = ranges;
  const hasAll = batch?.begin === 0 && batch.end === Infinity && batch.step === 1;
  return hasAll && others.every((range) => range !== null) ? others : null;
}

/** The one dimension of a sample that is taken back to front, where all else is taken whole, as in `x[..., ::-1]`; null: there is none. */
export function turnedAxis(key: unknown, sizes: Shape): number | null {
  const isTurned = (item: unknown): boolean => {
    if (!isObject(item) || !isObject(item.config)) return false;
    const { start = null, stop = null, step } = item.config;
    return start === null && stop === null && step === -1;
  };
  const given = isList(key) ? key : [key];
  const at = given.findIndex(isTurned);
  if (at < 0) return null;
  const straight = rangesOf(given.with(at, ALL), sizes);
  const isWhole = straight?.every(
    ({ begin, end, step, isIndex }, d) => begin === 0 && end === sizes[d] && step === 1 && !isIndex,
  );
  if (!isWhole) return null;
  const dots = given.findIndex((item) => isObject(item) && item.class_name === '__ellipsis__');
  // Counted from the end after the dots; the first dimension is the batch.
  const axis = dots >= 0 && dots < at ? sizes.length + at - given.length : at - 1;
  return axis < 0 ? null : axis;
}

function rangeOf(item: unknown, size: number): Range | null {
  const place = (value: number): number => Math.min(Math.max(value < 0 ? size + value : value, 0), size);
  if (isWhole(item)) {
    const begin = place(item);
    return begin < size && item >= -size ? { begin, end: begin + 1, step: 1, isIndex: true } : null;
  }
  if (!isObject(item) || item.class_name !== '__slice__' || !isObject(item.config)) return null;
  const { start, stop, step } = item.config;
  const [begin, end, every] = [start ?? 0, stop ?? size, step ?? 1];
  // The batch's size isn't known.
  const isEnd = (value: unknown): value is number => isWhole(value) || value === size;
  if (!isWhole(begin) || !isEnd(end) || !isWhole(every) || every < 1) return null;
  return { begin: place(begin), end: place(end), step: every, isIndex: false };
}

function isWhole(value: unknown): value is number {
  return Number.isInteger(value);
}

/** The layers of a slice, one after the other. */
export function sliced(layer: Read, steps: readonly Step[]): Replacement {
  const last = steps.reduce<Read>((read, { className, config }) => {
    const options = Object.entries(config).map(([key, value]) => [snakeCase(key), value]);
    return { className, options: Object.fromEntries(options), reads: [read] };
  }, layer);
  return isString(last) ? activation('linear') : last;
}
