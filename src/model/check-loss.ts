/** Whether a loss fits a model's end. */
import type { Layer } from '../layers/layer.ts';
import { type FoldedActivation, type Loss, rowSize } from '../losses/loss.ts';
import type { Shape } from '../tensor/tensor.ts';

/** Whether the model's last layer is this activation. */
export function endsIn(last: Layer, activation: FoldedActivation): boolean {
  return last.foldsAs()?.kind === activation;
}

/** @throws RangeError where a loss that computes an activation itself doesn't fit the model's last activation, or its outputs. */
export function checkLoss(loss: Loss, last: Layer, outputShape: Shape): void {
  const { name, folds, fromLogits = false } = loss;
  loss.expectSize?.(rowSize(loss, outputShape));
  if (!folds) return;
  const ends = endsIn(last, folds);
  // Only softmax gives class probabilities. Yes/no probabilities may come from any layer that doesn't give logits.
  const isLogit = folds === 'softmax' || last.givesLogits();
  if (!fromLogits && !ends && isLogit) {
    // Advice to use fromLogits would be wrong here: a sigmoid's outputs aren't logits.
    if (endsIn(last, 'sigmoid')) {
      throw new RangeError(
        `compile: ${name} needs probabilities of classes, but the model ends with a sigmoid: ` +
          "take 'binaryCrossentropy', or end with softmax",
      );
    }
    throw new RangeError(
      `compile: ${name} needs probabilities: end the model with activation('${folds}'), or give the loss fromLogits: true`,
    );
  }
  const squashed = (['softmax', 'sigmoid'] as const).find((activation) => endsIn(last, activation));
  if (fromLogits && squashed) {
    throw new RangeError(
      `compile: ${name} with fromLogits takes logits, but the model ends with a ${squashed}`,
    );
  }
}
