// Generated from ../plain/matmul.ts by generate-float64.mjs: do not edit.
export function matmul(
  M: number,
  K: number,
  N: number,
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
): void {
  c.fill(0, 0, M * N);
  addProduct(M, K, N, a, K, 1, b, N, 1, c);
}

export function matmulTransposeA(
  M: number,
  K: number,
  N: number,
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
): void {
  c.fill(0, 0, M * N);
  addMatmulTransposeA(M, K, N, a, b, c);
}

export function addMatmulTransposeA(
  M: number,
  K: number,
  N: number,
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
): void {
  addProduct(M, K, N, a, 1, M, b, N, 1, c);
}

export function matmulTransposeB(
  M: number,
  K: number,
  N: number,
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
): void {
  c.fill(0, 0, M * N);
  addProduct(M, K, N, a, K, 1, b, 1, K, c);
}

function addProduct(
  M: number,
  K: number,
  N: number,
  a: Float64Array,
  aRow: number,
  aStep: number,
  b: Float64Array,
  bStep: number,
  bColumn: number,
  c: Float64Array,
): void {
  const blockedM = M - (M % 4);
  const blockedN = N - (N % 4);
  for (let m = 0; m < blockedM; m += 4) {
    for (let n = 0; n < blockedN; n += 4) {
      addBlock(K, a, m * aRow, aRow, aStep, b, n * bColumn, bStep, bColumn, c, m * N + n, N);
    }
  }
  // What the blocks leave over: the last columns of the blocked rows, then the last rows.
  for (let m = 0; m < M; m++) {
    for (let n = m < blockedM ? blockedN : 0; n < N; n++) {
      addElement(K, a, m * aRow, aStep, b, n * bColumn, bStep, c, m * N + n);
    }
  }
}

function addElement(
  K: number,
  a: Float64Array,
  ai: number,
  aStep: number,
  b: Float64Array,
  bi: number,
  bStep: number,
  c: Float64Array,
  ci: number,
): void {
  let sum = c[ci];
  for (let k = 0; k < K; k++) {
    sum = (sum + (a[ai] * b[bi]));
    ai += aStep;
    bi += bStep;
  }
  c[ci] = sum;
}

function addBlock(
  K: number,
  a: Float64Array,
  a0: number,
  aRow: number,
  aStep: number,
  b: Float64Array,
  b0: number,
  bStep: number,
  bColumn: number,
  c: Float64Array,
  c0: number,
  N: number,
): void {
  let a1 = a0 + aRow;
  let a2 = a1 + aRow;
  let a3 = a2 + aRow;
  let b1 = b0 + bColumn;
  let b2 = b1 + bColumn;
  let b3 = b2 + bColumn;
  const c1 = c0 + N;
  const c2 = c1 + N;
  const c3 = c2 + N;
  let s00 = c[c0];
  let s01 = c[c0 + 1];
  let s02 = c[c0 + 2];
  let s03 = c[c0 + 3];
  let s10 = c[c1];
  let s11 = c[c1 + 1];
  let s12 = c[c1 + 2];
  let s13 = c[c1 + 3];
  let s20 = c[c2];
  let s21 = c[c2 + 1];
  let s22 = c[c2 + 2];
  let s23 = c[c2 + 3];
  let s30 = c[c3];
  let s31 = c[c3 + 1];
  let s32 = c[c3 + 2];
  let s33 = c[c3 + 3];
  for (let k = 0; k < K; k++) {
    const y0 = b[b0];
    const y1 = b[b1];
    const y2 = b[b2];
    const y3 = b[b3];
    const x0 = a[a0];
    s00 = (s00 + (x0 * y0));
    s01 = (s01 + (x0 * y1));
    s02 = (s02 + (x0 * y2));
    s03 = (s03 + (x0 * y3));
    const x1 = a[a1];
    s10 = (s10 + (x1 * y0));
    s11 = (s11 + (x1 * y1));
    s12 = (s12 + (x1 * y2));
    s13 = (s13 + (x1 * y3));
    const x2 = a[a2];
    s20 = (s20 + (x2 * y0));
    s21 = (s21 + (x2 * y1));
    s22 = (s22 + (x2 * y2));
    s23 = (s23 + (x2 * y3));
    const x3 = a[a3];
    s30 = (s30 + (x3 * y0));
    s31 = (s31 + (x3 * y1));
    s32 = (s32 + (x3 * y2));
    s33 = (s33 + (x3 * y3));
    a0 += aStep;
    a1 += aStep;
    a2 += aStep;
    a3 += aStep;
    b0 += bStep;
    b1 += bStep;
    b2 += bStep;
    b3 += bStep;
  }
  c[c0] = s00;
  c[c0 + 1] = s01;
  c[c0 + 2] = s02;
  c[c0 + 3] = s03;
  c[c1] = s10;
  c[c1 + 1] = s11;
  c[c1 + 2] = s12;
  c[c1 + 3] = s13;
  c[c2] = s20;
  c[c2 + 1] = s21;
  c[c2 + 2] = s22;
  c[c2 + 3] = s23;
  c[c3] = s30;
  c[c3 + 1] = s31;
  c[c3 + 2] = s32;
  c[c3 + 3] = s33;
}
