/**
 * Backward pass of convolutions of 1×1: matrix products over all pixels of all samples, dw = xᵀ·dy and dx = dy·wᵀ.
 *
 * In dw a pixel's 8 numbers of dy stand in a cache line of their own, OC floats from the next, and all channels read them again. So
 * pixels go by in chunks, of which 8 filters at a time are packed side by side; dw's sums are stored between chunks. Few channels
 * don't repay the copy.
 *
 * Measured on MobileNetV2's shapes (Node 20, one thread, a busy machine, 8 samples, in turns): dw takes 0.54 to 0.65 of the time of dy as
 * it lies on 28×28, 0.70 to 0.99 on 14×14, 0.89 to 1.05 on 7×7. Chunks of 128 to 1,024 pixels differ by a tenth. With 24 channels
 * it would take 1.03 to 1.2. In dx the same of w gains nothing. Packing a chunk of x too, 4 channels side by side, would leave 0.75 to 0.97 on
 * 7×7 and 14×14: under 2 % of a step.
 */
import type { FloatArray } from '../../tensor/tensor.ts';
import type { Conv2dGeometry } from '../geometry.ts';
import { FLOAT, transposeKernel, VECTOR } from './blocks.ts';
import { columnSums } from './column-sums.ts';
import type { SimdCompiler } from './compiler.ts';
import { v128 } from './instructions.ts';
import { product } from './matmul.ts';

/** Pixels of a chunk. */
const CHUNK = 512;
/** Filters side by side. */
const WIDTH = 8;
const FEWEST_CHANNELS = 32;

/** Elements of scratch: [ wT | or a chunk of dy ] */
export function pointwiseBackwardScratch({ C, OC }: Conv2dGeometry): number {
  return Math.max(C * OC, CHUNK * WIDTH);
}

/** See Kernels.conv2dBackward; for at least 4 channels and 4 filters. */
export function pointwiseBackward(
  simd: SimdCompiler,
  g: Conv2dGeometry,
  N: number,
  x: FloatArray,
  w: FloatArray,
  dy: FloatArray,
  dw: FloatArray | null,
  db: FloatArray | null,
  dx: FloatArray | null,
  scratch: FloatArray,
): void {
  const { C, OC } = g;
  const rows = N * g.P;
  const [dyAt, scratchAt] = [simd.address(dy), simd.address(scratch)];
  if (dw) weightGradient(simd, g, rows, { x: simd.address(x), dy: dyAt, dw: simd.address(dw) }, scratchAt);
  if (db) columnSums(simd, OC)(rows, dyAt, simd.address(db));
  if (dx) {
    // w transposed, so that columns are neighbours
    transposeKernel(simd, C, OC)(simd.address(w), scratchAt);
    const layout = { aRow: OC, aStep: 1, bStep: C, cRow: C, columns: C, tail: 'none' } as const;
    product(simd, layout)(rows, OC, dyAt, scratchAt, simd.address(dx), 0);
  }
}

/** dw [C, OC] = xᵀ·dy, rows ascending; `at`: addresses. */
function weightGradient(
  simd: SimdCompiler,
  { C, OC }: Conv2dGeometry,
  rows: number,
  at: Readonly<Record<'x' | 'dy' | 'dw', number>>,
  packed: number,
): void {
  const layout = { aRow: 1, aStep: C, bStep: OC, cRow: OC, columns: OC, tail: 'none' } as const;
  if (C < FEWEST_CHANNELS || OC % WIDTH !== 0) {
    product(simd, layout)(C, rows, at.x, at.dy, at.dw, 0);
    return;
  }
  for (let row = 0; row < rows; row += CHUNK) {
    const some = Math.min(CHUNK, rows - row);
    const multiply = product(simd, { ...layout, bStep: WIDTH, columns: WIDTH, goesOn: row > 0 });
    for (let column = 0; column < OC; column += WIDTH) {
      packColumns(simd, OC)(some, at.dy + (row * OC + column) * FLOAT, packed);
      multiply(C, some, at.x + row * C * FLOAT, packed, at.dw + column * FLOAT, 0);
    }
  }
}

/** kernel(rows, from, packed): WIDTH columns of from [rows, OC] → packed [rows, WIDTH]. */
function packColumns(simd: SimdCompiler, OC: number) {
  return simd.kernel(`pack columns ${OC}`, (module) =>
    module.func('kernel', { rows: 'i32', from: 'i32', packed: 'i32' }, (f, { rows, from, packed }) => {
      f.while(rows, () => {
        for (let v = 0; v < WIDTH / 4; v++) f.store(packed, v * VECTOR, v128.load(from, v * VECTOR));
        from.advance(OC * FLOAT);
        packed.advance(WIDTH * FLOAT);
        rows.advance(-1);
      });
    }),
  );
}
