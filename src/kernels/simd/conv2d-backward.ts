/**
 * Convolution backward: which way each gradient is computed.
 *
 *   dx, sparse  from the list of non-zero gradients by position (conv2d-sparse.ts).
 *   dx, dense   a matrix product, whose rows are added to the image (conv2d-input-gradient.ts).
 *   dw, sparse  from the lists by filter.
 *   dw, dense   in blocks of registers: patchesᵀ·dy, the patches read where they are in the image (below), or, of kernels of 1×1,
 *               packed (pointwise-weight-gradient.ts).
 *   db          along with the lists, or by columns.
 *
 * Where patches reach over the edge, each sample's x is copied into an image with a margin, and its dx is cut out of one. Dilation is left
 * to the plain kernels, and so are less than 4 filters.
 */
import type { FloatArray } from '../../tensor/tensor.ts';
import type { Conv2dGeometry, PoolGeometry } from '../geometry.ts';
import type { Kernels } from '../kernels.ts';
import type { FunctionBuilder, Local, ModuleBuilder } from './assembler.ts';
import { FLOAT, loadAll, overlappingBlocks, storeAll, transposeKernel, VECTOR } from './blocks.ts';
import { columnSums } from './column-sums.ts';
import type { MulAdd, SimdCompiler } from './compiler.ts';
import { geometryKey } from './conv2d-forward.ts';
import { denseInputGradient, denseInputScratch, isDenseServed } from './conv2d-input-gradient.ts';
import { type GradientSource, listGradient, listLayout } from './conv2d-lists.ts';
import { isDilated } from './conv2d-product.ts';
import { isSparseServed, sparseInputGradient, sparseWeightGradient } from './conv2d-sparse.ts';
import { i32, v128 } from './instructions.ts';
import { cutOut, paddedGeometry, paddedSize, padImage } from './padding.ts';
import { isPacked, packedScratch, packedWeightGradient } from './pointwise-weight-gradient.ts';

type BackwardKernels = Pick<Kernels, 'conv2dBackward' | 'conv2dPoolBackward'>;

/**
 * Elements of scratch: [ wT OC·K | dwT OC·K | a sample's lists | its x and dx with a margin | its gradient before and after ReLU and
 * pooling ]; a dense dw in blocks is where the first three do.
 */
export function backwardScratch(g: Conv2dGeometry, pool: PoolGeometry | null): number {
  const spread = pool && !isListed(g, pool) ? (g.P + pool.OH * pool.OW) * g.OC : 0;
  const walked = imagesOffset(g) + 2 * paddedSize(g) + spread;
  return Math.max(walked, denseInputScratch(g), packedScratch(g));
}

function imagesOffset(g: Conv2dGeometry): number {
  return Math.max(2 * g.OC * g.K + listLayout(g).size / FLOAT, blockSums(g).size);
}

/** A sample's x and dx with their margins, in scratch; empty where there is none. */
function imagesOf(g: Conv2dGeometry, scratch: FloatArray): { x: FloatArray; dx: FloatArray } {
  const [at, size] = [imagesOffset(g), paddedSize(g)];
  return { x: scratch.subarray(at, at + size), dx: scratch.subarray(at + size, at + 2 * size) };
}

/** @param plain for what is left to them */
export function conv2dBackwardKernels(
  simd: SimdCompiler,
  plain: BackwardKernels,
  maxPool2dBackward: Kernels['maxPool2dBackward'],
  reluBackward: Kernels['reluBackward'],
): BackwardKernels {
  return {
    conv2dBackward(g, N, x, w, dy, walk, dw, db, dx, scratch) {
      if (isDilated(g) || g.OC < 4) {
        return plain.conv2dBackward(g, N, x, w, dy, walk, dw, db, dx, scratch);
      }
      const dyAt = simd.address(dy);
      const isWalked = isSparseServed(g);
      const isDense = walk === 'dense' || !isWalked;
      if (dw && isDense && isPacked(g)) {
        packedWeightGradient(simd, g, N, x, dyAt, dw, scratch);
      } else if (dw && isDense) {
        const { add, finish } = startWeightGradient(simd, g, x, dw, scratch);
        add(0, N, dyAt);
        finish();
      }
      if (db) columnSums(simd, g.OC)(N * g.P, dyAt, simd.address(db));
      const isProduct = isDense && isDenseServed(g, N);
      if (dx && isProduct) denseInputGradient(simd, g, N, w, dyAt, dx, scratch);
      else if (dx && !isWalked) plain.conv2dBackward(g, N, x, w, dy, walk, null, null, dx, scratch);
      const walkDw = isDense ? null : dw;
      const walkDx = isWalked && !isProduct ? dx : null;
      if (walkDw === null && walkDx === null) return;
      const walkSample = startWalk(simd, g, 'direct', x, w, walkDw, null, walkDx, scratch);
      for (let n = 0; n < N; n++) walkSample(n, dyAt + n * g.P * g.OC * FLOAT, 0, 0);
      finishWalk(simd, g, walkDw, scratch);
    },

    conv2dPoolBackward(g, pool, N, x, w, relu, y, choice, dy, walk, dw, db, dx, scratch) {
      const isServed = isSparseServed(g);
      const canDw = !isDilated(g) && g.OC >= 4;
      if (!isServed || !canDw) {
        const [rest, { conv2dPoolBackward }] = [canDw ? null : dw, plain];
        if (rest || db || dx) {
          conv2dPoolBackward(g, pool, N, x, w, relu, y, choice, dy, walk, rest, db, dx, scratch);
        }
        if (!canDw || !dw) return;
      }
      // The gradient under pooling is sparse whatever the walk is called.
      const pooled = pool.OH * pool.OW * pool.C;
      if (isListed(g, pool)) {
        const [dyAt, yAt, choiceAt] = [simd.address(dy), simd.address(y), simd.address(choice)];
        const source = relu ? 'pooled relu' : 'pooled';
        const walkSample = startWalk(simd, g, source, x, w, dw, db, dx, scratch);
        for (let n = 0; n < N; n++) {
          const at = n * pooled;
          walkSample(n, dyAt + at * FLOAT, yAt + at * FLOAT, choiceAt + at);
        }
      } else {
        // Other windows may overlap: one sample's gradient is spread first.
        const at = imagesOffset(g) + 2 * paddedSize(g);
        const [spread, alive] = [scratch.subarray(at, at + g.P * g.OC), scratch.subarray(at + g.P * g.OC)];
        const walkSample = isServed ? startWalk(simd, g, 'direct', x, w, dw, db, dx, scratch) : null;
        const dense = !isServed && dw ? startWeightGradient(simd, g, x, dw, scratch) : null;
        for (let n = 0; n < N; n++) {
          const [from, to] = [n * pooled, (n + 1) * pooled];
          let gradient = dy.subarray(from, to);
          if (relu) {
            reluBackward(pooled, y.subarray(from, to), gradient, alive);
            gradient = alive;
          }
          maxPool2dBackward(pool, 1, gradient, choice.subarray(from, to), spread);
          walkSample?.(n, simd.address(spread), 0, 0);
          dense?.add(n, 1, simd.address(spread));
        }
        if (dense) return dense.finish();
      }
      finishWalk(simd, g, dw, scratch);
    },
  };
}

/** Windows of 2×2 without overlap that cover the whole output: their gradients are listed straight from dy, where lists serve. */
function isListed(g: Conv2dGeometry, pool: PoolGeometry): boolean {
  const isWindow = pool.KH === 2 && pool.KW === 2 && pool.SH === 2 && pool.SW === 2;
  return isWindow && g.OH % 2 === 0 && g.OW % 2 === 0 && isSparseServed(g);
}

/** Begins every sum at +0; returns what walks sample n, whose gradient is at the given addresses. */
function startWalk(
  simd: SimdCompiler,
  g: Conv2dGeometry,
  source: GradientSource,
  x: FloatArray,
  w: FloatArray,
  dw: FloatArray | null,
  db: FloatArray | null,
  dx: FloatArray | null,
  scratch: FloatArray,
): (n: number, dy: number, y: number, choice: number) => void {
  const { OC, K } = g;
  const padded = paddedGeometry(g);
  const images = imagesOf(g, scratch);
  const inputSize = g.H * g.W * g.C;
  const wTAt = simd.address(scratch);
  const dwTAt = wTAt + OC * K * FLOAT;
  const listsAt = dwTAt + OC * K * FLOAT;
  const xAt = simd.address(x);
  const dbAt = db ? simd.address(db) : 0;
  const dxAt = dx ? simd.address(dx) : 0;
  db?.fill(0, 0, OC);
  if (dw) scratch.fill(0, OC * K, 2 * OC * K);
  if (dx) transposeKernel(simd, K, OC)(simd.address(w), wTAt);
  const list = listGradient(simd, padded, source, { dw: dw !== null, db: db !== null, dx: dx !== null });
  const addToDw = dw ? sparseWeightGradient(simd, padded) : null;
  const addToDx = dx ? sparseInputGradient(simd, padded) : null;
  return (n, dy, y, choice) => {
    if (dw && padded !== g) padImage(g, x, n, images.x);
    const sampleAt = padded === g ? xAt + n * inputSize * FLOAT : simd.address(images.x);
    list(sampleAt, dy, y, choice, wTAt, listsAt, dbAt);
    addToDw?.(listsAt, dwTAt);
    if (!dx || !addToDx) return;
    if (padded === g) {
      dx.fill(0, n * inputSize, (n + 1) * inputSize);
      addToDx(listsAt, dxAt + n * inputSize * FLOAT);
    } else {
      addToDx(listsAt, simd.address(images.dx.fill(0)));
      cutOut(g, images.dx, dx, n);
    }
  };
}

/** After the last sample: dw = dwTᵀ */
function finishWalk(
  simd: SimdCompiler,
  { OC, K }: Conv2dGeometry,
  dw: FloatArray | null,
  scratch: FloatArray,
): void {
  if (dw) transposeKernel(simd, OC, K)(simd.address(scratch) + OC * K * FLOAT, simd.address(dw));
}

// ---- dense dw --------------------------------------------------------------------------------------------------------

/** dw [K, OC] = Σ_(n, oh, ow) patch[k]·dy[oh, ow, oc], OC ≥ 4. */
function startWeightGradient(
  simd: SimdCompiler,
  g: Conv2dGeometry,
  x: FloatArray,
  dw: FloatArray,
  scratch: FloatArray,
): { add: (from: number, samples: number, dyAt: number) => void; finish: () => void } {
  const padded = paddedGeometry(g);
  const blocksAt = simd.address(scratch.fill(0, 0, blockSums(g).size));
  const key = `weight gradient ${geometryKey(padded)}`;
  const add = simd.kernel(key, (module) => emitWeightGradient(module, simd.mulAdd, padded));
  const { x: image } = imagesOf(g, scratch);
  return {
    /** `samples` from number `from` on, whose gradients are at dyAt: all at once, or one by one where they need a margin. */
    add(from, samples, dyAt) {
      if (padded === g) {
        add(samples, simd.address(x) + from * g.H * g.W * g.C * FLOAT, dyAt, blocksAt);
        return;
      }
      for (let n = 0; n < samples; n++) {
        padImage(g, x, from + n, image);
        add(1, simd.address(image), dyAt + n * g.P * g.OC * FLOAT, blocksAt);
      }
    },
    finish() {
      const place = simd.kernel(`place${key}`, (module) => emitPlaceBlocks(module, padded));
      place(blocksAt, simd.address(dw));
    },
  };
}

/**
 * dw in blocks, one after the other: up to four neighbours in a patch's row × 8 channels. Where the last block of a row is moved
 * back, its sums overlap the one before; both grow by themselves.
 */
function blockSums({ KH, KW, C, OC }: Conv2dGeometry) {
  const rowLength = KW * C;
  const ks = Math.min(4, rowLength);
  const vectors = OC >= 8 ? 2 : 1;
  const columns = 4 * vectors;
  const size = KH * Math.ceil(rowLength / ks) * Math.ceil(OC / columns) * ks * columns;
  return { rowLength, ks, vectors, columns, size };
}

/** for each row of the patch: for each block of the row, each block of channels (in bytes) */
function eachBlock(
  f: FunctionBuilder,
  g: Conv2dGeometry,
  visit: (kh: Local<'i32'>, k: Local<'i32'>, channel: Local<'i32'>) => void,
): void {
  const { rowLength, ks, columns } = blockSums(g);
  const [kh, k, channel] = f.locals('i32', 3);
  f.for(kh, 0, g.KH, 1, () => {
    overlappingBlocks(f, k, { count: rowLength, size: ks, bytes: 1 }, () => {
      overlappingBlocks(f, channel, { count: g.OC, size: columns, bytes: FLOAT }, () =>
        visit(kh, k, channel),
      );
    });
  });
}

/**
 * kernel(N, x, dy, blocks): the blocks grow by N samples of an unpadded geometry. A block's sums stay in registers over all samples
 * and positions of the call. For each position: two vectors of dy, four spread elements of x, eight multiply-adds.
 */
function emitWeightGradient(module: ModuleBuilder, mulAdd: MulAdd, g: Conv2dGeometry): void {
  const { H, W, C, SH, SW, OH, OW, OC } = g;
  const { ks, vectors } = blockSums(g);
  const signature = { samples: 'i32', x: 'i32', dy: 'i32', block: 'i32' } as const;
  module.func('kernel', signature, (f, { samples, x, dy, block }) => {
    const sums = Array.from({ length: ks }, () => f.locals('v128', vectors));
    const gradients = f.locals('v128', vectors);
    const factor = f.local('v128');
    const [left, row, xPixel, xEnd, dyPixel] = f.locals('i32', 5);
    eachBlock(f, g, (kh, k, channel) => {
      loadAll(sums.flat(), block);
      xPixel.set(i32.add(x, i32.add(i32.mul(kh, W * C * FLOAT), i32.shl(k, 2))));
      dyPixel.set(i32.add(dy, channel));
      // for each sample, oh, ow: sums[k][oc] += x[patch + k] · dy[oc]
      f.for(left, 0, samples, 1, () => {
        f.for(row, 0, OH, 1, () => {
          xEnd.set(i32.add(xPixel, OW * SW * C * FLOAT));
          f.doWhile(() => {
            loadAll(gradients, dyPixel);
            sums.forEach((kSums, j) => {
              factor.set(v128.load32Splat(xPixel, j * FLOAT));
              kSums.forEach((sum, v) => {
                sum.set(mulAdd(sum, factor, gradients[v]));
              });
            });
            xPixel.advance(SW * C * FLOAT);
            dyPixel.advance(OC * FLOAT);
            return i32.ne(xPixel, xEnd);
          });
          xPixel.advance((SH * W - OW * SW) * C * FLOAT);
        });
        xPixel.advance((H - OH * SH) * W * C * FLOAT);
      });
      storeAll(f, block, sums.flat());
      block.advance(ks * vectors * VECTOR);
    });
  });
}

/** kernel(blocks, dw): dw[kh, k, oc] = the block's sums */
function emitPlaceBlocks(module: ModuleBuilder, g: Conv2dGeometry): void {
  const { rowLength, ks, vectors } = blockSums(g);
  const rowBytes = g.OC * FLOAT;
  module.func('kernel', { block: 'i32', dw: 'i32' }, (f, { block, dw }) => {
    const out = f.local('i32');
    eachBlock(f, g, (kh, k, channel) => {
      out.set(i32.add(i32.add(dw, channel), i32.mul(i32.add(i32.mul(kh, rowLength), k), rowBytes)));
      for (let i = 0; i < ks * vectors; i++) {
        const to = Math.floor(i / vectors) * rowBytes + (i % vectors) * VECTOR;
        f.store(out, to, v128.load(block, i * VECTOR));
      }
      block.advance(ks * vectors * VECTOR);
    });
  });
}
