/** SHA-256 of @noble/hashes. The build puts its text in this file's place (src/prebuilt.mjs): nobody has to install it. */
import { sha256 as noble } from '@noble/hashes/sha2.js';

export const sha256 = (bytes: Uint8Array): Uint8Array => noble(bytes);
