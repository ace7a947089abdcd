/**
 * The convolution's gradients from the non-zero elements of dy only, which conv2d-lists.ts has listed for one sample:
 *
 *   dw   from the lists by filter: a chunk of the filter's sums stays in registers while its list is walked,
 *          sums[k] += x[patch + k]·dy, and dw is transposed [OC, K] meanwhile, so that k are neighbours.
 *   dx   from the list by position: the patch's row Σ_oc dy·wT[oc] is summed in registers and added to dx once, as col2im does.
 *
 * Bound by loads and stores: dw by reading patches from the L2 cache, dx by its read-modify-write.
 */
import type { Conv2dGeometry } from '../geometry.ts';
import type { ModuleBuilder } from './assembler.ts';
import { FLOAT, loadAll, storeAll, VECTOR, zeroAll } from './blocks.ts';
import type { Kernel, MulAdd, SimdCompiler } from './compiler.ts';
import { geometryKey } from './conv2d-forward.ts';
import { ITEM, listLayout } from './conv2d-lists.ts';
import { f32x4, i32, v128 } from './instructions.ts';
import { walk } from './walk.ts';

/**
 * Sums that stay in registers while a list is walked, in vectors. A filter has about 50 gradients in a sample, and twelve came out
 * fastest of 6, 8 and 12 where no more than two vectors are loaded at once (6.3 ms for dw of a batch of 128, 6.8 with six); a
 * position has two or three, and eight came out fastest, with four at once (4.8 ms for dx, 5.2 with six, 6.8 with twelve).
 */
const MOST_SUMS_DW = 12;
const MOST_SUMS_DX = 8;

/** The largest number of vectors, up to `most`, that divides a patch's row into equal chunks. */
function chunkOf(rowVectors: number, most: number): number {
  let chunk = Math.min(most, rowVectors);
  while (rowVectors % chunk !== 0) chunk--;
  return chunk;
}

/** kernel(lists, dwT) for one sample: dwT [OC, K] += x's patches times dy, from the lists by filter. */
export function sparseWeightGradient(simd: SimdCompiler, g: Conv2dGeometry): Kernel {
  return simd.kernel(`sparseDw ${geometryKey(g)}`, (module) => emitWeightGradient(module, simd.mulAdd, g));
}

function emitWeightGradient(module: ModuleBuilder, mulAdd: MulAdd, g: Conv2dGeometry): void {
  const { W, C, KH, KW, OC } = g;
  const { ends, lists, listSize } = listLayout(g);
  const rowVectors = (KW * C) / 4;
  const chunk = chunkOf(rowVectors, MOST_SUMS_DW);
  module.func('kernel', { scratch: 'i32', dwT: 'i32' }, (f, { scratch, dwT }) => {
    const list = f.local('i32', i32.add(scratch, lists));
    const sums = f.locals('v128', chunk);
    const [oc, kh, part, end, item, xChunk] = f.locals('i32', 6);
    const factor = v128.load32Splat(item, FLOAT);
    // for each filter, row of the patch, chunk of the row
    f.for(oc, 0, OC, 1, () => {
      end.set(i32.load(i32.add(scratch, i32.shl(oc, 2)), ends));
      f.if(
        i32.ne(end, list),
        () => {
          xChunk.set(0);
          f.for(kh, 0, KH, 1, () => {
            f.for(part, 0, rowVectors / chunk, 1, () => {
              loadAll(sums, dwT);
              item.set(list);
              // for each non-zero gradient of the filter: sums[k] += x[patch + k] · gradient
              const row = i32.add(i32.load(item), xChunk);
              walk(f, mulAdd, sums, 2, item, end, ITEM, factor, row);
              storeAll(f, dwT, sums);
              dwT.advance(chunk * VECTOR);
              xChunk.advance(chunk * VECTOR);
            });
            xChunk.advance((W - KW) * C * FLOAT);
          });
        },
        () => dwT.advance(g.K * FLOAT),
      );
      list.advance(listSize);
    });
  });
}

/** kernel(lists, dx) for one sample: dx [H, W, C] is added to, from the list by position. */
export function sparseInputGradient(simd: SimdCompiler, g: Conv2dGeometry): Kernel {
  return simd.kernel(`sparseDx ${geometryKey(g)}`, (module) => emitInputGradient(module, simd.mulAdd, g));
}

function emitInputGradient(module: ModuleBuilder, mulAdd: MulAdd, g: Conv2dGeometry): void {
  const { W, C, KH, KW } = g;
  const { stream: streamStart } = listLayout(g);
  const rowVectors = (KW * C) / 4;
  const chunk = chunkOf(rowVectors, MOST_SUMS_DX);
  module.func('kernel', { scratch: 'i32', dx: 'i32' }, (f, { scratch, dx }) => {
    const stream = f.local('i32', i32.add(scratch, streamStart));
    const sums = f.locals('v128', chunk);
    const [count, out, kh, part, item, end, wChunk] = f.locals('i32', 7);
    const factor = v128.load32Splat(item, FLOAT);
    // for each position with gradients
    f.while(count.tee(i32.load(stream, FLOAT)), () => {
      out.set(i32.add(dx, i32.load(stream)));
      stream.advance(ITEM);
      end.set(i32.add(stream, i32.mul(count, ITEM)));
      wChunk.set(0);
      // for each row of the patch, chunk of the row
      f.for(kh, 0, KH, 1, () => {
        f.for(part, 0, rowVectors / chunk, 1, () => {
          zeroAll(sums);
          item.set(stream);
          // for each gradient of the position: sums[k] += gradient · wT[oc, k]
          const row = i32.add(i32.load(item), wChunk);
          walk(f, mulAdd, sums, 4, item, end, ITEM, factor, row);
          // dx[patch + k] += sums[k]
          sums.forEach((sum, j) => {
            f.store(out, j * VECTOR, f32x4.add(v128.load(out, j * VECTOR), sum));
          });
          out.advance(chunk * VECTOR);
          wChunk.advance(chunk * VECTOR);
        });
        out.advance((W - KW) * C * FLOAT);
      });
      stream.set(end);
    });
  });
}

/** Whether the walk serves this geometry: whole vectors in a patch's rows and in a pixel's channels. */
export function isSparseServed(g: Conv2dGeometry): boolean {
  return (g.KW * g.C) % 4 === 0 && g.OC % 4 === 0;
}
