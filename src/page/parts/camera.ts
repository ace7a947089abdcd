/** The camera: its picture in place of the drawing area, and frames of it. */
import { PageError } from '../language.ts';
import { $, button } from '../view/dom.ts';

export class Camera {
  #stream: MediaStream | null = null;

  get isOpen(): boolean {
    return this.#stream !== null;
  }

  /** @throws what the browser says where there is none, or its use was refused. */
  async open(): Promise<void> {
    // Of pages from plain HTTP there are none.
    if (!navigator.mediaDevices) throw new PageError(({ cameraNeedsHttps }) => cameraNeedsHttps);
    const size = { width: { ideal: 640 }, height: { ideal: 640 } };
    this.#stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: 'environment', ...size },
    });
    const video = $<HTMLVideoElement>('video');
    video.srcObject = this.#stream;
    await video.play();
    this.#show(true);
  }

  close(): void {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#show(false);
  }

  /** What it sees now: the square in the middle, as it is shown. */
  frame(): ImageData {
    const video = $<HTMLVideoElement>('video');
    const { videoWidth: width, videoHeight: height } = video;
    const side = Math.min(width, height);
    const target = new OffscreenCanvas(side, side).getContext('2d');
    if (!target || side === 0) throw new Error('the camera gives no picture yet');
    target.drawImage(video, (width - side) / 2, (height - side) / 2, side, side, 0, 0, side, side);
    return target.getImageData(0, 0, side, side);
  }

  #show(isOpen: boolean): void {
    $('video').hidden = !isOpen;
    button('take-photo').hidden = !isOpen;
  }
}

/** A photo's pixels, its longer side at most so long. @throws PageError where the browser can't decode it. */
export async function pixelsOfFile(file: Blob, longest = 1024): Promise<ImageData> {
  const whole = await createImageBitmap(file).catch(() => {
    throw new PageError(({ noImage }) => noImage);
  });
  const scale = Math.min(1, longest / Math.max(whole.width, whole.height));
  const [width, height] = [whole.width, whole.height].map((side) => Math.max(1, Math.round(side * scale)));
  const target = new OffscreenCanvas(width, height).getContext('2d');
  if (!target) throw new Error('this browser gives no 2D canvas');
  target.imageSmoothingQuality = 'high';
  target.drawImage(whole, 0, 0, width, height);
  whole.close();
  return target.getImageData(0, 0, width, height);
}
