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
  w: Float32Array,
  g: Float32Array,
  G: Float32Array,
  D: Float32Array,
  learningRate: number,
  rho: number,
  epsilon: number,
): void {
  const lr = Math.fround(learningRate);
  const decay = Math.fround(rho);
  const share = Math.fround(1 - rho);
  const eps = Math.fround(epsilon);
  for (let i = from; i < to; i++) {
    const gi = g[i];
    const Gi = Math.fround(Math.fround(decay * G[i]) + Math.fround(share * Math.fround(gi * gi)));
    const rootD = Math.fround(Math.sqrt(Math.fround(D[i] + eps)));
    const rootG = Math.fround(Math.sqrt(Math.fround(Gi + eps)));
    const delta = Math.fround(-Math.fround(rootD * gi) / rootG);
    G[i] = Gi;
    D[i] = Math.fround(Math.fround(decay * D[i]) + Math.fround(share * Math.fround(delta * delta)));
    w[i] = Math.fround(w[i] + Math.fround(lr * delta));
  }
}

/** Gradient descent: w[i] ← w[i] − lr·g[i]. */
export function sgd(from: number, to: number, w: Float32Array, g: Float32Array, learningRate: number): void {
  const lr = Math.fround(learningRate);
  for (let i = from; i < to; i++) w[i] = Math.fround(w[i] - Math.fround(lr * g[i]));
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
  w: Float32Array,
  g: Float32Array,
  v: Float32Array,
  learningRate: number,
  momentum: number,
  nesterov: boolean,
): void {
  const lr = Math.fround(learningRate);
  const decay = Math.fround(momentum);
  for (let i = from; i < to; i++) {
    const step = Math.fround(lr * g[i]);
    const vi = Math.fround(Math.fround(decay * v[i]) - step);
    v[i] = vi;
    if (nesterov) w[i] = Math.fround(Math.fround(w[i] + Math.fround(decay * vi)) - step);
    else w[i] = Math.fround(w[i] + vi);
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
  w: Float32Array,
  g: Float32Array,
  m: Float32Array,
  v: Float32Array,
  rate: number,
  beta1: number,
  beta2: number,
  epsilon: number,
): void {
  const alpha = Math.fround(rate);
  const share1 = Math.fround(1 - beta1);
  const share2 = Math.fround(1 - beta2);
  const eps = Math.fround(epsilon);
  for (let i = from; i < to; i++) {
    const gi = g[i];
    const mi = Math.fround(m[i] + Math.fround(share1 * Math.fround(gi - m[i])));
    const vi = Math.fround(v[i] + Math.fround(share2 * Math.fround(Math.fround(gi * gi) - v[i])));
    m[i] = mi;
    v[i] = vi;
    const root = Math.fround(Math.sqrt(vi));
    w[i] = Math.fround(w[i] - Math.fround(Math.fround(alpha * mi) / Math.fround(root + eps)));
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
  w: Float32Array,
  g: Float32Array,
  { velocity: V, average: A, momentum: M }: RmspropSlots<Float32Array>,
  { learningRate, rho, momentum, epsilon }: RmspropNumbers,
): void {
  const lr = Math.fround(learningRate);
  const decay = Math.fround(rho);
  const share = Math.fround(1 - rho);
  const along = Math.fround(momentum);
  const eps = Math.fround(epsilon);
  for (let i = from; i < to; i++) {
    const gi = g[i];
    V[i] = Math.fround(Math.fround(decay * V[i]) + Math.fround(share * Math.fround(gi * gi)));
    let below = V[i];
    if (A) {
      A[i] = Math.fround(Math.fround(decay * A[i]) + Math.fround(share * gi));
      below = Math.fround(below - Math.fround(A[i] * A[i]));
    }
    let step = Math.fround(Math.fround(lr * gi) / Math.fround(Math.sqrt(Math.fround(below + eps))));
    if (M) {
      M[i] = Math.fround(Math.fround(along * M[i]) + step);
      step = M[i];
    }
    w[i] = Math.fround(w[i] - step);
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
  w: Float32Array,
  g: Float32Array,
  m: Float32Array,
  v: Float32Array,
  { ofMean, ofGradient, correction, beta1, beta2, epsilon }: NadamNumbers,
): void {
  const meanRate = Math.fround(ofMean);
  const gradientRate = Math.fround(ofGradient);
  const factor = Math.fround(correction);
  const meanShare = Math.fround(1 - beta1);
  const squareShare = Math.fround(1 - beta2);
  const eps = Math.fround(epsilon);
  for (let i = from; i < to; i++) {
    const gi = g[i];
    const mi = Math.fround(m[i] + Math.fround(meanShare * Math.fround(gi - m[i])));
    const vi = Math.fround(v[i] + Math.fround(squareShare * Math.fround(Math.fround(gi * gi) - v[i])));
    m[i] = mi;
    v[i] = vi;
    const ahead = Math.fround(Math.fround(meanRate * mi) + Math.fround(gradientRate * gi));
    const below = Math.fround(Math.fround(Math.sqrt(Math.fround(factor * vi))) + eps);
    w[i] = Math.fround(w[i] - Math.fround(ahead / below));
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
  w: Float32Array,
  g: Float32Array,
  m: Float32Array,
  u: Float32Array,
  { rate, beta1, beta2, epsilon }: AdamaxNumbers,
): void {
  const alpha = Math.fround(rate);
  const share = Math.fround(1 - beta1);
  const decay = Math.fround(beta2);
  const eps = Math.fround(epsilon);
  for (let i = from; i < to; i++) {
    const gi = g[i];
    const mi = Math.fround(m[i] + Math.fround(share * Math.fround(gi - m[i])));
    const ui = Math.max(Math.fround(decay * u[i]), Math.abs(gi));
    m[i] = mi;
    u[i] = ui;
    w[i] = Math.fround(w[i] - Math.fround(Math.fround(alpha * mi) / Math.fround(ui + eps)));
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
  w: Float32Array,
  g: Float32Array,
  G: Float32Array,
  learningRate: number,
  initial: number,
  epsilon: number,
): void {
  const lr = Math.fround(learningRate);
  const start = Math.fround(initial);
  const eps = Math.fround(epsilon);
  for (let i = from; i < to; i++) {
    const gi = g[i];
    const Gi = Math.fround(G[i] + Math.fround(gi * gi));
    G[i] = Gi;
    const root = Math.fround(Math.sqrt(Math.fround(Math.fround(Gi + start) + eps)));
    w[i] = Math.fround(w[i] - Math.fround(Math.fround(lr * gi) / root));
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
  w: Float32Array,
  g: Float32Array,
  m: Float32Array,
  learningRate: number,
  beta1: number,
  beta2: number,
): void {
  const lr = Math.fround(learningRate);
  const [decay1, share1] = [Math.fround(beta1), Math.fround(1 - beta1)];
  const [decay2, share2] = [Math.fround(beta2), Math.fround(1 - beta2)];
  for (let i = from; i < to; i++) {
    const direction = Math.fround(Math.fround(decay1 * m[i]) + Math.fround(share1 * g[i]));
    m[i] = Math.fround(Math.fround(decay2 * m[i]) + Math.fround(share2 * g[i]));
    w[i] = Math.fround(w[i] - Math.fround(lr * Math.sign(direction)));
  }
}
