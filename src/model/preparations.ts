/**
 * Weights are prepared for the kernels whenever they may have changed: weights into which another layer is folded, and transformed filters
 * (Layer.prepareWeights). Weights that training doesn't change are prepared once. The others are prepared at the beginning of each step,
 * for the whole batch, and before an inference that follows a training.
 *
 * In a step each worker prepares the weights of some layers. They are dealt out in turn, the largest first. All of it takes less than a
 * hundredth of a step, so it needn't be divided by the workers' speed.
 */
import type { Layer } from '../layers/layer.ts';
import { WEIGHT_USES, type WeightUse } from '../layers/stage.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import type { BlockRun } from './binding.ts';
import type { ParameterMemory, ProgramMemory, StageMemory, StepMemory } from './step-memory.ts';

/** `fixed`: weights that training doesn't change; `changing`: the others. */
export type Preparable = 'fixed' | 'changing';

/** One layer's weights for one use, and where they go. */
interface Piece {
  readonly stage: number;
  readonly use: WeightUse;
  readonly prepared: FloatArray;
  readonly worker: number;
}

/** One worker's part of the preparations. */
export class Preparations {
  readonly #memory: StepMemory;
  readonly #training: readonly BlockRun[];
  readonly #predictions: readonly BlockRun[];
  readonly #pieces: readonly Piece[];
  readonly #worker: number;

  /** @param memory the step's memory; then the first block's runs of all stages, in training and in `predict` */
  constructor(
    memory: StepMemory,
    { training, predictions }: Readonly<Record<'training' | 'predictions', readonly BlockRun[]>>,
    worker: number,
    workers: number,
  ) {
    this.#memory = memory;
    this.#training = training;
    this.#predictions = predictions;
    this.#pieces = dealPieces(memory, workers);
    this.#worker = worker;
  }

  /** Whether a step prepares any weights, for which all workers must wait. */
  get areNeeded(): boolean {
    return this.#pieces.length > 0;
  }

  /** Prepares this worker's share in a step, of the stages from `from` on; it yields after each piece. */
  *ofStep(from: number, uses: readonly WeightUse[]): Generator<void, void> {
    for (const { stage, use, prepared, worker } of this.#pieces) {
      if (worker !== this.#worker || stage < from || !uses.includes(use)) continue;
      const { run } = this.#training[stage];
      run.stage.layer.prepareWeights(use, run, prepared);
      yield;
    }
  }

  /** Prepares all weights alone; `changing` weights for inference only. */
  prepareAll(which: Preparable): void {
    const { training, inference } = this.#memory;
    this.#prepareProgram(inference, this.#predictions, which);
    if (training && which === 'fixed') this.#prepareProgram(training, this.#training, which);
  }

  #prepareProgram(program: ProgramMemory, runs: readonly BlockRun[], which: Preparable): void {
    for (const s of program.stages.keys()) {
      if (kindOf(this.#memory, program, s) !== which) continue;
      foldWeights(this.#memory, program, s);
      const { run } = runs[s];
      for (const { use, prepared } of wanted(program.memory[s]))
        run.stage.layer.prepareWeights(use, run, prepared);
    }
  }
}

/** What every step of training makes ready, dealt out to so many workers. */
function dealPieces(memory: StepMemory, workers: number): Piece[] {
  const { training } = memory;
  if (!training) return [];
  return training.memory
    .flatMap((arrays, stage) =>
      kindOf(memory, training, stage) === 'fixed' ? [] : wanted(arrays).map((each) => ({ ...each, stage })),
    )
    .sort((a, b) => b.prepared.length - a.prepared.length)
    .map((each, p) => ({ ...each, worker: p % workers }));
}

/** The uses for which a stage's layer takes weights in another form. */
function wanted({ prepared }: StageMemory): { readonly use: WeightUse; readonly prepared: FloatArray }[] {
  return WEIGHT_USES.flatMap((use) => {
    const array = prepared[use];
    return array ? [{ use, prepared: array }] : [];
  });
}

/** Whether training changes a parameter of a stage's layer, or of what is folded into its weights. */
function kindOf(memory: StepMemory, { stages }: ProgramMemory, s: number): Preparable {
  const { layer, scale } = stages[s];
  const memories = [layer, ...(scale ? [scale.layer] : [])].flatMap((each) => memoryOf(memory, each));
  return memories.some(({ role }) => role !== 'fixed') ? 'changing' : 'fixed';
}

/** Writes the weights of a stage into which another layer is folded. */
function foldWeights(step: StepMemory, { stages, memory }: ProgramMemory, s: number): void {
  const { layer, scale } = stages[s];
  const { folded } = memory[s];
  if (!scale || !folded) return;
  const [w, b = null] = memoryOf(step, layer).map(({ value }) => value);
  const own = memoryOf(step, scale.layer).map(({ value }) => value);
  scale.into(own, w, b, folded);
}

/** Every layer of a stage has an entry, and what is folded into its weights. */
function memoryOf({ parameters }: StepMemory, layer: Layer): readonly ParameterMemory[] {
  return parameters.get(layer) as readonly ParameterMemory[];
}
