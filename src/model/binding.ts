/** Binds a program's arrays to what layers get to see: the views of each block's first sample and all after it. */
import type { Kernels } from '../kernels/kernels.ts';
import type { LossRun } from '../losses/loss.ts';
import { type FloatArray, sizeOf } from '../tensor/tensor.ts';
import type { Place } from './placement.ts';
import { needsBackward, outputSize, type Plan } from './plan.ts';
import type { PlannedRun, PlannedStage } from './planned-stage.ts';
import { type GradientOutput, hasSums } from './program.ts';
import { type ProgramMemory, SHARD, type StepMemory } from './step-memory.ts';

/** One stage's run, and the gradients that are added to what other readers wrote once its backward pass is done. */
export interface BlockRun {
  readonly run: PlannedRun;
  readonly addends: readonly Addend[];
}

interface Addend {
  readonly addend: FloatArray;
  readonly sum: FloatArray;
  /** Elements a sample. */
  readonly size: number;
}

/**
 * One worker's runs: [block][stage]. A stage may have larger blocks than the program. In training a worker's samples begin with a shard,
 * so such a stage is bound only where one of its own blocks begins. In inference they may begin with any block.
 */
export function bindRuns(
  program: ProgramMemory,
  memory: StepMemory,
  kernels: Kernels,
  worker: number,
): BlockRun[][] {
  const outputs = gradientOutputs(program);
  const blocks = program === memory.training ? blocksOf(program) : program.stages.map(() => program.block);
  const runs: BlockRun[][] = [];
  for (const first of firstsOf(program, memory)) {
    const before = runs[runs.length - 1];
    const run = program.stages.map((_, s) =>
      first > 0 && (first % blocks[s] !== 0 || isWorkersOwn(program, s))
        ? before[s]
        : bindStage(program, memory, kernels, { worker, first, s }, outputs.get(s)),
    );
    runs.push(run);
  }
  return runs;
}

/** The runs of `predict`: those of inference, with other prepared weights where `predict` has its own way to compute. */
export function bindPredictions(inference: readonly BlockRun[][], { memory }: ProgramMemory): BlockRun[][] {
  return inference.map((block) =>
    block.map((each, s) => {
      const { prepared } = memory[s];
      return prepared.predict ? { ...each, run: { ...each.run, prepared } } : each;
    }),
  );
}

/** Samples of a block, by stage. */
function blocksOf({ stages, forward }: ProgramMemory): number[] {
  const blocks = stages.map(() => SHARD);
  for (const { passes, block } of forward) {
    for (const pass of passes) if (pass.kind !== 'loss') blocks[pass.stage] = block;
  }
  return blocks;
}

/** What the loss works on: [block]. */
export function bindLosses(program: ProgramMemory, plan: Plan, memory: StepMemory): LossRun[] {
  const C = outputSize(plan);
  const last = program.stages.length - 1;
  const isWanted = program === memory.training && last >= 0 && needsBackward(program.stages[last]);
  return firstsOf(program, memory).map((first): LossRun => {
    const x = (last < 0 ? memory.input : program.memory[last].y).subarray(first * C);
    const probabilities = memory.probabilities.subarray(first * C);
    return {
      C,
      x,
      folded: plan.folded !== null,
      probabilities,
      y: plan.folded ? probabilities : x,
      targets: memory.targets.subarray((first * memory.targets.length) / memory.batch),
      losses: memory.losses.subarray(first),
      dx: (isWanted && program.memory[last].dy?.subarray(first * C)) || null,
    };
  });
}

/** The first sample of each block. */
function firstsOf({ block }: ProgramMemory, { batch }: StepMemory): number[] {
  return Array.from({ length: Math.ceil(batch / block) }, (_, b) => b * block);
}

/** Whether all that a stage forward touches is in the worker's own memory: then its views are the same for all blocks. */
function isWorkersOwn({ placement: { y, kept }, stages, backward }: ProgramMemory, s: number): boolean {
  const isOwn = (where: Place): boolean => where !== 'batch';
  const { inputs, layer } = stages[s];
  const inputsAreOwn = inputs.every((input) => input >= 0 && isOwn(y[input]));
  const keepsNothing = layer.keptBytes(stages[s]) === 0 || isOwn(kept[s]);
  // Gradients and sums go by the shard, random numbers by the sample's place.
  const isForward =
    backward.length === 0 || !(needsBackward(stages[s]) || hasSums(stages[s]) || layer.isRandom());
  return isForward && inputsAreOwn && isOwn(y[s]) && keepsNothing;
}

function bindStage(
  program: ProgramMemory,
  memory: StepMemory,
  kernels: Kernels,
  { worker, first, s }: { worker: number; first: number; s: number },
  outputs: readonly GradientOutput[] = [],
): BlockRun {
  const { placement } = program;
  const stage = program.stages[s];
  const own = program.memory[s];
  const workers = memory.workers[worker];

  /** An array of so many elements a sample, from the block's first on. */
  const view = (where: Place | null, batchwide: FloatArray | null, size: number): FloatArray => {
    if (where === null) return NOTHING;
    return where === 'batch'
      ? (batchwide ?? NOTHING).subarray(first * size)
      : workers.floats.subarray(where.worker);
  };
  const output = (of: number): FloatArray =>
    of < 0
      ? memory.input.subarray(first * sizeOf(stage.inputShapes[stage.inputs.indexOf(of)]))
      : view(placement.y[of], program.memory[of].y, sizeOf(program.stages[of].outputShape));
  const gradient = (of: number): FloatArray =>
    view(placement.dy[of], program.memory[of].dy, sizeOf(program.stages[of].outputShape));

  const addends: Addend[] = [];
  const dxs = stage.inputs.map((input, i): FloatArray | null => {
    const goal = outputs[i];
    if (!goal) return null;
    const sum = gradient(input);
    if (!goal.adds) return sum;
    const size = sizeOf(stage.inputShapes[i]);
    const addend = view(placement.addends[s][i], own.addends[i], size);
    addends.push({ addend, sum, size });
    return addend;
  });
  const xs = stage.inputs.map(output);
  const where = placement.kept[s];
  const keptBytes = stage.layer.keptBytes(stage);
  const run: PlannedRun = {
    stage,
    kernels,
    xs,
    x: xs[0],
    y: output(s),
    dy: gradient(s),
    dxs,
    dx: dxs[0] ?? null,
    parameters: own.folded ? [own.folded.w, own.folded.b] : own.parameters.map(({ value }) => value),
    prepared: { ...own.prepared, predict: null },
    gradients: gradientsOf(stage, own.parameters, first / SHARD),
    kept: where === 'batch' ? own.kept.subarray(first * keptBytes) : workers.bytes.subarray(where.worker),
    scratch: workers.scratch,
    first,
    training: program === memory.training && stage.training,
    sums: own.sums && {
      forward: own.sums.forward.results[worker],
      backward: own.sums.backward.results[worker],
      part: own.sums.backward.parts[first / SHARD],
    },
  };
  return { run, addends };
}

/** Where parameters' gradients go; an empty array for those that have none. */
function gradientsOf(
  stage: PlannedStage,
  parameters: ProgramMemory['memory'][number]['parameters'],
  shard: number,
): FloatArray[] | null {
  if (!stage.weightGradient) return null;
  return parameters.map(({ gradient, partial }) =>
    partial ? partial.data.subarray(shard * partial.stride) : (gradient ?? NOTHING),
  );
}

function gradientOutputs({ backward }: ProgramMemory): Map<number, readonly GradientOutput[]> {
  const outputs = new Map<number, readonly GradientOutput[]>();
  for (const { passes } of backward) {
    for (const pass of passes) if (pass.kind === 'backward') outputs.set(pass.stage, pass.outputs);
  }
  return outputs;
}

const NOTHING = new Float32Array(0);
