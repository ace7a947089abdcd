/**
 * Convolutions forward with long sums, which need their own blocks (blocks.ts): over (kh, kw, c), where a patch has more than LONGEST
 * numbers: im2col, then the product in blocks of its depth. What isn't long goes to the kernels as it is. Backward: conv2d-backward.ts.
 */
import type { FloatArray } from '../../tensor/tensor.ts';
import type { Conv2dGeometry } from '../geometry.ts';
import type { CommonKernels } from '../groups.ts';
import type { Kernels } from '../kernels.ts';
import { BLOCK, BlockSums, eachBlock, gatherColumns, LONGEST, roomsIn } from './blocks.ts';
import { isLongOverPixels, ownScratch, pooledRoom, SHARD, tiledRoom } from './conv2d-rooms.ts';

type ConvolutionKernels = Pick<Kernels, 'conv2dScratch' | 'conv2dForward' | 'conv2dPoolForward'>;

export function longConvolution(kernels: CommonKernels): ConvolutionKernels {
  const own = ownScratch(kernels);

  /** y [P, OC] of one sample = patches·w, neither bias nor ReLU. */
  function forwardSample(
    g: Conv2dGeometry,
    x: FloatArray,
    w: FloatArray,
    y: FloatArray,
    room: (size: number) => FloatArray,
  ): void {
    const { P, K, OC } = g;
    const [patches, columns] = [room(P * K), room(P * BLOCK)];
    const [part, group] = [room(P * OC), room(P * OC)];
    kernels.im2col(g, x, patches);
    const sums = new BlockSums(kernels, P * OC, group, y);
    eachBlock(K, (from, to) => {
      gatherColumns(P, K, from, to, patches, columns);
      kernels.matmul(P, to - from, OC, columns, w.subarray(from * OC, to * OC), part);
      sums.add(part);
    });
    sums.finish();
  }

  return {
    /** [ the kernels' own | a sample's output or gradient before pooling, and pooled | what one of the above needs ] */
    conv2dScratch(g, pool) {
      const { H, W, C, P, K, OC } = g;
      let more = 0;
      if (K > LONGEST) more = P * (K + BLOCK + 2 * OC);
      if (isLongOverPixels(SHARD, P)) more = Math.max(more, tiledRoom(g));
      if (OC > LONGEST) more = Math.max(more, (K + P) * BLOCK + 2 * H * W * C);
      return own(g, pool) + (more && pool ? pooledRoom(g, pool) : 0) + more;
    },

    conv2dForward(g, N, x, w, b, relu, y, scratch) {
      const { H, W, C, P, K, OC } = g;
      if (K <= LONGEST) return kernels.conv2dForward(g, N, x, w, b, relu, y, scratch);
      for (let n = 0; n < N; n++) {
        const sample = x.subarray(n * H * W * C, (n + 1) * H * W * C);
        forwardSample(g, sample, w, y.subarray(n * P * OC, (n + 1) * P * OC), roomsIn(scratch, 0));
      }
      kernels.addBias(N * P, OC, b, relu, y);
    },

    conv2dPoolForward(g, pool, N, x, w, b, relu, y, choice, scratch) {
      const { H, W, C, P, K, OC } = g;
      if (K <= LONGEST) {
        return kernels.conv2dPoolForward(g, pool, N, x, w, b, relu, y, choice, scratch);
      }
      const pooled = pool.OH * pool.OW * OC;
      for (let n = 0; n < N; n++) {
        const room = roomsIn(scratch, 0);
        const convolved = room(P * OC);
        forwardSample(g, x.subarray(n * H * W * C, (n + 1) * H * W * C), w, convolved, room);
        kernels.addBias(P, OC, b, relu, convolved);
        const [from, to] = [n * pooled, (n + 1) * pooled];
        kernels.maxPool2dForward(pool, 1, convolved, y.subarray(from, to), choice.subarray(from, to));
      }
    },
  };
}
