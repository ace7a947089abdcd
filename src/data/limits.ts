/** How much one file, or one member of an archive, may hold or become. */

/** 256 MiB: five times MNIST's largest array (60,000 images of 28×28 are 45 MiB). */
export const MAX_BYTES = 2 ** 28;

/**
 * Pixels on a side of a PNG image, and in all: a page of A4 scanned with 400 dots an inch has 3307×4677, a telephone's
 * photo 4032×3024. So many take a second and a half, and 150 MB.
 */
export const MAX_SIDE = 2 ** 14;
export const MAX_PIXELS = 2 ** 24;
/**
 * Pixels of a JPEG image: photos of telephones have 12, 24 or 48 million, 8064×6048. Three bytes each while it is decoded; where it is
 * progressive up to six more.
 */
export const MAX_PHOTO_PIXELS = 2 ** 26;
/** What to do with an image of more. */
export const MAKE_SMALLER =
  '(make it smaller in any image program, or with ImageMagick: magick IMAGE -resize 2000x2000 image.jpg)';
/** Bytes of its unpacked rows: four a pixel, and a row's filter. Of colours of 16 bits there may so be fewer pixels. */
export const MAX_IMAGE_BYTES = 4 * MAX_PIXELS + 2 * MAX_SIDE;

/** Deflate packs no more than 1032 bytes into one (https://zlib.net/zlib_tech.html, "Maximum Compression Factor"). */
export const MAX_DEFLATE_RATIO = 1032;
