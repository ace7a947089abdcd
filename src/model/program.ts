/**
 * A plan as a sequence of passes, and where threads wait for one another.
 *
 * Passes are grouped into phases. Within a phase a worker goes through its samples block by block, so that what one pass writes is still
 * in the cache when the next pass reads it. Where layers read megabytes of weights, each pass goes through all samples at once instead
 * (`whole`). In training a block is a shard of 8 samples. In inference, and in the frozen first layers, nothing is summed over samples, so
 * a block is as large as the cache allows, but no more than a worker's share of a batch: few large images, more small ones.
 * Where a layer needs sums over the batch, a phase ends and all workers wait: the next phase begins with these sums.
 */
import { maximum } from '../tensor/maximum.ts';
import { sizeOf } from '../tensor/tensor.ts';
import { needsBackward } from './plan.ts';
import type { PlannedStage } from './planned-stage.ts';

/**
 * Consecutive samples whose weight gradients are added up first, whatever the number of threads; see
 * docs/order-of-sums.md.
 */
export const SHARD = 8;

/** Numbers in a stage's inputs and output for which a block grows: 1 MB, which fits into a core's own cache. */
const IN_OWN_CACHE = 2 ** 18;

/** The most numbers that a block may have there: 4 MB, for which two threads find room in the caches behind their own. */
const MOST_IN_BLOCK = 2 ** 20;

/** One pass of one stage, or the loss. */
export type Pass =
  | { readonly kind: 'forward' | 'sumForward' | 'sumBackward'; readonly stage: number }
  | { readonly kind: 'backward'; readonly stage: number; readonly outputs: readonly GradientOutput[] }
  | { readonly kind: 'loss' };

/**
 * Where the gradient of an input goes: to the output gradient of the stage that gave the input; null: nobody needs it. `adds`: a later stage
 * that reads the same tensor has written there before, so this gradient is added.
 */
export type GradientOutput = { readonly stage: number; readonly adds: boolean } | null;

export interface Phase {
  readonly passes: readonly Pass[];
  /** true: each pass goes through all of a worker's samples before the next pass begins; false: block by block. */
  readonly whole: boolean;
  /** Samples of a block; a multiple of the program's. */
  readonly block: number;
  /** The sums over the batch with which the phase begins, when all workers have ended the phase before. */
  readonly merges: { readonly pass: 'forward' | 'backward'; readonly stage: number } | null;
}

/** Phases forward (up to the loss, where there is one) and backward; all workers wait before one with `merges`. */
export interface Program {
  readonly stages: readonly PlannedStage[];
  /** Samples of its phases' smallest block; a divisor of the shard. */
  readonly block: number;
  /** Samples that are loaded at once: shards in training, so that features which aren't kept yet are computed together. */
  readonly loaded: number;
  readonly forward: readonly Phase[];
  readonly backward: readonly Phase[];
}

/**
 * The passes of a training step. Before the first stage that computes backward or sums over the batch nothing asks for shards: these
 * frozen stages go block by block as in inference. (MobileNetV2's by shards: 1.3 times the time, 1.7 of the depthwise ones.)
 */
export function trainingProgram(stages: readonly PlannedStage[]): Program {
  const asking = stages.findIndex((stage) => needsBackward(stage) || hasSums(stage));
  const before = blocksOf(stages.slice(0, asking < 0 ? stages.length : asking), SHARD);
  const blocks = stages.map((_, s) => before[s] ?? SHARD);
  const [block = SHARD] = blocks;
  return {
    ...{ stages, block, loaded: SHARD },
    forward: forwardPhases(stages, blocks, true),
    backward: backwardPhases(stages),
  };
}

/**
 * The passes of inference; the loss, if any, is measured apart.
 * @param share one worker's share of a batch, if all have the same
 */
export function inferenceProgram(stages: readonly PlannedStage[], share: number): Program {
  const blocks = blocksOf(stages, share);
  const [block = 1] = blocks;
  const forward = forwardPhases(stages, blocks, false);
  return { stages, block, loaded: forward[0].block, forward, backward: [] };
}

/**
 * Samples of a block, by stage: 1, 2, 4 or 8, but no more than a worker's share. A block is as large as a core's own cache allows. It is
 * larger where a layer has many weights and small images, since each block reads the weights again. (The last layers of MobileNetV2 have
 * 1.2 MB of weights for 7×7 pixels: blocks of 8 take 0.72 to 0.83 of the time of single samples.) From stage to stage blocks only
 * grow, so that there are few phases.
 */
function blocksOf(stages: readonly PlannedStage[], share: number): number[] {
  const numbers = stages.map(({ inputShapes, outputShape }) =>
    [...inputShapes, outputShape].reduce((sum, shape) => sum + sizeOf(shape), 0),
  );
  let block = 1;
  return stages.map(({ layer }, s) => {
    const weights = layer.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    const most = Math.min(share, SHARD, MOST_IN_BLOCK / maximum(numbers.slice(s)));
    const isSmall = (samples: number): boolean =>
      samples * numbers[s] <= IN_OWN_CACHE || samples * numbers[s] < 4 * weights;
    while (2 * block <= most && isSmall(2 * block)) block *= 2;
    return block;
  });
}

/** Collects passes into phases. */
class Phases {
  readonly list: Phase[] = [];
  #passes: Pass[] = [];
  #whole = false;
  #block: number;
  #merges: Phase['merges'] = null;

  constructor(block: number) {
    this.#block = block;
  }

  add(pass: Pass, whole: boolean, block = this.#block): void {
    if (whole !== this.#whole || block !== this.#block) {
      this.cut(null);
      this.#whole = whole;
      this.#block = block;
    }
    this.#passes.push(pass);
  }

  /** Ends the current phase; the next one begins with these sums. */
  cut(merges: Phase['merges']): void {
    // The first one always stands: it loads the samples.
    if (this.#passes.length > 0 || this.#merges || this.list.length === 0) {
      this.list.push({
        ...{ passes: this.#passes, whole: this.#whole, block: this.#block, merges: this.#merges },
      });
    }
    this.#passes = [];
    this.#merges = merges;
  }
}

/** @param blocks samples of a block, by stage */
function forwardPhases(
  stages: readonly PlannedStage[],
  blocks: readonly number[],
  training: boolean,
): Phase[] {
  const phases = new Phases(blocks[0] ?? 1);
  const wholeFrom = firstWhole(stages);
  for (const [s, stage] of stages.entries()) {
    const whole = s >= wholeFrom;
    if (training && hasSums(stage)) {
      phases.add({ kind: 'sumForward', stage: s }, whole, blocks[s]);
      phases.cut({ pass: 'forward', stage: s });
    }
    phases.add({ kind: 'forward', stage: s }, whole, blocks[s]);
  }
  if (training) phases.add({ kind: 'loss' }, true);
  phases.cut(null);
  return phases.list;
}

function backwardPhases(stages: readonly PlannedStage[]): Phase[] {
  const phases = new Phases(SHARD);
  const wholeFrom = firstWhole(stages);
  /** Stages whose output has part of its gradient already. The loss gives the last one's. */
  const written = new Set([stages.length - 1]);
  for (let s = stages.length - 1; s >= 0; s--) {
    const stage = stages[s];
    if (!needsBackward(stage)) continue;
    const whole = s >= wholeFrom;
    if (hasSums(stage)) {
      phases.add({ kind: 'sumBackward', stage: s }, whole);
      phases.cut({ pass: 'backward', stage: s });
    }
    const outputs = stage.inputs.map((input, i): GradientOutput => {
      if (!stage.inputGradients[i]) return null;
      const adds = written.has(input);
      written.add(input);
      return { stage: input, adds };
    });
    phases.add({ kind: 'backward', stage: s, outputs }, whole);
  }
  phases.cut(null);
  return phases.list;
}

/** Sums over the batch are needed: the stage works as in training, and its layer has such sums. */
export function hasSums(stage: PlannedStage): boolean {
  return stage.training && stage.layer.batchSums(stage) !== null;
}

/**
 * The first stage from which on each pass goes through all of a worker's samples at once: the first whose layer prefers that, behind the
 * last stage that sums its weight gradient by shards of images.
 */
function firstWhole(stages: readonly PlannedStage[]): number {
  const lastBySamples = stages.findLastIndex(
    ({ layer, inputShape }) =>
      layer.parameters.length > 0 && layer.gradientSplit === 'samples' && inputShape.length > 1,
  );
  const first = stages.findIndex(({ layer }, s) => s > lastBySamples && layer.prefersManySamples);
  return first < 0 ? stages.length : first;
}
