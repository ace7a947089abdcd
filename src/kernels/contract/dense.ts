/** Dense layers. */
import type { FloatArray } from '../../tensor/tensor.ts';

/** What `Kernels` has for dense layers; its conventions are in kernels.ts. */
export interface DenseKernels {
  /** Elements of scratch that any of the dense kernels needs for up to N samples. */
  denseScratch(N: number, I: number, O: number): number;

  /**
   * Dense layer. x [N, I], w [I, O], b [O] → y [N, O]
   *
   *     y[n, o] = relu( b[o] + Σ_i x[n, i]·w[i, o] ), i ascending from +0, the bias last.
   *
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
   *
   *     dw[i, o] = Σ_n x[n, i]·dy[n, o], n ascending from +0. Terms with x = 0 may be skipped.
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
}
