/**
 * Convolutions with dilation as TensorFlow writes them: every d-th row and column becomes an image of its own, which a plain convolution
 * reads, and the results are put together again.
 *
 *   SPACE_TO_BATCH_ND (d, paddings) → CONV_2D or DEPTHWISE_CONV_2D, VALID, strides 1 → BATCH_TO_SPACE_ND (d, crops)
 *
 * That is one convolution of dilation d. A row that is cropped from its output is a row of zeros less around its input, so the zeros around it
 * are paddings − crops. Source: tensorflow/lite/kernels/space_to_batch_nd.cc; tf.nn.convolution's documentation.
 */
import { zeroPadding2d } from '../../layers/index.ts';
import type { SymbolicTensor } from '../../layers/layer.ts';
import { behind, type Call } from './call.ts';
import type { Table } from './flatbuffer.ts';
import { paddingOf } from './options.ts';
import type { OperatorInfo } from './schema.ts';

/** Inputs of a folded operator after its own, which are three: block and paddings before it, block and crops after it. */
const BLOCK = 3;
const MOST_INPUTS = 3;

/** The operators with each such three as one, which has the name of the convolution. */
export function foldDilations(operators: readonly OperatorInfo[]): OperatorInfo[] {
  const makers = new Map<number, OperatorInfo>();
  const readers = new Map<number, number>();
  for (const operator of operators) {
    for (const output of operator.outputs) makers.set(output, operator);
    for (const input of operator.inputs) readers.set(input, (readers.get(input) ?? 0) + 1);
  }
  /** What makes an operator's first input, if nothing else reads that. */
  const before = ({ inputs: [first] }: OperatorInfo): OperatorInfo | undefined =>
    readers.get(first) === 1 ? makers.get(first) : undefined;
  const gone = new Set<OperatorInfo>();
  const folded = operators.map((last): OperatorInfo => {
    if (last.name !== 'BATCH_TO_SPACE_ND') return last;
    const convolution = before(last);
    if (!convolution || !/^(DEPTHWISE_)?CONV_2D$/.test(convolution.name)) return last;
    const first = before(convolution);
    if (first?.name !== 'SPACE_TO_BATCH_ND' || convolution.inputs.length > MOST_INPUTS) return last;
    gone.add(first).add(convolution);
    const [, weights, bias = -1] = convolution.inputs;
    const inputs = [first.inputs[0], weights, bias, ...first.inputs.slice(1), ...last.inputs.slice(1)];
    return { ...convolution, inputs, outputs: last.outputs };
  });
  return folded.filter((operator) => !gone.has(operator));
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
  const [block, paddings, blockAfter, crops] = [0, 1, 2, 3].map((i) => call.whole(BLOCK + i));
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
