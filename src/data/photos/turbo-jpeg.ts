/**
 * libjpeg-turbo, as the WebAssembly that it is compiled to: what is between its C functions and arrays of bytes.
 *
 * It has memory of its own and imports nothing that does anything, so whatever bytes it is given, the worst that it can do is to
 * give wrong pixels, to stop, or to want more memory. Its integer arithmetic gives the same pixels on every engine.
 * Which library, and why: docs/decisions/0009-jpeg.md.
 */
import { DataError } from '../errors.ts';
import { characters } from '../text.ts';

/** What the module exports, as turbojpeg.h has it (libjpeg-turbo 2.0.4). */
interface TurboJpeg {
  readonly memory: WebAssembly.Memory;
  malloc(bytes: number): number;
  free(pointer: number): void;
  tjInitDecompress(): number;
  tjDecompress2(
    handle: number,
    source: number,
    sourceBytes: number,
    target: number,
    width: number,
    pitch: number,
    height: number,
    pixelFormat: number,
    flags: number,
  ): number;
}

/** TJPF_RGB and TJPF_GRAY */
const PIXEL_FORMAT = { 3: 0, 1: 6 } as const;
/** TJFLAG_STOPONWARNING */
const STOP_ON_WARNING = 8192;
/** An instance that has grown larger than this is given up: memory of WebAssembly never shrinks. */
const KEPT_BYTES = 2 ** 25;

/** What libjpeg warns of, and every program shows the image all the same: bytes too many, and odd numbers in headers. */
const HARMLESS = /extraneous bytes before marker|SOS parameters|JFIF revision|Adobe color transform/;

/** Thrown where C calls longjmp, which it does where it can't continue. The instance is of no use then. */
class LongJump extends Error {}

let decoder: Promise<JpegDecoder> | null = null;

/** The decoder, made once per thread. */
export function loadTurboJpeg(): Promise<JpegDecoder> {
  decoder ??= load().catch((error) => {
    // The next call tries again: where it is a file of its own, its server may be back.
    decoder = null;
    throw error;
  });
  return decoder;
}

/** Its 190 KB are loaded where a JPEG comes: bundlers make a file of their own of them. */
async function load(): Promise<JpegDecoder> {
  const { LIBJPEG_TURBO } = await import('#libjpeg-turbo');
  try {
    return new JpegDecoder(await WebAssembly.compile(fromBase64(LIBJPEG_TURBO)));
  } catch (cause) {
    // A page's policy, an edge runtime, node --jitless.
    throw new Error(
      "JPEG is decoded by WebAssembly, which can't be compiled here: use PNG, or pixels that were decoded elsewhere",
      { cause },
    );
  }
}

/** Decodes one image after the other, while the caller waits. */
export class JpegDecoder {
  readonly #module: WebAssembly.Module;
  #turbo: Instance | null = null;

  constructor(module: WebAssembly.Module) {
    this.#module = module;
  }

  /**
   * @param width of the image, as its header says it
   * @param channels 3: red, green and blue; 1: brightness (luma)
   * @returns [height, width, channels]: of a large image a view of the decoder's memory, which is given up with it, so that it isn't
   *   there twice.
   * @throws DataError where the coded bytes are damaged: in words of libjpeg.
   */
  decode(bytes: Uint8Array, width: number, height: number, channels: 1 | 3, file: string): Uint8Array {
    const strict = this.#run(bytes, width, height, channels, STOP_ON_WARNING, file);
    if (typeof strict !== 'string') return strict;
    const lax = HARMLESS.test(strict) ? this.#run(bytes, width, height, channels, 0, file) : strict;
    if (typeof lax !== 'string') return lax;
    throw new DataError(file, `damaged: expected whole JPEG data, got "${lax}"`);
  }

  /** @returns the pixels, or why there are none. */
  #run(
    bytes: Uint8Array,
    width: number,
    height: number,
    channels: 1 | 3,
    flags: number,
    file: string,
  ): Uint8Array | string {
    const turbo = this.#turbo ?? new Instance(this.#module);
    this.#turbo = null; // whatever goes wrong below, this instance isn't used again
    const pitch = width * channels;
    const [source, target] = [turbo.allocate(bytes.length, file), turbo.allocate(pitch * height, file)];
    turbo.bytes().set(bytes, source);
    const { handle, exports } = turbo;
    const format = PIXEL_FORMAT[channels];
    try {
      const status = exports.tjDecompress2(
        ...([handle, source, bytes.length, target, width, pitch, height, format, flags] as const),
      );
      // Without STOP_ON_WARNING it is −1 for an image with warnings, too.
      if (status !== 0 && flags !== 0) return turbo.message();
    } catch (error) {
      if (error instanceof LongJump) return turbo.message();
      // Wrong addresses, no end of calls: what bytes can do to C.
      if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) return error.message;
      throw error;
    }
    const memory = turbo.bytes();
    const end = target + pitch * height;
    if (memory.length > KEPT_BYTES) return memory.subarray(target, end);
    const pixels = memory.slice(target, end);
    exports.free(target);
    exports.free(source);
    this.#turbo = turbo;
    return pixels;
  }
}

/** One memory, with a decompressor in it. */
class Instance {
  readonly exports: TurboJpeg;
  readonly handle: number;

  constructor(module: WebAssembly.Module) {
    this.exports = new WebAssembly.Instance(module, IMPORTS).exports as unknown as TurboJpeg; // turbojpeg.h's
    this.handle = this.exports.tjInitDecompress();
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.exports.memory.buffer);
  }

  /** @throws DataError where there is no memory for so many bytes. */
  allocate(size: number, file: string): number {
    const pointer = this.exports.malloc(size);
    if (pointer === 0) throw new DataError(file, `too large for the memory that is left: ${size} bytes`);
    return pointer;
  }

  /**
   * What libjpeg says last. Its `struct jpeg_error_mgr` (jpeglib.h) has five functions, the message's number, its up to eight integers,
   * trace_level, num_warnings, and a table of texts with %d, %u and %02x for the integers.
   */
  message(): string {
    const memory = new DataView(this.exports.memory.buffer);
    const word = (address: number): number => memory.getUint32(address, true);
    const errors = word(this.handle + ERRORS);
    const text = word(word(errors + 112) + 4 * word(errors + 20));
    const end = this.bytes().indexOf(0, text);
    let parameter = errors + 24;
    return characters(this.bytes().subarray(text, end)).replace(/%(?:0?(\d))?([dux])/g, (_, digits, kind) => {
      const value = kind === 'd' ? memory.getInt32(parameter, true) : word(parameter);
      parameter += 4;
      return value.toString(kind === 'x' ? 16 : 10).padStart(Number(digits ?? 0), '0');
    });
  }
}

/** Where a decompressor holds the address of its jpeg_error_mgr: after the compressor's structure, which it doesn't use. */
const ERRORS = 376;

const nothing = (): number => 0;
const IMPORTS: WebAssembly.Imports = {
  env: {
    setjmp: nothing,
    longjmp: () => {
      throw new LongJump('libjpeg-turbo gave up');
    },
  },
  // There is no file and no environment.
  wasi_snapshot_preview1: {
    proc_exit: () => {
      throw new LongJump('libjpeg-turbo ended');
    },
    environ_sizes_get: nothing,
    environ_get: nothing,
    fd_close: nothing,
    fd_seek: nothing,
    fd_write: nothing,
  },
};

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
