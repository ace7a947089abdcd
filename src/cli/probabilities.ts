/** What a classifier's outputs are: probabilities already, or scores that softmax has to make some of. */
import { softmaxForward } from '../kernels/softmax.ts';
import type { Layer, SymbolicTensor } from '../layers/layer.ts';
import { argmax } from '../metrics/accuracy.ts';
import { asNetwork, type Network } from '../model/network.ts';
import { log } from '../tensor/exp.ts';
import { Tensor } from '../tensor/tensor.ts';

/** Activations whose every number is a probability, class by class. */
const CLASS_BY_CLASS: readonly unknown[] = ['sigmoid', 'hardSigmoid', 'hardSigmoidKeras2'];
/** Layers that move probabilities, or take means of them: they stay probabilities. */
const KEEPS_THEM = ['Flatten', 'Reshape', 'GlobalAveragePooling2D', 'Average'];
/** The least probability whose loss is counted, as Keras' epsilon. */
const LEAST = 1e-7;

/**
 * Whether a model, of one row of outputs, gives probabilities: by a layer with such an activation, or one that is such an activation, in
 * it or in a model within it; also where layers come after it that only move the numbers.
 */
export function givesProbabilities(model: Network): boolean {
  const [classes] = model.outputShape;
  const isProbability = (network: Network, tensor: SymbolicTensor, isOutside: () => boolean): boolean => {
    if (tensor === network.input) return isOutside();
    const { layer, inputs } = tensor;
    const within = asNetwork(layer);
    if (within) {
      return isProbability(within, within.output, () => isProbability(network, inputs[0], isOutside));
    }
    const { activation } = layer.getConfig();
    if (CLASS_BY_CLASS.includes(activation)) return true;
    // Over all classes: rows of something else may be one after another in the output.
    if (isSoftmax(layer)) return tensor.shape.at(-1) === classes;
    const keeps = KEEPS_THEM.includes(layer.className) || layer.isIdentity(false);
    return keeps && inputs.every((input) => isProbability(network, input, isOutside));
  };
  return isProbability(model, model.output, () => false);
}

/** Whether the very last layer, be it in a model within, is a softmax or ends with one: what a cross-entropy joins with itself. */
export function endsInSoftmax(model: Network): boolean {
  const { layer } = model.output;
  const within = asNetwork(layer);
  return within ? endsInSoftmax(within) : isSoftmax(layer);
}

function isSoftmax(layer: Layer): boolean {
  return layer.className === 'Softmax' || layer.getConfig().activation === 'softmax';
}

/**
 * How many classes a model tells apart: as many as it has outputs, or two where its only output is the probability of the second.
 * @throws RangeError where its outputs are no classes.
 */
export function classCount(model: Network, folder: string): number {
  const { outputShape } = model;
  const [outputs] = outputShape;
  if (outputShape.length === 1 && outputs > 1) return outputs;
  if (outputShape.length === 1 && givesProbabilities(model)) return 2;
  throw new RangeError(
    `${folder}: the model must have one output per class, at least two, or a single one behind a sigmoid: got output [${outputShape}]`,
  );
}

/** Outputs [N, 1], each the probability of the second of two classes, as [N, 2]; others as they are. */
export function bothClasses(outputs: Tensor): Tensor {
  const [N, C] = outputs.shape;
  if (C > 1) return outputs;
  const data = new Float32Array(2 * N);
  for (let n = 0; n < N; n++) {
    data[2 * n] = 1 - outputs.data[n];
    data[2 * n + 1] = outputs.data[n];
  }
  return new Tensor(data, [N, 2]);
}

/** Outputs [N, classes] as rows of probabilities. @param areScores whether they need softmax; they are then overwritten */
export function asProbabilities({ data, shape }: Tensor, areScores: boolean): number[][] {
  const [N, C] = shape;
  if (areScores) softmaxForward(N, C, data, data);
  return Array.from({ length: N }, (_, n) => Array.from(data.subarray(n * C, (n + 1) * C)));
}

/** Right answers and the sum of losses of rows of probabilities. */
export interface Tally {
  readonly right: number;
  readonly loss: number;
}

/**
 * Counts rows: the loss of one is −log(p[label] / Σ p), as Keras' cross-entropies take probabilities that needn't add up to 1.
 * @param labels place of the right class in each row
 */
export function tally(rows: readonly (readonly number[])[], labels: ArrayLike<number>): Tally {
  let right = 0;
  let loss = 0;
  for (const [n, row] of rows.entries()) {
    const sum = row.reduce((all, share) => all + share, 0);
    if (argmax(row, 0, row.length) === labels[n]) right++;
    loss -= log(Math.max(LEAST, row[labels[n]] / sum));
  }
  return { right, loss };
}
