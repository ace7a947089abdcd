/**
 * Output images in tiles of about 512 pixels: the blocks of a weight gradient's sum. A tile has up to MOST_COLUMNS columns and a multiple
 * of four rows, so that it cuts neither a pooling window of 2×2 nor a tile of Winograd's. Each is a convolution of its own, on the rows and columns of the image that it reads.
 */
import { maximum } from '../../tensor/maximum.ts';
import type { FloatArray } from '../../tensor/tensor.ts';
import type { PoolGeometry } from '../geometry.ts';

/** Columns of a tile at most, and its pixels, unless four rows have more. Twice a block of products: each tile's gradient is written out and added, all weights of it. */
const MOST_COLUMNS = 512;

/** What tiles are cut from: a convolution, depthwise or not. */
type Geometry = PoolGeometry & { readonly DH: number; readonly DW: number };

/** One tile: its geometry, and where its input and output begin in a sample's. */
export interface Tile<G> {
  readonly geometry: G;
  readonly top: number;
  readonly left: number;
  readonly row: number;
  readonly column: number;
}

const known = new WeakMap<object, readonly Tile<Geometry>[]>();

/** The tiles of a sample's output, rows ascending, then columns. */
export function tilesOf<G extends Geometry>(g: G): readonly Tile<G>[] {
  let tiles = known.get(g) as readonly Tile<G>[] | undefined; // those of this geometry
  if (!tiles) {
    tiles = cut(g);
    known.set(g, tiles);
  }
  return tiles;
}

function cut<G extends Geometry>(g: G): Tile<G>[] {
  const width = Math.min(g.OW, MOST_COLUMNS);
  const most = Math.floor(MOST_COLUMNS / width);
  const height = Math.max(4, most - (most % 4));
  const tiles: Tile<G>[] = [];
  for (let row = 0; row < g.OH; row += height) {
    const OH = Math.min(height, g.OH - row);
    const rows = reach(g.H, row, OH, g.KH, g.SH, g.DH, g.padTop);
    for (let column = 0; column < g.OW; column += width) {
      const OW = Math.min(width, g.OW - column);
      // Whole rows are in a row of memory: their columns aren't cut.
      const columns =
        OW === g.OW
          ? { from: 0, size: g.W, before: g.padLeft }
          : reach(g.W, column, OW, g.KW, g.SW, g.DW, g.padLeft);
      const sizes = { H: rows.size, W: columns.size, padTop: rows.before, padLeft: columns.before };
      const geometry = { ...g, ...sizes, OH, OW, ...('P' in g && { P: OH * OW }) };
      tiles.push({ geometry, top: rows.from, left: columns.from, row, column });
    }
  }
  return tiles;
}

/**
 * Along one axis: what `count` windows from number `first` on read of an image of `size`, and how many zeros are before that. With
 * either padding every window reaches into the image, so there always is something.
 */
function reach(
  size: number,
  first: number,
  count: number,
  K: number,
  S: number,
  D: number,
  pad: number,
): { from: number; size: number; before: number } {
  const start = first * S - pad;
  const end = start + (count - 1) * S + (K - 1) * D + 1;
  const from = Math.max(0, start);
  return { from, size: Math.min(size, end) - from, before: from - start };
}

/** Elements that `tileOf` may need for an input and for an output of so many channels. */
export function tileRoom(tiles: readonly Tile<Geometry>[], C: number, OC: number): { x: number; y: number } {
  const sizes = tiles.map(({ geometry: { H, W, OH, OW } }) => ({ x: H * W * C, y: OH * OW * OC }));
  return { x: maximum(sizes.map(({ x }) => x)), y: maximum(sizes.map(({ y }) => y)) };
}

/** A rectangle of an image [height, W, C], from row `top` and column `left` on: a view where it can be one, else copied to `room`. */
export function tileOf(
  image: FloatArray,
  W: number,
  C: number,
  { top, left, H, W: width }: { top: number; left: number; H: number; W: number },
  room: FloatArray,
): FloatArray {
  if (width === W) return image.subarray(top * W * C, (top + H) * W * C);
  for (let h = 0; h < H; h++) {
    const from = ((top + h) * W + left) * C;
    room.set(image.subarray(from, from + width * C), h * width * C);
  }
  return room.subarray(0, H * width * C);
}
