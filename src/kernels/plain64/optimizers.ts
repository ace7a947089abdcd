// Generated from ../plain/optimizers.ts by generate-float64.mjs: do not edit.
/** The optimizers' steps, element by element, for elements from ≤ i < to. Each operation is rounded once. */
import type { AdamaxNumbers, NadamNumbers, RmspropNumbers, RmspropSlots } from '../kernels.ts';

/**
 * Adadelta (Zeiler 2012, arXiv:1212.5701, algorithm 1, with a learning rate as in Keras). w, G and D are updated.
 *   G ← ρ·G + (1−ρ)·g²          running mean of squared gradients
 *   Δ = −(√(D+ε)·g)/√(G+ε)      with the new G: the step has the unit of w
 *   D ← ρ·D + (1−ρ)·Δ²          running mean of squared steps, before the learning rate
 *   w ← w + lr·Δ
 */
export function adadelta(
  from: number,
  to: number,
  w: Float64Array,
  g: Float64Array,
  G: Float64Array,
  D: Float64Array,
  learningRate: number,
  rho: number,
  epsilon: number,
): void {
  const lr = (learningRate);
  const decay = (rho);
  const share = (1 - rho);
  const eps = (epsilon);
  for (let i = from; i < to; i++) {
    const gi = g[i];
    const Gi = ((decay * G[i]) + (share * (gi * gi)));
    const rootD = (Math.sqrt((D[i] + eps)));
    const rootG = (Math.sqrt((Gi + eps)));
    const delta = (-(rootD * gi) / rootG);
    G[i] = Gi;
    D[i] = ((decay * D[i]) + (share * (delta * delta)));
    w[i] = (w[i] + (lr * delta));
  }
}

/** Gradient descent: w[i] ← w[i] − lr·g[i]. */
export function sgd(from: number, to: number, w: Float64Array, g: Float64Array, learningRate: number): void {
  const lr = (learningRate);
  for (let i = from; i < to; i++) w[i] = (w[i] - (lr * g[i]));
}

/**
 * Gradient descent with momentum, as in Keras (Sutskever et al. 2013, "On the importance of initialization and momentum
 * in deep learning"). w and v are updated.
 *   v ← momentum·v − lr·g
 *   w ← w + v                         or, with Nesterov's, w ← (w + momentum·v) − lr·g, with the new v
 */
export function sgdMomentum(
  from: number,
  to: number,
  w: Float64Array,
  g: Float64Array,
  v: Float64Array,
  learningRate: number,
  momentum: number,
  nesterov: boolean,
): void {
  const lr = (learningRate);
  const decay = (momentum);
  for (let i = from; i < to; i++) {
    const step = (lr * g[i]);
    const vi = ((decay * v[i]) - step);
    v[i] = vi;
    if (nesterov) w[i] = ((w[i] + (decay * vi)) - step);
    else w[i] = (w[i] + vi);
  }
}

/**
 * Adam (Kingma and Ba 2015, arXiv:1412.6980, the form at the end of section 2, which is Keras'). w, m and v are updated.
 *   m ← m + (1−β₁)·(g − m)            running mean of gradients
 *   v ← v + (1−β₂)·(g² − v)           running mean of squared gradients
 *   w ← w − (rate·m)/(√v + ε)         rate: the learning rate with both means' start corrected
 */
export function adam(
  from: number,
  to: number,
  w: Float64Array,
  g: Float64Array,
  m: Float64Array,
  v: Float64Array,
  rate: number,
  beta1: number,
  beta2: number,
  epsilon: number,
): void {
  const alpha = (rate);
  const share1 = (1 - beta1);
  const share2 = (1 - beta2);
  const eps = (epsilon);
  for (let i = from; i < to; i++) {
    const gi = g[i];
    const mi = (m[i] + (share1 * (gi - m[i])));
    const vi = (v[i] + (share2 * ((gi * gi) - v[i])));
    m[i] = mi;
    v[i] = vi;
    const root = (Math.sqrt(vi));
    w[i] = (w[i] - ((alpha * mi) / (root + eps)));
  }
}

/**
 * RMSprop (Tieleman and Hinton 2012, lecture 6.5 of "Neural networks for machine learning"; centred: Graves 2013,
 * arXiv:1308.0850, section 4.2), as in Keras. w and the slots are updated.
 *   V ← ρ·V + (1−ρ)·g²               running mean of squared gradients
 *   A ← ρ·A + (1−ρ)·g                 of gradients, where centred
 *   s = (lr·g)/√(V + ε)               or, where centred, (lr·g)/√((V − A²) + ε): V − A² is their variance
 *   w ← w − s                         or, with momentum, M ← momentum·M + s and w ← w − M
 */
export function rmsprop(
  from: number,
  to: number,
  w: Float64Array,
  g: Float64Array,
  { velocity: V, average: A, momentum: M }: RmspropSlots<Float64Array>,
  { learningRate, rho, momentum, epsilon }: RmspropNumbers,
): void {
  const lr = (learningRate);
  const decay = (rho);
  const share = (1 - rho);
  const along = (momentum);
  const eps = (epsilon);
  for (let i = from; i < to; i++) {
    const gi = g[i];
    V[i] = ((decay * V[i]) + (share * (gi * gi)));
    let below = V[i];
    if (A) {
      A[i] = ((decay * A[i]) + (share * gi));
      below = (below - (A[i] * A[i]));
    }
    let step = ((lr * gi) / (Math.sqrt((below + eps))));
    if (M) {
      M[i] = ((along * M[i]) + step);
      step = M[i];
    }
    w[i] = (w[i] - step);
  }
}

/**
 * Nadam (Dozat 2016, "Incorporating Nesterov momentum into Adam"), as in Keras. w, m and v are updated.
 *   m ← m + (1−β₁)·(g − m)            running mean of gradients
 *   v ← v + (1−β₂)·(g² − v)           running mean of squared gradients
 *   w ← w − (ofMean·m + ofGradient·g)/(√(correction·v) + ε)
 */
export function nadam(
  from: number,
  to: number,
  w: Float64Array,
  g: Float64Array,
  m: Float64Array,
  v: Float64Array,
  { ofMean, ofGradient, correction, beta1, beta2, epsilon }: NadamNumbers,
): void {
  const meanRate = (ofMean);
  const gradientRate = (ofGradient);
  const factor = (correction);
  const meanShare = (1 - beta1);
  const squareShare = (1 - beta2);
  const eps = (epsilon);
  for (let i = from; i < to; i++) {
    const gi = g[i];
    const mi = (m[i] + (meanShare * (gi - m[i])));
    const vi = (v[i] + (squareShare * ((gi * gi) - v[i])));
    m[i] = mi;
    v[i] = vi;
    const ahead = ((meanRate * mi) + (gradientRate * gi));
    const below = ((Math.sqrt((factor * vi))) + eps);
    w[i] = (w[i] - (ahead / below));
  }
}

/**
 * Adamax (Kingma and Ba 2015, arXiv:1412.6980, algorithm 2), as in Keras. w, m and u are updated.
 *   m ← m + (1−β₁)·(g − m)            running mean of gradients
 *   u ← max(β₂·u, |g|)                their largest size, which fades
 *   w ← w − (rate·m)/(u + ε)          rate: the learning rate with the mean's start corrected
 */
export function adamax(
  from: number,
  to: number,
  w: Float64Array,
  g: Float64Array,
  m: Float64Array,
  u: Float64Array,
  { rate, beta1, beta2, epsilon }: AdamaxNumbers,
): void {
  const alpha = (rate);
  const share = (1 - beta1);
  const decay = (beta2);
  const eps = (epsilon);
  for (let i = from; i < to; i++) {
    const gi = g[i];
    const mi = (m[i] + (share * (gi - m[i])));
    const ui = Math.max((decay * u[i]), Math.abs(gi));
    m[i] = mi;
    u[i] = ui;
    w[i] = (w[i] - ((alpha * mi) / (ui + eps)));
  }
}

/**
 * Adagrad (Duchi, Hazan, Singer 2011, JMLR 12), as in Keras. w and G are updated.
 *   G ← G + g²                             sum of squared gradients
 *   w ← w − (lr·g)/√((G + initial) + ε)
 */
export function adagrad(
  from: number,
  to: number,
  w: Float64Array,
  g: Float64Array,
  G: Float64Array,
  learningRate: number,
  initial: number,
  epsilon: number,
): void {
  const lr = (learningRate);
  const start = (initial);
  const eps = (epsilon);
  for (let i = from; i < to; i++) {
    const gi = g[i];
    const Gi = (G[i] + (gi * gi));
    G[i] = Gi;
    const root = (Math.sqrt(((Gi + start) + eps)));
    w[i] = (w[i] - ((lr * gi) / root));
  }
}

/**
 * Lion (Chen et al. 2023, arXiv:2302.06675, algorithm 2), as in Keras. w and m are updated.
 *   w ← w − lr·sign(β₁·m + (1−β₁)·g)       with the old m
 *   m ← β₂·m + (1−β₂)·g
 */
export function lion(
  from: number,
  to: number,
  w: Float64Array,
  g: Float64Array,
  m: Float64Array,
  learningRate: number,
  beta1: number,
  beta2: number,
): void {
  const lr = (learningRate);
  const [decay1, share1] = [(beta1), (1 - beta1)];
  const [decay2, share2] = [(beta2), (1 - beta2)];
  for (let i = from; i < to; i++) {
    const direction = ((decay1 * m[i]) + (share1 * g[i]));
    m[i] = ((decay2 * m[i]) + (share2 * g[i]));
    w[i] = (w[i] - (lr * Math.sign(direction)));
  }
}
