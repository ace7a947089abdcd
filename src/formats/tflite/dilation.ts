/**
 * Convolutions with dilation as TensorFlow writes them: every d-th row and column becomes an image of its own, which a plain convolution
 * reads, and the results are put together again.
 *
 *   SPACE_TO_BATCH_ND (d, paddings) → CONV_2D or DEPTHWISE_CONV_2D, VALID, strides 1 → BATCH_TO_SPACE_ND (d, crops)
 *
 * That is one convolution of dilation d. A row that is cropped from its output is a row of zeros less around its input, so the zeros around it
 * are paddings − crops. Samples [steps, channels], as Conv1D has them, become images of height 1 by EXPAND_DIMS before the convolution, and RESHAPE
 * or SQUEEZE stands behind it. Source: tensorflow/lite/kernels/space_to_batch_nd.cc; tf.nn.convolution's documentation.
 */
import { reshape, zeroPadding2d } from '../../layers/index.ts';
import type { SymbolicTensor } from '../../layers/layer.ts';
import { behind, type Call } from './call.ts';
import type { Table } from './flatbuffer.ts';
import { paddingOf } from './options.ts';
import type { OperatorInfo } from './schema.ts';

/** Inputs of a folded operator after its own, which are three: block and paddings before it, block and crops after it. */
const BLOCK = 3;
const MOST_INPUTS = 3;
/** And a further one of a convolution along steps: where EXPAND_DIMS puts the height. */
const AXIS = 7;

/**
 * The operators with the last of each such three, or five, as the whole, under the name of the convolution. The others stay: they may be read by
 * several, as where two convolutions of one dilation read the same, and nobody needs those that nobody reads.
 */
export function foldDilations(operators: readonly OperatorInfo[]): OperatorInfo[] {
  const makers = new Map<number, OperatorInfo>();
  for (const operator of operators) for (const output of operator.outputs) makers.set(output, operator);
  /** What makes an operator's first input. */
  const before = ({ inputs: [first] }: OperatorInfo): OperatorInfo | undefined => makers.get(first);
  return operators.map((last): OperatorInfo => {
    if (last.name !== 'BATCH_TO_SPACE_ND') return last;
    const flat = before(last);
    const isOfSteps = flat !== undefined && /^(RESHAPE|SQUEEZE)$/.test(flat.name);
    const convolution = isOfSteps ? before(flat) : flat;
    if (!convolution || !/^(DEPTHWISE_)?CONV_2D$/.test(convolution.name)) return last;
    const image = isOfSteps ? before(convolution) : undefined;
    if (isOfSteps && (image?.name !== 'EXPAND_DIMS' || image.inputs.length !== 2)) return last;
    const first = before(image ?? convolution);
    if (first?.name !== 'SPACE_TO_BATCH_ND' || convolution.inputs.length > MOST_INPUTS) return last;
    const [, weights, bias = -1] = convolution.inputs;
    const inputs = [first.inputs[0], weights, bias, ...first.inputs.slice(1), ...last.inputs.slice(1)];
    const axis = image ? [image.inputs[1]] : [];
    return { ...convolution, inputs: [...inputs, ...axis], outputs: last.outputs };
  });
}

/** A convolution, also one along steps that was folded. */
export function alongSteps(call: Call, convolution: (call: Call) => SymbolicTensor): SymbolicTensor {
  if (call.count <= AXIS) return convolution(call);
  const x = call.input(0);
  const [axis] = call.whole(AXIS);
  if (x.shape.length !== 2 || (axis !== 1 && axis !== -3)) {
    throw new RangeError(
      `dilation along steps must be of images of height 1, got axis ${axis} of samples [${x.shape}]`,
    );
  }
  const image = call.put(reshape({ ...behind(call, 'image'), targetShape: [1, ...x.shape] }), x);
  const input = (i: number): SymbolicTensor => (i === 0 ? image : call.input(i));
  const y = convolution(Object.assign(Object.create(call) as Call, { input }));
  return call.put(reshape({ ...behind(call, 'steps'), targetShape: y.shape.slice(1) }), y);
}

/** What a folded convolution reads, and its options beside those that it has by itself; null: it isn't folded. */
export function dilated(
  call: Call,
  options: Table,
): {
  readonly x: SymbolicTensor;
  readonly dilationRate: readonly [number, number];
} | null {
  if (call.count <= BLOCK) return null;
  const given = [0, 1, 2, 3].map((i) => call.whole(BLOCK + i));
  const [block, paddings, blockAfter, crops] =
    call.count <= AXIS ? given : given.map((each, i) => (i % 2 === 0 ? [1, ...each] : [0, 0, ...each]));
  const [top, bottom, left, right] = paddings.map((size, i) => size - crops[i]);
  const isSound =
    block.length === 2 && paddings.length === 4 && crops.length === 4 && paddingOf(options) === 'valid';
  if (!isSound || block.join() !== blockAfter.join() || [top, bottom, left, right].some((size) => size < 0)) {
    throw new RangeError(
      `SPACE_TO_BATCH_ND and BATCH_TO_SPACE_ND around it must be of the same height and width, crop no more than was padded, and have VALID between them, got blocks [${block}] and [${blockAfter}], paddings [${paddings}], crops [${crops}]`,
    );
  }
  const padding = [
    [top, bottom],
    [left, right],
  ] as const;
  const isPadded = padding.flat().some((size) => size > 0);
  const input = call.input(0);
  return {
    x: isPadded ? call.put(zeroPadding2d({ ...behind(call, 'padding'), padding }), input) : input,
    dilationRate: [block[0], block[1]],
  };
}
