/**
 * Dense layers with long sums: over more than LONGEST inputs (forward), outputs (input gradient) or samples (weight gradient).
 * Each block of terms is a dense layer of its own. See blocks.ts.
 */
import type { FloatArray } from '../../tensor/tensor.ts';
import type { CommonKernels } from '../groups.ts';
import type { Kernels } from '../kernels.ts';
import { BLOCK, BlockSums, eachBlock, GROUP, gatherColumns, LONGEST, roomsIn } from './blocks.ts';

type ForwardKernels = Pick<Kernels, 'denseScratch' | 'denseForward'>;
type BackwardKernels = Pick<Kernels, 'denseBackwardInput' | 'denseBackwardWeights' | 'denseBackwardBias'>;

export function longDense(kernels: CommonKernels): ForwardKernels {
  return {
    /** [ the kernels' own | a block's operands, its sum and its group's ], of whichever product needs most. */
    denseScratch(N, I, O) {
      let size = kernels.denseScratch(N, I, O);
      if (I > LONGEST) size = Math.max(size, kernels.denseScratch(N, BLOCK, O) + O + N * BLOCK + 2 * N * O);
      if (O > LONGEST) {
        size = Math.max(size, kernels.denseScratch(N, I, BLOCK) + (N + I) * BLOCK + 2 * N * I);
      }
      if (N > LONGEST) size = Math.max(size, kernels.denseScratch(BLOCK, I, O) + 2 * I * O);
      return size;
    },

    denseForward(N, I, O, x, w, b, relu, y, scratch) {
      if (I <= LONGEST) return kernels.denseForward(N, I, O, x, w, b, relu, y, scratch);
      const room = roomsIn(scratch, kernels.denseScratch(N, BLOCK, O));
      const [zeros, inputs, part, group] = [room(O).fill(0), room(N * BLOCK), room(N * O), room(N * O)];
      const sums = new BlockSums(kernels, N * O, group, y);
      eachBlock(I, (from, to) => {
        gatherColumns(N, I, from, to, x, inputs);
        const rows = w.subarray(from * O, to * O);
        kernels.denseForward(N, to - from, O, inputs, rows, zeros, false, part, scratch);
        sums.add(part);
      });
      sums.finish();
      kernels.addBias(N, O, b, relu, y);
    },
  };
}

export function longDenseBackward(kernels: Kernels): BackwardKernels {
  return {
    denseBackwardInput(N, I, O, dy, w, alive, dx, scratch) {
      if (O <= LONGEST) return kernels.denseBackwardInput(N, I, O, dy, w, alive, dx, scratch);
      const room = roomsIn(scratch, kernels.denseScratch(N, I, BLOCK));
      const [gradients, columns] = [room(N * BLOCK), room(I * BLOCK)];
      const [part, group] = [room(N * I), room(N * I)];
      const sums = new BlockSums(kernels, N * I, group, dx);
      eachBlock(O, (from, to) => {
        gatherColumns(N, O, from, to, dy, gradients);
        gatherColumns(I, O, from, to, w, columns);
        kernels.denseBackwardInput(N, I, to - from, gradients, columns, alive, part, scratch);
        sums.add(part);
      });
      sums.finish();
    },

    denseBackwardWeights(N, I, O, x, dy, from, to, dw, scratch) {
      if (N <= LONGEST) return kernels.denseBackwardWeights(N, I, O, x, dy, from, to, dw, scratch);
      const room = roomsIn(scratch, kernels.denseScratch(BLOCK, I, O));
      const [part, group] = [room(I * O), room(I * O)];
      const rows = (all: FloatArray) => all.subarray(from * O, to * O);
      const sums = new BlockSums(kernels, (to - from) * O, group, rows(dw));
      eachBlock(N, (first, end) => {
        const [inputs, gradients] = [x.subarray(first * I, end * I), dy.subarray(first * O, end * O)];
        kernels.denseBackwardWeights(end - first, I, O, inputs, gradients, from, to, part, scratch);
        sums.add(rows(part));
      });
      sums.finish();
    },

    denseBackwardBias(N, O, dy, db) {
      if (N <= LONGEST) return kernels.denseBackwardBias(N, O, dy, db);
      const round = kernels.dtype === 'float32' ? Math.fround : (value: number) => value;
      for (let o = 0; o < O; o++) {
        let [block, group, sum] = [0, 0, 0];
        for (let n = 0; n < N; n++) {
          block = round(block + dy[n * O + o]);
          if ((n + 1) % BLOCK === 0 || n === N - 1) [group, block] = [round(group + block), 0];
          if ((n + 1) % (GROUP * BLOCK) === 0 || n === N - 1) [sum, group] = [round(sum + group), 0];
        }
        db[o] = sum;
      }
    },
  };
}
