/**
 * Filters as the Winograd kernels read them: U = G·g·Gᵀ (plain/winograd.ts, plain/winograd4.ts), each place's in panels of 8 output
 * channels, [places, ⌈OC/8⌉, C, 8], which their products read without gaps; the last panel may overlap its neighbour.
 *
 * Measured (Node 20, one thread, a busy machine, calls of 8 samples, in turns): forward takes 0.91 of the time that it took with the
 * filters transformed in each call on 8×8 pixels, 128 to 128 channels, 0.79 on 4×4, dx 0.9 and 0.67; as long from 16×16 on.
 *
 * Operations are rounded one by one in the order of the plain kernels, so strict mode has their bits.
 */
import type { Conv2dGeometry } from '../geometry.ts';
import type { Kernels, WinogradEdge } from '../kernels.ts';
import { plainInARow } from '../plain/common.ts';
import type { FunctionBuilder, Local } from './assembler.ts';
import { FLOAT, overlappingBlocks, PANEL, VECTOR } from './blocks.ts';
import type { SimdCompiler } from './compiler.ts';
import { f32x4, i32, type Value, v128 } from './instructions.ts';
import { filterSlice, setAll, suits, type Take } from './winograd-chunks.ts';
import { filterTransform } from './winograd4-passes.ts';

type FilterKernels = Pick<Kernels, 'winogradFilterSize' | 'winogradFilters'>;

export function winogradFilterKernels(simd: SimdCompiler): FilterKernels {
  const winogradFilters: Kernels['winogradFilters'] = (g, edge, w, u) => {
    if (!suits(g)) return plainInARow.winogradFilters(g, edge, w, u);
    const kernel = simd.kernel(`winogradFilters ${edge} ${g.C} ${g.OC}`, (module) =>
      module.func('kernel', { w: 'i32', u: 'i32' }, (f, arrays) => emitFilters(f, g, edge, arrays)),
    );
    kernel(simd.address(w), simd.address(u));
  };

  return {
    winogradFilterSize(g, edge) {
      if (!suits(g)) return plainInARow.winogradFilterSize(g, edge);
      return (edge + 2) * (edge + 2) * filterSlice(g);
    },

    winogradFilters,
  };
}

/** kernel(w, u): w [3, 3, C, OC] → u [places, panels, C, 8]. */
function emitFilters(
  f: FunctionBuilder,
  { C, OC }: Conv2dGeometry,
  edge: WinogradEdge,
  { w, u }: Readonly<Record<'w' | 'u', Local<'i32'>>>,
): void {
  const rows = edge + 2;
  const transform = edge === 2 ? smallTransform(f) : filterTransform(f);
  const [column, row, c] = f.locals('i32', 3);
  const g = f.locals('v128', 3);
  // G·g, [rows, 3]
  const half = f.locals('v128', rows * 3);
  const place = filterSlice({ C, OC }) * FLOAT;
  const transformAll = (from: readonly Value<'v128'>[], take: Take): void => {
    setAll(g, from);
    transform(g, take);
  };
  // for each panel: for each input channel: for both vectors
  overlappingBlocks(f, column, { count: OC, size: PANEL, bytes: FLOAT }, () => {
    row.set(i32.add(w, column));
    f.for(c, 0, C, 1, () => {
      for (let v = 0; v < PANEL / 4; v++) {
        for (let kw = 0; kw < 3; kw++) {
          const below = [0, 1, 2].map((kh) => v128.load(row, (3 * kh + kw) * C * OC * FLOAT + v * VECTOR));
          transformAll(below, (i, value) => half[3 * i + kw].set(value));
        }
        for (let i = 0; i < rows; i++) {
          transformAll(half.slice(3 * i, 3 * i + 3), (j, value) =>
            f.store(u, (rows * i + j) * place + v * VECTOR, value),
          );
        }
      }
      row.advance(OC * FLOAT);
      u.advance(PANEL * FLOAT);
    });
  });
}

/** G of F(2×2, 3×3) times three vectors. */
function smallTransform(f: FunctionBuilder): ReturnType<typeof filterTransform> {
  const outer = f.local('v128');
  const oneHalf = f.local('v128', f32x4.splat(0.5));
  return ([g0, g1, g2], take) => {
    outer.set(f32x4.add(g0, g2));
    take(0, g0);
    take(1, f32x4.mul(oneHalf, f32x4.add(outer, g1)));
    take(2, f32x4.mul(oneHalf, f32x4.sub(outer, g1)));
    take(3, g2);
  };
}
