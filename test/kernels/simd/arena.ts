/** WebAssembly memory with an allocator that only moves forward until it is reset. */
import type { Allocate } from '../contract/bench.ts';

export interface Arena {
  readonly memory: WebAssembly.Memory;
  readonly allocate: Allocate;
  /** Takes everything back. */
  readonly reset: () => void;
}

const PAGE = 65536;
const CONSTRUCTORS = { float32: Float32Array, float64: Float64Array, uint8: Uint8Array };

/** @throws RangeError where `megabytes` don't suffice. */
export function arena({ shared, megabytes = 32 }: { shared: boolean; megabytes?: number }): Arena {
  const pages = (megabytes * 2 ** 20) / PAGE;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  // An odd start: kernels mustn't rely on alignment beyond the element's own.
  const start = 4;
  let end = start;
  return {
    memory,
    allocate(type, length) {
      const array = new CONSTRUCTORS[type](
        memory.buffer,
        Math.ceil(end / 8) * 8 + (type === 'float64' ? 0 : 4),
        length,
      );
      end = array.byteOffset + array.byteLength;
      // TypeScript can't follow `type` through the table to the one constructor.
      return array.fill(0) as never;
    },
    reset() {
      end = start;
    },
  };
}
