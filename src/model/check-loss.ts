/** Whether a loss fits a model's end. */
import type { Layer } from '../layers/layer.ts';
import { type FoldedActivation, type Loss, rowSize } from '../losses/loss.ts';
import type { Shape } from '../tensor/tensor.ts';

/** Whether the model's last layer is this activation. */
export function endsIn(last: Layer, activation: FoldedActivation): boolean {
  return last.foldsAs()?.kind === activation;
}

/** @throws RangeError where a loss that computes an activation itself finds another thing at the model's end, or can't work on its outputs. */
export function checkLoss(loss: Loss, last: Layer, outputShape: Shape): void {
  const { name, folds, fromLogits = false } = loss;
  loss.expectSize?.(rowSize(loss, outputShape));
  if (!folds) return;
  const ends = endsIn(last, folds);
  // Softmax alone makes distributions; probabilities of yes or no may come from much, but not from a sum of weights.
  const isLogit = folds === 'softmax' || last.givesLogits();
  if (!fromLogits && !ends && isLogit) {
    // Logits are no way out of a sigmoid: numbers from 0 to 1 would be taken for them.
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
