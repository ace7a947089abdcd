/**
 * A part of each sample, `x[:, 1:-1, ::2, 3]` in Python, by layers that copy: cropping for what is cut off, max-pooling over windows of one
 * number for steps, a permutation around both where channels are cut, since they are for height and width, a reshape where dimensions go.
 */
import type { Shape } from '../tensor/tensor.ts';

/** Of one dimension: begin ≤ i < end, every step-th of them. */
export interface Range {
  readonly begin: number;
  readonly end: number;
  readonly step: number;
  /** One number alone, whose dimension goes. */
  readonly isIndex: boolean;
}

/** A layer of ours, without a name. */
export interface Step {
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** What is left of one dimension: how many numbers are cut off before and after, and every which of the others stays. */
interface Cut {
  readonly margins: readonly [number, number];
  readonly stride: number;
}

const NOTHING: Cut = { margins: [0, 0], stride: 1 };
const IMAGE = 3;

/**
 * The layers, in their order; none where all of a sample is taken.
 * @param shape of a sample
 * @param ranges of its dimensions, within them
 * @throws RangeError for samples of more than three dimensions, and where nothing is taken, or no dimension is left.
 */
export function sliceSteps(shape: Shape, ranges: readonly Range[]): Step[] {
  const taken = ranges.map(({ begin, end, step }) => Math.ceil((end - begin) / step));
  const isWhole = ranges.every(({ isIndex }, d) => taken[d] === shape[d] && !isIndex);
  if (isWhole) return [];
  const left = taken.filter((_, d) => !ranges[d].isIndex);
  if (shape.length > IMAGE || left.length === 0 || taken.some((size) => size < 1)) {
    throw new RangeError(
      `a slice must be of a sample of one to three dimensions, and leave something of each: expected less than [${shape}], got [${taken}]`,
    );
  }
  // Vectors and matrices are images of one channel.
  const ones = Array.from({ length: IMAGE - shape.length }, () => 1);
  const [rows, columns = NOTHING, channels = NOTHING] = ranges.map(
    ({ begin, end, step }, d): Cut => ({ margins: [begin, shape[d] - end], stride: step }),
  );
  const ofChannels = cut(channels, NOTHING);
  return [
    ...(ones.length > 0 ? [reshaped([...shape, ...ones])] : []),
    ...cut(rows, columns),
    ...(ofChannels.length > 0 ? [permuted(3, 1, 2), ...ofChannels, permuted(2, 3, 1)] : []),
    ...(left.length < IMAGE ? [reshaped(left)] : []),
  ];
}

/** Of height and width. */
function cut(rows: Cut, columns: Cut): Step[] {
  const cropping = [rows.margins, columns.margins];
  const strides = [rows.stride, columns.stride];
  return [
    ...(cropping.flat().some((margin) => margin > 0)
      ? [{ className: 'Cropping2D', config: { cropping } }]
      : []),
    ...(strides.some((stride) => stride > 1)
      ? [{ className: 'MaxPooling2D', config: { poolSize: [1, 1], strides } }]
      : []),
  ];
}

function permuted(...dims: readonly number[]): Step {
  return { className: 'Permute', config: { dims } };
}

function reshaped(targetShape: Shape): Step {
  return { className: 'Reshape', config: { targetShape } };
}
