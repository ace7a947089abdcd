/** The camera: its picture in place of the drawing area, and frames of it. */
import { PageError } from '../language.ts';
import { $, button, setHidden } from '../view/dom.ts';

/** Why there is no picture, by the names that browsers' errors have; WebKit's says of no camera at all that it wasn't the wanted one. */
const WHY: Readonly<Record<string, 'cameraRefused' | 'cameraMissing' | 'cameraBusy'>> = {
  NotAllowedError: 'cameraRefused',
  NotFoundError: 'cameraMissing',
  OverconstrainedError: 'cameraMissing',
  NotReadableError: 'cameraBusy',
  AbortError: 'cameraBusy',
  SecurityError: 'cameraRefused',
};

export class Camera {
  #stream: MediaStream | null = null;
  readonly #onEnd: () => void;

  /** @param onEnd called when it ends by itself: pulled out, or no longer allowed */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  get isOpen(): boolean {
    return this.#stream !== null;
  }

  /** @throws PageError where there is none, or its use was refused; what the browser says where it is something else. */
  async open(): Promise<void> {
    // Of pages from plain HTTP there are none.
    if (!navigator.mediaDevices) throw new PageError(({ cameraNeedsHttps }) => cameraNeedsHttps);
    const size = { width: { ideal: 640 }, height: { ideal: 640 } };
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: 'environment', ...size },
      });
      // Not where the page stops it.
      this.#stream.getVideoTracks()[0].onended = () => {
        this.close();
        this.#onEnd();
      };
      const video = $<HTMLVideoElement>('video');
      video.srcObject = this.#stream;
      await video.play();
    } catch (error) {
      // Nobody sees what it sees: it is let go of.
      this.close();
      const words = WHY[(error as Error).name];
      throw words ? new PageError((m) => m[words]) : error;
    }
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
    if (!target || side === 0) throw new PageError(({ cameraNotYet }) => cameraNotYet);
    target.drawImage(video, (width - side) / 2, (height - side) / 2, side, side, 0, 0, side, side);
    return target.getImageData(0, 0, side, side);
  }

  #show(isOpen: boolean): void {
    $('video').hidden = !isOpen;
    setHidden(button('take-photo'), !isOpen, $('camera'));
  }
}
