/**
 * What the layers that change images at random have in common: they work in training only, each sample by itself, and what is drawn
 * for a sample is a function of (seed, layer, step, position in the batch), as dropout's masks are, the same on any thread.
 *
 * Draw k of the sample at position n is word·2⁻³², word being output k & 1 of counter (k >> 1, n).
 */
import { describe } from '../checks/describe.ts';
import { threefry2x32 } from '../tensor/random.ts';
import type { FloatArray, Shape } from '../tensor/tensor.ts';
import { finite } from './checks.ts';
import { Layer, type LayerOptions, type Run, type Stage, type StepKey } from './layer.ts';

/** From the lower to the upper bound. */
export type Range = readonly [lower: number, upper: number];

/** An image's rows, columns and channels. */
export interface ImageShape {
  readonly H: number;
  readonly W: number;
  readonly C: number;
}

/** Bytes of a number in float64. */
const FLOAT64 = 8;
const TWO_TO_32 = 4294967296;

/** A layer that changes images at random. */
export abstract class Augmentation extends Layer {
  override readonly keptWhat: string = 'draws';
  /** What messages call it. */
  protected readonly where: string;
  /** How many numbers are drawn for a sample. */
  protected abstract readonly draws: number;

  constructor(options: LayerOptions, where: string) {
    super(options, where);
    this.where = where;
  }

  /** y of one sample from x. @param u what was drawn for it, each at least 0 and below 1 */
  protected abstract change(u: readonly number[], image: ImageShape, x: FloatArray, y: FloatArray): void;

  /** dx of one sample from dy. */
  protected abstract changeBack(
    u: readonly number[],
    image: ImageShape,
    x: FloatArray,
    dy: FloatArray,
    dx: FloatArray,
  ): void;

  /** Whatever is drawn, nothing changes. */
  protected abstract changesNothing(): boolean;

  override computeOutputShape(inputShape: Shape): Shape {
    if (inputShape.length !== 3) {
      throw new RangeError(
        `${this.where}: input of one sample must be [height, width, channels], got [${inputShape}]`,
      );
    }
    return inputShape;
  }

  forward({ stage, x, y, first, kept }: Run, N: number, key: StepKey | null): void {
    if (!key) throw new Error(`${this.where}: inference changes no image`);
    const image = imageOf(stage);
    const size = image.H * image.W * image.C;
    const numbers = viewOf(kept);
    const u = new Array<number>(this.draws);
    for (let n = 0; n < N; n++) {
      for (let k = 0; k < u.length; k++) {
        u[k] = threefry2x32(key[0], key[1], k >> 1, first + n)[k & 1] / TWO_TO_32;
        numbers.setFloat64((n * u.length + k) * FLOAT64, u[k]);
      }
      this.change(u, image, x.subarray(n * size, (n + 1) * size), y.subarray(n * size, (n + 1) * size));
    }
  }

  backward({ stage, x, dy, dx, kept }: Run, N: number): void {
    if (!dx) return;
    const image = imageOf(stage);
    const size = image.H * image.W * image.C;
    const numbers = viewOf(kept);
    const u = new Array<number>(this.draws);
    for (let n = 0; n < N; n++) {
      for (let k = 0; k < u.length; k++) u[k] = numbers.getFloat64((n * u.length + k) * FLOAT64);
      const part = (array: FloatArray): FloatArray => array.subarray(n * size, (n + 1) * size);
      this.changeBack(u, image, part(x), part(dy), part(dx));
    }
  }

  override backwardReads(): { inputs: boolean; output: boolean } {
    return { inputs: false, output: false };
  }

  override keptBytes(): number {
    return this.draws * FLOAT64;
  }

  override isRandom(): boolean {
    return !this.changesNothing();
  }

  override isIdentity(training: boolean): boolean {
    return !training || this.changesNothing();
  }

  override zeroOutputsAreDead(): boolean {
    return false;
  }

  override work(): string {
    return `${this.where.replace('random', '').toLowerCase()} (training only)`;
  }
}

function imageOf({ inputShape: [H, W, C] }: Stage): ImageShape {
  return { H, W, C };
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** lower + (upper − lower)·u */
export function within([lower, upper]: Range, u: number): number {
  return lower + (upper - lower) * u;
}

/** A factor as Keras takes it: f for [−f, f], or [lower, upper]. @throws TypeError or RangeError where it is neither. */
export function factorRange(where: string, name: string, value: unknown): Range {
  const range = Array.isArray(value) ? value : symmetric(where, name, value);
  if (range.length !== 2) {
    throw new RangeError(`${where}: ${name} must be one number or [lower, upper], got ${describe(value)}`);
  }
  const [lower, upper] = [finite(where, name, range[0]), finite(where, name, range[1])];
  if (lower > upper || lower < -1 || upper > 1) {
    throw new RangeError(
      `${where}: ${name} must be from -1 to 1, the lower bound first, got ${describe(value)}`,
    );
  }
  return [lower, upper];
}

function symmetric(where: string, name: string, value: unknown): Range {
  const factor = finite(where, name, value);
  if (factor < 0)
    throw new RangeError(`${where}: ${name} must be at least 0, or [lower, upper], got ${factor}`);
  return [-factor, factor];
}
