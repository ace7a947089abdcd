/**
 * Sigmoid and tanh. Forward in float64 and rounded once (src/tensor/sigmoid.ts); the gradients need the output alone:
 *   sigmoid' = y·(1 − y),  tanh' = 1 − y²
 */
import { sigmoid, tanh } from '../../tensor/sigmoid.ts';

/** y[i] = 1/(1 + e^−x[i]), for i < size. y may be x. */
export function sigmoidForward(size: number, x: Float32Array, y: Float32Array): void {
  for (let i = 0; i < size; i++) y[i] = sigmoid(x[i]);
}

/** dx[i] = dy[i]·(y[i]·(1 − y[i])), for i < size. dx may be dy. */
export function sigmoidBackward(size: number, y: Float32Array, dy: Float32Array, dx: Float32Array): void {
  for (let i = 0; i < size; i++) {
    const slope = Math.fround(y[i] * Math.fround(1 - y[i]));
    dx[i] = Math.fround(dy[i] * slope);
  }
}

/** y[i] = tanh x[i], for i < size. y may be x. */
export function tanhForward(size: number, x: Float32Array, y: Float32Array): void {
  for (let i = 0; i < size; i++) y[i] = tanh(x[i]);
}

/** dx[i] = dy[i]·(1 − y[i]²), for i < size. dx may be dy. */
export function tanhBackward(size: number, y: Float32Array, dy: Float32Array, dx: Float32Array): void {
  for (let i = 0; i < size; i++) {
    const slope = Math.fround(1 - Math.fround(y[i] * y[i]));
    dx[i] = Math.fround(dy[i] * slope);
  }
}
