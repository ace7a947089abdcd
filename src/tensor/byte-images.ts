/** Images kept as the bytes that they came as: a quarter of the memory that numbers from 0 to 1 take. */
import { describe } from '../checks/describe.ts';
import { expectMemory } from '../checks/detached.ts';
import { noMoreArguments } from '../checks/options.ts';
import { closeClass, keepFields } from '../checks/properties.ts';
import { isByteArray } from '../checks/realms.ts';
import { type FloatArray, type Shape, sizeOf } from './tensor.ts';

/**
 * Samples of bytes, each of which stands for byte / 255. `fit`, `evaluate` and `predict` take them for x, in a quarter of a tensor's
 * memory. A step makes float32 only of its own samples, with the same bits as `byte / 255` in a tensor.
 *
 *     const x = new ByteImages(bytes, [60_000, 28, 28, 1]); // 47 MB; as a tensor 188 MB
 *     await model.fit(x, labels);
 */
export class ByteImages {
  static {
    closeClass(ByteImages.prototype, 'ByteImages');
  }

  /** Row-major. */
  readonly data: Uint8Array;
  /** [samples, …shape of one] */
  readonly shape: Shape;

  /** @throws TypeError for data that are no bytes, RangeError where their number isn't the shape's. */
  constructor(data: Uint8Array | Uint8ClampedArray, shape: Shape) {
    noMoreArguments('ByteImages', arguments, 2, 'new ByteImages(bytes, [samples, height, width, channels])');
    if (!isByteArray(data)) {
      throw new TypeError(
        `ByteImages: data must be a Uint8Array of bytes, got ${describe(data)}: numbers go into a tensor`,
      );
    }
    expectMemory('ByteImages', 'data', data);
    const size = sizeOf(shape, 'ByteImages');
    if (data.length !== size || shape.length < 2) {
      throw new RangeError(
        `ByteImages: data must fill [samples, …shape of one]: expected ${size} bytes for [${shape}], got ${data.length}`,
      );
    }
    this.data = new Uint8Array(data.buffer, data.byteOffset, data.length);
    this.shape = Object.freeze([...shape]);
    keepFields(this);
  }

  toString(): string {
    return `images as bytes, of shape [${this.shape.join(', ')}]`;
  }

  toJSON(): { shape: Shape; data: number[] } {
    return { shape: this.shape, data: Array.from(this.data) };
  }
}

/** to[i] = bytes[i] / 255 in float32. */
export function unitNumbers(bytes: Uint8Array, to: FloatArray, at = 0): void {
  for (let i = 0; i < bytes.length; i++) to[at + i] = UNIT[bytes[i]];
}

/**
 * UNIT[byte] = byte/255, rounded to float32 where it is stored. That the division rounded to double before
 * changes nothing: 53 ≥ 2·24 + 2 bits (Figueroa 1995, "When is double rounding innocuous?").
 */
const UNIT = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);
