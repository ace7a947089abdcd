/** Images to be recognised, out of files of several kinds. */
import { DataError } from './errors.ts';
import { gunzip } from './file.ts';
import { fitDigit, type Inversion, withBrightInk } from './fit-digit.ts';
import { isIdx, parseIdx } from './idx.ts';
import { isGzip } from './inflate.ts';
import { adviceFor, kindOf } from './kind.ts';
import { parseJpeg } from './photos/jpeg.ts';
import { isJpeg } from './photos/jpeg-header.ts';
import { loadTurboJpeg } from './photos/turbo-jpeg.ts';
import { type GreyImage, toGrey } from './pixels.ts';
import { isPng } from './png.ts';
import { parsePng } from './png-node.ts';
import { characters, dimensions, quote } from './text.ts';

/** An image as a network takes it. */
export interface PreparedImage {
  /** The file, and which image in it where there are more: `t10k-images-idx3-ubyte.gz #7`. */
  readonly name: string;
  /** Bright ink on dark ground. */
  readonly image: GreyImage;
  /** It was dark on light. */
  readonly inverted: boolean;
}

/**
 * The images in a file, gzipped or not: a JPEG or PNG image of any size, which is scaled and centred as MNIST's are (fit-digit.ts); or
 * IDX images, which are part of a data set and stay as they are, except for an inversion that is asked for.
 * @param size of the network's input
 * @param file what messages call it
 * @throws DataError where it is neither, damaged, without ink, or holds IDX images of another size.
 */
export async function prepareImages(
  bytes: Uint8Array,
  file: string,
  size: { readonly height: number; readonly width: number },
  inversion: Inversion,
): Promise<PreparedImage[]> {
  const plain = isGzip(bytes) ? gunzip(bytes, file) : bytes;
  if (isJpeg(plain)) {
    const { width, height, data } = parseJpeg(plain, 1, await loadTurboJpeg(), file);
    return [{ name: file, ...fitDigit({ width, height, pixels: data }, size, inversion, file) }];
  }
  if (isPng(plain))
    return [{ name: file, ...fitDigit(toGrey(parsePng(plain, file)), size, inversion, file) }];
  if (!isIdx(plain)) {
    const kind = kindOf(plain);
    const got = kind ? `${kind}${adviceFor(kind)}` : quote(characters(plain.subarray(0, 8)));
    throw new DataError(file, `unknown kind of image: expected JPEG, PNG or IDX, got ${got}`);
  }
  const { shape, data } = parseIdx(plain, 3, file);
  const [N, height, width] = shape;
  if (N === 0) throw new DataError(file, 'expected at least one image, got none');
  if (height !== size.height || width !== size.width) {
    throw new DataError(
      file,
      `IDX images must have the model's size: expected ${dimensions([size.height, size.width])}, got ` +
        dimensions([height, width]),
    );
  }
  return Array.from({ length: N }, (_, n) => {
    const pixels = data.subarray(n * height * width, (n + 1) * height * width);
    const name = N > 1 ? `${file} #${n}` : file;
    return { name, ...withBrightInk({ height, width, pixels }, inversion === 'auto' ? 'no' : inversion) };
  });
}
