/**
 * Softmax and its cross-entropy, for both dtypes.
 *
 * They are tiny (N·C numbers per batch) and sensitive, so everything is computed in float64 with our own exp and
 * log and rounded once, on store. Logits may be of any size: each row's maximum is subtracted first, which
 * changes nothing mathematically and keeps exp from overflowing.
 *
 *   m = max_c x[c],  S = Σ_c exp(x[c] − m), c ascending from +0
 *   p[c] = exp(x[c] − m)/S,  log p[c] = (x[c] − m) − log S, which is the log-softmax
 *
 * Sums run over c ascending. A NaN or +∞ among a row's logits makes all of its probabilities NaN.
 */
import { exp, log } from '../tensor/exp.ts';
import type { FloatArray } from '../tensor/tensor.ts';

/** x [N, C] → y [N, C], overwritten: y[n, c] = exp(x[n, c] − m)/S. y may be x. */
export function softmaxForward(N: number, C: number, x: FloatArray, y: FloatArray): void {
  for (let n = 0; n < N; n++) {
    const row = n * C;
    const m = rowMax(C, x, row);
    const S = expSum(C, x, row, m);
    for (let c = 0; c < C; c++) y[row + c] = exp(x[row + c] - m) / S;
  }
}

/** y = softmax(x), dy [N, C] → dx [N, C], overwritten: dx[c] = y[c]·(dy[c] − Σ_j y[j]·dy[j]). dx may be dy. */
export function softmaxBackward(N: number, C: number, y: FloatArray, dy: FloatArray, dx: FloatArray): void {
  for (let n = 0; n < N; n++) {
    const row = n * C;
    let mean = 0;
    for (let c = 0; c < C; c++) mean += y[row + c] * dy[row + c];
    for (let c = 0; c < C; c++) dx[row + c] = y[row + c] * (dy[row + c] - mean);
  }
}

/** x [N, C] → y [N, C], overwritten: y[n, c] = (x[n, c] − m) − log S. y may be x. */
export function logSoftmaxForward(N: number, C: number, x: FloatArray, y: FloatArray): void {
  for (let n = 0; n < N; n++) {
    const row = n * C;
    const m = rowMax(C, x, row);
    const logS = log(expSum(C, x, row, m));
    for (let c = 0; c < C; c++) y[row + c] = x[row + c] - m - logS;
  }
}

/** y = log-softmax(x), dy [N, C] → dx [N, C], overwritten: dx[c] = dy[c] − e^y[c]·Σ_j dy[j]. dx may be dy. */
export function logSoftmaxBackward(
  N: number,
  C: number,
  y: FloatArray,
  dy: FloatArray,
  dx: FloatArray,
): void {
  for (let n = 0; n < N; n++) {
    const row = n * C;
    let sum = 0;
    for (let c = 0; c < C; c++) sum += dy[row + c];
    for (let c = 0; c < C; c++) dx[row + c] = dy[row + c] - exp(y[row + c]) * sum;
  }
}

/**
 * Softmax with categorical cross-entropy. logits, target [N, C]; a row of target is a distribution, or any weights of classes.
 *   loss[n]         = −Σ_c target[n, c]·log p[n, c]      terms with target 0 left out
 *   probabilities   = p [N, C]
 *   dlogits[n, c]   = (p[n, c]·T − target[n, c])/batch    T = Σ_c target[n, c], c ascending from +0: the gradient of the
 *                                                         batch's mean loss; null: not wanted
 * Of a one-hot row T is exactly 1, and p·1 is p.
 * `batch` is the number of samples that the whole batch really has, of which the call's N may be a part.
 * All outputs are overwritten. probabilities or dlogits may be logits, but not each other.
 */
export function softmaxCrossEntropy(
  N: number,
  C: number,
  logits: FloatArray,
  target: FloatArray,
  batch: number,
  loss: Float64Array,
  probabilities: FloatArray,
  dlogits: FloatArray | null,
): void {
  for (let n = 0; n < N; n++) {
    const row = n * C;
    const m = rowMax(C, logits, row);
    const S = expSum(C, logits, row, m);
    const logS = log(S);
    let T = 0;
    for (let c = 0; c < C; c++) T += target[row + c];
    let sum = 0;
    for (let c = 0; c < C; c++) {
      const x = logits[row + c] - m;
      const t = target[row + c];
      const p = exp(x) / S;
      if (t !== 0) sum += t * (logS - x);
      probabilities[row + c] = p;
      if (dlogits !== null) dlogits[row + c] = (p * T - t) / batch;
    }
    loss[n] = sum;
  }
}

/**
 * The same with one class per sample instead of a distribution: classes [N], integers from 0 to C − 1, stands for a
 * target of one 1 among zeros. Gives the same bits as softmaxCrossEntropy with that target.
 */
export function sparseSoftmaxCrossEntropy(
  N: number,
  C: number,
  logits: FloatArray,
  classes: ArrayLike<number>,
  batch: number,
  loss: Float64Array,
  probabilities: FloatArray,
  dlogits: FloatArray | null,
): void {
  for (let n = 0; n < N; n++) {
    const row = n * C;
    const m = rowMax(C, logits, row);
    const S = expSum(C, logits, row, m);
    loss[n] = log(S) - (logits[row + classes[n]] - m);
    for (let c = 0; c < C; c++) {
      const p = exp(logits[row + c] - m) / S;
      probabilities[row + c] = p;
      if (dlogits !== null) dlogits[row + c] = (p - (c === classes[n] ? 1 : 0)) / batch;
    }
  }
}

function rowMax(C: number, x: FloatArray, row: number): number {
  let m = -Infinity;
  for (let c = 0; c < C; c++) if (x[row + c] > m) m = x[row + c];
  return m;
}

function expSum(C: number, x: FloatArray, row: number, m: number): number {
  let S = 0;
  for (let c = 0; c < C; c++) S += exp(x[row + c] - m);
  return S;
}
