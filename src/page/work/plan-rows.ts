/** What one training step costs, layer by layer, and what its plan leaves out because of freezing. */
import type { Plan } from '../../model/plan.ts';
import { type Shape, sizeOf } from '../../tensor/tensor.ts';
import type { PlanRow } from './step-cost.ts';

/**
 * The stages that have weights. Each of forward pass, weight gradient and input gradient takes as many multiplications: one for
 * every weight of the kernel at every place of the output.
 */
export function planRows({ stages, cached }: Plan): PlanRow[] {
  return stages.flatMap((stage, s) => {
    const { layer, weightGradient, inputGradient } = stage;
    if (layer.parameters.length === 0) return [];
    const kernel = layer.parameters[0].shape;
    // [OH, OW, OC] of a convolution, [O] of a dense layer: the kernel is used at OH · OW places, or at one.
    // The layer's own, since pooling may be folded into its stage; it is built, as all of a plan are.
    const places = sizeOf((layer.outputShape as Shape).slice(0, -1));
    return {
      layer: layer.name,
      kind: layer.className,
      kernel,
      params: layer.countParams(),
      trained: weightGradient,
      cached: cached.stages[s],
      each: sizeOf(kernel) * places,
      parts: { forward: !cached.stages[s], weightGradient, inputGradient },
    };
  });
}
