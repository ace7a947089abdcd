/** What unpacks archives where there is no zlib, as in browsers. Apart from files-none.ts, so that pages load it where they read archives. */
import { crc32 } from '../data/crc32.ts';
import { DataError } from '../data/errors.ts';
import { MAX_DEFLATE_RATIO } from '../data/limits.ts';
import type { Unpacker } from '../data/zip.ts';
import { inflateInto } from './fflate.ts';

/** Browsers' own DecompressionStream gives nothing while one waits, so deflate is unpacked by fflate. */
export const unpacker: Unpacker = {
  inflate(packed, promised, name) {
    if (promised > packed.length * MAX_DEFLATE_RATIO) {
      throw new DataError(
        name,
        `damaged: expected ${promised} bytes unpacked, which ${packed.length} can't hold`,
      );
    }
    let unpacked: Uint8Array;
    try {
      // A byte more than promised shows whether there is more.
      unpacked = inflateInto(packed, new Uint8Array(promised + 1));
    } catch (cause) {
      throw new DataError(name, 'damaged: expected whole deflate data', { cause });
    }
    if (unpacked.length <= promised) return unpacked;
    throw new DataError(name, `too large: expected deflate of at most ${promised} bytes unpacked, got more`);
  },
  crc32,
};
