/** ReLU that a layer's kernel applies itself, as the plan says (`Stage.relu`). */
import type { Fold, Run, Stage } from './layer.ts';

/** What changes in a stage whose kernel takes over a ReLU, cut off above or not; null: it is none, or there is one already. */
export function takeRelu(fold: Fold, { relu }: Stage): Partial<Stage> | null {
  return fold.kind === 'relu' && relu === false ? { relu: fold.max ?? true } : null;
}

/** dy as the gradient before the stage's ReLU, in place: +0 where `size` outputs were cut off. */
export function rectifyGradient({ kernels, stage: { relu }, y, dy }: Run, size: number): void {
  if (relu === true) kernels.reluBackward(size, y, dy, dy);
  // What is at the bound was cut off there, or is on the kink.
  else if (relu !== false) kernels.clippedReluBackward(size, y, dy, 0, 0, relu, dy);
}
