/**
 * All arrays of a training step: parameters and what the optimizer keeps for them, activations and their gradients (for the
 * whole batch, or in each worker's own memory: placement.ts), targets, losses, and each worker's scratch.
 */
import type { Kernels } from '../kernels/kernels.ts';
import type { Layer, ParameterRole, PreparedWeights, WeightUse } from '../layers/layer.ts';
import { targetSize } from '../losses/loss.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { maximum } from '../tensor/maximum.ts';
import { type FloatArray, sizeOf } from '../tensor/tensor.ts';
import type { Arena } from './arena.ts';
import { countBlocks, needsNorm } from './clipping.ts';
import { type Placement, place } from './placement.ts';
import { outputSize, type Plan } from './plan.ts';
import { hasSums, inferenceProgram, type Program, SHARD, trainingProgram } from './program.ts';

export { SHARD } from './program.ts';

export interface StepMemoryOptions {
  /** The most samples that one step has. */
  readonly batch: number;
  readonly workers: number;
  /** Numbers a sample of each metric. */
  readonly metrics: readonly number[];
  readonly optimizer: Optimizer | null;
  /** Predictions and figures alone, without room for a backward pass. Default: false. */
  readonly infers?: boolean;
  /** Every array of the passes stays for the whole batch, to be looked at. Default: false. */
  readonly keepAll?: boolean;
}

/** How samples are dealt out to the threads; see training/session/shares.ts. All zeros at first. */
export interface SharesMemory {
  /** Milliseconds a sample, for each worker; 0: not known. */
  readonly paces: Float64Array;
  /** Where each worker's share of a batch ends, from 0 to 1; all 0: equal shares. */
  readonly ends: Float64Array;
}

/** The arrays of one parameter. */
export interface ParameterMemory {
  readonly role: ParameterRole;
  readonly value: FloatArray;
  /** Over the whole batch; null where it isn't trained. */
  readonly gradient: FloatArray | null;
  readonly slots: readonly FloatArray[];
  /** Sums of the gradient's squares, by block; null where no norm of it is wanted. See clipping.ts. */
  readonly squares: Float64Array | null;
  /** One gradient per shard, `stride` elements apart; null where the layer splits by weights, or it isn't trained. */
  readonly partial: { readonly data: FloatArray; readonly stride: number } | null;
}

/** The arrays of one stage. */
export interface StageMemory {
  readonly parameters: readonly ParameterMemory[];
  /** The folded weights and biases, where another layer is folded into them. */
  readonly folded: { readonly w: FloatArray; readonly b: FloatArray } | null;
  readonly prepared: PreparedWeights;
  /** For the whole batch; empty where it is in a worker's own memory. */
  readonly y: FloatArray;
  /** Likewise; null where nobody needs it. */
  readonly dy: FloatArray | null;
  readonly kept: Uint8Array;
  /** By input: its gradient, before it is added to another stage's; null where there is none, or it is in a worker's own memory. */
  readonly addends: readonly (FloatArray | null)[];
  readonly sums: SumsMemory | null;
}

/** A layer's sums over the batch: one part per shard, and the result, which every worker merges for itself. */
export interface SumsMemory {
  readonly forward: { readonly parts: readonly Float64Array[]; readonly results: readonly Float64Array[] };
  readonly backward: { readonly parts: readonly Float64Array[]; readonly results: readonly Float64Array[] };
}

/** A program with its arrays. */
export interface ProgramMemory extends Program {
  readonly placement: Placement;
  readonly memory: readonly StageMemory[];
}

/** What each worker has for itself. */
export interface WorkerMemory {
  /** Arrays that live within a phase, for one block. */
  readonly floats: FloatArray;
  readonly bytes: Uint8Array;
  readonly scratch: FloatArray;
}

export class StepMemory {
  readonly batch: number;
  readonly input: FloatArray;
  /** null: nothing is trained. */
  readonly training: ProgramMemory | null;
  readonly inference: ProgramMemory;
  /** The parameters of each layer that has any, of both programs. */
  readonly parameters: ReadonlyMap<Layer, readonly ParameterMemory[]>;
  /** Tensors that are kept once per sample, for the whole batch; in the order of the plan's cut. */
  readonly cut: readonly FloatArray[];
  /** Where a loss that folds an activation writes its values. */
  readonly probabilities: FloatArray;
  readonly targets: FloatArray | Int32Array;
  readonly losses: Float64Array;
  readonly metrics: readonly Float64Array[];
  readonly workers: readonly WorkerMemory[];
  /** Words by which threads wait for one another; see training/session/barrier.ts. */
  readonly control: Int32Array;
  readonly shares: SharesMemory;
  /** One word: how many samples, or tiles of the weights, the workers have taken so far. */
  readonly taken: Int32Array;

  constructor(plan: Plan, kernels: Kernels, options: StepMemoryOptions, arena: Arena) {
    const { batch, workers } = options;
    const shards = Math.ceil(batch / SHARD);
    this.batch = batch;
    this.control = arena.ints(16);
    this.shares = { paces: arena.doubles(workers), ends: arena.doubles(workers) };
    this.taken = arena.ints(1);
    this.parameters = parametersOfPlan(plan, shards, options, arena);
    this.input = arena.floats(batch * sizeOf(plan.inputShape));

    const tensorOf = tensorArrays(batch, arena);
    const making = { plan, kernels, options, shards, parameters: this.parameters, tensorOf, arena };
    this.training =
      plan.loss && !options.infers
        ? programMemory(trainingProgram(plan.stages), plan.tensors.stages, making)
        : null;
    this.inference = programMemory(
      inferenceProgram(plan.inference, Math.ceil(batch / workers)),
      plan.tensors.inference,
      making,
    );
    this.cut = plan.cut.map(({ tensor, shape }) => tensorOf(tensor, sizeOf(shape)));

    const outputs = batch * outputSize(plan);
    const { loss } = plan;
    const targets = loss ? batch * targetSize(loss, plan.outputShape) : 0;
    this.probabilities = arena.floats(loss?.folds ? outputs : 0);
    this.targets = loss?.targetKind === 'classes' ? arena.ints(targets) : arena.floats(targets);
    this.losses = arena.doubles(batch);
    this.metrics = options.metrics.map((width) => arena.doubles(batch * width));
    const programs = [this.inference, ...(this.training ? [this.training] : [])];
    const most = (of: (program: ProgramMemory) => number): number => maximum(programs.map(of), 0);
    const scratch = most(({ stages }) =>
      maximum(
        stages.map((stage) => stage.layer.scratchSize(stage, kernels, batch)),
        0,
      ),
    );
    this.workers = Array.from({ length: workers }, () => ({
      floats: arena.floats(most(({ placement }) => placement.elements)),
      bytes: arena.bytesArray(most(({ placement }) => placement.bytes)),
      scratch: arena.floats(scratch),
    }));
  }

  /** The arrays of the plan's stages. */
  get stages(): readonly StageMemory[] {
    return (this.training ?? this.inference).memory;
  }
}

/** What the arrays of a program are made with. */
interface Making {
  readonly plan: Plan;
  readonly kernels: Kernels;
  readonly options: StepMemoryOptions;
  readonly shards: number;
  readonly parameters: ReadonlyMap<Layer, readonly ParameterMemory[]>;
  readonly tensorOf: (tensor: number, size: number) => FloatArray;
  readonly arena: Arena;
}

/** A tensor for the whole batch, by its number: what both programs have is one array, which one fills and the other reads. */
function tensorArrays(batch: number, arena: Arena): Making['tensorOf'] {
  const tensors = new Map<number, FloatArray>();
  return (tensor, size) => {
    const known = tensors.get(tensor);
    if (known) return known;
    const made = arena.floats(batch * size);
    tensors.set(tensor, made);
    return made;
  };
}

/** @param ids the number of each stage's tensor */
function programMemory(program: Program, ids: readonly number[], making: Making): ProgramMemory {
  const { plan, options } = making;
  const last = program.stages.length - 1;
  const cut = new Set(plan.cut.map(({ tensor }) => tensor));
  const placement = place(program, (s) => s === last || cut.has(ids[s]), options.keepAll ?? false);
  const memory = program.stages.map((_, s) => stageMemory(program, s, ids[s], placement, making));
  return { ...program, placement, memory };
}

/** @param id number of the stage's tensor */
function stageMemory(
  { stages }: Program,
  s: number,
  id: number,
  placement: Placement,
  { plan, kernels, options, shards, parameters, tensorOf, arena }: Making,
): StageMemory {
  const { batch, workers } = options;
  const stage = stages[s];
  const { layer, outputShape, scale, inputShapes } = stage;
  const size = sizeOf(outputShape);
  const forBatch = (where: unknown): boolean => where === 'batch';
  const prepared = (use: WeightUse): FloatArray | null => {
    const elements = layer.preparedSize(use, stage, kernels);
    return elements > 0 ? arena.floats(elements) : null;
  };
  return {
    parameters: parameters.get(layer) ?? [],
    folded: scale && {
      w: arena.floats(sizeOf(layer.parameters[0].shape)),
      b: arena.floats(outputShape[outputShape.length - 1]),
    },
    prepared: {
      // Without a loss there is `predict` alone.
      forward: plan.loss || !stage.largeTiles ? prepared('forward') : null,
      predict: prepared('predict'),
      backward: prepared('backward'),
    },
    y: forBatch(placement.y[s]) ? tensorOf(id, size) : arena.floats(0),
    dy: placement.dy[s] === null ? null : arena.floats(forBatch(placement.dy[s]) ? batch * size : 0),
    kept: arena.bytesArray(forBatch(placement.kept[s]) ? batch * layer.keptBytes(stage) : 0),
    addends: placement.addends[s].map((where, i) =>
      forBatch(where) ? arena.floats(batch * sizeOf(inputShapes[i])) : null,
    ),
    sums: hasSums(stage) ? sumsOf(layer.batchSums(stage), shards, workers, arena) : null,
  };
}

/** Of the layers of both programs, and of those that are folded into others, whose parameters stand still. */
function parametersOfPlan(
  plan: Plan,
  shards: number,
  { optimizer, infers }: StepMemoryOptions,
  arena: Arena,
): ReadonlyMap<Layer, readonly ParameterMemory[]> {
  const parameters = new Map<Layer, readonly ParameterMemory[]>();
  const stages = [...plan.stages, ...plan.inference];
  for (const { layer, roles } of stages) {
    if (parameters.has(layer)) continue;
    const kept = infers ? fixed(roles) : roles;
    parameters.set(layer, parametersOf(layer, kept, shards, optimizer, arena));
  }
  for (const { scale } of stages) {
    if (!scale || parameters.has(scale.layer)) continue;
    const roles = fixed(scale.layer.parameters);
    parameters.set(scale.layer, parametersOf(scale.layer, roles, shards, null, arena));
  }
  return parameters;
}

/** As many parameters that stand still. */
const fixed = (some: readonly unknown[]): ParameterRole[] => some.map(() => 'fixed');

function parametersOf(
  layer: Layer,
  roles: readonly ParameterRole[],
  shards: number,
  optimizer: Optimizer | null,
  arena: Arena,
): ParameterMemory[] {
  return layer.parameters.map(({ shape }, p): ParameterMemory => {
    const size = sizeOf(shape);
    const stride = Math.ceil(size / 16) * 16 + 16;
    const role = roles[p];
    const isTrained = role === 'trained';
    return {
      role,
      value: arena.floats(size),
      gradient: isTrained ? arena.floats(size) : null,
      slots: isTrained ? (optimizer?.slots ?? []).map(() => arena.floats(size)) : [],
      squares: isTrained && needsNorm(optimizer?.clipping) ? arena.doubles(countBlocks(size)) : null,
      partial:
        isTrained && layer.gradientSplit === 'samples'
          ? { data: arena.floats(shards * stride), stride }
          : null,
    };
  });
}

function sumsOf(
  size: ReturnType<Layer['batchSums']>,
  shards: number,
  workers: number,
  arena: Arena,
): SumsMemory | null {
  if (!size) return null;
  const arrays = (count: number, length: number) =>
    Array.from({ length: count }, () => arena.doubles(length));
  const { forward, backward } = size;
  return {
    forward: { parts: arrays(shards, forward.part), results: arrays(workers, forward.result) },
    backward: { parts: arrays(shards, backward.part), results: arrays(workers, backward.result) },
  };
}
