/**
 * A convolution's input gradient where dy has few zeros: dPatches [P, K] = dy·wᵀ, whose rows are added to the image in the order of their
 * positions. That is how the plain kernels do it (col2im), so the bits are theirs. Of a pointwise kernel dPatches is dx as it lies.
 *
 * The product is that of the forward pass (conv2d-product.ts), wᵀ in panels. Positions go by in chunks, so that a chunk's patches are
 * still in the second cache when they are added.
 *
 * Measured (Node 20, one thread, AMD Zen 4, 8 samples, in turns; registers alone give 44 to 47 GFLOP/s): pointwise 42 to 44 GFLOP/s on
 * MobileNetV2's layers (31 to 44 with wᵀ as it lies); 37 to 42 on 3×3 and 5×5 of 24 to 512 channels, where the list by position
 * (conv2d-sparse.ts) gives 15 to 28 of a gradient without zeros; 22 to 38 of 3 channels.
 */
import type { FloatArray } from '../../tensor/tensor.ts';
import type { Conv2dGeometry } from '../geometry.ts';
import type { ModuleBuilder } from './assembler.ts';
import { FLOAT, VECTOR } from './blocks.ts';
import type { SimdCompiler } from './compiler.ts';
import { geometryKey } from './conv2d-forward.ts';
import { eachTile, isPointwise, productWithPanels } from './conv2d-product.ts';
import { f32, f32x4, v128 } from './instructions.ts';
import { BLOCK_ROWS } from './matmul.ts';
import { cutOut, paddedGeometry, paddedSize } from './padding.ts';
import { type PanelShape, packTransposed, panelSize } from './panels.ts';

/** Numbers of a chunk's patches, 256 KB: a part of the second cache. */
const CHUNK = 65_536;
const FEWEST_POSITIONS = 16;

/** Positions and patches fill blocks. */
export function isDenseServed(g: Conv2dGeometry, N: number): boolean {
  return g.K >= 4 && (isPointwise(g) ? N * g.P : g.P) >= BLOCK_ROWS;
}

/** Elements of scratch: [ wᵀ in panels | a chunk of patches | a sample's dx with a margin ] */
export function denseInputScratch(g: Conv2dGeometry): number {
  if (g.K < 4) return 0;
  const panels = panelSize(transposed(g));
  return isPointwise(g) ? panels : panels + patchesSize(g) + paddedSize(g);
}

/** wᵀ [OC, K] */
const transposed = ({ K, OC }: Conv2dGeometry): PanelShape => ({ K: OC, OC: K });

/** Positions of a chunk, a multiple of BLOCK_ROWS. */
function chunkPositions({ K }: Conv2dGeometry): number {
  return Math.max(FEWEST_POSITIONS, BLOCK_ROWS * Math.floor(CHUNK / (K * BLOCK_ROWS)));
}

const patchesSize = (g: Conv2dGeometry): number => (chunkPositions(g) + BLOCK_ROWS) * g.K;

/** dx [N, H, W, C] from dy [N, P, OC], an address; where `isDenseServed`, without dilation. */
export function denseInputGradient(
  simd: SimdCompiler,
  g: Conv2dGeometry,
  N: number,
  w: FloatArray,
  dyAt: number,
  dx: FloatArray,
  scratch: FloatArray,
): void {
  const { H, W, C, OC, P } = g;
  const shape = transposed(g);
  const packed = simd.address(scratch);
  packTransposed(simd, shape)(simd.address(w), packed);
  const multiply = productWithPanels(simd, shape, 'none');
  if (isPointwise(g)) {
    multiply(N * P, dyAt, packed, simd.address(dx), 0);
    return;
  }
  const padded = paddedGeometry(g);
  const patches = scratch.subarray(panelSize(shape));
  const margin = patches.subarray(patchesSize(g), patchesSize(g) + paddedSize(g));
  const patchesAt = simd.address(patches);
  const add = addPatches(simd, padded);
  for (let n = 0; n < N; n++) {
    const image = padded === g ? dx.subarray(n * H * W * C, (n + 1) * H * W * C) : margin;
    const imageAt = simd.address(image.fill(0));
    eachTile(P, chunkPositions(g), (first, some) => {
      multiply(some, dyAt + (n * P + first) * OC * FLOAT, packed, patchesAt, 0);
      add(first, some, patchesAt, imageAt);
    });
    if (padded !== g) cutOut(g, image, dx, n);
  }
}

/** add(first, some, patches, image): rows of patches [some, K], of positions from number `first` on, are added to image [H, W, C]. */
function addPatches(simd: SimdCompiler, g: Conv2dGeometry) {
  const { W, C, SH, SW, OW, K } = g;
  const kernel = simd.kernel(`addPatches ${geometryKey(g)}`, (module) => emitAddPatches(module, g));
  return (first: number, some: number, patches: number, image: number): void => {
    // row by row of the output
    for (let p = first; p < first + some; ) {
      const [oh, ow] = [Math.floor(p / OW), p % OW];
      const count = Math.min(OW - ow, first + some - p);
      kernel(count, patches + (p - first) * K * FLOAT, image + (oh * SH * W + ow * SW) * C * FLOAT);
      p += count;
    }
  };
}

/** kernel(count, patches, image): image += patches [count, KH, KW·C] of neighbours in a row. */
function emitAddPatches(module: ModuleBuilder, { W, C, KH, KW, SW }: Conv2dGeometry): void {
  const length = KW * C;
  const whole = length - (length % 4);
  const signature = { count: 'i32', patches: 'i32', image: 'i32' } as const;
  module.func('kernel', signature, (f, { count, patches, image }) => {
    const [kh, k, out] = f.locals('i32', 3);
    f.while(count, () => {
      out.set(image);
      f.for(kh, 0, KH, 1, () => {
        if (whole > 0) {
          f.for(k, 0, whole, 4, () => {
            f.store(out, 0, f32x4.add(v128.load(out), v128.load(patches)));
            out.advance(VECTOR);
            patches.advance(VECTOR);
          });
        }
        for (let i = whole; i < length; i++) {
          f.store(out, 0, f32.add(f32.load(out), f32.load(patches)));
          out.advance(FLOAT);
          patches.advance(FLOAT);
        }
        out.advance((W - KW) * C * FLOAT);
      });
      image.advance(SW * C * FLOAT);
      count.advance(-1);
    });
  });
}
