/** Mistakes in the backward pass of dense layers and in the matrix product, each of which the gradient checks must catch. */
import { describe, it } from 'vitest';
import { mutant, mutantsOf } from './mutate.ts';
import { expectDeaths } from './verdict.ts';

const DENSE = 'kernels/plain/dense.ts';
const MATMUL = 'kernels/plain/matmul.ts';
const LAYER = 'layers/dense.ts';

describe('no mutant lives', () => {
  it.each([
    ['denseBackwardInput', 'dense behind relu'],
    ['denseBackwardWeights', 'dense'],
    ['denseBackwardBias', 'dense'],
    ['listNonZero', 'dense'],
    ['sumRows', 'dense'],
    ['offsetsIn', 'dense'],
  ])('of the dense layer: %s', (name, first) => {
    expectDeaths(mutantsOf(DENSE, [name]), first, [
      {
        before: 'dx.fill(0, 0, N * I);',
        because: 'what stands at a dead input is cut off by the ReLU below, whatever it is',
      },
      {
        before: 'const blocked = O - (O % 8);',
        because:
          'what a block writes past its row is overwritten by the next row, and past the last row there is no array',
      },
    ]);
  });

  it('of the layer', () => {
    expectDeaths(mutantsOf(LAYER, ['backward', 'weightGradient']), 'dense');
  });

  it('of the transposed products', () => {
    expectDeaths(mutantsOf(MATMUL, ['addMatmulTransposeA', 'matmulTransposeB']), 'conv2d');
  });

  it('of the matrix product', () => {
    expectDeaths(mutantsOf(MATMUL, ['addProduct', 'addElement', 'addBlock']), 'dense walk', [
      {
        before: 'const blockedM = M - (M % 4);',
        because:
          'rows past the last one are written where there is no array, or into scratch that nobody reads',
      },
    ]);
  });

  it.each([
    [
      'a missing transpose',
      DENSE,
      'matmulTransposeB(N, O, I, dy, w, dx)',
      'matmulTransposeB(N, I, O, dy, w, dx)',
    ],
    ['the bias gradient of the last sample alone', DENSE, 'Math.fround(db[o] + dy[row + o])', 'dy[row + o]'],
    ['the bias left out', LAYER, 'kernels.denseBackwardBias(N * P, O, dy, db);', 'db.fill(0);'],
    ['ReLU left out', LAYER, 'rectifyGradient(run, N * P * this.units);', ''],
    ['every zero input dead', LAYER, 'stage.zeroInputsAreDead ? x : null', 'x'],
    [
      'inputs dead that follow no ReLU',
      'model/arrange.ts',
      'stage: -1, zerosAreDead: false,',
      'stage: -1, zerosAreDead: true,',
    ],
    [
      'dead by the gradient, not by the input',
      LAYER,
      'stage.zeroInputsAreDead ? x : null',
      'stage.zeroInputsAreDead ? dy : null',
      'miniature',
    ],
  ])('not %s', (_, file, before, after, check = 'dense') => {
    expectDeaths([mutant(file, before, after)], check);
  });
});
