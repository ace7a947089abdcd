/** What optimizers do to weights, for elements from ≤ i < to. Every operation is rounded once, in the order that is written. */
import type { FloatArray } from '../../tensor/tensor.ts';

/** What `Kernels` has for optimizers; its conventions are in kernels.ts. */
export interface OptimizerKernels {
  /** Gradient descent: w[i] ← w[i] − lr·g[i], for elements from ≤ i < to. */
  sgd(from: number, to: number, w: FloatArray, g: FloatArray, learningRate: number): void;

  /**
   * Gradient descent with momentum, as in Keras, for elements from ≤ i < to:
   *
   *     v ← momentum·v − lr·g,  w ← w + v;  with Nesterov's: w ← (w + momentum·v) − lr·g, with the new v
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
   * Adadelta (Zeiler 2012, arXiv:1212.5701, algorithm 1, with Keras' learning rate), for elements from ≤ i < to:
   *
   *     G ← ρ·G + (1−ρ)·g²,  Δ = −(√(D+ε)·g)/√(G+ε) with the new G,  D ← ρ·D + (1−ρ)·Δ²,  w ← w + lr·Δ
   *
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

  /**
   * RMSprop (Tieleman and Hinton 2012; centred: Graves 2013), as in Keras, for elements from ≤ i < to:
   *
   *     V ← ρ·V + (1−ρ)·g·g,  A ← ρ·A + (1−ρ)·g,  s = (lr·g)/√(V + ε), or (lr·g)/√((V − A·A) + ε) where there is an A,
   *     w ← w − s, or, where there is an M, M ← momentum·M + s and w ← w − M; 1−ρ is rounded once.
   */
  rmsprop(
    from: number,
    to: number,
    w: FloatArray,
    g: FloatArray,
    slots: RmspropSlots<FloatArray>,
    numbers: RmspropNumbers,
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
   * Adam (Kingma and Ba 2015, arXiv:1412.6980, as in Keras), for elements from ≤ i < to:
   *
   *     m ← m + (1−β₁)·(g − m),  v ← v + (1−β₂)·(g·g − v),  w ← w − (rate·m)/(√v + ε), with the new means
   *
   * `rate` = lr·√(1−β₂^t)/(1−β₁^t) is the optimizer's to compute; 1−β₁ and 1−β₂ are rounded once. With `peak` (AMSGrad, Reddi et al. 2018,
   * arXiv:1904.09237): peak ← max(peak, v), whose root it is then. null, the default: √v.
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
    peak?: FloatArray | null,
  ): void;

  /**
   * Nadam (Dozat 2016, as in Keras), for elements from ≤ i < to, with Adam's means m and v:
   *
   *     w ← w − (ofMean·m + ofGradient·g)/(√(correction·v) + ε), with the new means
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
   *
   *     m ← m + (1−β₁)·(g − m),  u ← max(β₂·u, |g|),  w ← w − (rate·m)/(u + ε), with the new m and u
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

  /**
   * Lion (Chen et al. 2023, arXiv:2302.06675, as in Keras), for elements from ≤ i < to:
   *
   *     w ← w − lr·sign(β₁·m + (1−β₁)·g) with the old m,  m ← β₂·m + (1−β₂)·g; 1−β₁ and 1−β₂ are rounded once
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
