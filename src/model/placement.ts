/**
 * Where each array of a program is: in memory for the whole batch, or in a worker's own memory, which is used again as soon as the last
 * pass that touches the array is done.
 *
 * An array needs memory for the whole batch if a backward pass reads it, or if a later phase does (program.ts). All other arrays are
 * needed within one phase only, for one block at a time. In inference, and in the frozen part of a network, that is nearly all of them.
 */
import { sizeOf } from '../tensor/tensor.ts';
import { needsBackward } from './plan.ts';
import type { Pass, Phase, Program } from './program.ts';

/** Elements from `worker` on of each worker's memory, for one block; `batch`: an array for the whole batch. */
export type Place = 'batch' | { readonly worker: number };

/** Places by stage. */
export interface Placement {
  readonly y: readonly Place[];
  /** null: the stage's output has no gradient. */
  readonly dy: readonly (Place | null)[];
  /** By input: where its gradient is written before it is added to that of another stage that reads the same tensor. */
  readonly addends: readonly (readonly (Place | null)[])[];
  readonly kept: readonly Place[];
  /** Elements, and bytes, that each worker needs. */
  readonly elements: number;
  readonly bytes: number;
}

/** Elements between arrays, so that arrays of a multiple of 4 KB don't evict one another from the cache (arena.ts). */
const UNIT = 16;
const STAGGER = 3 * UNIT;

/** An array, and the passes that touch it. */
interface Value {
  /** The size for one sample. */
  readonly size: number;
  phase: Phase | null;
  first: number;
  last: number;
  forWholeBatch: boolean;
}

/** The arrays of a program, by stage. */
interface Values {
  readonly y: readonly Value[];
  readonly dy: readonly Value[];
  readonly addends: readonly (readonly Value[])[];
  readonly kept: readonly Value[];
}

/** @param keepAll all arrays get memory for the whole batch, since gradient checks read them */
export function place(program: Program, isKept: (stage: number) => boolean, keepAll: boolean): Placement {
  const values = valuesOf(program, isKept, keepAll);
  const { y, dy, addends, kept } = values;
  const phases = [...program.forward, ...program.backward];
  for (const phase of phases) {
    for (const [p, pass] of phase.passes.entries()) {
      for (const each of touched(pass, program, values)) touch(each, phase, p);
    }
  }
  let elements = 0;
  let bytes = 0;
  const placed = new Map<Value, Place>();
  for (const phase of phases) {
    const here = (all: readonly Value[]): Value[] =>
      all.filter((each) => each.phase === phase && !each.forWholeBatch);
    elements = Math.max(elements, pack(here([...y, ...dy, ...addends.flat()]), phase.block, placed));
    bytes = Math.max(bytes, pack(here(kept), phase.block, placed));
  }
  const placeOf = (each: Value): Place => placed.get(each) ?? 'batch';
  return {
    y: y.map(placeOf),
    dy: dy.map((each) => (each.phase ? placeOf(each) : null)),
    addends: addends.map((each) => each.map((a) => (a.phase ? placeOf(a) : null))),
    kept: kept.map(placeOf),
    ...{ elements, bytes },
  };
}

/** All arrays, before any pass is looked at. */
function valuesOf({ stages }: Program, isKept: (stage: number) => boolean, keepAll: boolean): Values {
  const value = (size: number, forWholeBatch = keepAll): Value => ({
    size,
    ...{ phase: null, first: 0, last: 0, forWholeBatch },
  });
  return {
    y: stages.map(({ outputShape }, s) => value(sizeOf(outputShape), keepAll || isKept(s))),
    // Weights' gradients may be taken once all samples are done. (What they read of inputs stays, as for any backward pass.)
    dy: stages.map(({ outputShape, weightGradient, layer }) =>
      value(sizeOf(outputShape), keepAll || (weightGradient && layer.gradientSplit === 'weights')),
    ),
    addends: stages.map(({ inputShapes }) => inputShapes.map((shape) => value(sizeOf(shape)))),
    kept: stages.map((stage) => value(stage.layer.keptBytes(stage))),
  };
}

/** The arrays that a pass reads or writes. */
function touched(pass: Pass, { stages }: Program, { y, dy, addends, kept }: Values): Value[] {
  if (pass.kind === 'loss') {
    const last = stages.length - 1;
    if (last < 0) return [];
    return needsBackward(stages[last]) ? [y[last], dy[last]] : [y[last]];
  }
  const s = pass.stage;
  const stage = stages[s];
  const inputs = stage.inputs.flatMap((input) => (input < 0 ? [] : [y[input]]));
  if (pass.kind === 'sumForward') return inputs;
  if (pass.kind === 'forward') return [...inputs, y[s], kept[s]];
  const reads = stage.layer.backwardReads(stage);
  const read = [...(reads.inputs ? inputs : []), ...(reads.output ? [y[s]] : []), kept[s], dy[s]];
  if (pass.kind !== 'backward') return read;
  return [
    ...read,
    ...pass.outputs.flatMap((output, i) => {
      if (!output) return [];
      return output.adds ? [dy[output.stage], addends[s][i]] : [dy[output.stage]];
    }),
  ];
}

function touch(value: Value, phase: Phase, pass: number): void {
  if (!value.phase) value.first = pass;
  if ((value.phase && value.phase !== phase) || phase.whole) value.forWholeBatch = true;
  value.phase = phase;
  value.last = pass;
}

/**
 * Puts values that live in one phase into one piece of memory: each where it fits first, beside those that live at the same time.
 * @returns the elements that they take.
 */
function pack(values: readonly Value[], block: number, placed: Map<Value, Place>): number {
  let end = 0;
  const there: { readonly value: Value; readonly from: number; readonly to: number }[] = [];
  for (const value of values.filter(({ size }) => size > 0).sort((a, b) => a.first - b.first)) {
    const size = Math.ceil((block * value.size) / UNIT) * UNIT + STAGGER;
    const neighbours = there
      .filter(({ value: other }) => other.first <= value.last && value.first <= other.last)
      .sort((a, b) => a.from - b.from);
    let from = 0;
    for (const other of neighbours) {
      if (from + size <= other.from) break;
      from = Math.max(from, other.to);
    }
    there.push({ value, from, to: from + size });
    placed.set(value, { worker: from });
    end = Math.max(end, from + size);
  }
  return end;
}
