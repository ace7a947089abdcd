/** The user's photos: decoded in the Worker, since the browser takes up to half a second for one from a phone, which would hold the page. */
import type { ImagePixels } from '../../data/pixels.ts';

/** What is drawn or what the camera shows, in pixels, or a photo's file. */
export type Picture = ImagePixels | Blob;

/** Pixels of a photo's longer side, at most: networks take smaller images. */
const LONGEST = 1024;

/** @throws Error where the browser can't decode the file. */
export async function pixelsOf(picture: Picture): Promise<ImagePixels> {
  if (!(picture instanceof Blob)) return picture;
  const whole = await createImageBitmap(picture).catch(() => {
    throw new Error("this browser can't read it as an image");
  });
  const scale = Math.min(1, LONGEST / Math.max(whole.width, whole.height));
  const [width, height] = [whole.width, whole.height].map((side) => Math.max(1, Math.round(side * scale)));
  const target = new OffscreenCanvas(width, height).getContext('2d');
  if (!target) throw new Error('this browser gives no 2D canvas');
  target.imageSmoothingQuality = 'high';
  target.drawImage(whole, 0, 0, width, height);
  whole.close();
  return target.getImageData(0, 0, width, height);
}
