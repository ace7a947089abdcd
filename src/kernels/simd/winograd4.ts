/**
 * Winograd's F(4×4, 3×3) in SIMD; the method and its matrices are in plain/winograd4.ts. It goes through its tiles in chunks, as
 * winograd.ts does, with the same products; the transforms are in winograd4-passes.ts.
 *
 * Operations are rounded one by one in the order of plain/winograd4.ts, so strict mode has its bits.
 */
import type { Conv2dGeometry, PoolGeometry } from '../geometry.ts';
import type { Kernels } from '../kernels.ts';
import { plainInARow } from '../plain/common.ts';
import type { Kernel, SimdCompiler } from './compiler.ts';
import { geometryKey } from './conv2d-forward.ts';
import { chunkParts, emitChunks, runChunks, suits, tiles } from './winograd-chunks.ts';
import type { Tiling } from './winograd-passes.ts';
import { InputPass, OUT, OutputPass, PLACES } from './winograd4-passes.ts';

type Winograd4Kernels = Pick<Kernels, 'winograd4Scratch' | 'winograd4Forward'>;

/** Tiles of a chunk at most, or one row of them: V and M of 128 channels are then 430 KB. (One sample's; see winograd-chunks.ts.) */
const CHUNK_TILES = 12;

export function winograd4Kernels(simd: SimdCompiler): Winograd4Kernels {
  return {
    winograd4Scratch(g, pool) {
      return suits(g) ? chunkParts(tilingOf(g, pool)).end : plainInARow.winograd4Scratch(g, pool);
    },

    winograd4Forward(g, pool, N, x, u, b, relu, y, scratch) {
      if (!suits(g)) return plainInARow.winograd4Forward(g, pool, N, x, u, b, relu, y, scratch);
      const tiling = tilingOf(g, pool);
      const isPooled = pool !== null;
      const shape = `${geometryKey(tiling.padded)} ${tiling.OH} ${tiling.OW}`;
      const kernelOf = (part: Tiling): Kernel =>
        simd.kernel(`winograd4 ${shape} ${part.samples} ${isPooled} ${relu}`, (module) =>
          emitChunks(module, simd.mulAdd, part, {
            input: (f) => new InputPass(f, part),
            output: (f, rows, at) => new OutputPass(f, rows, at.y, isPooled, relu),
          }),
        );
      runChunks(simd, kernelOf, tiling, N, { x, u, b, y, choice: null, room: scratch });
    },
  };
}

/** Tiles for the whole output; with pooling, for the rows and columns that fill windows. */
function tilingOf(g: Conv2dGeometry, pool: PoolGeometry | null): Tiling {
  const TH = Math.ceil((pool ? 2 * pool.OH : g.OH) / OUT);
  const TW = Math.ceil((pool ? 2 * pool.OW : g.OW) / OUT);
  // As few chunks as that allows, and these alike: four rows are 2 + 2, not 3 + 1.
  const most = Math.max(1, Math.floor(CHUNK_TILES / TW));
  const rows = Math.ceil(TH / Math.ceil(TH / most));
  const outputSize = (pool ? pool.OH * pool.OW : g.P) * g.OC;
  return tiles(g, { edge: OUT, places: PLACES, TH, TW, rows, outputSize });
}
