/** A model of what a file describes, whatever its format. */

import { asFormatError } from '../../formats/errors.ts';
import type { ModelConfig } from '../../formats/model.ts';
import { getLoss } from '../../losses/registry.ts';
import type { MetricChoice } from '../../metrics/registry.ts';
import { getOptimizer } from '../../optimizers/registry.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { modelFromConfig } from '../functional.ts';
import type { Model } from '../model.ts';

/**
 * The most megabytes that a step of a model from a file may take, unless its user says more: a file of 1 KB can describe
 * activations of gigabytes.
 */
const MEMORY_MB = 2048;

/** A described model with these weights. @throws FormatError where layers, optimizer or loss refuse what they get. */
export function makeModel(
  { network, step, classNames, imageInput, compile }: ModelConfig,
  weights: readonly Tensor[],
  file: string,
): Model {
  return asFormatError(file, () => {
    const model = modelFromConfig(network, { initialize: false });
    model.memoryMB = MEMORY_MB;
    model.setWeights(weights);
    model.step = step;
    if (classNames) model.classNames = classNames;
    if (imageInput) model.imageInput = imageInput;
    if (compile) {
      model.compile({
        optimizer: getOptimizer(compile.optimizer),
        loss: getLoss(compile.loss),
        metrics: compile.metrics as readonly MetricChoice[], // compile() knows which there are
      });
    }
    return model;
  });
}
