/** One layer's passes by themselves, on samples that are the whole batch: for rehearsals and tests. */
import type { Kernels } from '../kernels/kernels.ts';
import type { BatchSums, PreparedWeights, StepKey, WeightUse } from '../layers/layer.ts';
import { type FloatArray, sizeOf } from '../tensor/tensor.ts';
import type { PlannedRun, PlannedStage } from './planned-stage.ts';
import { hasSums } from './program.ts';

/** Room for the sums over the batch of a stage's layer; null where it has none. */
export function makeSums(stage: PlannedStage): BatchSums | null {
  const size = hasSums(stage) ? stage.layer.batchSums(stage) : null;
  return (
    size && {
      forward: new Float64Array(size.forward.result),
      backward: new Float64Array(size.backward.result),
      part: new Float64Array(size.backward.part),
    }
  );
}

/** Room for the weights as a stage's layer takes them in training. */
export function makePrepared(stage: PlannedStage, kernels: Kernels): PreparedWeights {
  const room = (use: WeightUse): FloatArray | null => {
    const size = stage.layer.preparedSize(use, stage, kernels);
    if (size === 0) return null;
    return kernels.dtype === 'float32' ? new Float32Array(size) : new Float64Array(size);
  };
  return { forward: room('forward'), predict: null, backward: room('backward') };
}

function prepare(use: WeightUse, run: PlannedRun): void {
  const prepared = run.prepared[use];
  if (prepared) run.stage.layer.prepareWeights(use, run, prepared);
}

/** y, for N samples; `key` as for Layer.forward. @returns what the layer's pass returned: nothing, if it is as it should be */
export function forwardAlone(run: PlannedRun, N: number, key: StepKey | null): unknown {
  const { stage, sums } = run;
  const { layer } = stage;
  const size = sums && layer.batchSums(stage);
  if (size && sums) {
    const part = new Float64Array(size.forward.part);
    layer.sumForward(run, N, part);
    layer.mergeForward(stage, [part], [N], sums.forward);
  }
  prepare('forward', run);
  return layer.forward(run, N, key);
}

/** Every gradient that the run has room for. @returns as forwardAlone does */
export function backwardAlone(run: PlannedRun, N: number): unknown {
  const { stage, sums, gradients } = run;
  const { layer } = stage;
  if (sums) {
    layer.sumBackward(run, N, sums.part);
    layer.mergeBackward(stage, [sums.part], [N], sums.backward);
  }
  prepare('backward', run);
  const given: unknown = layer.backward(run, N);
  if (layer.gradientSplit === 'samples' || !gradients) return given;
  for (const [p, { shape }] of layer.parameters.entries()) {
    if (stage.roles[p] !== 'trained') continue;
    layer.weightGradient(run, N, p, 0, sizeOf(shape));
  }
  return given;
}
