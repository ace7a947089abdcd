import { describe, expect, it } from 'vitest';
import { assemble, FunctionBuilder, type ModuleBuilder } from '../../../src/kernels/simd/assembler.ts';
import { signed, unsigned } from '../../../src/kernels/simd/encoding.ts';
import {
  f32,
  f32x4,
  i8x16,
  i32,
  i32x4,
  type Operand,
  select,
  shuffle32,
  v128,
} from '../../../src/kernels/simd/instructions.ts';
import { f64x2 } from '../../../src/kernels/simd/pair-instructions.ts';

/** Assembles, validates and instantiates; returns the exports and the memory seen as floats and as words. */
function run(build: (module: ModuleBuilder) => void, shared = false) {
  const bytes = assemble({ shared }, build);
  expect(WebAssembly.validate(bytes)).toBe(true);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 4, shared });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  // The exports are the functions that `build` added; each takes numbers.
  const exports = instance.exports as Record<string, (...args: number[]) => void>;
  return { exports, floats: new Float32Array(memory.buffer), words: new Int32Array(memory.buffer) };
}

/** Stores what `compute` returns at address 0 and reads it back. */
function evaluate(compute: (f: FunctionBuilder) => Parameters<FunctionBuilder['store']>[2]) {
  const { exports, floats, words } = run((m) => m.func('f', {}, (f) => f.store(0, 0, compute(f))));
  exports.f();
  return { floats: [...floats.slice(0, 4)], words: [...words.slice(0, 4)] };
}

/** Hands a value of a wrong type to an instruction, as code without types would. */
const wrong = (value: unknown): Operand<'i32'> => value as Operand<'i32'>;

describe('LEB128', () => {
  it('writes unsigned numbers as the specification does', () => {
    expect(unsigned(0)).toEqual([0]);
    expect(unsigned(127)).toEqual([0x7f]);
    expect(unsigned(128)).toEqual([0x80, 0x01]);
    expect(unsigned(624485)).toEqual([0xe5, 0x8e, 0x26]);
    expect(unsigned(2 ** 32 - 1)).toEqual([0xff, 0xff, 0xff, 0xff, 0x0f]);
  });

  it('writes signed numbers as the specification does', () => {
    expect(signed(0)).toEqual([0]);
    expect(signed(63)).toEqual([0x3f]);
    expect(signed(64)).toEqual([0xc0, 0x00]);
    expect(signed(-1)).toEqual([0x7f]);
    expect(signed(-123456)).toEqual([0xc0, 0xbb, 0x78]);
  });
});

describe('assemble', () => {
  it('loops: sums an array with scalar code', () => {
    const { exports, floats } = run((m) =>
      m.func('sum', { x: 'i32', n: 'i32', result: 'i32' }, (f, { x, n, result }) => {
        const i = f.local('i32');
        const total = f.local('f32');
        f.for(i, 0, n, 1, () => {
          total.set(f32.add(total, f32.load(x)));
          x.advance(4);
        });
        f.store(result, 0, total);
      }),
    );
    floats.set([1, 2, 3, 4], 4);
    exports.sum(16, 4, 0);
    expect(floats[0]).toBe(10);
    exports.sum(16, 0, 0);
    expect(floats[0]).toBe(0);
  });

  it('does vector arithmetic on shared memory', () => {
    const { exports, floats } = run(
      (m) =>
        m.func('scale', { x: 'i32', end: 'i32', factor: 'f32' }, (f, { x, end, factor }) => {
          const scale = f.local('v128', f32x4.splat(factor));
          f.doWhile(() => {
            f.store(x, 0, f32x4.mul(v128.load(x), scale));
            x.advance(16);
            return i32.ltU(x, end);
          });
        }),
      true,
    );
    floats.set([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    exports.scale(0, 32, 3);
    expect([...floats.slice(0, 9)]).toEqual([3, 6, 9, 12, 15, 18, 21, 24, 9]);
  });

  it('branches: if, else, and out of nested blocks', () => {
    const { exports, words } = run((m) =>
      m.func('f', { n: 'i32' }, (f, { n }) => {
        f.if(
          i32.eq(n, 1),
          () => f.store(0, 0, i32.const(10)),
          () => f.store(0, 0, i32.const(20)),
        );
        f.block((outer) => {
          f.block((inner) => {
            f.branchIf(inner, i32.eq(n, 1));
            f.branch(outer);
          });
          f.store(0, 4, i32.const(1));
          f.return();
        });
        f.store(0, 4, i32.const(2));
      }),
    );
    exports.f(1);
    expect([...words.slice(0, 2)]).toEqual([10, 1]);
    exports.f(5);
    expect([...words.slice(0, 2)]).toEqual([20, 2]);
  });

  it('keeps locals of mixed types apart', () => {
    const { words, exports } = run((m) =>
      m.func('f', { a: 'i32', b: 'f32' }, (f, { a, b }) => {
        const c = f.local('i32', i32.add(a, 1));
        const d = f.local('v128', f32x4.splat(b));
        const e = f.local('f64', 0.5);
        const h = f.local('i32');
        f.store(0, 0, i32.add(h.tee(c), h));
        f.store(0, 16, d);
        f.store(0, 32, f64x2.splat(e));
      }),
    );
    exports.f(20, 1.5);
    expect(words[0]).toBe(42);
    expect(new Float32Array(words.buffer, 16, 4)).toEqual(new Float32Array(4).fill(1.5));
    expect(new Float64Array(words.buffer, 32, 2)).toEqual(new Float64Array(2).fill(0.5));
  });

  it('stores bytes and halves of vectors', () => {
    const { words, exports } = run((m) =>
      m.func('f', {}, (f) => {
        f.store8(0, 1, 0x1ff);
        f.storeLow(4, 0, 16, v128.const(1, 2, 3, 4));
        f.storeLow(8, 0, 32, v128.const(1, 2, 3, 4));
      }),
    );
    exports.f();
    expect(words[0]).toBe(0xff00);
    expect([...words.slice(4, 12)]).toEqual([1, 0, 0, 0, 1, 2, 0, 0]);
  });

  it('shuffles, selects and narrows lanes', () => {
    const a = v128.const(0, 1, 2, 3);
    const b = v128.const(4, 5, 6, 7);
    expect(evaluate(() => shuffle32(a, b, [7, 0, 4, 3])).words).toEqual([7, 0, 4, 3]);
    expect(evaluate(() => select(a, b, i32.const(0))).words).toEqual([4, 5, 6, 7]);
    expect(evaluate(() => i32x4.bitmask(v128.const(-1, 0, -1, 0))).words[0]).toBe(0b0101);
    expect(evaluate(() => i32x4.extractLane(b, 2)).words[0]).toBe(6);
    expect(evaluate(() => i8x16.swizzle(a, v128.const(0x0f0e0d0c, -1, 0, 0))).words).toEqual([3, 0, 0, 0]);
    expect(evaluate(() => f32x4.pmax(f32x4.splat(-0), f32x4.splat(0))).floats[0]).toBe(-0);
  });

  it('reports an operand of the wrong type by the instruction’s name', () => {
    expect(() => f32x4.add(v128.zero(), wrong(f32.const(1)) as never)).toThrow(
      new TypeError('f32x4.add: operand: expected v128, got f32'),
    );
    expect(() => i32.add(wrong(f32.const(1)), 1)).toThrow(/i32\.add: .* expected i32, got f32/);
    expect(() => f32.load(wrong(v128.zero()))).toThrow(/f32\.load: .* expected i32, got v128/);
    expect(() => f32x4.mul(v128.zero(), 2 as never)).toThrow(/a number can't be a v128/);
    expect(() => select(v128.zero(), i32.const(1) as never, i32.const(0))).toThrow(
      /select: .* expected v128, got i32/,
    );
    const f = new FunctionBuilder('f', []);
    expect(() => f.local('i32').set(wrong(f32.const(1)))).toThrow(/local\.set: .* expected i32, got f32/);
    expect(() => f.local('i32').tee(wrong(f32.const(1)))).toThrow(/local\.tee/);
    expect(() => f.if(wrong(f32.const(1)) as never, () => {})).toThrow(/if: .* expected i32, got f32/);
  });

  it('reports immediates out of range', () => {
    expect(() => i32.const(2 ** 32)).toThrow(RangeError);
    expect(() => i32.const(0.5)).toThrow(RangeError);
    expect(() => v128.load(0, -4)).toThrow(/v128\.load: offset/);
    expect(() => i32x4.extractLane(v128.zero(), 4)).toThrow(/lane must be an integer from 0 to 3, got 4/);
    expect(() => i8x16.shuffle(v128.zero(), v128.zero(), [1, 2])).toThrow(/16 byte numbers, got 2/);
  });

  it('reports a branch to a closed block and a block left open', () => {
    const f = new FunctionBuilder('kernel', []);
    f.block((label) => {
      f.block(() => {});
      f.branch(label);
      expect(() => f.finish()).toThrow(/kernel: a block is still open/);
    });
    f.loop((closed) => {
      f.block(() => expect(() => f.finish()).toThrow());
      f.branchIf(closed, i32.const(0));
    });
    let closed = { depth: 0 };
    f.block((label) => {
      closed = label;
    });
    expect(() => f.branch(closed)).toThrow(/kernel: branch: its block is closed/);
  });

  it('reports two functions of one name', () => {
    expect(() =>
      assemble({ shared: false }, (m) => {
        m.func('f', {}, () => {});
        m.func('f', {}, () => {});
      }),
    ).toThrow(/func: names must be unique in a module, got f twice/);
  });
});
