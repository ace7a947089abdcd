/** Deflate unpacked by fflate, where there is no zlib. The build puts its text in this file's place (src/prebuilt.mjs): nobody has to install it. */
import { inflateSync } from 'fflate';

/** Unpacks into `out`; what would lie after its end is left out. @returns what was written of it @throws Error for data that is damaged or cut off */
export const inflateInto = (packed: Uint8Array, out: Uint8Array): Uint8Array => inflateSync(packed, { out });
