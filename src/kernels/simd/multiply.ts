/** One array times another. */
import type { Kernels } from '../kernels.ts';
import type { SimdCompiler } from './compiler.ts';
import { addresses, inPlace } from './elementwise.ts';
import { f32x4 } from './instructions.ts';

export function multiplyKernels(simd: SimdCompiler): Pick<Kernels, 'multiplyBy'> {
  const at = addresses(simd);

  return {
    multiplyBy(size, x, y) {
      inPlace(simd, 'multiplyBy', f32x4.mul)(size, at(x, 0), at(y, 0));
    },
  };
}
