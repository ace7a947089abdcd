// Generated from ../plain/sigmoid.ts by generate-float64.mjs: do not edit.
import { sigmoid, tanh } from '../../tensor/sigmoid.ts';

export function sigmoidForward(size: number, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < size; i++) y[i] = sigmoid(x[i]);
}

export function sigmoidBackward(size: number, y: Float64Array, dy: Float64Array, dx: Float64Array): void {
  for (let i = 0; i < size; i++) {
    const slope = (y[i] * (1 - y[i]));
    dx[i] = (dy[i] * slope);
  }
}

export function tanhForward(size: number, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < size; i++) y[i] = tanh(x[i]);
}

export function tanhBackward(size: number, y: Float64Array, dy: Float64Array, dx: Float64Array): void {
  for (let i = 0; i < size; i++) {
    const slope = (1 - (y[i] * y[i]));
    dx[i] = (dy[i] * slope);
  }
}
