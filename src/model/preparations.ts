/**
 * Weights made ready, in the form in which kernels take them, whenever they may have changed: those of layers that others are folded
 * into, and filters that are transformed (Layer.prepareWeights). What training leaves alone is made ready once, what it changes at the
 * beginning of each step, for the whole batch, and before an inference after it.
 *
 * Of a step's share each worker has some layers. They are dealt out in turn, the largest first: all of it takes less than a hundredth
 * of a step, so the clock isn't asked.
 */
import type { Layer } from '../layers/layer.ts';
import { WEIGHT_USES, type WeightUse } from '../layers/stage.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import type { BlockRun } from './binding.ts';
import type { ParameterMemory, ProgramMemory, StageMemory, StepMemory } from './step-memory.ts';

/** Weights that training leaves alone, or the others. */
export type Preparable = 'fixed' | 'changing';

/** One layer's weights for one use, and where they go. */
interface Piece {
  readonly stage: number;
  readonly use: WeightUse;
  readonly prepared: FloatArray;
  readonly worker: number;
}

/** One worker's part of it. */
export class Preparations {
  readonly #memory: StepMemory;
  readonly #training: readonly BlockRun[];
  readonly #predictions: readonly BlockRun[];
  readonly #pieces: readonly Piece[];
  readonly #worker: number;

  /** @param training the runs of its stages' first block, like those of `predictions` */
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

  /** A step has something to make ready, for which all wait. */
  get areNeeded(): boolean {
    return this.#pieces.length > 0;
  }

  /** This worker's share of a step, for stages from there on; a piece at a time. */
  *ofStep(from: number, uses: readonly WeightUse[]): Generator<void, void> {
    for (const { stage, use, prepared, worker } of this.#pieces) {
      if (worker !== this.#worker || stage < from || !uses.includes(use)) continue;
      const { run } = this.#training[stage];
      run.stage.layer.prepareWeights(use, run, prepared);
      yield;
    }
  }

  /** All by itself: of `changing` ones those of inference. */
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
