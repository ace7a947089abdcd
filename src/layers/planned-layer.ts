/**
 * What the plan (model/plan.ts) must know of a layer before anything is computed. Each method has a default: a layer overrides those
 * whose default isn't true for it.
 */
import type { Margins } from '../checks/values.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { BuildableLayer } from './buildable-layer.ts';
import type { ConvolutionChoice } from './convolution.ts';
import type { Parameter } from './parameter.ts';
import type { Fold, Stage, WeightUse } from './stage.ts';

/** A layer's answers to the plan. */
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
   * Whether it should get all of a worker's samples at once, where no later stage needs shards: the layer reads megabytes of weights in
   * each pass, whatever the number of samples.
   */
  readonly prefersManySamples: boolean = false;

  /** Whether it works as in inference when it is frozen: batch normalisation does, dropout doesn't. */
  readonly frozenIsInference: boolean = false;

  /** What its kept bytes hold (`keptBytes`), in a word or two, for the printed plan. */
  readonly keptWhat: string = '';

  // Questions about the forward pass.

  /** Whether it works differently in training and in inference. */
  differsInTraining(): boolean {
    return this.isRandom() || this.isIdentity(true) !== this.isIdentity(false) || this.movesParameters();
  }

  /** Whether it draws random numbers in training (by its `key`). A layer of your own that does must say so. */
  isRandom(): boolean {
    return false;
  }

  /** Whether its output for a sample is always the same in training while its weights are, so that it can be computed once and kept. */
  mayBeCached(): boolean {
    return !this.differsInTraining();
  }

  // How it is computed, and what memory that needs.

  /** What its stage depends on: its shape, and the user's choice of convolution. */
  decide(_convolution: ConvolutionChoice): Partial<Stage> {
    return {};
  }

  /** How the kernel of the layer before, or the loss after it, can do its work too; null: it needs its own pass. */
  foldsAs(): Fold | null {
    return null;
  }

  /** What changes in this layer's stage if its kernel does that work too; null: it can't. */
  takesOver(_fold: Fold, _stage: Stage): Partial<Stage> | null {
    return null;
  }

  /** The zeros around its input, if to put them there is all that it does. */
  padsBy(): Margins | null {
    return null;
  }

  /** Whether its kernel can do without such zeros: then their layer is its stage's `padding`. */
  takesPadding(_margins: Margins): boolean {
    return false;
  }

  /** Whether its outputs are logits, that is, sums of any size: they can't be probabilities. */
  givesLogits(): boolean {
    return false;
  }

  /** Whether its backward pass reads inputs and output of the forward pass. What no layer reads isn't kept. Default: both. */
  backwardReads(_stage: Stage): { readonly inputs: boolean; readonly output: boolean } {
    return { inputs: true, output: true };
  }

  /** Bytes per sample that it keeps from the forward to the backward pass: `run.kept`. */
  keptBytes(_stage: Stage): number {
    return 0;
  }

  /** Elements of scratch memory for up to N samples at once. */
  scratchSize(_stage: Stage, _kernels: Kernels, _N: number): number {
    return 0;
  }

  /** Elements of its prepared weights, which are written whenever weights have changed; 0: its kernels take the weights as they are. */
  preparedSize(_use: WeightUse, _stage: Stage, _kernels: Kernels): number {
    return 0;
  }

  /** Whether the output is just the input, in training or in inference: then there is no pass and no copy. */
  isIdentity(_training: boolean): boolean {
    return false;
  }

  /**
   * Whether the function has a kink where an output crosses 0, as ReLU has. Gradient checks leave such places out, since differences
   * across a kink say nothing about the gradient. (They see other kinks in the kept bytes, such as the place of a maximum.)
   */
  hasKinks(): boolean {
    return false;
  }

  /** The outputs at which it has kinks: 0 where `hasKinks`; others too where the function is cut off above. */
  kinks(): readonly number[] {
    return this.hasKinks() ? [0] : [];
  }

  /** Whether the gradient of an output that is 0 needn't be computed, given whether that is so for the inputs. */
  zeroOutputsAreDead(zeroInputsAreDead: boolean): boolean {
    return zeroInputsAreDead && this.isIdentity(true);
  }

  /** What the forward pass does, in a word or two, for the printed plan. */
  work(_stage: Stage): string {
    return this.className;
  }
}
