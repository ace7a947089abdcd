/** Filters of the inputs' gradient, as the Winograd kernels read them: the turned filters are written out first. */
import { inputGradientGeometry } from '../geometry.ts';
import type { Kernels } from '../kernels.ts';
import { FLOAT, transposeKernel } from './blocks.ts';
import type { SimdCompiler } from './compiler.ts';
import { winogradFilterKernels } from './winograd-filters.ts';

export function turnedFilterKernels(simd: SimdCompiler): Pick<Kernels, 'winogradTurnedFilters'> {
  const { winogradFilters } = winogradFilterKernels(simd);
  return {
    winogradTurnedFilters(g, w, u, scratch) {
      const { C, OC } = g;
      const [from, to] = [simd.address(w), simd.address(scratch)];
      const place = C * OC * FLOAT;
      // turned[8 − place] [OC, C] = w[place]ᵀ
      for (let p = 0; p < 9; p++) transposeKernel(simd, C, OC)(from + p * place, to + (8 - p) * place);
      winogradFilters(inputGradientGeometry(g), 4, scratch, u);
    },
  };
}
