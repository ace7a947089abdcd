/** Mistakes in the backward passes of convolution and pooling, each of which the gradient checks must catch. */
import { describe, it } from 'vitest';
import { mutant, mutantsOf } from './mutate.ts';
import { expectDeaths } from './verdict.ts';

const CONV2D = 'kernels/plain/conv2d.ts';
const SPARSE = 'kernels/plain/conv2d-sparse.ts';
const POOLED = 'kernels/plain/conv2d-pool.ts';
const WINOGRAD = 'kernels/plain/winograd-backward.ts';
const FILTERS = 'kernels/plain/winograd-filters.ts';
const IM2COL = 'kernels/plain/im2col.ts';
const MAX_POOL = 'kernels/plain/max-pool.ts';

const SCRATCH = 'the place is another, but still one in scratch that nobody else uses';

describe('no mutant lives', () => {
  it.each(['addSparseWeightGradient', 'addSparseInputGradient'])('of the sparse walk: %s', (name) => {
    expectDeaths(mutantsOf(SPARSE, [name]), 'conv2d + ');
  });

  it.each([
    ['conv2dBackward'],
    ['conv2dBackwardStart'],
    ['conv2dBackwardSample'],
    ['conv2dBackwardFinish'],
    ['transposedWeightGradient'],
    ['transposedWeights'],
    ['addBiasGradient'],
    ['transpose'],
  ])('of the convolution: %s', (name) => {
    expectDeaths(mutantsOf(CONV2D, [name]), 'conv2d', [
      { before: 'return scratch.subarray(g.P * g.K, g.P * g.K + g.OC * g.K);', because: SCRATCH },
      {
        before: 'return scratch.subarray(g.P * g.K + g.OC * g.K, g.P * g.K + 2 * g.OC * g.K);',
        because: SCRATCH,
      },
    ]);
  });

  it('of the convolution with pooling folded in', () => {
    expectDeaths(mutantsOf(POOLED, ['conv2dPoolBackward', 'spreadGradient']), 'conv2d + ');
  });

  it('of Winograd’s backward pass', () => {
    const functions = ['winogradBackward', 'inputGradient', 'weightGradient', 'transformGradient'];
    expectDeaths(
      mutantsOf(WINOGRAD, [...functions, 'gradientRows', 'transformSums', 'sumRows']),
      'conv2d, Winograd',
    );
    expectDeaths(mutantsOf(FILTERS, ['winogradTurnedFilters']), 'conv2d, Winograd');
  });

  it('of col2im', () => {
    expectDeaths(mutantsOf(IM2COL, ['col2im', 'addPatch']), 'conv2d');
  });

  it('of max-pooling', () => {
    expectDeaths(mutantsOf(MAX_POOL, ['maxPool2dBackward']), 'max-pooling, over');
    expectDeaths(mutantsOf('layers/max-pooling2d.ts', ['backward']), 'max-pooling, over');
  });

  it('of the layer', () => {
    expectDeaths(mutantsOf('layers/conv2d.ts', ['backward', 'prepareWeights']), 'conv2d');
  });

  it.each([
    [
      'patches overwrite one another',
      IM2COL,
      'Math.fround(dx[dxRun + j] + patches[patchRun + j])',
      'patches[patchRun + j]',
    ],
    ['col2im off by one', IM2COL, '+ patches[patchRun + j])', '+ patches[patchRun + j + 1])'],
    [
      'a missing transpose of w',
      CONV2D,
      'matmulTransposeB(P, OC, K, dy, w, scratch)',
      'matmul(P, OC, K, dy, w, scratch)',
    ],
    [
      'a missing transpose of the patches',
      CONV2D,
      'addMatmulTransposeA(K, P, OC,',
      'addMatmulTransposeA(P, K, OC,',
    ],
    [
      'filters that aren’t turned',
      FILTERS,
      'let place = 8; place >= 0; place--',
      'let place = 0; place < 9; place++',
    ],
    ['rows and columns of w mistaken', CONV2D, 'transpose(K, OC, w,', 'transpose(OC, K, w,'],
    ['rows and columns of dw mistaken', CONV2D, 'transpose(g.OC, g.K,', 'transpose(g.K, g.OC,'],
    [
      'the bias gradient of the last pixel alone',
      CONV2D,
      'Math.fround(db[oc] + dy[pixel + oc])',
      'dy[pixel + oc]',
    ],
    ['dw stands where patches are', CONV2D, 'subarray(g.P * g.K, g.P', 'subarray(0, g.P'],
    ['w stands where dw is', CONV2D, 'subarray(g.P * g.K + g.OC * g.K,', 'subarray(g.P * g.K,'],
    ['patches above the image', SPARSE, 'ih < 0 || ih >= H', 'ih >= H'],
    ['patches left of the image', SPARSE, 'const from = Math.max(0, -iw) * C', 'const from = 0'],
    ['the neighbouring pixel', SPARSE, 'x[xRun + j] * gradient', 'x[xRun + j + 1] * gradient'],
    [
      'the last gradient alone',
      SPARSE,
      'Math.fround(patch[k] + Math.fround(gradient * wT[wRow + k]))',
      'Math.fround(gradient * wT[wRow + k])',
    ],
    [
      'rows and columns mistaken',
      SPARSE,
      'addPatch(g, patch, 0, oh, ow, dx)',
      'addPatch(g, patch, 0, ow, oh, dx)',
    ],
    ['positive gradients alone', SPARSE, 'x[xRun + j] * gradient', 'x[xRun + j] * Math.max(0, gradient)'],
    ['a gradient through ReLU where it is cut off', POOLED, 'if (relu && !(y[i] > 0)) continue;', ''],
    ['the stride instead of the window', POOLED, 'choice[i] / KW', 'choice[i] / SW'],
    ['overlapping windows overwrite one another', POOLED, 'Math.fround(dConvolved[chosen] + dy[i])', 'dy[i]'],
    ['overlapping windows overwrite one another', MAX_POOL, 'Math.fround(dx[chosen] + dy[i])', 'dy[i]'],
    ['ReLU left out', 'layers/conv2d.ts', 'rectifyGradient(run, N * g.P * this.filters);', ''],
    [
      'dw and db mistaken',
      'layers/conv2d.ts',
      'const [dw = null, db = null]',
      'const [db = null, dw = null]',
    ],
  ])('not %s (%s)', (_, file, before, after) => {
    expectDeaths([mutant(file, before, after)], 'conv2d');
  });
});
