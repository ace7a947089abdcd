/**
 * Where each array of a program stands: for the whole batch, or in a worker's own memory, which is taken again as soon as
 * the last pass that touches the array is done.
 *
 * What backward passes read of a forward pass has to stay for the whole batch, and so has what one phase hands to the next
 * (program.ts). All else lives within one phase, for one block at a time: in inference, and in the frozen part of a network,
 * nearly everything.
 */
import { type Shape, sizeOf } from '../tensor/tensor.ts';
import { needsBackward } from './plan.ts';
import type { Pass, Phase, Program } from './program.ts';

/** Elements from `worker` on of each worker's memory, for one block; `batch`: an array for the whole batch. */
export type Place = 'batch' | { readonly worker: number };

/** Places by stage. */
export interface Placement {
  readonly y: readonly Place[];
  /** null: the stage's output has no gradient. */
  readonly dy: readonly (Place | null)[];
  /** Where a gradient is written that is then added to another reader's, by input. */
  readonly addends: readonly (readonly (Place | null)[])[];
  readonly kept: readonly Place[];
  /** Elements, and bytes, that each worker needs. */
  readonly elements: number;
  readonly bytes: number;
}

/** Elements between arrays, so that those of 4 KB's multiples don't evict one another (arena.ts). */
const UNIT = 16;
const STAGGER = 3 * UNIT;

/** An array, and the passes that touch it. */
interface Value {
  /** Of a sample. */
  readonly size: number;
  phase: Phase | null;
  first: number;
  last: number;
  forWholeBatch: boolean;
}

/** @param keepAll everything is to stay for the whole batch: gradient checks look at it. */
export function place(program: Program, isKept: (stage: number) => boolean, keepAll: boolean): Placement {
  const { stages } = program;
  const value = (shape: Shape): Value => ({
    size: sizeOf(shape),
    ...{ phase: null, first: 0, last: 0, forWholeBatch: keepAll },
  });
  const y = stages.map(({ outputShape }, s) => ({
    ...value(outputShape),
    forWholeBatch: keepAll || isKept(s),
  }));
  const dy = stages.map(({ outputShape }) => value(outputShape));
  const addends = stages.map(({ inputShapes }) => inputShapes.map(value));
  const kept = stages.map((stage) => ({ ...value([]), size: stage.layer.keptBytes(stage) }));

  for (const phase of [...program.forward, ...program.backward]) {
    for (const [p, pass] of phase.passes.entries()) {
      for (const each of touched(pass)) touch(each, phase, p);
    }
  }
  for (const [s, stage] of stages.entries()) {
    // Weights' gradients that are taken once all samples are done. (What they read of inputs stays, as for any backward pass.)
    if (stage.weightGradient && stage.layer.gradientSplit === 'weights') dy[s].forWholeBatch = true;
  }

  const areas = { elements: 0, bytes: 0 };
  const placed = new Map<Value, Place>();
  for (const phase of [...program.forward, ...program.backward]) {
    const here = (values: readonly Value[]): Value[] =>
      values.filter((each) => each.phase === phase && !each.forWholeBatch);
    areas.elements = Math.max(
      areas.elements,
      pack(here([...y, ...dy, ...addends.flat()]), phase.block, placed),
    );
    areas.bytes = Math.max(areas.bytes, pack(here(kept), phase.block, placed));
  }
  const placeOf = (each: Value): Place => placed.get(each) ?? 'batch';
  return {
    y: y.map(placeOf),
    dy: dy.map((each) => (each.phase ? placeOf(each) : null)),
    addends: addends.map((each) => each.map((a) => (a.phase ? placeOf(a) : null))),
    kept: kept.map(placeOf),
    ...areas,
  };

  function touched(pass: Pass): Value[] {
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
