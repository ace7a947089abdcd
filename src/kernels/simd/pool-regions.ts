/**
 * Windows that reach over the edge have fewer pixels. A pooling kernel's code is written out for one set of positions, so the
 * output is cut into rectangles whose windows all have the same ones: nine with padding on all sides, one without.
 */
import type { PoolGeometry } from '../geometry.ts';

/** A rectangle of outputs, and the positions (kh, kw) of their windows that lie within the image. */
export interface PoolRegion {
  readonly row: number;
  readonly rows: number;
  readonly column: number;
  readonly columns: number;
  readonly khFrom: number;
  readonly khTo: number;
  readonly kwFrom: number;
  readonly kwTo: number;
}

/** Neighbouring windows along one axis with the same positions within the image. */
interface Run {
  readonly first: number;
  count: number;
  readonly from: number;
  readonly to: number;
}

/** All rectangles, rows ascending, then columns. `single`: one row each, so that a walk in their order meets rows in theirs. */
export function poolRegions(pool: PoolGeometry, single = false): PoolRegion[] {
  const rows = runs(pool.OH, pool.KH, pool.SH, pool.padTop, pool.H, single);
  const columns = runs(pool.OW, pool.KW, pool.SW, pool.padLeft, pool.W, false);
  return rows.flatMap((r) =>
    columns.map((c) => ({
      ...{ row: r.first, rows: r.count, khFrom: r.from, khTo: r.to },
      ...{ column: c.first, columns: c.count, kwFrom: c.from, kwTo: c.to },
    })),
  );
}

/** Where a region's first window begins in one sample of x, and where its output is, in elements. */
export function regionOffsets(
  { W, C, SH, SW, OW, padTop, padLeft }: PoolGeometry,
  { row, column, khFrom, kwFrom }: PoolRegion,
): { x: number; y: number } {
  const [h, w] = [row * SH - padTop + khFrom, column * SW - padLeft + kwFrom];
  return { x: (h * W + w) * C, y: (row * OW + column) * C };
}

function runs(
  count: number,
  kernel: number,
  stride: number,
  before: number,
  size: number,
  single: boolean,
): Run[] {
  const found: Run[] = [];
  for (let o = 0; o < count; o++) {
    const start = o * stride - before;
    const [from, to] = [Math.max(0, -start), Math.min(kernel, size - start)];
    const last = found.at(-1);
    if (last && !single && last.from === from && last.to === to) last.count++;
    else found.push({ first: o, count: 1, from, to });
  }
  return found;
}
