/**
 * Depthwise convolutions with long sums: forward over the positions of a kernel of more than LONGEST, in blocks of its rows. Backward:
 * depthwise-backward.ts.
 */
import type { Kernels } from '../kernels.ts';
import { BlockSums, LONGEST, roomsIn } from './blocks.ts';
import { longDepthwiseBackward } from './depthwise-backward.ts';
import { kernelRows, longDepthwiseRoom, ownDepthwiseScratch } from './depthwise-rooms.ts';

type DepthwiseKernels = Pick<Kernels, 'depthwiseScratch' | 'depthwiseForward' | 'depthwiseBackward'>;

export function longDepthwise(kernels: Kernels): DepthwiseKernels {
  const own = ownDepthwiseScratch(kernels);
  return {
    depthwiseScratch: (g) => own(g) + longDepthwiseRoom(g),

    depthwiseForward(g, N, x, w, b, relu, y, scratch) {
      const { H, W, C, KH, KW, OH, OW, M } = g;
      if (KH * KW <= LONGEST) return kernels.depthwiseForward(g, N, x, w, b, relu, y, scratch);
      const [inputs, outputs] = [H * W * C, OH * OW * C * M];
      const room = roomsIn(scratch, own(g));
      const [zeros, part, group] = [room(C * M).fill(0), room(outputs), room(outputs)];
      for (let n = 0; n < N; n++) {
        const image = x.subarray(n * inputs, (n + 1) * inputs);
        const sums = new BlockSums(kernels, outputs, group, y.subarray(n * outputs, (n + 1) * outputs));
        for (const { geometry, first, top } of kernelRows(g)) {
          const rows = w.subarray(first * KW * C * M, (first + geometry.KH) * KW * C * M);
          const below = image.subarray(top * W * C);
          kernels.depthwiseForward(geometry, 1, below, rows, zeros, false, part, scratch);
          sums.add(part);
        }
        sums.finish();
      }
      kernels.addBias(N * OH * OW, C * M, b, relu, y);
    },

    ...longDepthwiseBackward(kernels, own),
  };
}
