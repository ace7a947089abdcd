/**
 * Convolution backward: which way each gradient is computed.
 *
 *   dx          always from the list of non-zero gradients by position (conv2d-sparse.ts), whatever the walk: it
 *               has the bits of both.
 *   dw, sparse  from the lists by filter.
 *   dw, dense   in blocks of registers: patchesᵀ·dy, the patches read where they stand in the image (below).
 *   db          along with the lists, or by columns.
 *
 * Kernels of 1×1 are matrix products over all pixels of all samples. Padding, dilation, and channels that don't fill vectors
 * are left to the plain kernels.
 */
import type { Conv2dGeometry, PoolGeometry } from '../geometry.ts';
import type { Kernels } from '../kernels.ts';
import { plainKernels } from '../plain/index.ts';
import type { ModuleBuilder } from './assembler.ts';
import { FLOAT, overlappingBlocks, transposeKernel, VECTOR } from './blocks.ts';
import { columnSums } from './column-sums.ts';
import type { Kernel, MulAdd, SimdCompiler } from './compiler.ts';
import { geometryKey, isDilated, isPointwise } from './conv2d-forward.ts';
import {
  type GradientSource,
  isSparseServed,
  listGradient,
  listLayout,
  sparseInputGradient,
  sparseWeightGradient,
} from './conv2d-sparse.ts';
import { i32, v128 } from './instructions.ts';
import { product } from './matmul.ts';
import { isUnpadded } from './padding.ts';

type BackwardKernels = Pick<Kernels, 'conv2dBackward' | 'conv2dPoolBackward'>;

/** Elements of scratch: [ wT OC·K | dwT OC·K | a sample's lists | a sample's gradient before pooling ]. */
export function backwardScratch(g: Conv2dGeometry, pool: PoolGeometry | null): number {
  const unpooled = pool === null || isTwoByTwo(g, pool) ? 0 : g.P * g.OC;
  return 2 * g.OC * g.K + listLayout(g).size / FLOAT + unpooled;
}

export function conv2dBackwardKernels(
  simd: SimdCompiler,
  maxPool2dBackward: Kernels['maxPool2dBackward'],
  reluBackward: Kernels['reluBackward'],
): BackwardKernels {
  return {
    conv2dBackward(g, N, x, w, dy, walk, dw, db, dx, scratch) {
      if (!isUnpadded(g) || isDilated(g) || g.OC < 4) {
        return plainKernels.conv2dBackward(g, N, x, w, dy, walk, dw, db, dx, scratch);
      }
      if (isPointwise(g) && g.C >= 4) {
        pointwiseBackward(simd, g, N, x, w, dy, dw, db, dx, scratch);
        return;
      }
      const [xAt, dyAt] = [simd.address(x), simd.address(dy)];
      const isWalked = isSparseServed(g);
      const isDense = walk === 'dense' || !isWalked;
      if (dw && isDense) denseWeightGradient(simd, g)(N, xAt, dyAt, simd.address(dw));
      if (db) columnSums(simd, g.OC)(N * g.P, dyAt, simd.address(db));
      if (dx && !isWalked) plainKernels.conv2dBackward(g, N, x, w, dy, walk, null, null, dx, scratch);
      const walkDw = isDense ? null : dw;
      const walkDx = isWalked ? dx : null;
      if (walkDw === null && walkDx === null) return;
      const walkSample = startWalk(simd, g, 'direct', x, w, walkDw, null, walkDx, scratch);
      for (let n = 0; n < N; n++) walkSample(n, dyAt + n * g.P * g.OC * FLOAT, 0, 0);
      finishWalk(simd, g, walkDw, scratch);
    },

    conv2dPoolBackward(g, pool, N, x, w, relu, y, choice, dy, walk, dw, db, dx, scratch) {
      if (!isUnpadded(g) || isDilated(g) || !isSparseServed(g)) {
        const { conv2dPoolBackward } = plainKernels;
        return conv2dPoolBackward(g, pool, N, x, w, relu, y, choice, dy, walk, dw, db, dx, scratch);
      }
      // The gradient under pooling is sparse whatever the walk is called.
      const pooled = pool.OH * pool.OW * pool.C;
      if (isTwoByTwo(g, pool)) {
        const [dyAt, yAt, choiceAt] = [simd.address(dy), simd.address(y), simd.address(choice)];
        const source = relu ? 'pooled relu' : 'pooled';
        const walkSample = startWalk(simd, g, source, x, w, dw, db, dx, scratch);
        for (let n = 0; n < N; n++) {
          const at = n * pooled;
          walkSample(n, dyAt + at * FLOAT, yAt + at * FLOAT, choiceAt + at);
        }
      } else {
        // Other windows may overlap: one sample's gradient is spread first.
        const end = backwardScratch(g, pool);
        const spread = scratch.subarray(end - g.P * g.OC, end);
        const walkSample = startWalk(simd, g, 'direct', x, w, dw, db, dx, scratch);
        for (let n = 0; n < N; n++) {
          const [from, to] = [n * pooled, (n + 1) * pooled];
          let gradient = dy.subarray(from, to);
          if (relu) {
            // The lists' room is free until the sample's walk begins.
            const alive = scratch.subarray(2 * g.OC * g.K, 2 * g.OC * g.K + pooled);
            reluBackward(pooled, y.subarray(from, to), gradient, alive);
            gradient = alive;
          }
          maxPool2dBackward(pool, 1, gradient, choice.subarray(from, to), spread);
          walkSample(n, simd.address(spread), 0, 0);
        }
      }
      finishWalk(simd, g, dw, scratch);
    },
  };
}

/** Windows of 2×2 without overlap that cover the whole output: their gradients are listed straight from dy. */
function isTwoByTwo(g: Conv2dGeometry, pool: PoolGeometry): boolean {
  const isWindow = pool.KH === 2 && pool.KW === 2 && pool.SH === 2 && pool.SW === 2;
  return isWindow && g.OH % 2 === 0 && g.OW % 2 === 0;
}

/** Begins every sum at +0; returns what walks sample n, whose gradient stands at the given addresses. */
function startWalk(
  simd: SimdCompiler,
  g: Conv2dGeometry,
  source: GradientSource,
  x: Parameters<Kernels['conv2dBackward']>[2],
  w: Parameters<Kernels['conv2dBackward']>[3],
  dw: Parameters<Kernels['conv2dBackward']>[6],
  db: Parameters<Kernels['conv2dBackward']>[7],
  dx: Parameters<Kernels['conv2dBackward']>[8],
  scratch: Parameters<Kernels['conv2dBackward']>[9],
): (n: number, dy: number, y: number, choice: number) => void {
  const { OC, K } = g;
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
  const list = listGradient(simd, g, source, { dw: dw !== null, db: db !== null, dx: dx !== null });
  const addToDw = dw ? sparseWeightGradient(simd, g) : null;
  const addToDx = dx ? sparseInputGradient(simd, g) : null;
  return (n, dy, y, choice) => {
    list(xAt + n * inputSize * FLOAT, dy, y, choice, wTAt, listsAt, dbAt);
    addToDw?.(listsAt, dwTAt);
    if (dx && addToDx) {
      dx.fill(0, n * inputSize, (n + 1) * inputSize);
      addToDx(listsAt, dxAt + n * inputSize * FLOAT);
    }
  };
}

/** After the last sample: dw = dwTᵀ */
function finishWalk(
  simd: SimdCompiler,
  { OC, K }: Conv2dGeometry,
  dw: Parameters<Kernels['conv2dBackward']>[6],
  scratch: Parameters<Kernels['conv2dBackward']>[9],
): void {
  if (dw) transposeKernel(simd, OC, K)(simd.address(scratch) + OC * K * FLOAT, simd.address(dw));
}

/** dw = xᵀ·dy, dx = dy·wᵀ over the N·P pixels; w transposed in scratch, so that columns are neighbours. */
function pointwiseBackward(
  simd: SimdCompiler,
  { P, C, OC }: Conv2dGeometry,
  N: number,
  x: Parameters<Kernels['conv2dBackward']>[2],
  w: Parameters<Kernels['conv2dBackward']>[3],
  dy: Parameters<Kernels['conv2dBackward']>[4],
  dw: Parameters<Kernels['conv2dBackward']>[6],
  db: Parameters<Kernels['conv2dBackward']>[7],
  dx: Parameters<Kernels['conv2dBackward']>[8],
  scratch: Parameters<Kernels['conv2dBackward']>[9],
): void {
  const dyAt = simd.address(dy);
  if (dw) {
    const layout = { aRow: 1, aStep: C, bStep: OC, cRow: OC, columns: OC, tail: 'none' } as const;
    product(simd, layout)(C, N * P, simd.address(x), dyAt, simd.address(dw), 0);
  }
  if (db) columnSums(simd, OC)(N * P, dyAt, simd.address(db));
  if (dx) {
    const wTAt = simd.address(scratch);
    transposeKernel(simd, C, OC)(simd.address(w), wTAt);
    const layout = { aRow: OC, aStep: 1, bStep: C, cRow: C, columns: C, tail: 'none' } as const;
    product(simd, layout)(N * P, OC, dyAt, wTAt, simd.address(dx), 0);
  }
}

// ---- dense dw --------------------------------------------------------------------------------------------------------

/** kernel(N, x, dy, dw): dw [K, OC] = Σ_(n, oh, ow) patch[k]·dy[oh, ow, oc], for an unpadded geometry with OC ≥ 4. */
function denseWeightGradient(simd: SimdCompiler, g: Conv2dGeometry): Kernel {
  return simd.kernel(`denseWeightGradient ${geometryKey(g)}`, (module) =>
    emitDenseWeightGradient(module, simd.mulAdd, g),
  );
}

/**
 * A block is up to four neighbours in a patch's row × 8 channels: its sums stay in registers over all samples and
 * positions of the call. For each position: two vectors of dy, four spread elements of x, eight multiply-adds.
 */
function emitDenseWeightGradient(module: ModuleBuilder, mulAdd: MulAdd, g: Conv2dGeometry): void {
  const { H, W, C, KH, KW, SH, SW, OH, OW, OC } = g;
  const rowLength = KW * C;
  const ks = Math.min(4, rowLength);
  const vectors = OC >= 8 ? 2 : 1;
  const signature = { samples: 'i32', x: 'i32', dy: 'i32', dw: 'i32' } as const;
  module.func('kernel', signature, (f, { samples, x, dy, dw }) => {
    const sums = Array.from({ length: ks }, () => f.locals('v128', vectors));
    const gradients = f.locals('v128', vectors);
    const factor = f.local('v128');
    const [kh, k, channel, left, row, xPixel, xEnd, dyPixel, out] = f.locals('i32', 9);
    // for each row of the patch: for each block of the row, each block of channels
    f.for(kh, 0, KH, 1, () => {
      overlappingBlocks(f, k, { count: rowLength, size: ks, bytes: 1 }, () => {
        overlappingBlocks(f, channel, { count: OC, size: 4 * vectors, bytes: FLOAT }, () => {
          for (const sum of sums.flat()) sum.set(v128.zero());
          xPixel.set(i32.add(x, i32.add(i32.mul(kh, W * C * FLOAT), i32.shl(k, 2))));
          dyPixel.set(i32.add(dy, channel));
          // for each sample, oh, ow: sums[k][oc] += x[patch + k] · dy[oc]
          f.for(left, 0, samples, 1, () => {
            f.for(row, 0, OH, 1, () => {
              xEnd.set(i32.add(xPixel, OW * SW * C * FLOAT));
              f.doWhile(() => {
                gradients.forEach((vector, v) => {
                  vector.set(v128.load(dyPixel, v * VECTOR));
                });
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
          // dw[kh, k, oc] = sums
          out.set(i32.add(i32.add(dw, channel), i32.mul(i32.add(i32.mul(kh, rowLength), k), OC * FLOAT)));
          sums.forEach((kSums, j) => {
            kSums.forEach((sum, v) => {
              f.store(out, j * OC * FLOAT + v * VECTOR, sum);
            });
          });
        });
      });
    });
  });
}
