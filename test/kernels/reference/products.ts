/** Matrix products, dense layers, and the sum of shards. */
import { type Numbers, type Round, relu, sumsWith, table } from './loops.ts';

export function products(round: Round) {
  const sumOf = sumsWith(round);

  return {
    matmul: (M: number, K: number, N: number, a: Numbers, b: Numbers) =>
      table(M, N, (m, n) => sumOf(K, (k) => a[m * K + k] * b[k * N + n])),

    matmulTransposeA: (M: number, K: number, N: number, a: Numbers, b: Numbers) =>
      table(M, N, (m, n) => sumOf(K, (k) => a[k * M + m] * b[k * N + n])),

    matmulTransposeB: (M: number, K: number, N: number, a: Numbers, b: Numbers) =>
      table(M, N, (m, n) => sumOf(K, (k) => a[m * K + k] * b[n * K + k])),

    denseForward: (N: number, I: number, O: number, x: Numbers, w: Numbers, b: Numbers, withRelu: boolean) =>
      table(N, O, (n, o) => {
        const sum = sumOf(I, (i) => x[n * I + i] * w[i * O + o]);
        const v = round(sum + b[o]);
        return withRelu ? relu(v) : v;
      }),

    denseBackwardInput: (N: number, I: number, O: number, dy: Numbers, w: Numbers, alive: Numbers | null) =>
      table(N, I, (n, i) =>
        alive !== null && alive[n * I + i] === 0 ? 0 : sumOf(O, (o) => dy[n * O + o] * w[i * O + o]),
      ),

    denseBackwardWeights: (N: number, I: number, O: number, x: Numbers, dy: Numbers) =>
      table(I, O, (i, o) => sumOf(N, (n) => x[n * I + i] * dy[n * O + o])),

    denseBackwardBias: (N: number, O: number, dy: Numbers) =>
      table(1, O, (_, o) => sumOf(N, (n) => dy[n * O + o])),

    sumShards: (S: number, stride: number, partial: Numbers) =>
      table(1, stride, (_, i) => {
        let sum = partial[i];
        for (let s = 1; s < S; s++) sum = round(sum + partial[s * stride + i]);
        return sum;
      }),
  };
}
