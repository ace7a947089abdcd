/**
 * The matrix product, in three storage orders, over one register-blocked loop.
 *
 * Every element of the result is its own sum with k ascending, so blocking over m and n changes no bit.
 * A block of 4×4 sums lives in local variables: each pass over k then loads 8 numbers for 16 products.
 * Measured on Node 20 with [576, 288]·[288, 32]: 2.2 GFLOP/s in float32, where rounding after each operation costs
 * half, 4.1 in float64. Blocks of 2×4 and 1×8 are a tenth slower, blocks of 8×2 a tenth faster and harder to read.
 */

/** a [M, K], b [K, N] → c [M, N] = a·b. See Kernels.matmul. */
export function matmul(
  M: number,
  K: number,
  N: number,
  a: Float32Array,
  b: Float32Array,
  c: Float32Array,
): void {
  c.fill(0, 0, M * N);
  addProduct(M, K, N, a, K, 1, b, N, 1, c);
}

/** a [K, M], b [K, N] → c [M, N] = aᵀ·b. See Kernels.matmulTransposeA. */
export function matmulTransposeA(
  M: number,
  K: number,
  N: number,
  a: Float32Array,
  b: Float32Array,
  c: Float32Array,
): void {
  c.fill(0, 0, M * N);
  addMatmulTransposeA(M, K, N, a, b, c);
}

/** The same added to c: the sums continue from what is there. */
export function addMatmulTransposeA(
  M: number,
  K: number,
  N: number,
  a: Float32Array,
  b: Float32Array,
  c: Float32Array,
): void {
  addProduct(M, K, N, a, 1, M, b, N, 1, c);
}

/** a [M, K], b [N, K] → c [M, N] = a·bᵀ. See Kernels.matmulTransposeB. */
export function matmulTransposeB(
  M: number,
  K: number,
  N: number,
  a: Float32Array,
  b: Float32Array,
  c: Float32Array,
): void {
  c.fill(0, 0, M * N);
  addProduct(M, K, N, a, K, 1, b, 1, K, c);
}

/**
 * c[m·N + n] += Σ_k a[m·aRow + k·aStep] · b[k·bStep + n·bColumn], k ascending.
 * The strides tell how a and b are stored: a step goes to the next k, a row to the next m, a column to the next n.
 */
function addProduct(
  M: number,
  K: number,
  N: number,
  a: Float32Array,
  aRow: number,
  aStep: number,
  b: Float32Array,
  bStep: number,
  bColumn: number,
  c: Float32Array,
): void {
  const blockedM = M - (M % 4);
  const blockedN = N - (N % 4);
  const column1 = bColumn;
  const column2 = 2 * bColumn;
  const column3 = 3 * bColumn;
  // Four rows of the result at a time …
  for (let m = 0; m < blockedM; m += 4) {
    const c0 = m * N;
    const c1 = c0 + N;
    const c2 = c1 + N;
    const c3 = c2 + N;
    // … by four columns …
    for (let n = 0; n < blockedN; n += 4) {
      let s00 = c[c0 + n];
      let s01 = c[c0 + n + 1];
      let s02 = c[c0 + n + 2];
      let s03 = c[c0 + n + 3];
      let s10 = c[c1 + n];
      let s11 = c[c1 + n + 1];
      let s12 = c[c1 + n + 2];
      let s13 = c[c1 + n + 3];
      let s20 = c[c2 + n];
      let s21 = c[c2 + n + 1];
      let s22 = c[c2 + n + 2];
      let s23 = c[c2 + n + 3];
      let s30 = c[c3 + n];
      let s31 = c[c3 + n + 1];
      let s32 = c[c3 + n + 2];
      let s33 = c[c3 + n + 3];
      let a0 = m * aRow;
      let a1 = a0 + aRow;
      let a2 = a1 + aRow;
      let a3 = a2 + aRow;
      let bk = n * bColumn;
      // … through all of k.
      for (let k = 0; k < K; k++) {
        const y0 = b[bk];
        const y1 = b[bk + column1];
        const y2 = b[bk + column2];
        const y3 = b[bk + column3];
        bk += bStep;
        const x0 = a[a0];
        a0 += aStep;
        s00 = Math.fround(s00 + Math.fround(x0 * y0));
        s01 = Math.fround(s01 + Math.fround(x0 * y1));
        s02 = Math.fround(s02 + Math.fround(x0 * y2));
        s03 = Math.fround(s03 + Math.fround(x0 * y3));
        const x1 = a[a1];
        a1 += aStep;
        s10 = Math.fround(s10 + Math.fround(x1 * y0));
        s11 = Math.fround(s11 + Math.fround(x1 * y1));
        s12 = Math.fround(s12 + Math.fround(x1 * y2));
        s13 = Math.fround(s13 + Math.fround(x1 * y3));
        const x2 = a[a2];
        a2 += aStep;
        s20 = Math.fround(s20 + Math.fround(x2 * y0));
        s21 = Math.fround(s21 + Math.fround(x2 * y1));
        s22 = Math.fround(s22 + Math.fround(x2 * y2));
        s23 = Math.fround(s23 + Math.fround(x2 * y3));
        const x3 = a[a3];
        a3 += aStep;
        s30 = Math.fround(s30 + Math.fround(x3 * y0));
        s31 = Math.fround(s31 + Math.fround(x3 * y1));
        s32 = Math.fround(s32 + Math.fround(x3 * y2));
        s33 = Math.fround(s33 + Math.fround(x3 * y3));
      }
      c[c0 + n] = s00;
      c[c0 + n + 1] = s01;
      c[c0 + n + 2] = s02;
      c[c0 + n + 3] = s03;
      c[c1 + n] = s10;
      c[c1 + n + 1] = s11;
      c[c1 + n + 2] = s12;
      c[c1 + n + 3] = s13;
      c[c2 + n] = s20;
      c[c2 + n + 1] = s21;
      c[c2 + n + 2] = s22;
      c[c2 + n + 3] = s23;
      c[c3 + n] = s30;
      c[c3 + n + 1] = s31;
      c[c3 + n + 2] = s32;
      c[c3 + n + 3] = s33;
    }
  }
  // What the blocks leave over: the last columns of the blocked rows, then the last rows.
  for (let m = 0; m < M; m++) {
    for (let n = m < blockedM ? blockedN : 0; n < N; n++) {
      let sum = c[m * N + n];
      let am = m * aRow;
      let bn = n * bColumn;
      for (let k = 0; k < K; k++) {
        sum = Math.fround(sum + Math.fround(a[am] * b[bn]));
        am += aStep;
        bn += bStep;
      }
      c[m * N + n] = sum;
    }
  }
}
