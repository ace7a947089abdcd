/** A factor and an offset for all elements; one a channel is left to the plain kernel. */
import type { Kernels } from '../kernels.ts';
import type { SimdCompiler } from './compiler.ts';
import { addresses, forEachElement } from './elementwise.ts';
import { f32x4 } from './instructions.ts';

type AffineKernel = Pick<Kernels, 'affine'>;

/** @param plain for what is left to them */
export function affineKernels(simd: SimdCompiler, plain: AffineKernel): AffineKernel {
  const at = addresses(simd);

  return {
    affine(size, x, scale, offset, y) {
      if (scale.length > 1) {
        plain.affine(size, x, scale, offset, y);
        return;
      }
      const signature = { count: 'i32', scale: 'f32', offset: 'f32', x: 'i32', y: 'i32' } as const;
      const kernel = simd.kernel('affine', (module) =>
        module.func('kernel', signature, (f, { count, scale, offset, x, y }) => {
          const factor = f.local('v128', f32x4.splat(scale));
          const shift = f.local('v128', f32x4.splat(offset));
          // y = x·scale + offset
          forEachElement(f, count, [x, y], [], ({ load, store }) =>
            store(y, f32x4.add(f32x4.mul(load(x), factor), shift)),
          );
        }),
      );
      kernel(size, scale[0], offset[0], at(x, 0), at(y, 0));
    },
  };
}
