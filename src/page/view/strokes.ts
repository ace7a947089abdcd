/** A drawing as strokes: lists of points from 0 to 1, which can be taken back one by one. */

export type Point = readonly [x: number, y: number];

/** A drawing that may be kept: its strokes, each a list of points. */
export type Drawing = readonly (readonly Point[])[];

/** What a drawing surface must do: a canvas' context does. */
export type Brush = CanvasRect &
  CanvasPath &
  CanvasDrawPath &
  CanvasPathDrawingStyles &
  CanvasFillStrokeStyles;

const GROUND = '#0a0f17';
/** Of the area's side: about as wide as MNIST's strokes are in their images. */
const WIDTH = 0.075;

export class Strokes {
  #strokes: Point[][];

  constructor(drawing: Drawing = []) {
    this.#strokes = drawing.map((stroke) => [...stroke]);
  }

  /** What is drawn so far. */
  get drawing(): Drawing {
    return this.#strokes.map((stroke) => [...stroke]);
  }

  get isEmpty(): boolean {
    return this.#strokes.length === 0;
  }

  /** The pen comes down. */
  begin(point: Point): void {
    this.#strokes.push([point]);
  }

  /** The pen moves; nothing where it isn't down. */
  extend(point: Point): void {
    this.#strokes.at(-1)?.push(point);
  }

  undo(): void {
    this.#strokes.pop();
  }

  clear(): void {
    this.#strokes = [];
  }

  /** Light on dark, as MNIST's images. */
  paint(brush: Brush, side: number): void {
    brush.fillStyle = GROUND;
    brush.fillRect(0, 0, side, side);
    brush.strokeStyle = '#ffffff';
    brush.lineWidth = WIDTH * side;
    brush.lineCap = 'round';
    brush.lineJoin = 'round';
    for (const [[x, y], ...others] of this.#strokes) {
      brush.beginPath();
      brush.moveTo(x * side, y * side);
      // A point alone is a dot.
      brush.lineTo(x * side + 0.01, y * side);
      for (const [nextX, nextY] of others) brush.lineTo(nextX * side, nextY * side);
      brush.stroke();
    }
    // The border stays dark, whatever is drawn on it: by it `fitDigit` tells ink from ground.
    brush.strokeStyle = GROUND;
    brush.lineWidth = 2;
    brush.strokeRect(0, 0, side, side);
  }
}

/** A pen that arrow keys move, a twentieth of the area at a time. */
export function moved([x, y]: Point, key: string): Point {
  const step = 0.05;
  const within = (value: number): number => Math.max(0, Math.min(1, value));
  switch (key) {
    case 'ArrowLeft':
      return [within(x - step), y];
    case 'ArrowRight':
      return [within(x + step), y];
    case 'ArrowUp':
      return [x, within(y - step)];
    case 'ArrowDown':
      return [x, within(y + step)];
    default:
      return [x, y];
  }
}
