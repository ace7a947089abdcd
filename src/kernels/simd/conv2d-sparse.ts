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
import { FLOAT, VECTOR } from './blocks.ts';
import type { Kernel, MulAdd, SimdCompiler } from './compiler.ts';
import { geometryKey } from './conv2d-forward.ts';
import { ITEM, listLayout } from './conv2d-lists.ts';
import { f32x4, i32, v128 } from './instructions.ts';

/**
 * Sums that stay in registers while a list is walked, in vectors. Lists are short (a filter has about 40 gradients in a
 * sample, a position two or three), and six came out fastest of 3, 4, 6, 8 and 12: 4.2 ms for dw of a batch of 128,
 * 5.3 with eight, 5.6 with twelve; 4.2, 4.9 and 6.2 for dx.
 */
const MOST_SUMS = 6;

/** The largest number of vectors that divides a patch's row into equal chunks. */
function chunkOf(rowVectors: number): number {
  let chunk = Math.min(MOST_SUMS, rowVectors);
  while (rowVectors % chunk !== 0) chunk--;
  return chunk;
}

/** kernel(lists, dwT) for one sample: dwT [OC, K] += x's patches times dy, from the lists by filter. */
export function sparseWeightGradient(simd: SimdCompiler, g: Conv2dGeometry): Kernel {
  return simd.kernel(`sparseWeightGradient ${geometryKey(g)}`, (module) =>
    emitWeightGradient(module, simd.mulAdd, g),
  );
}

function emitWeightGradient(module: ModuleBuilder, mulAdd: MulAdd, g: Conv2dGeometry): void {
  const { W, C, KH, KW, OC } = g;
  const { ends, lists, listSize } = listLayout(g);
  const rowVectors = (KW * C) / 4;
  const chunk = chunkOf(rowVectors);
  module.func('kernel', { scratch: 'i32', dwT: 'i32' }, (f, { scratch, dwT }) => {
    const list = f.local('i32', i32.add(scratch, lists));
    const sums = f.locals('v128', chunk);
    const gradient = f.local('v128');
    const [oc, kh, part, end, item, x, xChunk] = f.locals('i32', 7);
    // for each filter, row of the patch, chunk of the row
    f.for(oc, 0, OC, 1, () => {
      end.set(i32.load(i32.add(scratch, i32.shl(oc, 2)), ends));
      f.if(
        i32.ne(end, list),
        () => {
          xChunk.set(0);
          f.for(kh, 0, KH, 1, () => {
            f.for(part, 0, rowVectors / chunk, 1, () => {
              sums.forEach((sum, j) => {
                sum.set(v128.load(dwT, j * VECTOR));
              });
              item.set(list);
              // for each non-zero gradient of the filter: sums[k] += x[patch + k] · gradient
              f.doWhile(() => {
                x.set(i32.add(i32.load(item), xChunk));
                gradient.set(v128.load32Splat(item, FLOAT));
                sums.forEach((sum, j) => {
                  sum.set(mulAdd(sum, gradient, v128.load(x, j * VECTOR)));
                });
                item.advance(ITEM);
                return i32.ne(item, end);
              });
              sums.forEach((sum, j) => {
                f.store(dwT, j * VECTOR, sum);
              });
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
  return simd.kernel(`sparseInputGradient ${geometryKey(g)}`, (module) =>
    emitInputGradient(module, simd.mulAdd, g),
  );
}

function emitInputGradient(module: ModuleBuilder, mulAdd: MulAdd, g: Conv2dGeometry): void {
  const { W, C, KH, KW } = g;
  const { stream: streamStart } = listLayout(g);
  const rowVectors = (KW * C) / 4;
  const chunk = chunkOf(rowVectors);
  module.func('kernel', { scratch: 'i32', dx: 'i32' }, (f, { scratch, dx }) => {
    const stream = f.local('i32', i32.add(scratch, streamStart));
    const sums = f.locals('v128', chunk);
    const gradient = f.local('v128');
    const [count, out, kh, part, item, end, weights, wChunk] = f.locals('i32', 8);
    // for each position with gradients
    f.while(count.tee(i32.load(stream, FLOAT)), () => {
      out.set(i32.add(dx, i32.load(stream)));
      stream.advance(ITEM);
      end.set(i32.add(stream, i32.mul(count, ITEM)));
      wChunk.set(0);
      // for each row of the patch, chunk of the row
      f.for(kh, 0, KH, 1, () => {
        f.for(part, 0, rowVectors / chunk, 1, () => {
          for (const sum of sums) sum.set(v128.zero());
          item.set(stream);
          // for each gradient of the position: sums[k] += gradient · wT[oc, k]
          f.doWhile(() => {
            weights.set(i32.add(i32.load(item), wChunk));
            gradient.set(v128.load32Splat(item, FLOAT));
            sums.forEach((sum, j) => {
              sum.set(mulAdd(sum, gradient, v128.load(weights, j * VECTOR)));
            });
            item.advance(ITEM);
            return i32.ne(item, end);
          });
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
