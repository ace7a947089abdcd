/** Which kernels are chosen, on engines with and without WebAssembly SIMD. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { simdSupported } from '../../src/kernels/simd/index.ts';

/** The choice in a process that has made none so far. */
async function newProcess() {
  vi.resetModules();
  return import('../../src/kernels/index.ts');
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('chooseKernel', () => {
  it('takes SIMD for auto, and what is asked for', async () => {
    const { chooseKernel } = await newProcess();
    expect((['auto', 'simd', 'fma', 'plain'] as const).map(chooseKernel)).toEqual([
      'simd',
      'simd',
      'fma',
      'plain',
    ]);
  });

  it('refuses a name that is none', async () => {
    const { chooseKernel } = await newProcess();
    expect(() => chooseKernel('gpu' as never)).toThrow(
      "compile: kernel must be one of auto, plain, simd, fma, got 'gpu'",
    );
  });

  it('takes plain for auto where the engine has no SIMD, says so once, and refuses simd and fma', async () => {
    vi.stubGlobal('WebAssembly', { ...WebAssembly, validate: () => false });
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { chooseKernel } = await newProcess();
    expect([chooseKernel('auto'), chooseKernel('auto')]).toEqual(['plain', 'plain']);
    expect(warn.mock.calls).toEqual([
      ['kernel: this engine runs no WebAssembly SIMD: plain kernels instead, which are slower'],
    ]);
    expect(() => chooseKernel('simd')).toThrow(RangeError);
    expect(() => chooseKernel('simd')).toThrow('kernel simd needs WebAssembly SIMD');
    expect(() => chooseKernel('fma')).toThrow("kernel fma needs WebAssembly's relaxed SIMD: use Node 24");
  });

  it('finds no SIMD where a content-security policy forbids to compile it', () => {
    const Module = class {
      constructor() {
        throw new EvalError('refused by the policy');
      }
    };
    const { validate, Memory, Instance } = WebAssembly;
    vi.stubGlobal('WebAssembly', { validate, Memory, Instance, Module });
    expect(simdSupported('simd')).toBe(false);
  });

  it('finds none where a policy forbids to instantiate it, as WebKit does; and says that it is the policy', async () => {
    const Instance = class {
      constructor() {
        throw new EvalError('refused by the policy');
      }
    };
    const { validate, Memory, Module } = WebAssembly;
    vi.stubGlobal('WebAssembly', { validate, Memory, Module, Instance });
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { chooseKernel } = await newProcess();
    expect(chooseKernel('auto')).toBe('plain');
    expect(warn.mock.calls).toEqual([
      [
        "kernel: a content policy (no 'wasm-unsafe-eval') or an edge runtime forbids WebAssembly here: plain kernels instead, which are slower",
      ],
    ]);
    for (const kernel of ['simd', 'fma'] as const) {
      expect(() => chooseKernel(kernel)).toThrow(
        `kernel ${kernel}: a content policy (no 'wasm-unsafe-eval') or an edge runtime forbids WebAssembly here`,
      );
    }
  });

  it('finds none where there is no WebAssembly at all', () => {
    vi.stubGlobal('WebAssembly', undefined);
    expect(simdSupported('simd')).toBe(false);
  });
});
