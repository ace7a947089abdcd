/**
 * Choices between two tensors, of which two are known: what the converter makes of selu, and of ReLU with a threshold.
 *
 *   SELECT (GREATER (x, 0), MUL (x, λ), MUL (SUB (EXP x, 1), λα))    →    selu
 *   SELECT (GREATER (x, t), x, 0), MUL (x, CAST (GREATER (x, t)))    →    x > t ? x : 0
 *   SELECT (GREATER (x, 0), ELU x, MUL (ELU x, α))                   →    elu with α
 *   SELECT (GREATER (x, 0), x, MUL (x, c))                           →    leaky ReLU
 *
 * QUANTIZE and DEQUANTIZE, which quantised files have between any of these, give their input's numbers.
 */
import { SELU_ALPHA, SELU_SCALE } from '../../kernels/smooth.ts';
import { reLU } from '../../layers/index.ts';
import type { SymbolicTensor } from '../../layers/layer.ts';
import { elementwise } from './activations.ts';
import type { Call } from './call.ts';
import { OPTIONS } from './options.ts';
import type { OperatorInfo } from './schema.ts';

/** The most changes of a tensor's type that are followed: a damaged file may have a circle of them. */
const MOST_CHANGES = 4;
/** How far a constant may be off that was rounded to float16. */
const HALF_ERROR = 1e-3;

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
  /** The tensor that has the same numbers, before a few changes of their type. */
  const sourceOf = (tensor: number): number => {
    let source = tensor;
    for (let i = 0; i < MOST_CHANGES; i++) {
      const maker = makers.get(source);
      if (!maker || !/^(DE)?QUANTIZE$/.test(maker.name)) break;
      [source] = maker.inputs;
    }
    return source;
  };
  const isSame = (a: number | undefined, b: number | undefined): boolean =>
    a !== undefined && b !== undefined && sourceOf(a) === sourceOf(b);
  /** What an operator of this name reads, if one makes the tensor. */
  const inputsOf = (name: string, tensor: number): readonly number[] => {
    const maker = makers.get(sourceOf(tensor));
    return maker?.name === name && !isActivated(maker) ? maker.inputs : [];
  };
  /** The one number of a constant, also of one that is stored as float16. */
  const constantOf = (tensor: number): number | null => numberOf(sourceOf(tensor));
  /** x and t where x·[x > t] is a product of these two; undefined: it isn't. */
  const maskedBy = (x: number, mask: number): readonly number[] | undefined => {
    const compared = inputsOf('GREATER', inputsOf('CAST', mask)[0]);
    return isSame(compared[0], x) && (constantOf(compared[1]) ?? -1) >= 0 ? compared : undefined;
  };
  /** x of x·c, or of x − c. */
  const without = (name: string, c: number, tensor: number): number | undefined => {
    const inputs = inputsOf(name, tensor);
    const isConstant = (each: number): boolean => {
      const error = sourceOf(each) === each ? 1e-6 : HALF_ERROR;
      return Math.abs((constantOf(each) ?? Infinity) - c) < error * c;
    };
    const others = inputs.filter((each, i) => !(isConstant(each) && (i === 1 || name === 'MUL')));
    return inputs.length === 2 && others.length === 1 ? others[0] : undefined;
  };
  return operators.map((operator) => {
    if (operator.name === 'MUL' && operator.inputs.length === 2 && !isActivated(operator)) {
      const [a, b] = operator.inputs;
      const inputs = maskedBy(a, b) ?? maskedBy(b, a);
      return inputs ? { ...operator, name: 'SELECT', inputs } : operator;
    }
    if (!/^SELECT(_V2)?$/.test(operator.name) || operator.inputs.length !== 3) return operator;
    const [mask, above, below] = operator.inputs;
    const [x, threshold] = inputsOf('GREATER', mask);
    if (x === undefined) return operator;
    const t = constantOf(threshold);
    if (isSame(above, x) && constantOf(below) === 0 && t !== null && t >= 0) {
      return { ...operator, inputs: [x, threshold] };
    }
    if (t === 0 && isSame(inputsOf('ELU', above)[0], x)) {
      const factors = inputsOf('MUL', below);
      const alpha = factors.find((each) => constantOf(each) !== null);
      if (alpha !== undefined && factors.some((each) => isSame(each, above)))
        return { ...operator, name: 'ELU', inputs: [x, alpha] };
    }
    const slope = inputsOf('MUL', below).find((each) => constantOf(each) !== null);
    if (t === 0 && isSame(above, x) && slope !== undefined) {
      const isOfX = inputsOf('MUL', below).some((each) => isSame(each, x));
      if (isOfX) return { ...operator, name: 'LEAKY_RELU', inputs: [x, slope] };
    }
    const less = without('MUL', SELU_SCALE * SELU_ALPHA, below);
    const power = less === undefined ? undefined : without('SUB', 1, less);
    const isSelu =
      t === 0 &&
      isSame(without('MUL', SELU_SCALE, above), x) &&
      power !== undefined &&
      isSame(inputsOf('EXP', power)[0], x);
    return isSelu ? { ...operator, inputs: [x] } : operator;
  });
}

/** Whether an activation is fused into a product or a difference. */
function isActivated({ name, options }: OperatorInfo): boolean {
  return (
    (name === 'MUL' && options(OPTIONS.mul).byte(0) !== 0) ||
    (name === 'SUB' && options(OPTIONS.sub).byte(0) !== 0)
  );
}

/** A choice that foldSelects has made one. */
export function selected(call: Call): SymbolicTensor {
  if (call.count === 1) return elementwise(call, 'selu');
  const threshold = call.count === 2 ? call.constant(1) : null;
  if (threshold) return call.put(reLU({ ...call.own, threshold: threshold.data[0] }), call.input(0));
  throw new RangeError(
    'of choices between tensors only these are read: selu, elu, leaky ReLU, and x where x is above a number, else 0',
  );
}
