/**
 * What layers have in common that make one tensor of several, element by element. Shapes may differ where one of them has size 1,
 * or fewer dimensions: such a tensor is repeated, as everywhere in NumPy's world. A vector of channels [1, 1, C] so multiplies
 * an image [H, W, C], as in squeeze-and-excitation. Source of the rules: Keras' base_merge.
 */
import { LONGEST } from '../kernels/long/blocks.ts';
import { maximum } from '../tensor/maximum.ts';
import { type FloatArray, type Shape, sizeOf } from '../tensor/tensor.ts';
import { Layer, type LayerOptions, layerOptions, type Run, type Stage } from './layer.ts';

/** A layer of several inputs of the same shape, or shapes that can be repeated to be. */
export abstract class Merge extends Layer {
  override readonly takesSeveral = true;
  readonly #operation: string;

  constructor(operation: string, options: LayerOptions | undefined, given: ArrayLike<unknown>) {
    super(layerOptions(operation, options, given), operation);
    this.#operation = operation;
  }

  override computeOutputShape(...shapes: Shape[]): Shape {
    if (shapes.length < 2) {
      throw new RangeError(`${this.#operation}: expected at least two inputs, got ${shapes.length}`);
    }
    const rank = maximum(shapes.map(({ length }) => length));
    return Array.from({ length: rank }, (_, d) => {
      const sizes = shapes.map((shape) => shape[d - rank + shape.length] ?? 1);
      const size = maximum(sizes);
      if (sizes.some((each) => each !== 1 && each !== size)) {
        throw new RangeError(
          `${this.#operation}: shapes must be equal, but for sizes of 1, got ${shapes.map((shape) => `[${shape}]`).join(' and ')}`,
        );
      }
      return size;
    });
  }

  /** Room for an input that is repeated. */
  override scratchSize(stage: Stage, _kernels: unknown, N: number): number {
    return repeatsOf(stage).some(Boolean) ? N * sizeOf(stage.outputShape) : 0;
  }

  override backwardReads(): { inputs: boolean; output: boolean } {
    return { inputs: false, output: false };
  }
}

/** Whether input i has the output's shape, so that it needs no repeating. */
function isWhole({ inputShapes, outputShape }: Stage, i: number): boolean {
  return sizeOf(inputShapes[i]) === sizeOf(outputShape);
}

/** How an input is repeated: the element of it that each element of the output reads, or null where it is the whole of it, over and over. */
interface Repeats {
  readonly places: Int32Array | null;
}

/** How a tensor of `shape` is repeated to be as large as `outputShape`. */
function repeats(shape: Shape, outputShape: Shape): Repeats {
  const missing = outputShape.length - shape.length;
  const first = shape.findIndex((size) => size > 1);
  // A vector of channels, for instance.
  const isWholeOverAndOver =
    first < 0 || shape.every((size, d) => d < first || size === outputShape[d + missing]);
  return { places: isWholeOverAndOver ? null : placesIn(shape, outputShape) };
}

/** The element of a tensor of `shape` that each element of `outputShape` reads. */
export function placesIn(shape: Shape, outputShape: Shape): Int32Array {
  const places = new Int32Array(sizeOf(outputShape));
  for (let e = 0; e < places.length; e++) {
    let place = 0;
    let stride = 1;
    for (let d = outputShape.length - 1, rest = e; d >= 0; d--) {
      const at = rest % outputShape[d];
      rest = Math.floor(rest / outputShape[d]);
      const size = shape[d - outputShape.length + shape.length] ?? 1;
      if (size > 1) place += at * stride;
      stride *= size;
    }
    places[e] = place;
  }
  return places;
}

/** Each input's, computed once a stage; null where the input is whole. */
const known = new WeakMap<Stage, readonly (Repeats | null)[]>();

export function repeatsOf(stage: Stage): readonly (Repeats | null)[] {
  const all =
    known.get(stage) ??
    stage.inputShapes.map((_, i) =>
      isWhole(stage, i) ? null : repeats(stage.inputShapes[i], stage.outputShape),
    );
  known.set(stage, all);
  return all;
}

/** Input i as large as the output: itself, or repeated into `room`. */
export function spread({ stage, xs }: Run, i: number, N: number, room: FloatArray): FloatArray {
  const repeated = repeatsOf(stage)[i];
  const x = xs[i];
  if (!repeated) return x;
  const size = sizeOf(stage.outputShape);
  const own = sizeOf(stage.inputShapes[i]);
  for (let n = 0; n < N; n++) {
    const [from, at] = [n * own, n * size];
    const { places } = repeated;
    if (places) {
      for (let e = 0; e < size; e++) room[at + e] = x[from + places[e]];
    } else {
      room.set(x.subarray(from, from + own), at);
      // What is there already, once more: 1, 2, 4, … times.
      for (let done = own; done < size; done *= 2) {
        room.copyWithin(at + done, at, at + Math.min(done, size - done));
      }
    }
  }
  return room;
}

/**
 * The gradients that are wanted, one by one: `write` puts input i's into `wide`, as large as the output (N samples, `size` numbers in
 * all); of an input that is repeated they are then gathered.
 */
export function eachGradient(
  run: Run,
  N: number,
  write: (i: number, wide: FloatArray, size: number) => void,
): void {
  const { stage, dxs, scratch } = run;
  const repeated = repeatsOf(stage);
  for (const [i, dx] of dxs.entries()) {
    if (!dx) continue;
    const wide = repeated[i] ? scratch : dx;
    write(i, wide, N * sizeOf(stage.outputShape));
    if (repeated[i]) gather(run, i, N, wide, dx);
  }
}

/** dx of a repeated input: the sum of `wide`'s elements that read the same one, ascending from +0. */
export function gather(
  { stage, kernels }: Run,
  i: number,
  N: number,
  wide: FloatArray,
  dx: FloatArray,
): void {
  const { places } = repeatsOf(stage)[i] as Repeats; // the input is repeated
  const size = sizeOf(stage.outputShape);
  const own = sizeOf(stage.inputShapes[i]);
  const rows = size / own;
  if (!places && rows <= LONGEST) {
    // Sums of columns, which go down the rows too.
    for (let n = 0; n < N; n++) {
      kernels.denseBackwardBias(
        rows,
        own,
        wide.subarray(n * size, (n + 1) * size),
        dx.subarray(n * own, (n + 1) * own),
      );
    }
    return;
  }
  dx.fill(0, 0, N * own);
  // Each addition is rounded where it is stored.
  for (let n = 0; n < N; n++) {
    for (let e = 0; e < size; e++) dx[n * own + (places ? places[e] : e % own)] += wide[n * size + e];
  }
}
