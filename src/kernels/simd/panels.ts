/** A convolution's weights in panels of 8 output channels, so that kernels which walk k read them without gaps. */
import type { Conv2dGeometry } from '../geometry.ts';
import { plainInARow } from '../plain/common.ts';
import { FLOAT, overlappingBlocks, VECTOR } from './blocks.ts';
import type { SimdCompiler } from './compiler.ts';
import { i32, v128 } from './instructions.ts';

/** Channels of a panel, and how many panels; the last may overlap its neighbour. */
export function panels(g: Conv2dGeometry): { width: number; count: number } {
  const width = g.OC >= 8 ? 8 : 4;
  return { width, count: Math.ceil(g.OC / width) };
}

/** Elements of them. */
export function packedSize(g: Conv2dGeometry): number {
  if (g.OC < 4) return plainInARow.conv2dScratch(g, null);
  const { width, count } = panels(g);
  return count * g.K * width;
}

/** kernel(w, packed): w [K, OC] → packed [panels, K, width]. */
export function pack(simd: SimdCompiler, g: Conv2dGeometry) {
  const { OC, K } = g;
  const { width } = panels(g);
  return simd.kernel(`pack ${K} ${OC}`, (module) =>
    module.func('kernel', { w: 'i32', packed: 'i32' }, (f, { w, packed }) => {
      const column = f.local('i32');
      const row = f.local('i32');
      const k = f.local('i32');
      // for each panel: for k: packed = w[k, column … column + width]
      overlappingBlocks(f, column, { count: OC, size: width, bytes: FLOAT }, () => {
        row.set(i32.add(w, column));
        f.for(k, 0, K, 1, () => {
          for (let v = 0; v < width / 4; v++) f.store(packed, v * VECTOR, v128.load(row, v * VECTOR));
          row.advance(OC * FLOAT);
          packed.advance(width * FLOAT);
        });
      });
    }),
  );
}
