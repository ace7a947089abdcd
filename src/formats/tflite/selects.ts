/**
 * Choices between two tensors, of which two are known: what the converter makes of selu, and of ReLU with a threshold.
 *
 *   SELECT (GREATER (x, 0), MUL (x, λ), MUL (SUB (EXP x, 1), λα))    →    selu
 *   SELECT (GREATER (x, t), x, 0)                                    →    x > t ? x : 0
 */
import { SELU_ALPHA, SELU_SCALE } from '../../kernels/smooth.ts';
import { reLU } from '../../layers/index.ts';
import type { SymbolicTensor } from '../../layers/layer.ts';
import { elementwise } from './activations.ts';
import type { Call } from './call.ts';
import type { OperatorInfo } from './schema.ts';

/**
 * The operators, with each such choice as one that reads x alone, or x and the threshold.
 * @param numberOf the one number of a constant tensor; null: it is none
 */
export function foldSelects(
  operators: readonly OperatorInfo[],
  numberOf: (tensor: number) => number | null,
): OperatorInfo[] {
  const makers = new Map(
    operators.flatMap((operator) => operator.outputs.map((output) => [output, operator])),
  );
  /** What an operator of this name reads, if one makes the tensor. */
  const inputsOf = (name: string, tensor: number): readonly number[] => {
    const maker = makers.get(tensor);
    return maker?.name === name ? maker.inputs : [];
  };
  /** x of x·c, or of x − c. */
  const without = (name: string, c: number, tensor: number): number | undefined => {
    const inputs = inputsOf(name, tensor);
    const isConstant = (each: number): boolean => Math.abs((numberOf(each) ?? Infinity) - c) < 1e-6 * c;
    const others = inputs.filter((each, i) => !(isConstant(each) && (i === 1 || name === 'MUL')));
    return inputs.length === 2 && others.length === 1 ? others[0] : undefined;
  };
  return operators.map((operator) => {
    if (!/^SELECT(_V2)?$/.test(operator.name) || operator.inputs.length !== 3) return operator;
    const [mask, above, below] = operator.inputs;
    const [x, threshold] = inputsOf('GREATER', mask);
    if (x === undefined) return operator;
    const t = numberOf(threshold);
    if (above === x && numberOf(below) === 0 && t !== null && t >= 0) {
      return { ...operator, inputs: [x, threshold] };
    }
    const less = without('MUL', SELU_SCALE * SELU_ALPHA, below);
    const power = less === undefined ? undefined : without('SUB', 1, less);
    const isSelu =
      t === 0 &&
      without('MUL', SELU_SCALE, above) === x &&
      power !== undefined &&
      inputsOf('EXP', power)[0] === x;
    return isSelu ? { ...operator, inputs: [x] } : operator;
  });
}

/** A choice that foldSelects has made one. */
export function selected(call: Call): SymbolicTensor {
  if (call.count === 1) return elementwise(call, 'selu');
  const threshold = call.count === 2 ? call.constant(1) : null;
  if (threshold) return call.put(reLU({ ...call.own, threshold: threshold.data[0] }), call.input(0));
  throw new RangeError(
    'only two choices between tensors are read: selu, and x where x is above a number, else 0',
  );
}
