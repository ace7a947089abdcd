/**
 * A kernel of five lines, assembled, looked at and run.
 *
 *   node docs/simd-scale.mjs      in a checkout, after npm run build
 */
import { assemble } from '../dist/kernels/simd/assembler.js';
import { f32x4, i32, v128 } from '../dist/kernels/simd/instructions.js';

// kernel(x, end, factor): x[i] *= factor, four numbers at a time; x and end are addresses in bytes
const bytes = assemble({ shared: false }, (module) => {
  module.func('kernel', { x: 'i32', end: 'i32', factor: 'f32' }, (f, { x, end, factor }) => {
    const scale = f.local('v128', f32x4.splat(factor));
    f.doWhile(() => {
      f.store(x, 0, f32x4.mul(v128.load(x), scale));
      x.advance(16);
      return i32.ltU(x, end);
    });
  });
});

const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
console.log(`${bytes.length} bytes, beginning with ${hex.slice(0, 8).join(' ')}`);
// f32x4.mul is instruction 0xe6 of the SIMD group 0xfd, as LEB128: fd e6 01
console.log(`f32x4.mul is at byte ${hex.join(' ').indexOf('fd e6 01') / 3}`);

const memory = new WebAssembly.Memory({ initial: 1 });
const numbers = new Float32Array(memory.buffer, 0, 8);
numbers.set([1, 2, 3, 4, 5, 6, 7, 8]);
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
exports.kernel(0, 32, 0.5);
console.log(Array.from(numbers).join(' '));

// A mistake is found where it is made, by name.
try {
  f32x4.mul(v128.zero(), i32.const(1));
} catch (error) {
  console.log(error.message);
}
