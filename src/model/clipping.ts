/**
 * Norms of gradients, by which an optimizer's `clipnorm` and `globalClipnorm` bound them. The order of the sum is fixed, for any
 * division among workers: squares in float64, ascending within blocks of 4,096 elements; then the blocks ascending; then, for
 * the global norm, the parameters in the order of the plan.
 */
import type { Clipping } from '../optimizers/clipping.ts';
import { type FloatArray, sizeOf } from '../tensor/tensor.ts';
import type { Plan } from './plan.ts';
import type { Tile } from './tiles.ts';

const BLOCK = 4096;

/** Whether the optimizer's step has to wait for a norm. */
export function needsNorm(clipping: Clipping | null | undefined): boolean {
  return clipping?.kind === 'clipnorm' || clipping?.kind === 'globalClipnorm';
}

/** Blocks of a gradient of so many elements. */
export function countBlocks(size: number): number {
  return Math.ceil(size / BLOCK);
}

/** All trained parameters, in blocks. */
export function cutBlocks({ stages }: Plan): Tile[] {
  return stages.flatMap((stage, s) =>
    stage.layer.parameters.flatMap(({ shape }, parameter) => {
      if (stage.roles[parameter] !== 'trained') return [];
      const size = sizeOf(shape);
      return Array.from({ length: countBlocks(size) }, (_, b): Tile => {
        const from = b * BLOCK;
        return { stage: s, parameter, from, to: Math.min(size, from + BLOCK) };
      });
    }),
  );
}

/** squares[block] = Σ g[i]² over the block that begins at `from`, overwritten. */
export function sumSquares(g: FloatArray, from: number, to: number, squares: Float64Array): void {
  let sum = 0;
  for (let i = from; i < to; i++) sum += g[i] * g[i];
  squares[from / BLOCK] = sum;
}

/** The sums of squares of a whole gradient, by block. */
export function squaresOf(g: FloatArray): Float64Array {
  const squares = new Float64Array(countBlocks(g.length));
  for (let from = 0; from < g.length; from += BLOCK)
    sumSquares(g, from, Math.min(g.length, from + BLOCK), squares);
  return squares;
}

/** Sums of a gradient's squares, by block; null: the parameter isn't trained. */
interface Squares {
  readonly squares: Float64Array | null;
}

/**
 * What each gradient is multiplied by, as Keras and TensorFlow do: limit/max(‖g‖, limit), in float64.
 * @returns by stage and parameter; of parameters that aren't trained nothing
 */
export function clippingFactors(
  { kind, limit }: Clipping,
  memory: readonly { readonly parameters: readonly Squares[] }[],
): number[][] {
  let global = 0;
  const sums = memory.map(({ parameters }) =>
    parameters.map(({ squares }) => {
      let sum = 0;
      for (const square of squares ?? []) sum += square;
      global += sum;
      return sum;
    }),
  );
  const factor = (sum: number): number => limit / Math.max(Math.sqrt(sum), limit);
  return sums.map((stage) => stage.map((sum) => factor(kind === 'globalClipnorm' ? global : sum)));
}
