/** A data set looked over: what is in it, and what may be wrong with it. */
import { createHash } from 'node:crypto';
import type { ImageDataset, MnistData } from './dataset.ts';
import { isDarkOnLight } from './fit-digit.ts';

export interface HalfCheck {
  readonly images: number;
  /** Images of each class that there is, by its label. */
  readonly classes: Readonly<Record<string, number>>;
  /** Images of which all pixels are the same. */
  readonly blank: number;
  /** Images whose border is light: MNIST's have bright ink on dark ground. */
  readonly light: number;
}

export interface DataCheck {
  readonly source: string;
  readonly sha256: string;
  readonly height: number;
  readonly width: number;
  readonly train: HalfCheck;
  readonly test: HalfCheck;
  /** Test images that are among the training images too. */
  readonly shared: number;
}

export function checkData({ source, sha256, train, test }: MnistData): DataCheck {
  const known = new Set(Array.from(imagesOf(train), digest));
  const shared = Array.from(imagesOf(test), digest).filter((image) => known.has(image)).length;
  const { height, width } = train;
  return { source, sha256, height, width, train: checkHalf(train), test: checkHalf(test), shared };
}

function checkHalf(half: ImageDataset): HalfCheck {
  const classes: Record<string, number> = {};
  for (const label of half.labels) classes[label] = (classes[label] ?? 0) + 1;
  let [blank, light] = [0, 0];
  for (const pixels of imagesOf(half)) {
    if (pixels.every((value) => value === pixels[0])) blank++;
    else if (isDarkOnLight({ height: half.height, width: half.width, pixels })) light++;
  }
  return { images: half.labels.length, classes, blank, light };
}

function* imagesOf({ images, height, width }: ImageDataset): Generator<Uint8Array> {
  const size = height * width;
  for (let at = 0; at < images.length; at += size) yield images.subarray(at, at + size);
}

function digest(image: Uint8Array): string {
  return createHash('sha256').update(image).digest('base64');
}
