/** How the weights of a step are cut into tiles, of which each worker takes one after the other. */
import { sizeOf } from '../tensor/tensor.ts';
import type { Plan } from './plan.ts';
import type { PlannedStage } from './planned-stage.ts';

/**
 * Weights are updated in tiles of about this many elements (128 KB), so that the gradient is still in the second cache
 * when the optimizer reads it. A dense layer lists the batch's gradients anew for each tile: with half as large ones a step of the
 * experiment took 1 % more, and one with cached features 3 %.
 */
const TILE = 32768;
/** A large parameter has at least so many tiles per worker, so that a faster worker can take more of them. */
const TILES_A_WORKER = 4;

/** Elements from ≤ i < to of one parameter. */
export interface Tile {
  readonly stage: number;
  readonly parameter: number;
  readonly from: number;
  readonly to: number;
}

/** All parameters that a step changes, in tiles. */
export function cutTiles({ stages }: Plan, workers: number): Tile[] {
  return stages.flatMap((stage, s) =>
    stage.layer.parameters.flatMap(({ shape }, parameter) => {
      if (stage.roles[parameter] === 'fixed') return [];
      const size = sizeOf(shape);
      const unit = tileUnit(stage, shape);
      const wanted = Math.min(TILE, size / (TILES_A_WORKER * workers));
      const tile = Math.max(1, Math.floor(wanted / unit)) * unit;
      return Array.from({ length: Math.ceil(size / tile) }, (_, t): Tile => {
        const from = t * tile;
        return { stage: s, parameter, from, to: Math.min(size, from + tile) };
      });
    }),
  );
}

/** Elements that stay together when weights are dealt out. */
function tileUnit({ layer }: PlannedStage, shape: readonly number[]): number {
  // Shard sums go element by element; 64 fill a few cache lines, which no two workers then share.
  if (layer.gradientSplit === 'samples') return 64;
  // Weight gradients go row by row; a vector (a bias) is one piece.
  const row = shape[shape.length - 1];
  return shape.length === 1 ? row : row * 16;
}
