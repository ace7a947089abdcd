/** An area to draw in with mouse, finger, pen or keys. */
import { type Drawing, moved, type Point, Strokes } from './strokes.ts';

/** Pixels of its side: ten for each that the network sees. */
const SIDE = 280;

export class Pad {
  readonly #canvas: HTMLCanvasElement;
  readonly #brush: CanvasRenderingContext2D;
  #strokes = new Strokes();
  /** Called when a stroke ends, or the drawing is changed otherwise. */
  readonly #onChange: () => void;
  #cursor: Point = [0.5, 0.5];
  #keysDraw = false;
  /** What draws, by its number; null: nothing does. */
  #pointer: number | null = null;

  constructor(canvas: HTMLCanvasElement, onChange: () => void) {
    const brush = canvas.getContext('2d', { willReadFrequently: true });
    if (!brush) throw new Error('this browser gives no 2D canvas');
    canvas.width = SIDE;
    canvas.height = SIDE;
    this.#canvas = canvas;
    this.#brush = brush;
    this.#onChange = onChange;
    canvas.addEventListener('pointerdown', (event) => this.#down(event));
    canvas.addEventListener('pointermove', (event) => this.#move(event));
    // It was lifted, or the system took it away.
    canvas.addEventListener('lostpointercapture', () => {
      this.#pointer = null;
      onChange();
    });
    canvas.addEventListener('keydown', (event) => this.#key(event));
    canvas.addEventListener('blur', () => this.#paint());
    canvas.addEventListener('focus', () => this.#paint());
    this.#paint();
  }

  get isEmpty(): boolean {
    return this.#strokes.isEmpty;
  }

  /** What is drawn, as the network takes it. */
  get pixels(): ImageData {
    this.#strokes.paint(this.#brush, SIDE);
    const pixels = this.#brush.getImageData(0, 0, SIDE, SIDE);
    this.#paint();
    return pixels;
  }

  get drawing(): Drawing {
    return this.#strokes.drawing;
  }

  clear(): void {
    this.#strokes.clear();
    this.#changed();
  }

  undo(): void {
    this.#strokes.undo();
    this.#changed();
  }

  /** Has a drawing on it again, unless another was begun meanwhile. */
  putBack(drawing: Drawing): void {
    if (!this.isEmpty) return;
    this.#strokes = new Strokes(drawing);
    this.#changed();
  }

  #changed(): void {
    this.#paint();
    this.#onChange();
  }

  #down(event: PointerEvent): void {
    // Of a second finger, or a hand that rests on the screen, there is no line.
    if (event.button !== 0 || this.#pointer !== null) return;
    this.#pointer = event.pointerId;
    this.#canvas.setPointerCapture(event.pointerId);
    this.#keysDraw = false;
    this.#strokes.begin(this.#place(event));
    this.#paint();
  }

  #move(event: PointerEvent): void {
    if (event.pointerId !== this.#pointer) return;
    // All places since the last frame, where the browser has them.
    const all = event.getCoalescedEvents?.() ?? [];
    for (const each of all.length > 0 ? all : [event]) this.#strokes.extend(this.#place(each));
    this.#paint();
  }

  #key(event: KeyboardEvent): void {
    const { key } = event;
    // The browser's own: Alt and an arrow go back.
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (key === ' ') {
      this.#keysDraw = !this.#keysDraw;
      if (this.#keysDraw) this.#strokes.begin(this.#cursor);
      else this.#onChange();
    } else if (key.startsWith('Arrow')) {
      this.#cursor = moved(this.#cursor, key);
      if (this.#keysDraw) this.#strokes.extend(this.#cursor);
    } else if (key === 'Backspace') this.undo();
    else if (key === 'Delete') this.clear();
    else return;
    event.preventDefault();
    this.#paint();
  }

  #place({ clientX, clientY }: PointerEvent): Point {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    return [(clientX - left) / width, (clientY - top) / height];
  }

  #paint(): void {
    this.#strokes.paint(this.#brush, SIDE);
    if (document.activeElement !== this.#canvas || !this.#canvas.matches(':focus-visible')) return;
    // The keyboard's pen.
    const [x, y] = this.#cursor;
    this.#brush.strokeStyle = this.#keysDraw ? '#ff9d5c' : '#6cb6ff';
    this.#brush.lineWidth = 3;
    this.#brush.beginPath();
    this.#brush.arc(x * SIDE, y * SIDE, 9, 0, 2 * Math.PI);
    this.#brush.stroke();
  }
}

/** A drawing's pixels, as a pad of so many a side gives them. */
export function pixelsOfDrawing(drawing: Drawing, side = SIDE): ImageData {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: side, height: side });
  const brush = canvas.getContext('2d', { willReadFrequently: true });
  if (!brush) throw new Error('this browser gives no 2D canvas');
  new Strokes(drawing).paint(brush, side);
  return brush.getImageData(0, 0, side, side);
}
