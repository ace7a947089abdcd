/**
 * What layers have in common that make one tensor of several, element by element. Shapes may differ where one of them has size 1,
 * or fewer dimensions: such a tensor is repeated, as everywhere in NumPy's world. A vector of channels [1, 1, C] so multiplies
 * an image [H, W, C], as in squeeze-and-excitation. Source of the rules: Keras' base_merge.
 */
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
    return placesOf(stage).some(Boolean) ? N * sizeOf(stage.outputShape) : 0;
  }

  override backwardReads(): { inputs: boolean; output: boolean } {
    return { inputs: false, output: false };
  }
}

/** Whether input i has the output's shape, so that it needs no repeating. */
function isWhole({ inputShapes, outputShape }: Stage, i: number): boolean {
  return sizeOf(inputShapes[i]) === sizeOf(outputShape);
}

/** The element of a tensor of `shape` that each element of `outputShape` reads, where it is repeated to be as large. */
export function repeats(shape: Shape, outputShape: Shape): Int32Array {
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

/** The places of each repeated input, computed once a stage; null where the input is whole. */
const known = new WeakMap<Stage, readonly (Int32Array | null)[]>();

export function placesOf(stage: Stage): readonly (Int32Array | null)[] {
  const places =
    known.get(stage) ??
    stage.inputShapes.map((_, i) =>
      isWhole(stage, i) ? null : repeats(stage.inputShapes[i], stage.outputShape),
    );
  known.set(stage, places);
  return places;
}

/** Input i as large as the output: itself, or repeated into `room`. */
export function spread(run: Run, i: number, N: number, room: FloatArray): FloatArray {
  const places = placesOf(run.stage)[i];
  const x = run.xs[i];
  if (!places) return x;
  const size = places.length;
  const own = sizeOf(run.stage.inputShapes[i]);
  for (let n = 0; n < N; n++) {
    for (let e = 0; e < size; e++) room[n * size + e] = x[n * own + places[e]];
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
  const places = placesOf(stage);
  for (const [i, dx] of dxs.entries()) {
    if (!dx) continue;
    const wide = places[i] ? scratch : dx;
    write(i, wide, N * sizeOf(stage.outputShape));
    if (places[i]) gather(run, i, N, wide, dx);
  }
}

/** dx of a repeated input: the sum of `wide`'s elements that read the same one, ascending from +0. */
export function gather(run: Run, i: number, N: number, wide: FloatArray, dx: FloatArray): void {
  const places = placesOf(run.stage)[i] as Int32Array; // the input is repeated
  const size = places.length;
  const own = sizeOf(run.stage.inputShapes[i]);
  dx.fill(0, 0, N * own);
  // Each addition is rounded where it is stored.
  for (let n = 0; n < N; n++) {
    for (let e = 0; e < size; e++) dx[n * own + places[e]] += wide[n * size + e];
  }
}
