/**
 * The arithmetic behind one interface: every primitive with its shapes and its formula.
 *
 * `plain/` implements it in TypeScript for float32, `plain64/` is the same text for float64, `simd/` is
 * a faster twin in WebAssembly. The three are interchangeable: the plain kernels define the result, and
 * strict SIMD gives the same bits, because both compute each sum in the order that docs/order-of-sums.md
 * states, with one rounding after each multiplication and each addition.
 *
 * Sums are written as one row each; those of more than 8,192 terms, in dense layers and convolutions, are cut into blocks by
 * `long/`, which stands on top of each of the three.
 *
 * Conventions
 * - All arrays are flat, row-major, NHWC; convolution kernels are HWIO, so [K, OC]; dense ones [I, O].
 * - N is the number of samples in the call. Arrays may be longer than N needs; the rest isn't touched.
 * - An output is overwritten unless its line says "added to". Outputs never alias inputs unless said.
 * - Nothing is allocated inside: whoever calls hands in `scratch`, as many elements as `scratchSize` asks.
 *   Scratch holds nothing between calls.
 * - Kernels check nothing: layers validate shapes when they are built.
 * - SIMD kernels need every array to live in the WebAssembly memory that they were made for.
 */
import type { FloatArray } from '../tensor/tensor.ts';
import type { Conv2dGeometry, DepthwiseGeometry, PoolGeometry, UpsampleGeometry } from './geometry.ts';

/** Which implementation: `fma` is SIMD with fused multiply-add, whose last bits depend on the machine. */
export type KernelName = 'plain' | 'simd' | 'fma';

/**
 * How the backward pass of a convolution walks its output gradient. Both give the same bits.
 * `dense`: patches by matrix products. `sparse`: only the non-zero gradients, which pays below max-pooling,
 * where at most one element in a window is not zero.
 */
export type GradientWalk = 'dense' | 'sparse';

/** How a convolution is computed; the two differ in the last bits. */
export type ConvolutionAlgorithm = 'direct' | 'winograd';

/** Outputs along an edge of a Winograd tile: F(2×2, 3×3), or F(4×4, 3×3), which `predict` alone uses. */
export type WinogradEdge = 2 | 4;

/** ReLU at the end of a kernel. false: none; true: v > 0 ? v : +0; a number: no more than that, 6 for ReLU6. */
export type Rectifier = boolean | number;

/** One implementation of all the arithmetic. */
export interface Kernels {
  readonly name: KernelName;
  readonly dtype: 'float32' | 'float64';

  /** Elements of scratch that any of the convolution kernels needs for this geometry (any N). */
  conv2dScratch(g: Conv2dGeometry, pool: PoolGeometry | null): number;
  /** Elements of scratch that the Winograd kernels need for this geometry (any N). */
  winogradScratch(g: Conv2dGeometry, pool: PoolGeometry | null): number;
  /** Elements that the filters of this geometry have once winogradFilters has transformed them. */
  winogradFilterSize(g: Conv2dGeometry, edge: WinogradEdge): number;
  /** Elements of scratch that winograd4Forward needs for this geometry (any N). */
  winograd4Scratch(g: Conv2dGeometry, pool: PoolGeometry | null): number;
  /** Elements of scratch that winogradBackward needs for this geometry (any N). */
  winogradBackwardScratch(g: Conv2dGeometry): number;
  /** Elements of scratch that any of the dense kernels needs for up to N samples. */
  denseScratch(N: number, I: number, O: number): number;

  /**
   * Matrix product. a [M, K], b [K, N] → c [M, N]
   *   c[m, n] = Σ_k a[m, k]·b[k, n], k ascending from +0
   */
  matmul(M: number, K: number, N: number, a: FloatArray, b: FloatArray, c: FloatArray): void;
  /** The same with a transposed: a [K, M], b [K, N] → c [M, N] = aᵀ·b, k ascending from +0 */
  matmulTransposeA(M: number, K: number, N: number, a: FloatArray, b: FloatArray, c: FloatArray): void;
  /** The same with b transposed: a [M, K], b [N, K] → c [M, N] = a·bᵀ, k ascending from +0. Scratch of K·N elements. */
  matmulTransposeB(
    M: number,
    K: number,
    N: number,
    a: FloatArray,
    b: FloatArray,
    c: FloatArray,
    scratch: FloatArray,
  ): void;

  /** One sample's patches as rows. x [H, W, C] → patches [P, K]; zeros where a patch leaves the image. */
  im2col(g: Conv2dGeometry, x: FloatArray, patches: FloatArray): void;
  /**
   * The transpose of im2col. patches [P, K] are added to dx [H, W, C], in the order of (oh, ow), then of
   * (kh, kw, c) within a patch; what is outside of the image is dropped.
   */
  col2im(g: Conv2dGeometry, patches: FloatArray, dx: FloatArray): void;

  /**
   * Convolution (cross-correlation, as everywhere in deep learning) with bias and, on request, ReLU.
   * x [N, H, W, C], w [KH, KW, C, OC], b [OC] → y [N, OH, OW, OC]
   *   y[n, oh, ow, oc] = relu( b[oc] + Σ_(kh, kw, c) x[n, oh·SH + kh − padTop, ow·SW + kw − padLeft, c]·w[kh, kw, c, oc] )
   * Of a dilated kernel kh·DH and kw·DW stand for kh and kw in x, here and in all that follows. The sum ascends over (kh, kw, c) from +0, zero padding included or not (it changes nothing), the bias is
   * added last.
   */
  conv2dForward(
    g: Conv2dGeometry,
    N: number,
    x: FloatArray,
    w: FloatArray,
    b: FloatArray,
    relu: Rectifier,
    y: FloatArray,
    scratch: FloatArray,
  ): void;

  /**
   * The same fused with the max-pooling after it: the convolution's output is never stored.
   * → y [N, PH, PW, OC] (pool.OH × pool.OW), choice as in maxPool2dForward.
   * Equals conv2dForward followed by maxPool2dForward, bit for bit.
   */
  conv2dPoolForward(
    g: Conv2dGeometry,
    pool: PoolGeometry,
    N: number,
    x: FloatArray,
    w: FloatArray,
    b: FloatArray,
    relu: boolean,
    y: FloatArray,
    choice: Uint8Array,
    scratch: FloatArray,
  ): void;

  /**
   * Makes filters of 3×3 ready for Winograd's kernels with tiles of edge×edge outputs, once for all calls until they change.
   * w [3, 3, C, OC] → u, of winogradFilterSize elements: U = G·g·Gᵀ for each pair of channels, in an order that is the kernels' own.
   */
  winogradFilters(g: Conv2dGeometry, edge: WinogradEdge, w: FloatArray, u: FloatArray): void;
  /**
   * The same of the filters turned by 180°, for the inputs' gradient: u has the elements of winogradFilterSize for 2×2 outputs of
   * inputGradientGeometry(g). Scratch as for winogradBackward.
   */
  winogradTurnedFilters(g: Conv2dGeometry, w: FloatArray, u: FloatArray, scratch: FloatArray): void;

  /**
   * conv2dForward by Winograd's F(2×2, 3×3): the same function, under half of the multiplications, other last bits.
   * For kernels of 3×3 with strides of 1. For each tile of 2×2 outputs, with d the 4×4 inputs that it reads
   * (zeros outside of the image) and u of winogradFilters:
   *   V = Bᵀ·d·B,  M = Σ_c U ∘ V, c ascending from +0,  y = relu( Aᵀ·M·A + b )
   * ∘ multiplies place by place; G, B and A are in plain/winograd.ts, the order of their additions in
   * docs/order-of-sums.md. Its backward pass is winogradBackward, or conv2dBackward where dy is sparse.
   */
  winogradForward(
    g: Conv2dGeometry,
    N: number,
    x: FloatArray,
    u: FloatArray,
    b: FloatArray,
    relu: Rectifier,
    y: FloatArray,
    scratch: FloatArray,
  ): void;

  /** winogradForward and maxPool2dForward in one, bit for bit; arguments as in conv2dPoolForward. */
  winogradPoolForward(
    g: Conv2dGeometry,
    pool: PoolGeometry,
    N: number,
    x: FloatArray,
    u: FloatArray,
    b: FloatArray,
    relu: boolean,
    y: FloatArray,
    choice: Uint8Array,
    scratch: FloatArray,
  ): void;

  /**
   * conv2dForward by Winograd's F(4×4, 3×3), for predictions: a quarter of the multiplications, yet other last bits. For kernels of
   * 3×3 with strides of 1. For each tile of 4×4 outputs, with d the 6×6 inputs that it reads and u of winogradFilters:
   *   V = Bᵀ·d·B,  M = Σ_c U ∘ V, c ascending from +0,  y = relu( Aᵀ·M·A + b )
   * The matrices are in plain/winograd4.ts, the order of their additions in docs/order-of-sums.md. With `pool`, which has windows of
   * 2×2 and strides of 2: → y [N, PH, PW, OC], as maxPool2dForward gives it.
   */
  winograd4Forward(
    g: Conv2dGeometry,
    pool: PoolGeometry | null,
    N: number,
    x: FloatArray,
    u: FloatArray,
    b: FloatArray,
    relu: Rectifier,
    y: FloatArray,
    scratch: FloatArray,
  ): void;

  /**
   * Backward pass of conv2dForward. x, w as there; dy [N, OH, OW, OC] is the gradient before ReLU (see
   * reluBackward). Each output may be null: then it isn't computed.
   *   dw[kh, kw, c, oc] = Σ_(n, oh, ow) x[n, oh·SH + kh − padTop, …, c]·dy[n, oh, ow, oc], ascending from +0
   *   db[oc]            = Σ_(n, oh, ow) dy[n, oh, ow, oc], ascending from +0
   *   dx                = col2im of the rows patch[oh, ow][kh, kw, c] = Σ_oc dy[oh, ow, oc]·w[kh, kw, c, oc],
   *                       oc ascending from +0; dx starts at +0. A row of zeros changes nothing.
   */
  conv2dBackward(
    g: Conv2dGeometry,
    N: number,
    x: FloatArray,
    w: FloatArray,
    dy: FloatArray,
    walk: GradientWalk,
    dw: FloatArray | null,
    db: FloatArray | null,
    dx: FloatArray | null,
    scratch: FloatArray,
  ): void;

  /**
   * Backward pass of conv2dPoolForward. y, choice: what the forward pass gave; dy [N, PH, PW, OC].
   * With relu, a window whose y is 0 has no gradient. Equals maxPool2dBackward, reluBackward and
   * conv2dBackward in a row, bit for bit.
   */
  conv2dPoolBackward(
    g: Conv2dGeometry,
    pool: PoolGeometry,
    N: number,
    x: FloatArray,
    w: FloatArray,
    relu: boolean,
    y: FloatArray,
    choice: Uint8Array,
    dy: FloatArray,
    walk: GradientWalk,
    dw: FloatArray | null,
    db: FloatArray | null,
    dx: FloatArray | null,
    scratch: FloatArray,
  ): void;

  /**
   * conv2dBackward by Winograd: the same gradients, under half of the multiplications, other last bits of dw and dx.
   * For kernels of 3×3 with strides of 1. Each output may be null: then it isn't computed, and without dw x isn't read.
   *   dx = winogradForward of dy, without a bias, with u of winogradTurnedFilters, which may be null without dx
   *   dw = Gᵀ·S·G,  S = Σ (A·dY·Aᵀ) ∘ V over the tiles of all samples, ascending from +0; dY the tile's 2×2 of dy, V as above
   *   db = as in conv2dBackward
   */
  winogradBackward(
    g: Conv2dGeometry,
    N: number,
    x: FloatArray,
    u: FloatArray | null,
    dy: FloatArray,
    dw: FloatArray | null,
    db: FloatArray | null,
    dx: FloatArray | null,
    scratch: FloatArray,
  ): void;

  /** y[m, n] = relu(y[m, n] + b[n]), y [M, N]; in place. ReLU on request, as in conv2dForward. */
  addBias(M: number, N: number, b: FloatArray, relu: Rectifier, y: FloatArray): void;

  /** Elements of scratch that the depthwise kernels need for this geometry (any N). */
  depthwiseScratch(g: DepthwiseGeometry): number;
  /**
   * Depthwise convolution: each channel by itself, with M filters. x [N, H, W, C], w [KH, KW, C, M], b [C·M] → y [N, OH, OW, C·M]
   *   y[n, oh, ow, c·M + m] = relu( b[c·M + m] + Σ_(kh, kw) x[n, oh·SH + kh·DH − padTop, ow·SW + kw·DW − padLeft, c]·w[kh, kw, c, m] )
   * The sum ascends over (kh, kw) from +0, the bias is added last.
   */
  depthwiseForward(
    g: DepthwiseGeometry,
    N: number,
    x: FloatArray,
    w: FloatArray,
    b: FloatArray,
    relu: Rectifier,
    y: FloatArray,
    scratch: FloatArray,
  ): void;
  /**
   * Its backward pass; dy [N, OH, OW, C·M] is the gradient before ReLU. Each output may be null: then it isn't computed, and
   * without dw x isn't read.
   *   dw[kh, kw, c, m] = Σ_(n, oh, ow) x[n, oh·SH + kh·DH − padTop, …, c]·dy[n, oh, ow, c·M + m], ascending from +0
   *   db[o]            = Σ_(n, oh, ow) dy[n, oh, ow, o], ascending from +0
   *   dx               = from +0, for (oh, ow) ascending plus Σ_m dy[n, oh, ow, c·M + m]·w[kh, kw, c, m], m ascending from +0
   */
  depthwiseBackward(
    g: DepthwiseGeometry,
    N: number,
    x: FloatArray,
    w: FloatArray,
    dy: FloatArray,
    dw: FloatArray | null,
    db: FloatArray | null,
    dx: FloatArray | null,
    scratch: FloatArray,
  ): void;

  /**
   * Images made larger. x [N, H, W, C] → y [N, H·SH, W·SW, C]. Nearest: y[n, oh, ow, c] = x[n, ⌊oh/SH⌋, ⌊ow/SW⌋, c].
   * Bilinear: row oh lies at (oh + ½)/SH − ½ among the old ones, between the two nearest rows, the part p of the way from the first to
   * the second, rounded (p = 0 beyond the first and the last); columns likewise. y = t + p·(u − t), t and u being the same
   * between the columns, in the upper and the lower row.
   */
  upsample2dForward(g: UpsampleGeometry, N: number, x: FloatArray, y: FloatArray): void;
  /**
   * dx [N, H, W, C] = 0, then for (oh, ow) ascending dy·(p or 1 − p of the row · p or 1 − p of the column) is added to each pixel
   * that y was made of, the upper row first, the left column first; the weight is rounded before the product.
   */
  upsample2dBackward(g: UpsampleGeometry, N: number, dy: FloatArray, dx: FloatArray): void;

  /** y[i] = x[i]·scale[c] + offset[c], c = i mod C, for i < size; scale and offset have C numbers each. y may be x. */
  affine(
    size: number,
    x: FloatArray,
    scale: readonly number[],
    offset: readonly number[],
    y: FloatArray,
  ): void;

  /**
   * Max-pooling. x [N, H, W, C] → y [N, OH, OW, C], choice [N, OH, OW, C] = kh·KW + kw of the maximum.
   * Windows that reach over the edge have the pixels within the image alone. The first maximum in row-major order of the window wins a tie. A NaN is taken as the maximum, the first one.
   */
  maxPool2dForward(pool: PoolGeometry, N: number, x: FloatArray, y: FloatArray, choice: Uint8Array): void;
  /** dx [N, H, W, C] = 0, then dy is added to the chosen position, (oh, ow) ascending (windows may overlap). */
  maxPool2dBackward(pool: PoolGeometry, N: number, dy: FloatArray, choice: Uint8Array, dx: FloatArray): void;

  /**
   * Average pooling. x [N, H, W, C] → y [N, OH, OW, C]
   *   y[n, oh, ow, c] = (Σ_(kh, kw) x[n, oh·SH + kh − padTop, ow·SW + kw − padLeft, c]) / count
   * over the window's pixels within the image, (kh, kw) ascending from +0, in float64 in either dtype; count is their number.
   */
  averagePool2dForward(pool: PoolGeometry, N: number, x: FloatArray, y: FloatArray): void;
  /** dx [N, H, W, C] = 0, then dy / count is added to each pixel of its window, (oh, ow) ascending. */
  averagePool2dBackward(pool: PoolGeometry, N: number, dy: FloatArray, dx: FloatArray): void;

  /**
   * Global max-pooling. x [N, P, C] → y[n, c] = max_p x[n, p, c], choice [N, C, 2] = p of the maximum, its low byte
   * first; P ≤ 65536. Ties and NaN as in maxPool2dForward.
   */
  globalMaxPoolForward(
    N: number,
    P: number,
    C: number,
    x: FloatArray,
    y: FloatArray,
    choice: Uint8Array,
  ): void;
  /** dx [N, P, C] = dy at the chosen pixels, +0 elsewhere. */
  globalMaxPoolBackward(
    N: number,
    P: number,
    C: number,
    dy: FloatArray,
    choice: Uint8Array,
    dx: FloatArray,
  ): void;

  /** y[i] = y[i] + x[i], for i < size. */
  addTo(size: number, x: FloatArray, y: FloatArray): void;
  /** y[i] = y[i]·x[i], for i < size. */
  multiplyBy(size: number, x: FloatArray, y: FloatArray): void;

  /**
   * Each channel's mean and sum of squared differences from it, in float64 in either dtype. x [rows, C] → moments [2, C]
   *   mean[c] = (Σ_row x[row, c]) / rows,  moments[1, c] = Σ_row (x[row, c] − mean[c])², rows ascending from +0
   */
  channelMoments(rows: number, C: number, x: FloatArray, moments: Float64Array): void;
  /**
   * x [rows, C], mean, scale, shift [C] → y[row, c] = relu( (x[row, c] − mean[c])·scale[c] + shift[c] ), each operation rounded.
   */
  normalizeForward(
    rows: number,
    C: number,
    x: FloatArray,
    mean: FloatArray,
    scale: FloatArray,
    shift: FloatArray,
    relu: Rectifier,
    y: FloatArray,
  ): void;
  /**
   * In float64 in either dtype. x, dy [rows, C], mean [C] → sums [2, C]
   *   sums[0, c] = Σ_row dy[row, c],  sums[1, c] = Σ_row dy[row, c]·(x[row, c] − mean[c]), rows ascending from +0
   */
  channelSums(
    rows: number,
    C: number,
    x: FloatArray,
    dy: FloatArray,
    mean: FloatArray,
    sums: Float64Array,
  ): void;
  /** dx[row, c] = scale[c]·((dy[row, c] − a[c]) − (x[row, c] − mean[c])·b[c]), each operation rounded. */
  normalizeBackward(
    rows: number,
    C: number,
    x: FloatArray,
    dy: FloatArray,
    mean: FloatArray,
    scale: FloatArray,
    a: FloatArray,
    b: FloatArray,
    dx: FloatArray,
  ): void;

  /** y[i] = x[i] > 0 ? x[i] : +0, for i < size. y may be x. */
  reluForward(size: number, x: FloatArray, y: FloatArray): void;
  /** dx[i] = y[i] > 0 ? dy[i] : +0, y being ReLU's output. dx may be dy. */
  reluBackward(size: number, y: FloatArray, dy: FloatArray, dx: FloatArray): void;

  // Each of these has x and y, dy and dx that may be the same array.
  /** y[i] = x[i] > 0 ? x[i] : slope·x[i], for i < size; slope ≥ 0. */
  leakyReluForward(size: number, x: FloatArray, slope: number, y: FloatArray): void;
  /** dx[i] = y[i] > 0 ? dy[i] : slope·dy[i], y being the output. */
  leakyReluBackward(size: number, y: FloatArray, dy: FloatArray, slope: number, dx: FloatArray): void;
  /**
   * y[i] = x[i] > threshold ? min(x[i], max) : slope·(x[i] − threshold), for i < size; slope ≥ 0, and with slope 0 the lower
   * part is +0. max may be Infinity.
   */
  clippedReluForward(
    size: number,
    x: FloatArray,
    slope: number,
    threshold: number,
    max: number,
    y: FloatArray,
  ): void;
  /** dx[i] = x[i] > threshold ? (x[i] < max ? dy[i] : +0) : slope·dy[i], x being the input; with slope 0 the latter is +0. */
  clippedReluBackward(
    size: number,
    x: FloatArray,
    dy: FloatArray,
    slope: number,
    threshold: number,
    max: number,
    dx: FloatArray,
  ): void;
  /** y[i] = min(max(slope·x[i] + ½, 0), 1), rounded after the product and after the sum. NaN gives +0. */
  hardSigmoidForward(size: number, x: FloatArray, slope: number, y: FloatArray): void;
  /** dx[i] = 0 < y[i] < 1 ? slope·dy[i] : +0, y being the output. */
  hardSigmoidBackward(size: number, y: FloatArray, dy: FloatArray, slope: number, dx: FloatArray): void;
  /** y[i] = x[i]·h, h = min(max(x[i]/6 + ½, 0), 1) as in hardSigmoidForward with slope 1/6. */
  hardSwishForward(size: number, x: FloatArray, y: FloatArray): void;
  /** dx[i] = dy[i]·(h + (0 < h < 1 ? x[i]/6 : +0)), x being the input and h as above. */
  hardSwishBackward(size: number, x: FloatArray, dy: FloatArray, dx: FloatArray): void;
  /** y[i] = 1/(1 + e^−x[i]), in float64 (tensor/sigmoid.ts), rounded once. */
  sigmoidForward(size: number, x: FloatArray, y: FloatArray): void;
  /** dx[i] = dy[i]·(y[i]·(1 − y[i])), in this order, y being the output. */
  sigmoidBackward(size: number, y: FloatArray, dy: FloatArray, dx: FloatArray): void;
  /** y[i] = tanh x[i], in float64 (tensor/sigmoid.ts), rounded once. */
  tanhForward(size: number, x: FloatArray, y: FloatArray): void;
  /** dx[i] = dy[i]·(1 − y[i]·y[i]), in this order, y being the output. */
  tanhBackward(size: number, y: FloatArray, dy: FloatArray, dx: FloatArray): void;

  /**
   * Inverted dropout (Srivastava et al. 2014, scaled while training as in Keras).
   * x [N, E] → y[n, e] = kept ? x[n, e]·scale : +0, mask[n, e] = kept ? 1 : 0
   * kept ⇔ word(key, first + n, e) ≥ threshold, unsigned, where word is Threefry-2x32-20's output word e & 1 for
   * counter (e >> 1, first + n) under key (key0, key1); see tensor/random.ts. `first` is the position in the
   * batch of the call's first sample, so that the mask doesn't depend on who computes it.
   */
  dropoutForward(
    N: number,
    E: number,
    x: FloatArray,
    key0: number,
    key1: number,
    first: number,
    threshold: number,
    scale: number,
    y: FloatArray,
    mask: Uint8Array,
  ): void;
  /**
   * x [N, E] → y[n, e] = x[n, e] + r(deviation·z), z being normal with mean 0 and deviation 1, in float64, by tensor/normal.ts
   * from the word of dropoutForward; r rounds.
   */
  gaussianNoise(
    N: number,
    E: number,
    x: FloatArray,
    key0: number,
    key1: number,
    first: number,
    deviation: number,
    y: FloatArray,
  ): void;
  /** dx[i] = mask[i] ? dy[i]·scale : +0, for i < size. dx may be dy. */
  dropoutBackward(size: number, mask: Uint8Array, dy: FloatArray, scale: number, dx: FloatArray): void;

  /**
   * Dense layer. x [N, I], w [I, O], b [O] → y [N, O]
   *   y[n, o] = relu( b[o] + Σ_i x[n, i]·w[i, o] ), i ascending from +0, the bias last.
   * Terms with x = 0 may be skipped.
   */
  denseForward(
    N: number,
    I: number,
    O: number,
    x: FloatArray,
    w: FloatArray,
    b: FloatArray,
    relu: boolean,
    y: FloatArray,
    scratch: FloatArray,
  ): void;
  /**
   * dx[n, i] = Σ_o dy[n, o]·w[i, o], o ascending from +0.
   * Where `alive` (the layer's input) is given, elements with alive[n, i] = 0 are set to +0 instead: the plan
   * passes it where a zero input can't have a gradient (after ReLU, through pooling and dropout).
   */
  denseBackwardInput(
    N: number,
    I: number,
    O: number,
    dy: FloatArray,
    w: FloatArray,
    alive: FloatArray | null,
    dx: FloatArray,
    scratch: FloatArray,
  ): void;
  /**
   * Rows from ≤ i < to of the weight gradient, over all samples of the batch.
   *   dw[i, o] = Σ_n x[n, i]·dy[n, o], n ascending from +0. Terms with x = 0 may be skipped.
   */
  denseBackwardWeights(
    N: number,
    I: number,
    O: number,
    x: FloatArray,
    dy: FloatArray,
    from: number,
    to: number,
    dw: FloatArray,
    scratch: FloatArray,
  ): void;
  /** db[o] = Σ_n dy[n, o], n ascending from +0. */
  denseBackwardBias(N: number, O: number, dy: FloatArray, db: FloatArray): void;

  /**
   * Adds up the shards' partial gradients for elements from ≤ i < to.
   * partial [S, stride] → sum[i] = partial[0, i] + partial[1, i] + …, shards ascending.
   */
  sumShards(S: number, stride: number, partial: FloatArray, from: number, to: number, sum: FloatArray): void;

  /**
   * Adadelta (Zeiler 2012, arXiv:1212.5701, algorithm 1, with Keras' learning rate), for elements from ≤ i < to:
   *   G ← ρ·G + (1−ρ)·g²,  Δ = −(√(D+ε)·g)/√(G+ε) with the new G,  D ← ρ·D + (1−ρ)·Δ²,  w ← w + lr·Δ
   * Every operation is rounded once, in just this order; (1−ρ)·g² is (1−ρ)·(g·g), 1−ρ itself rounded once.
   */
  adadelta(
    from: number,
    to: number,
    w: FloatArray,
    g: FloatArray,
    G: FloatArray,
    D: FloatArray,
    learningRate: number,
    rho: number,
    epsilon: number,
  ): void;

  /** Gradient descent: w[i] ← w[i] − lr·g[i], for elements from ≤ i < to. */
  sgd(from: number, to: number, w: FloatArray, g: FloatArray, learningRate: number): void;

  /**
   * Gradient descent with momentum, as in Keras, for elements from ≤ i < to:
   *   v ← momentum·v − lr·g,  w ← w + v;  with Nesterov's: w ← (w + momentum·v) − lr·g, with the new v
   */
  sgdMomentum(
    from: number,
    to: number,
    w: FloatArray,
    g: FloatArray,
    v: FloatArray,
    learningRate: number,
    momentum: number,
    nesterov: boolean,
  ): void;

  /**
   * Adam (Kingma and Ba 2015, arXiv:1412.6980, as in Keras), for elements from ≤ i < to:
   *   m ← m + (1−β₁)·(g − m),  v ← v + (1−β₂)·(g·g − v),  w ← w − (rate·m)/(√v + ε), with the new means
   * `rate` = lr·√(1−β₂^t)/(1−β₁^t) is the optimizer's to compute; 1−β₁ and 1−β₂ are rounded once.
   */
  adam(
    from: number,
    to: number,
    w: FloatArray,
    g: FloatArray,
    m: FloatArray,
    v: FloatArray,
    rate: number,
    beta1: number,
    beta2: number,
    epsilon: number,
  ): void;

  /**
   * Nadam (Dozat 2016, as in Keras), for elements from ≤ i < to, with Adam's means m and v:
   *   w ← w − (ofMean·m + ofGradient·g)/(√(correction·v) + ε), with the new means
   */
  nadam(
    from: number,
    to: number,
    w: FloatArray,
    g: FloatArray,
    m: FloatArray,
    v: FloatArray,
    numbers: NadamNumbers,
  ): void;

  /**
   * Adamax (Kingma and Ba 2015, algorithm 2, as in Keras), for elements from ≤ i < to:
   *   m ← m + (1−β₁)·(g − m),  u ← max(β₂·u, |g|),  w ← w − (rate·m)/(u + ε), with the new m and u
   */
  adamax(
    from: number,
    to: number,
    w: FloatArray,
    g: FloatArray,
    m: FloatArray,
    u: FloatArray,
    numbers: AdamaxNumbers,
  ): void;

  /** Adagrad (Duchi et al. 2011, as in Keras), for elements from ≤ i < to: G ← G + g·g,  w ← w − (lr·g)/√((G + initial) + ε), with the new G. */
  adagrad(
    from: number,
    to: number,
    w: FloatArray,
    g: FloatArray,
    G: FloatArray,
    learningRate: number,
    initial: number,
    epsilon: number,
  ): void;

  /**
   * Lion (Chen et al. 2023, arXiv:2302.06675, as in Keras), for elements from ≤ i < to:
   *   w ← w − lr·sign(β₁·m + (1−β₁)·g) with the old m,  m ← β₂·m + (1−β₂)·g; 1−β₁ and 1−β₂ are rounded once
   */
  lion(
    from: number,
    to: number,
    w: FloatArray,
    g: FloatArray,
    m: FloatArray,
    learningRate: number,
    beta1: number,
    beta2: number,
  ): void;

  /** g[i] ← g[i]·r(factor), for elements from ≤ i < to. */
  scale(from: number, to: number, factor: number, g: FloatArray): void;

  /** g[i] ← g[i] + (r(l1)·sign(w[i]) + r(2·l2)·w[i]), for elements from ≤ i < to: the gradient of l1·Σ|w| + l2·Σw². */
  regularize(from: number, to: number, w: FloatArray, l1: number, l2: number, g: FloatArray): void;

  /** g[i] ← max(−r(limit), min(r(limit), g[i])), for elements from ≤ i < to; NaN stays NaN. */
  clip(from: number, to: number, limit: number, g: FloatArray): void;

  /**
   * RMSprop (Tieleman and Hinton 2012; centred: Graves 2013), as in Keras, for elements from ≤ i < to:
   *   V ← ρ·V + (1−ρ)·g·g,  A ← ρ·A + (1−ρ)·g,  s = (lr·g)/√(V + ε), or (lr·g)/√((V − A·A) + ε) where there is an A,
   *   w ← w − s, or, where there is an M, M ← momentum·M + s and w ← w − M; 1−ρ is rounded once.
   */
  rmsprop(
    from: number,
    to: number,
    w: FloatArray,
    g: FloatArray,
    slots: RmspropSlots<FloatArray>,
    numbers: RmspropNumbers,
  ): void;
}

/** What RMSprop keeps for each weight. */
export interface RmspropSlots<A> {
  /** V, the running mean of squared gradients. */
  readonly velocity: A;
  /** A, the running mean of gradients; null: not centred. */
  readonly average: A | null;
  /** M, the steps that have been gathered; null: no momentum. */
  readonly momentum: A | null;
}

/** RMSprop's hyperparameters. */
export interface RmspropNumbers {
  readonly learningRate: number;
  readonly rho: number;
  readonly momentum: number;
  readonly epsilon: number;
}

/** A step of Nadam's: factors of mean, gradient and squared gradients' mean, which depend on the step, and hyperparameters. */
export interface NadamNumbers {
  readonly ofMean: number;
  readonly ofGradient: number;
  readonly correction: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** A step of Adamax': `rate` is lr/(1 − β₁^t). */
export interface AdamaxNumbers {
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}
