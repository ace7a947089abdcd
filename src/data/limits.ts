/** How much one file, or one member of an archive, may hold or become. */

/** 256 MiB: five times MNIST's largest array (60,000 images of 28×28 are 45 MiB). */
export const MAX_BYTES = 2 ** 28;

/** Deflate packs no more than 1032 bytes into one (https://zlib.net/zlib_tech.html, "Maximum Compression Factor"). */
export const MAX_DEFLATE_RATIO = 1032;
