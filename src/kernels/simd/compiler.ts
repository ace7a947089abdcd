/**
 * From a kernel's description to a function that runs: assemble, compile, instantiate, each once.
 *
 * Kernels are specialised for a geometry, so that strides and offsets become immediates (address additions in an
 * inner loop cost up to a third of the speed). A specialised module is a few hundred bytes and compiles in about a
 * millisecond; it is kept for the life of the program and shared by all memories of a kind.
 */
import { assemble, type ModuleBuilder } from './assembler.ts';
import { f32x4, type Value, v128 } from './instructions.ts';

/** `simd` rounds after each multiplication and each addition; `fma` lets the machine round once for both. */
export type SimdMode = 'simd' | 'fma';

/** One description of a kernel yields both modes: it multiplies and adds through this. sum + a·b */
export type MulAdd = (sum: Value<'v128'>, a: Value<'v128'>, b: Value<'v128'>) => Value<'v128'>;

const MUL_ADD: Readonly<Record<SimdMode, MulAdd>> = {
  simd: (sum, a, b) => f32x4.add(sum, f32x4.mul(a, b)),
  fma: (sum, a, b) => f32x4.relaxedMadd(a, b, sum),
};

/** A kernel takes byte offsets and numbers, and writes to memory. */
export type Kernel = (...numbers: number[]) => void;

const modules = new Map<string, WebAssembly.Module>();

export class SimdCompiler {
  readonly memory: WebAssembly.Memory;
  readonly mode: SimdMode;
  readonly mulAdd: MulAdd;
  readonly #shared: boolean;
  readonly #instances = new Map<string, Kernel>();

  constructor(memory: WebAssembly.Memory, mode: SimdMode) {
    this.memory = memory;
    this.mode = mode;
    this.mulAdd = MUL_ADD[mode];
    this.#shared = typeof SharedArrayBuffer !== 'undefined' && memory.buffer instanceof SharedArrayBuffer;
  }

  /**
   * The kernel that `build` describes as its module's function `kernel`. `key` must name the kernel and everything
   * that its description depends on, other than the mode.
   */
  kernel(key: string, build: (module: ModuleBuilder) => void): Kernel {
    let kernel = this.#instances.get(key);
    if (kernel === undefined) {
      kernel = this.#instantiate(key, build);
      this.#instances.set(key, kernel);
    }
    return kernel;
  }

  #instantiate(key: string, build: (module: ModuleBuilder) => void): Kernel {
    const moduleKey = `${this.mode} ${this.#shared ? 'shared' : 'unshared'} ${key}`;
    let module = modules.get(moduleKey);
    if (module === undefined) {
      module = new WebAssembly.Module(assemble({ shared: this.#shared }, build));
      modules.set(moduleKey, module);
    }
    const instance = new WebAssembly.Instance(module, { env: { memory: this.memory } });
    // WebAssembly's exports have no types; `build` adds the function.
    return instance.exports.kernel as Kernel;
  }

  /**
   * Where `array` is in the memory, in bytes.
   * @throws TypeError where it is elsewhere.
   */
  address(array: ArrayBufferView): number {
    if (array.buffer !== this.memory.buffer) {
      throw new TypeError(`${this.mode} kernels: every array must be in the memory that they were made for`);
    }
    return array.byteOffset;
  }
}

/** What may keep kernels of a mode from running: the engine hasn't the instructions, or a page's policy, or its host, forbids compiling. */
export type SimdObstacle = 'engine' | 'policy';

/** The WebAssembly in which a mode's kernels ran once; a test may have put another in its place. */
const proven = new Map<SimdMode, typeof WebAssembly>();

/** What keeps the mode from running here; null: nothing does. A module with its newest instruction is compiled and instantiated. */
export function simdObstacle(mode: SimdMode): SimdObstacle | null {
  if (typeof WebAssembly === 'undefined') return 'engine';
  if (proven.get(mode) === WebAssembly) return null;
  const bytes = assemble({ shared: false }, (module) =>
    module.func('kernel', {}, (f) => {
      const zero = v128.zero();
      f.store(0, 0, MUL_ADD[mode](zero, zero, zero));
    }),
  );
  try {
    if (!WebAssembly.validate(bytes)) return 'engine';
  } catch {
    return 'engine';
  }
  let memory: WebAssembly.Memory;
  try {
    memory = new WebAssembly.Memory({ initial: 0 });
  } catch {
    return null; // which newWasmMemory explains
  }
  try {
    // A policy shows itself only now: in most browsers where a module is compiled, in WebKit where it is instantiated.
    new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  } catch {
    return 'policy';
  }
  proven.set(mode, WebAssembly);
  return null;
}

/** Whether this engine runs the mode, and nothing forbids it. */
export function simdSupported(mode: SimdMode): boolean {
  return simdObstacle(mode) === null;
}
