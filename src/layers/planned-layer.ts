/**
 * What the plan (model/plan.ts) asks of a layer before anything is computed. Each answer has a default: a layer overrides those that
 * aren't true of it.
 */
import type { Kernels } from '../kernels/kernels.ts';
import { BuildableLayer } from './buildable-layer.ts';
import type { ConvolutionChoice } from './convolution.ts';
import type { Parameter } from './parameter.ts';
import type { Fold, Stage, WeightUse } from './stage.ts';

/** A layer as the plan sees it. */
export abstract class PlannedLayer<Counts = number, Parameters = Parameter[]> extends BuildableLayer<
  Counts,
  Parameters
> {
  /**
   * How threads share the weight gradient: `samples`: each adds up shards of samples (few weights, many
   * positions); `weights`: each computes its own rows over the whole batch (many weights).
   */
  readonly gradientSplit: 'samples' | 'weights' = 'samples';

  /**
   * Serves all of a worker's samples at once where nothing after it goes shard by shard: a layer that reads megabytes of
   * weights, whatever the number of samples.
   */
  readonly prefersManySamples: boolean = false;

  /** Frozen, it works as in inference, as batch normalisation does (and dropout doesn't). */
  readonly frozenIsInference: boolean = false;

  /** What is in the bytes that it keeps (`keptBytes`), in a word or two, for the plan as people see it. */
  readonly keptWhat: string = '';

  // Questions about the forward pass.

  /** Training does something else than inference. */
  differsInTraining(): boolean {
    return this.isRandom() || this.isIdentity(true) !== this.isIdentity(false) || this.movesParameters();
  }

  /** In training it draws random numbers (by its `key`). A layer of yours that does must say so. */
  isRandom(): boolean {
    return false;
  }

  /** What it gives for a sample in training is the same each time, as long as its weights are: it can be computed once and kept. */
  mayBeCached(): boolean {
    return !this.differsInTraining();
  }

  // What it is done with, and what it needs for that.

  /** What the plan decides for it by its shape and what the user chose. */
  decide(_convolution: ConvolutionChoice): Partial<Stage> {
    return {};
  }

  /** How another layer's kernel, or a loss, can do it in one go with its own work; null: it needs a pass of its own. */
  foldsAs(): Fold | null {
    return null;
  }

  /** What changes in this layer's stage where its kernel takes that over; null: it can't. */
  takesOver(_fold: Fold, _stage: Stage): Partial<Stage> | null {
    return null;
  }

  /** Its outputs are sums of weights, so any numbers: logits, and never probabilities. */
  givesLogits(): boolean {
    return false;
  }

  /** What its backward pass reads of the forward pass; what nobody reads isn't kept. Default: both. */
  backwardReads(_stage: Stage): { readonly inputs: boolean; readonly output: boolean } {
    return { inputs: true, output: true };
  }

  /** Bytes a sample to remember from forward to backward: `run.kept`. */
  keptBytes(_stage: Stage): number {
    return 0;
  }

  /** Elements of scratch memory for up to N samples at once. */
  scratchSize(_stage: Stage, _kernels: Kernels, _N: number): number {
    return 0;
  }

  /** Elements of the weights as its kernels take them, made ready whenever weights have changed; 0: it takes them as they are. */
  preparedSize(_use: WeightUse, _stage: Stage, _kernels: Kernels): number {
    return 0;
  }

  /** In inference, or always, the output is the input: no pass, no copy. */
  isIdentity(_training: boolean): boolean {
    return false;
  }

  /**
   * The function has a kink where an output crosses 0, as ReLU has, so that differences across it say nothing of the
   * gradient on either side. (Kinks elsewhere show in the bytes that are kept: the place of a maximum.)
   */
  hasKinks(): boolean {
    return false;
  }

  /** The outputs at which that is so: 0 where `hasKinks`, and others where a function is cut off above too. */
  kinks(): readonly number[] {
    return this.hasKinks() ? [0] : [];
  }

  /** Whether a zero output can't have a gradient, given whether that is so of the inputs. */
  zeroOutputsAreDead(zeroInputsAreDead: boolean): boolean {
    return zeroInputsAreDead && this.isIdentity(true);
  }

  /** What the forward pass does, in a word or two, for the plan as people see it. */
  work(_stage: Stage): string {
    return this.className;
  }
}
