/** A convolution's weights in panels of PANEL output channels, so that kernels which walk k read them without gaps. */
import type { Conv2dGeometry } from '../geometry.ts';
import { plainInARow } from '../plain/common.ts';
import type { FunctionBuilder, Local } from './assembler.ts';
import { FLOAT, overlappingBlocks, PANEL, transpose, VECTOR } from './blocks.ts';
import type { SimdCompiler } from './compiler.ts';
import { i32, type Value, v128 } from './instructions.ts';

/** A matrix [K, OC] that is held in panels. */
export type PanelShape = Pick<Conv2dGeometry, 'K' | 'OC'>;

/** Channels of a panel, half of them where there are fewer filters, and how many panels; the last may overlap its neighbour. */
export function panels(g: Pick<PanelShape, 'OC'>): { width: number; count: number } {
  const width = g.OC >= PANEL ? PANEL : PANEL / 2;
  return { width, count: Math.ceil(g.OC / width) };
}

/** Elements of them. */
export function packedSize(g: Conv2dGeometry): number {
  return g.OC < 4 ? plainInARow.conv2dScratch(g, null) : panelSize(g);
}

/** Elements of the panels of a matrix with at least 4 columns. */
export function panelSize(shape: PanelShape): number {
  const { width, count } = panels(shape);
  return count * shape.K * width;
}

/** kernel(w, packed): w [K, OC] → packed [panels, K, width]. */
export function pack(simd: SimdCompiler, g: Conv2dGeometry) {
  const { OC, K } = g;
  const { width } = panels(g);
  return simd.kernel(`pack ${K} ${OC}`, (module) =>
    module.func('kernel', { w: 'i32', packed: 'i32' }, (f, { w, packed }) => {
      const column = f.local('i32');
      const rows = f.local('i32', K);
      overlappingBlocks(f, column, { count: OC, size: width, bytes: FLOAT }, () => {
        emitPackColumns(f, width, OC, rows, i32.add(w, column), packed);
        packed.advance(K * width * FLOAT);
      });
    }),
  );
}

/** `width` columns of `from` [rows, columns] → to [rows, width]. */
export function emitPackColumns(
  f: FunctionBuilder,
  width: number,
  columns: number,
  rows: Local<'i32'>,
  from: Value<'i32'>,
  to: Local<'i32'>,
): void {
  const [read, write, left] = [f.local('i32', from), f.local('i32', to), f.local('i32', rows)];
  f.while(left, () => {
    for (let v = 0; v < width / 4; v++) f.store(write, v * VECTOR, v128.load(read, v * VECTOR));
    read.advance(columns * FLOAT);
    write.advance(width * FLOAT);
    left.advance(-1);
  });
}

/** kernel(w, packed): the transpose of w [OC, K] → packed [panels, K, width]. */
export function packTransposed(simd: SimdCompiler, { K, OC }: PanelShape) {
  const { width } = panels({ OC });
  return simd.kernel(`packTransposed ${K} ${OC}`, (module) =>
    module.func('kernel', { w: 'i32', packed: 'i32' }, (f, { w, packed }) => {
      const [column, from] = f.locals('i32', 2);
      // for each panel: its rows of w become columns
      overlappingBlocks(f, column, { count: OC, size: width, bytes: 1 }, () => {
        from.set(i32.add(w, i32.mul(column, K * FLOAT)));
        transpose(f, { R: width, S: K, from, fromRow: K * FLOAT, to: packed, toRow: width * FLOAT });
        packed.advance(K * width * FLOAT);
      });
    }),
  );
}
